"""Which address is which endpoint: the rules of Flask's map for the issuers of a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from werkzeug.routing import Map, Rule, Submount

from devidp.models.config import Config
from devidp.web.endpoints import ENDPOINTS, Endpoint


class Route(NamedTuple):
    """An endpoint at the issuer of ``path``, or at whichever a request names where that is ``None``."""

    address: str
    endpoint: Endpoint
    path: str | None

    @property
    def name(self) -> str:
        """As Flask calls its endpoints."""
        return f"{'elsewhere' if self.path is None else self.path.strip('/') or 'root'}.{self.endpoint.name}"

    @property
    def rule(self) -> Rule:
        return Rule(self.address, endpoint=self.name, methods=self.endpoint.allowed)


def base_paths(config: Config) -> tuple[str, ...]:
    """The paths of the URLs under which devidp is known; none, where they end with their hosts."""
    paths = (urlsplit(url).path for url in (config.public_url, config.backchannel_url) if url)
    return tuple(dict.fromkeys(path for path in paths if path))


def issuer_routes(issuers: Iterable[str], bases: Iterable[str]) -> Iterator[Route]:
    """Where every endpoint of the issuers at these paths is; and what answers where no issuer is.

    RFC 8414 section 3.1 inserts the well-known part before the whole path of an issuer, with that of a base URL.
    """
    bases, issuers = ("", *bases), tuple(issuers)
    for each in ENDPOINTS.values():
        for path in issuers:
            if path + each.path:  # at the root there is the landing page
                yield Route(f"{path}{each.path}", each, path)
            yield from (
                Route(f"{each.path}{base}{path}", each, path) for base in bases if each.inserted and base + path
            )
        if each.path:  # a converter gives way to every address that is written out
            yield Route(f"/<issuer>{each.path}", each, None)
        yield from (Route(f"{each.path}{base}/<issuer>", each, None) for base in bases if each.inserted)


def url_map(rules: Iterable[Rule], bases: Iterable[str]) -> Map:
    """A map with ``rules`` as they are, and below each base: a proxy may pass its path on, or strip it."""
    rules = list(rules)
    for rule in rules:  # what Flask has registered brings the settings of its first map along
        rule.strict_slashes, rule.merge_slashes = None, None
    below = [Submount(base, [rule.empty() for rule in rules]) for base in bases]
    # a trailing slash makes no other endpoint, and no path is redirected to another
    return Map([*below, *rules], strict_slashes=False, merge_slashes=False, redirect_defaults=False)
