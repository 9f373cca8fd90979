"""Failures of endpoints: how a client of MCP and one of OpenID Connect behave at each kind of them."""

from __future__ import annotations

from collections.abc import Callable

from devidp import DevIdP
from devidp.faults.failures import FAILURES
from devidp.judge import catalogue, kinds
from tests.judge.conftest import mcp_client
from tests.judge.relying_party import RelyingParty
from tests.judge.verdicts import table, wrong


def test_the_mcp_sdk_stops_where_an_answer_may_be_an_attack(idp: DevIdP) -> None:
    assert table(idp.judge(mcp_client, only=["iss-wrong", "state-changed", "issuer-mismatch", "pkce-missing"])) == {
        "iss-wrong": "passed",
        "state-changed": "passed",
        "issuer-mismatch": "passed",
        "pkce-missing": "followed-pkce-missing",
    }


def test_authlib_takes_what_it_is_told_of_issuers_and_not_of_states(idp: DevIdP, relying_party: RelyingParty) -> None:
    report = idp.judge(relying_party, only=["iss-wrong", "state-changed", "issuer-mismatch"], oidc=True)
    assert wrong(report) == ["followed-iss-wrong", "followed-issuer-mismatch"]
    assert report.findings[0].detail == "after that the client sent POST /default/token, and should have stopped"
    sent = report.findings[0].exchanges[0]
    assert (sent.method, sent.url, sent.status) == ("POST", f"{idp.issuer}/token", 200)
    assert (
        sent.sent_body == "client_id=web&grant_type=authorization_code&redirect_uri=http%3A%2F%2Flocalhost%2Fcallback"
    )


def test_a_client_goes_on_where_it_has_to_and_gives_up_where_it_need_not(idp: DevIdP) -> None:
    chosen = ["field-extra", "metadata-empty", "token-type-upper-case", "unavailable:token", "html-body:token"]
    assert table(idp.judge(mcp_client, only=chosen)) == {
        "unavailable:token": "gave-up-on-unavailable:token",
        "html-body:token": "passed",
        "field-extra": "passed",
        "metadata-empty": "passed",
        "token-type-upper-case": "passed",
    }


def test_what_leads_away_is_told_nothing_that_belongs_to_the_issuer(idp: DevIdP) -> None:
    report = idp.judge(mcp_client, only=["endpoint-foreign", "endpoint-javascript", "redirect-with-body:token"])
    assert wrong(report) == ["followed-endpoint-foreign:token_endpoint"]
    assert report.findings[0].detail.startswith("a foreign origin got an authorization code and a code verifier")


def test_a_client_that_opens_whatever_it_is_told_is_seen(idp: DevIdP, relying_party: RelyingParty) -> None:
    report = idp.judge(relying_party, only=["endpoint-javascript", "endpoint-foreign:userinfo_endpoint"], oidc=True)
    assert wrong(report) == [
        "followed-endpoint-javascript:authorization_endpoint",
        "followed-endpoint-foreign:userinfo_endpoint",
    ]
    said = [each.detail for each in report.findings]
    assert said[0].startswith("the client told the browser to open javascript:alert(")
    assert said[1] == "a foreign origin got an access token"


def test_the_mcp_sdk_gets_over_the_end_of_its_tokens(idp: DevIdP) -> None:
    found = table(idp.judge(mcp_client, only=["refresh", "user-denies"]))
    assert found == dict.fromkeys(found, "passed")
    assert len(found) == 5


def test_the_user_who_has_to_log_in_again_after_each_refresh_is_missed_by_nobody(idp: DevIdP) -> None:
    def forgetful(url: str, browser: Callable[[str], str]) -> None:
        for _ in range(2):
            mcp_client(url, browser)  # which begins anew each time

    report = idp.judge(forgetful, only=["refresh-without-rotation"])
    assert wrong(report) == ["failed-at-refresh-without-rotation"]
    assert report.findings[0].detail == "it asked the user to log in again"


def test_what_the_client_never_asks_is_said_once(idp: DevIdP) -> None:
    report = idp.judge(mcp_client, only=["userinfo", "field-extra"])
    assert [(each.name, each.outcome) for each in report.checks] == [("userinfo", "skipped"), ("field-extra", "passed")]
    assert report.checks[0].note.startswith("the client did not ask it in the sound run, ")


def test_every_failure_that_a_client_can_meet_is_a_scenario_under_its_name() -> None:
    named = {each.name.partition(":")[0] for each in catalogue.every()}
    of_others = {each.name for each in FAILURES.values() if each.group in ("introspection", "logout", "revocation")}
    assert set(FAILURES) - named == of_others


def test_every_finding_can_be_explained() -> None:
    found = list(kinds.every())
    assert [each.name for each in found] == list(dict.fromkeys(each.name for each in found))
    assert [kinds.find(each.name) for each in found] == found
    assert all(each.title and each.why and each.section and each.topic for each in found)


def test_a_title_says_what_a_client_meets_and_no_option_of_a_failure() -> None:
    titles = {each.name: each.title for each in kinds.every()}
    assert titles["gave-up-on-unavailable"] == "The client gives up: 503 with Retry-After"
    assert (
        titles["followed-endpoint-javascript"]
        == "The client goes where it should not: an endpoint is a `javascript:` URL"
    )
    assert titles["hid-field-missing"] == "The client says nothing: the field `token_endpoint` is missing"
    assert [name for name, title in titles.items() if "by default" in title or "`to`" in title] == []
