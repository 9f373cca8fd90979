"""What a target does while the JWK Set cannot be read, and after that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from werkzeug.exceptions import ServiceUnavailable

from devidp import DevIdP
from tests.probe.learners import HTTP, Introspecting, Keys, Time, ids, notes, probed

QUICK = ("jwks-flood", "jwks-unavailable", "jwks-dropped", "jwks-html", "jwks-without-kid", "jwks-empty")
"""All but the one that takes its time."""


class Crashing(Keys):
    """Expects that the issuer is always there and always right."""

    def fetch(self) -> dict[str, Any]:
        return {key["kid"]: jwt.PyJWK(key) for key in HTTP.get(self._idp.jwks_uri).json()["keys"]}


class FailingOpen(Keys):
    def __call__(self, token: str) -> object:
        try:
            return super().__call__(token)
        except ServiceUnavailable:
            return jwt.decode(token, options={"verify_signature": False})


class Forgetful(Keys):
    """Keeps nothing between requests."""

    def find(self, kid: str) -> Any:
        self.known = {}
        return super().find(kid)


class Resigned(Keys):
    """Never tries again after a failure."""

    failed = False

    def fetch(self) -> dict[str, Any]:
        if self.failed:
            raise ServiceUnavailable()
        try:
            return super().fetch()
        except ServiceUnavailable:
            self.failed, self.known = True, {}
            raise


class Believing(Keys):
    """Takes whatever came for all the keys there are, for a long time."""

    def find(self, kid: str) -> Any:
        if self._time.now - self._fetched >= 300 or (self.known and kid not in self.known):
            self.keep(self.fetch())
            self._fetched = self._time.now
        return self.known.get(kid)


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def test_a_server_that_goes_on_with_its_keys_passes(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Keys(idp, time, floor=10), time, "outage")
    assert ids(report) == []
    assert notes(report)["jwks-unavailable"].startswith("passed: an unknown key got 503, a known one 200; recovered")


@pytest.mark.parametrize(
    ("careless", "only", "findings"),
    [
        (Crashing, ("jwks-unavailable", "jwks-html"), ["outage-error:jwks-html", "outage-error:jwks-unavailable"]),
        (FailingOpen, ("jwks-dropped",), ["outage-accepted:jwks-dropped"]),
        (Forgetful, ("jwks-unavailable",), ["known-key-refused:jwks-unavailable"]),
        (Keys, ("jwks-flood",), ["fetches-for-every-kid"]),
        (Believing, ("jwks-empty",), ["keeps-useless-keys:jwks-empty"]),
        (
            Resigned,
            ("jwks-unavailable",),
            [f"{kind}:jwks-unavailable" for kind in ("known-key-refused", "no-recovery")],
        ),
    ],
)
def test_what_a_server_does_wrong_is_named(
    idp: DevIdP, careless: Callable[[DevIdP, Time], Keys], only: tuple[str, ...], findings: list[str]
) -> None:
    time = Time()
    assert ids(probed(idp, careless(idp, time), time, *only)) == findings


def test_a_server_that_never_fetches_is_not_waited_for_again(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Keys(idp, time, floor=float("inf")), time, *QUICK)
    assert ids(report) == []
    assert notes(report)["jwks-unavailable"].startswith(
        "inconclusive: the target did not fetch the JWK Set within 30 s"
    )
    assert len({notes(report)[name] for name in QUICK[1:]}) == 1
    assert time.now == 30


INTROSPECTION = ("introspection-unavailable", "introspection-dropped", "introspection-html")


class Careful(Introspecting):
    """Says 503 where it cannot know."""

    def _ask(self, token: str) -> dict[str, Any]:
        try:
            return super()._ask(token)
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceUnavailable() from error


class Lenient(Introspecting):
    """Lets everybody in who cannot be asked about."""

    def _ask(self, token: str) -> dict[str, Any]:
        try:
            return super()._ask(token)
        except (httpx.HTTPError, ValueError):
            return {"active": True}


def test_introspection_that_fails_is_an_outage_too(idp: DevIdP) -> None:
    report = probed(idp, Careful(idp, Time()), Time(), *INTROSPECTION, "jwks-unavailable")
    assert ids(report) == []
    said = "passed: answered 503 meanwhile; recovered after 0.0 s"
    assert [notes(report)[name] for name in INTROSPECTION] == [said] * 3
    no_keys = "inconclusive: the target asks the issuer about each token, and needs no keys"
    assert notes(report)["jwks-unavailable"] == no_keys


@pytest.mark.parametrize(("careless", "kind"), [(Introspecting, "outage-error"), (Lenient, "outage-accepted")])
def test_what_a_server_does_wrong_without_introspection_is_named(
    idp: DevIdP, careless: Callable[[DevIdP, Time], Introspecting], kind: str
) -> None:
    report = probed(idp, careless(idp, Time()), Time(), *INTROSPECTION)
    assert ids(report) == sorted(f"{kind}:{name}" for name in INTROSPECTION)


def test_a_server_that_does_not_introspect_has_no_such_outage(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Keys(idp, time), time, *INTROSPECTION)
    assert set(notes(report).values()) == {"skipped: the target does not go by introspection"}
