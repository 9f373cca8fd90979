"""Servers that remember what they have verified, by too little of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import jwt
import pytest

from devidp import DevIdP
from devidp.report import Report
from tests.probe import targets

AUDIENCE = "http://localhost:8000/mcp"
RememberedBy = Callable[[str], object]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, verify: targets.Verify) -> Report:
    report = idp.probe(targets.guarded(verify), url="http://localhost:8000/orders", audience=AUDIENCE, only=["caches"])
    assert not report.cause
    return report


def verified(idp: DevIdP) -> targets.Verify:
    keys = jwt.PyJWKClient(idp.jwks_uri)

    def verify(token: str) -> object:
        return jwt.decode(token, keys.get_signing_key_from_jwt(token).key, ["RS256"], audience=AUDIENCE)

    return verify


def remembering(idp: DevIdP, remembered_by: RememberedBy) -> targets.Verify:
    verify, known = verified(idp), set[object]()

    def look_up(token: str) -> object:
        what = remembered_by(token)
        if what not in known:
            verify(token)
            known.add(what)
        return what

    return look_up


def content(token: str) -> object:
    return token.rpartition(".")[0]


def identifier(token: str) -> object:
    return jwt.decode(token, options={"verify_signature": False}).get("jti")


def ending(token: str) -> object:
    return token[-32:]


def whole(token: str) -> object:
    return token


@pytest.mark.parametrize(
    ("remembered_by", "expected"),
    [
        (content, ["accepted-cached:cached-content"]),
        (identifier, ["accepted-cached:cached-content", "accepted-cached:cached-claims"]),
        (ending, ["accepted-cached:cached-signature"]),
        (whole, []),
    ],
)
def test_what_a_cache_is_looked_up_by(idp: DevIdP, remembered_by: RememberedBy, expected: list[str]) -> None:
    report = probed(idp, remembering(idp, remembered_by))
    assert [finding.id for finding in report.findings] == expected
    assert all(finding.kind.severity.label == "critical" for finding in report.findings)


def test_a_server_that_remembers_refused_tokens_as_seen(idp: DevIdP) -> None:
    verify, seen = verified(idp), set[str]()

    def once(token: str) -> object:
        if token in seen:
            return token
        seen.add(token)
        return verify(token)

    found = [finding.id for finding in probed(idp, once).findings]
    assert found == [f"accepted-second-time:cached-{what}" for what in ("content", "signature", "claims")]


def test_tokens_that_are_the_same_within_a_second_are_forged_all_the_same() -> None:
    """Those of this profile have no ``jti``."""
    with DevIdP(profile="auth0") as auth0:
        keys = jwt.PyJWKClient(auth0.jwks_uri)

        def verify(token: str) -> object:
            return jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], {"verify_aud": False})

        app = targets.guarded(verify)
        report = auth0.probe(app, url="http://localhost:8000/orders", only=["caches"])
    outcomes = [check.outcome for check in report.checks if check.group == "caches"]
    assert outcomes == ["passed", "passed", "passed"]


def test_where_every_forged_token_gets_in_nothing_is_said_twice(idp: DevIdP) -> None:
    def believe(token: str) -> object:
        return jwt.decode(token, options={"verify_signature": False})

    report = probed(idp, believe)
    assert {check.outcome for check in report.checks if check.group == "caches"} == {"inconclusive"}
