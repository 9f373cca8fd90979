"""Tokens of the issuer itself whose times are none: they come back from tests that mint them."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.faults.minting import mint, parse
from tests.flow import Flow
from tests.refusal import page, refusal
from tests.shipped import Start

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:"
WRONG: list[Any] = [10**400, "soon", None, True, {}]


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"grants": None}, clients={"web": {"grants": ["authorization_code", "token-exchange"]}})


def minted(flow: Flow, token_type: str, claim: str, value: Any) -> str:
    fields = {"client": "web", "user": "alice", "scope": "openid", "token_type": token_type, "claims": {claim: value}}
    return mint(flow.issuer, parse(fields)).token


@pytest.mark.parametrize("claim", ["exp", "iat", "auth_time"])
def test_an_access_token_with_a_time_that_is_none_is_good_for_nothing(flow: Flow, claim: str) -> None:
    for value in WRONG:
        token = minted(flow, "access", claim, value)
        assert flow.introspect(token) == {"active": False}
        assert flow.userinfo(token).status_code == 401
        assert flow.revoke(token).status_code == 200
        sent = {"subject_token": token, "subject_token_type": f"{TYPE}access_token"}
        assert refusal(flow.token(grant_type=GRANT, **sent)) == (400, "invalid_request")


@pytest.mark.parametrize("claim", ["exp", "iat", "auth_time"])
def test_an_id_token_with_a_time_that_is_none_is_none(flow: Flow, claim: str) -> None:
    for value in WRONG:
        token = minted(flow, "id", claim, value)
        sent = {"subject_token": token, "subject_token_type": f"{TYPE}id_token"}
        assert refusal(flow.token(grant_type=GRANT, **sent)) == (400, "invalid_request")
        assert flow.redirect(id_token_hint=token)["error"] == "invalid_request"
        assert page(flow.http.get("/default/logout", query_string={"id_token_hint": token})) == 400
