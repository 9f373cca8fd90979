"""Which address is which endpoint: the rules of Flask's map for the issuers of a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from werkzeug.routing import Map, Rule, Submount

from devidp.models import IssuerSettings
from devidp.models.addresses import places
from devidp.models.config import Config
from devidp.oauth.endpoints import DOCUMENTS
from devidp.web.endpoints import ENDPOINTS, Endpoint

HOST = "host_name"
"""The argument of a rule for whatever host; no view is handed it."""
ANY_HOST = f"<{HOST}>"


class MatchedRule(Rule):
    """A rule whose URL nobody asks for.

    Werkzeug compiles two functions for that as soon as a rule is made: 0.2 ms a rule, a fifteenth of a start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_builder = super()._compile_builder

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compile_builder(append_unknown)(rule, **values)

        return build


class Route(NamedTuple):
    """An endpoint of the issuer of this name, or of whichever a request names where that is ``None``."""

    address: str
    endpoint: Endpoint
    issuer: str | None
    host: str | None = None
    """The only one that has it; ``None``: every name by which devidp goes."""

    @property
    def name(self) -> str:
        """As Flask calls its endpoints."""
        return f"{self.issuer or 'elsewhere'}.{self.endpoint.name}"

    @property
    def rule(self) -> Rule:
        return MatchedRule(self.address, endpoint=self.name, methods=self.endpoint.allowed, host=self.host)


def base_paths(config: Config) -> tuple[str, ...]:
    """The paths of the URLs under which devidp is known; none, where they end with their hosts."""
    paths = (urlsplit(url).path for url in (config.public_url, config.backchannel_url) if url)
    return tuple(dict.fromkeys(path for path in paths if path))


def issuer_routes(issuers: Iterable[IssuerSettings], bases: tuple[str, ...]) -> Iterator[Route]:
    """Where every endpoint of the issuers is; and what answers where no issuer is."""
    issuers = tuple(issuers)
    found = [
        Route(place.path, ENDPOINTS[place.endpoint], settings.name, place.host)
        for settings in issuers
        for place in places(settings, ("", *bases))
        if place.path.strip("/") or place.host is not None  # at the root there is the landing page
    ]
    yield from (route._replace(address=route.address or "/") for route in found)
    # an issuer on a host of its own also answers by the other names, where nobody else does: not every proxy passes
    # the name on by which it was called
    taken = {route.address for route in found if route.host is None} | {"", "/"}
    for route in found:
        if route.host is not None and route.address not in taken:
            taken.add(route.address)
            yield route._replace(host=None)
    for settings in issuers:
        # who calls an endpoint where it would be, had the seed not moved it, is told where it is
        unmoved = places(replace(settings, endpoints={})) if settings.endpoints else ()
        yield from (
            Route(place.path, ENDPOINTS[place.endpoint], None)
            for place in unmoved
            if place.endpoint in settings.endpoints and place.path not in taken
        )
    for each in ENDPOINTS.values():
        if each.path:  # a converter gives way to every address that is written out
            yield Route(f"/<issuer>{each.path}", each, None)
        yield from (Route(f"{each.path}{base}/<issuer>", each, None) for base in ("", *bases) if each.name in DOCUMENTS)


def url_map(rules: Iterable[Rule], bases: Iterable[str]) -> Map:
    """A map with ``rules`` as they are, and below each base: a proxy may pass its path on, or strip it."""
    rules = list(rules)
    hosts = any(rule.host not in (None, ANY_HOST) for rule in rules)
    for rule in rules:
        # what Flask has registered brings the settings of its first map along
        rule.strict_slashes, rule.merge_slashes = None, None
        if rule.host in (None, ANY_HOST):
            rule.host = ANY_HOST if hosts else None
    below = [Submount(base, [rule.empty() for rule in rules]) for base in bases]
    # a trailing slash makes no other endpoint, and no path is redirected to another
    return Map(
        [*below, *rules], host_matching=hosts, strict_slashes=False, merge_slashes=False, redirect_defaults=False
    )
