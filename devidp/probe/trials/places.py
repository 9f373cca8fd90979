"""A sound token at other places than the Authorization header (RFC 6750 section 2, RFC 9700 section 4.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from devidp.probe import credential_kinds
from devidp.probe.exchange import Answer
from devidp.probe.ground import MADE_UP
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Level, Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check, Kind

GROUP = "places"
WITH_BODY = ("POST", "PUT", "PATCH")
REFUSED = "expected 401: there is no Authorization header"
NOBODY = "alice"


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    kind: Kind
    at: Callable[[str], dict[str, Any]]
    """How ``Subject.ask`` is told to put a token there."""
    level: Level = "should"


def _query(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda token: {"query": {name: token}}


def _cookie(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda token: {"cookies": {name: token}}


def _header(name: str, scheme: str = "") -> Callable[[str], dict[str, Any]]:
    return lambda token: {"headers": ((name, f"{scheme}{token}"),)}


def _form(token: str) -> dict[str, Any]:
    return {"form": {"access_token": token}}


PLACES = (
    Place("place-query", credential_kinds.QUERY, _query("access_token"), "must"),
    Place("place-query-token", credential_kinds.QUERY, _query("token")),
    Place("place-body", credential_kinds.BODY, _form, "advice"),
    Place("place-cookie", credential_kinds.COOKIE, _cookie("access_token")),
    Place("place-cookie-token", credential_kinds.COOKIE, _cookie("token")),
    Place("place-x-access-token", credential_kinds.OTHER_HEADER, _header("X-Access-Token")),
    Place("place-x-auth-token", credential_kinds.OTHER_HEADER, _header("X-Auth-Token")),
    Place("place-x-forwarded-access-token", credential_kinds.OTHER_HEADER, _header("X-Forwarded-Access-Token")),
    Place("place-x-authorization", credential_kinds.OTHER_HEADER, _header("X-Authorization", "Bearer ")),
    Place("place-proxy-authorization", credential_kinds.OTHER_HEADER, _header("Proxy-Authorization", "Bearer ")),
)
IDENTITY_HEADERS = (
    "X-Forwarded-User", "X-Forwarded-Preferred-Username", "X-Auth-Request-User", "X-Remote-User", "Remote-User",
    "X-User", "X-User-Id", "X-Authenticated-User", "X-Authenticated-Userid", "X-Webauth-User",
)  # fmt: skip
"""By which gateways say who the user is."""


def trials(_: Subject) -> Iterator[Trial]:
    for place in PLACES:
        yield Trial(place.name, GROUP, place.level, partial(_try, place))
    yield Trial("place-identity-header", GROUP, "must", _identity)
    yield Trial("place-header-and-query", GROUP, "must", _two_places)


def _try(place: Place, subject: Subject) -> Check:
    if place.at is _form and subject.call.method not in WITH_BODY:
        note = f"a {subject.call.method} has no form, and another method might do something"
        return Check(place.name, GROUP, "skipped", note=note)
    answer = _asked(subject, place.at(subject.mint().text))
    if not _accepts(subject, answer):
        return check(place.name, GROUP, answer, broken(subject, place.name, answer, REFUSED))
    if _accepts(subject, _asked(subject, place.at(MADE_UP))):
        note = "this request is answered without any token: it is another call than the one that is tried"
        return Check(place.name, GROUP, "inconclusive", note=note)
    return check(place.name, GROUP, answer, found(place.kind, place.name, answer, REFUSED))


def _identity(subject: Subject) -> Check:
    """All of these headers at once, and where one is believed, each of them alone."""
    name, minted = "place-identity-header", subject.ground.minted
    user = str(minted.claims.get("sub") or NOBODY) if minted else NOBODY
    answer = _asked(subject, {"headers": tuple((each, user) for each in IDENTITY_HEADERS)})
    if not _accepts(subject, answer):
        return check(name, GROUP, answer, broken(subject, name, answer, REFUSED))
    alone = {each: _asked(subject, {"headers": ((each, user),)}) for each in IDENTITY_HEADERS}
    believed = ", ".join(each for each, got in alone.items() if _accepts(subject, got)) or "several of them together"
    return check(name, GROUP, answer, found(credential_kinds.IDENTITY, "", answer, f"{REFUSED}. Believed: {believed}"))


def _two_places(subject: Subject) -> Check:
    """A server that does not look at the URL sees one token; only one that does has to refuse two."""
    name = "place-header-and-query"
    token = subject.mint().text
    if not _accepts(subject, _asked(subject, {"query": {"access_token": token}})):
        return Check(name, GROUP, "skipped", note="the target takes no token from the URL")
    answer = subject.ask(token, query={"access_token": token})
    if _accepts(subject, answer):
        return check(name, GROUP, answer, found(credential_kinds.TWO_PLACES, "", answer, "expected 400"))
    return check(name, GROUP, answer, broken(subject, name, answer, "expected 400"))


def _asked(subject: Subject, how: dict[str, Any]) -> Answer:
    return subject.ask(None, **how)


def _accepts(subject: Subject, answer: Answer) -> bool:
    return subject.recognise(answer) is Recognition.ACCEPTED
