"""The modules of the OpenID conformance plan for RP-Initiated Logout, each after its name."""

from __future__ import annotations

import pytest

from tests.flow import Flow, answer, header, payload
from tests.issuer.logout.relying_party import HOME, RelyingParty
from tests.refusal import page

STATE = "s" * 128


@pytest.fixture
def client(flow: Flow) -> RelyingParty:
    logged_in = RelyingParty(flow)
    logged_in.log_in()
    return logged_in


def is_refused_or_asks(client: RelyingParty, **changes: str | None) -> bool:
    """Whether the browser stays here, and the session with it."""
    response = client.log_out(**changes)
    return "Location" not in response.headers and "Refresh" not in response.headers and client.is_logged_in()


def logs_out_on_a_page(client: RelyingParty, **changes: str | None) -> bool:
    """Whether the browser stays here, and the session ends once the user has agreed."""
    shown = client.log_out(**changes)
    if 'name="decision"' in shown.text:
        shown = client.flow.post(shown, decision="logout")
    assert page(shown) == 200
    return "You are logged out" in shown.text and not client.is_logged_in()


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(flow: Flow) -> None:
    assert flow.metadata()["end_session_endpoint"] == f"{flow.issuer.url}/logout"


def test_oidcc_rp_initiated_logout(client: RelyingParty) -> None:
    assert answer(client.log_out(state=STATE).headers["Location"]) == {"state": STATE}
    refused = answer(client.flow.authorize(client_id=client.client_id, prompt="none").headers["Location"])
    assert refused["error"] == "login_required"


def test_oidcc_rp_initiated_logout_no_state(client: RelyingParty) -> None:
    assert client.log_out(state=None).headers["Location"] == HOME
    assert not client.is_logged_in()


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(client: RelyingParty) -> None:
    assert is_refused_or_asks(client, post_logout_redirect_uri="https://elsewhere.example/home")


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(client: RelyingParty) -> None:
    assert is_refused_or_asks(client, post_logout_redirect_uri=f"{HOME}?foo=bar")


def test_oidcc_rp_initiated_logout_modified_id_token_hint(client: RelyingParty) -> None:
    _, claims, _ = client.tokens["id_token"].split(".")
    assert header(client.tokens["id_token"])["alg"] != "none"
    assert is_refused_or_asks(client, id_token_hint=f"eyJhbGciOiJub25lIn0.{claims}.")


def test_oidcc_rp_initiated_logout_bad_id_token_hint(client: RelyingParty, flow: Flow) -> None:
    foreign = flow.at("enterprise").tokens()["id_token"]
    assert payload(foreign)["sub"] == payload(client.tokens["id_token"])["sub"]
    assert is_refused_or_asks(client, id_token_hint=foreign)


def test_oidcc_rp_initiated_logout_no_id_token_hint(client: RelyingParty) -> None:
    assert is_refused_or_asks(client, id_token_hint=None)


def test_oidcc_rp_initiated_logout_no_params(client: RelyingParty) -> None:
    assert logs_out_on_a_page(client, id_token_hint=None, post_logout_redirect_uri=None, state=None)


def test_oidcc_rp_initiated_logout_only_state(client: RelyingParty) -> None:
    assert logs_out_on_a_page(client, id_token_hint=None, post_logout_redirect_uri=None)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(client: RelyingParty) -> None:
    assert logs_out_on_a_page(client, post_logout_redirect_uri=None)
