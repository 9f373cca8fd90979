"""Where an issuer and its endpoints are: what its settings say, under the base by which it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from devidp.models.settings import IssuerSettings, Seed
from devidp.oauth.endpoints import DOCUMENTS, MOVABLE, PATHS

ANY = "*"
"""Of the names that an issuer follows: each by which devidp may be called."""
PORT = "{port}"
"""In a URL of the seed: the port of the public URL."""


class Place(NamedTuple):
    """What is served where; ``host`` is ``None`` for what goes by every name of devidp."""

    endpoint: str
    host: str | None
    path: str


class Addresses(NamedTuple):
    """An issuer as it is known under one base."""

    url: str
    """The issuer identifier, character by character."""
    root: str
    """What an address that begins with a slash is below."""
    moved: Mapping[str, tuple[str, ...]]

    def all(self, endpoint: str) -> tuple[str, ...]:
        """The URLs of an endpoint: the one in the metadata, then its aliases."""
        return tuple(map(self._absolute, self.moved.get(endpoint, (PATHS[endpoint].removeprefix("/"),))))

    def of(self, endpoint: str) -> str:
        """The URL of an endpoint as metadata has it."""
        return self.all(endpoint)[0]

    @property
    def home(self) -> str:
        """The path of the landing page, as browsers know it."""
        return f"{urlsplit(self.root).path}/"

    def _absolute(self, address: str) -> str:
        if "://" in address:
            return address
        if address.startswith("/"):
            return f"{self.root}{address}"
        # OpenID Connect Discovery section 4.1: a slash at the end of the issuer is not doubled
        return f"{self.url.rstrip('/')}/{address}" if address else self.url


def addresses(settings: IssuerSettings, base: str) -> Addresses:
    """Of the issuer with ``settings``, where ``base`` is the URL by which devidp is called."""
    port = urlsplit(base).port
    named = f":{port}" if port else ""
    moved = {
        name: tuple(each.replace(f":{PORT}", named) for each in written) for name, written in settings.endpoints.items()
    }
    if settings.url is None:
        return Addresses(f"{base}{settings.path}", base, moved)
    url = settings.url.replace(f":{PORT}", named)
    parts = urlsplit(url)
    return Addresses(url, f"{parts.scheme}://{parts.netloc}", moved)


def follows(settings: IssuerSettings, url: str) -> bool:
    """Whether the issuer takes the host of ``url`` for its own name."""
    return ANY in settings.follow_host or (urlsplit(url).hostname or "") in settings.follow_host


def is_called(settings: IssuerSettings, identifier: str, base: str) -> bool:
    """Whether ``identifier`` is one of the names of the issuer, which is below ``base`` and those that it follows."""
    if identifier == addresses(settings, base).url:
        return True
    if not settings.follow_host or not identifier.endswith(settings.path):
        return False
    here = urlsplit(identifier.removesuffix(settings.path))
    return here.scheme in ("http", "https") and here.path in ("", urlsplit(base).path) and follows(settings, identifier)


def contested(seed: Seed, base: str) -> str | None:
    """Which issuers would be at one address, one of them below ``base`` and the other by the name of its host."""
    host = urlsplit(base).hostname
    taken: dict[str, str] = {}
    for settings in seed.issuers:
        for place in places(settings):
            other = taken.setdefault(place.path.rstrip("/"), settings.name) if place.host in (None, host) else ""
            if other not in ("", settings.name):
                return (
                    f"The issuers {other} and {settings.name} would both be at {host}{place.path}, with the public URL "
                    f"{base}. Give one of them another path or url in the seed"
                )
    return None


def seed_hosts(seed: Seed) -> frozenset[str]:
    """The names of hosts that belong to issuers."""
    return frozenset(host for settings in seed.issuers for host in own_hosts(settings))


def seed_names(seed: Seed) -> frozenset[str]:
    """The names of hosts that devidp is called by because of its issuers."""
    followed = (name for settings in seed.issuers for name in settings.follow_host if name != ANY)
    return seed_hosts(seed).union(followed)


def own_hosts(settings: IssuerSettings) -> tuple[str, ...]:
    """The names of hosts that the seed gives to this issuer."""
    named = [settings.url or "", *(address for each in settings.endpoints.values() for address in each)]
    found = (urlsplit(each.replace(PORT, "")).hostname for each in named if "://" in each)
    return tuple(dict.fromkeys(filter(None, found)))


def places(settings: IssuerSettings, bases: tuple[str, ...] = ("",)) -> Iterator[Place]:
    """Everything that is served for an issuer, with the ``bases`` below which devidp is called."""
    here = addresses(settings, "")
    main = None if settings.url is None else urlsplit(here.url).hostname
    hosts = (None,) if main is None else own_hosts(settings)
    for endpoint in PATHS:
        for url in here.all(endpoint):
            parts = urlsplit(url)
            # a page of a login is wherever the request that led to it may have been
            at = (parts.hostname or main,) if endpoint in MOVABLE else hosts
            yield from (Place(endpoint, host, parts.path) for host in at)
    path = urlsplit(here.url).path.rstrip("/")
    for endpoint in DOCUMENTS:
        if endpoint not in settings.endpoints:
            # RFC 8414 section 3.1: the well-known part before the whole path, without the slash at its end
            inserted = (f"{base}{path}" for base in (bases if main is None else ("",)))
            yield from (Place(endpoint, main, f"{PATHS[endpoint]}{each}") for each in inserted if each)
