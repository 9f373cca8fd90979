"""Addresses that two issuers, or two endpoints of one, would both be at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.models import IssuerSettings
from devidp.models.addresses import Place as Served
from devidp.models.addresses import places
from devidp.seed import profile
from devidp.seed.addresses import endpoint_addresses, issuer_path, issuer_url
from devidp.seed.problems import Finding, Place, Refused
from devidp.seed.values import Table, mapping, problem_at


def findings(data: Mapping[str, Any], issuers: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """One for each pair of issuers, at the later one, with the line of the other."""
    taken: dict[tuple[str | None, str], tuple[str, Served]] = {}
    reported: set[tuple[str, str]] = set()
    for name, entry in issuers.items():
        for place in _served(name, entry):
            other, first = taken.setdefault((place.host, place.path.rstrip("/")), (name, place))
            if first is place or (name, other) in reported:
                continue
            reported.add((name, other))
            yield _written(name, entry, place), _words(data, place, other, first, issuers[other])


def _served(name: str, entry: Mapping[str, Any]) -> list[Served]:
    """What a valid entry is to serve; a mistake in it is reported elsewhere."""
    try:
        url = issuer_url(entry["url"]) if "url" in entry else None
        below = url is not None and url.startswith("/")
        settings = IssuerSettings(
            name,
            (url or "") if below else issuer_path(entry.get("path", name)),
            url=None if below else url,
            endpoints=endpoint_addresses(entry.get("endpoints", {})),
        )
        return list(places(settings))
    except Refused:
        return []


def _written(name: str, entry: Mapping[str, Any], served: Served) -> Place:
    if served.endpoint in mapping(entry.get("endpoints")):
        return ("issuers", name, "endpoints", served.endpoint)
    key = next((key for key in ("url", "path") if key in entry), None)
    if key is None:
        return ("issuers", name)
    return ("issuers", name, profile.KEY if _is_of_profile(entry, key) else key)


def _is_of_profile(entry: Mapping[str, Any], key: str) -> bool:
    """Whether ``key`` was written in the profile of the issuer, where nobody changes it."""
    if not isinstance(entry, Table) or profile.KEY not in entry:
        return False
    own, line = entry.lines.get(profile.KEY), entry.lines.get(key)
    return line is not None and (own is None or line.file != own.file)


def _words(data: Mapping[str, Any], place: Served, other: str, first: Served, entry: Mapping[str, Any]) -> str:
    _, at_other = problem_at(data, _written(other, entry, first), "", "")
    where = f" (line {at_other.line})" if at_other.line is not None else ""
    at = f"{place.host or ''}{place.path}" or "/"
    if place.endpoint == first.endpoint == "issuer":
        return f"the path {at!r} is that of the issuer {other!r} already{where}; give one of them another `path`"
    return (
        f"{place.endpoint} would be at {at!r}, where {first.endpoint} of the issuer {other!r} is already{where}; "
        "give one of them another address under `endpoints`, or the issuer another `path`"
    )
