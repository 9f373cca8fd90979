"""How long a target goes on trusting what its issuer has ended."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest

from devidp import DevIdP
from devidp.seed import shipped_path
from tests.probe import targets
from tests.probe.learners import AUDIENCE, Introspecting, Time, ids, notes, probed, probed_app, seed

ENDS = ("account-disabled", "client-deleted", "grant-ended", "token-revoked")


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def test_a_server_that_asks_for_every_token_refuses_it_at_once(idp: DevIdP) -> None:
    report = probed(idp, Introspecting(idp, Time()), Time(), "revocation")
    assert ids(report) == []
    assert notes(report) == dict.fromkeys(ENDS, "passed: trusted for 0.0 s")


def test_a_cache_is_measured(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Introspecting(idp, time, seconds=4), time, "revocation")
    assert ids(report) == []
    for note in notes(report).values():
        assert 4 <= float(note.removeprefix("passed: trusted for ").removesuffix(" s")) < 7


def test_a_cache_that_outlasts_the_patience_is_a_finding_after_that_time(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Introspecting(idp, time, seconds=3600), time, "revocation", patience=20)
    assert ids(report) == [f"still-trusted:{name}" for name in ENDS]
    assert {finding.detail for finding in report.findings} == {"still trusted after 20 s"}
    assert time.now == 20 * len(ENDS)


def test_a_server_that_does_not_look_at_active_is_told_from_one_with_a_cache(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Introspecting(idp, time, looks_at_active=False), time, "token-revoked")
    assert ids(report) == ["ignores-inactive:token-revoked"]


def test_a_server_that_never_asks_trusts_until_the_token_expires(idp: DevIdP) -> None:
    time = Time()
    report = probed_app(idp, targets.strict(idp), time, "revocation")
    assert ids(report) == []
    said = "passed: never asks the issuer about a token, and trusts this one until it expires: 3600 s"
    assert notes(report) == dict.fromkeys(ENDS, said)
    assert time.now == 0


def test_that_is_too_long_where_tokens_live_long() -> None:
    with DevIdP(seed=seed(lifetimes={"access_token": "12h"})) as idp:
        report = probed_app(idp, targets.strict(idp), Time(), "grant-ended")
        assert ids(report) == ["trusts-until-expiry:grant-ended"]
        assert "43200 s, expected 3600 s at most" in report.findings[0].detail


def test_a_server_with_accounts_of_its_own_is_not_judged(idp: DevIdP) -> None:
    def knows_alice(token: str) -> object:
        claims = Introspecting(idp, Time())(token)
        if isinstance(claims, dict) and claims["sub"] == "alice":
            return claims
        raise jwt.InvalidTokenError("who is that?")

    report = probed(idp, knows_alice, Time(), "grant-ended")
    said = "inconclusive: the target answers 401 to a user and a client that it does not know yet"
    assert notes(report) == {"grant-ended": said}


def test_opaque_tokens_are_of_their_issuer_and_have_no_key() -> None:
    """They do not say whose they are: their issuer is no stranger, and no rotation of keys ends them."""
    opaque = {"issuers": {"default": {"access_token_format": "opaque"}, "other": {}}}
    with DevIdP(seed=[shipped_path(), opaque]) as idp:
        report = probed(idp, Introspecting(idp, Time()), Time(), "strangers", "rotation", "revocation", "jwks-flood")
        assert ids(report) == []
        assert report.issuer == idp.issuer
        outcomes = {check.name: check.outcome for check in report.checks}
    assert "stranger-of-default" not in outcomes
    assert outcomes["stranger-of-other"] == outcomes["token-revoked"] == "passed"
    assert outcomes["key-rotated"] == outcomes["key-withdrawn"] == outcomes["jwks-flood"] == "skipped"


def test_an_issuer_with_a_host_of_its_own_is_asked_at_devidp_and_nowhere_else() -> None:
    """That host may be one of somebody else, who is not to get a token."""
    with DevIdP(seed=seed(url="https://login.example.test/tenant")) as idp:
        keys = jwt.PyJWKClient(f"{idp.local_url}/tenant/.well-known/jwks.json", headers={"Host": "login.example.test"})

        def verify(token: str) -> object:
            return jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], audience=AUDIENCE)

        report = probed(idp, verify, Time(), "token-revoked")
        assert notes(report)["token-revoked"].startswith("passed: never asks the issuer about a token")
        assert [event.status for event in idp.events("revoke")] == [200]
