"""Tokens that tests mint, with a good signature and whatever they ask for, and that come back to the issuer."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.faults import FAULTS
from devidp.faults.minting import mint, parse
from devidp.store.overrides import NOTHING
from tests.faults.conftest import pair
from tests.flow import Flow
from tests.refusal import page, refusal
from tests.shipped import Start

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:"
WRONG: list[Any] = [10**400, "soon", None, True, {}]


@pytest.fixture
def flow(start: Start) -> Flow:
    issuer = {"grants": None, "signing_algorithm": "EdDSA"}  # a fault makes it ES256
    return start(issuer, clients={"web": {"grants": ["authorization_code", "token-exchange"]}})


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


@pytest.mark.parametrize("group", sorted({fault.group for fault in FAULTS.values()}))
def test_no_faulty_token_is_more_than_an_endpoint_can_take(flow: Flow, group: str) -> None:
    for fault in (each for each in FAULTS.values() if each.group == group):
        token = pair(flow.issuer, fault.name)[1].token
        hinted = {"id_token_hint": token}
        answers = [
            flow.http.post("/default/introspect", data={"token": token}, auth=("web", "web-secret")),
            flow.userinfo(token),
            flow.authorize(**hinted),
            flow.http.get("/default/logout", query_string=hinted),
            *(
                flow.token(grant_type=GRANT, subject_token=token, subject_token_type=f"{TYPE}{kind}")
                for kind in ("access_token", "id_token")
            ),
            flow.revoke(token),
        ]
        assert [answer for answer in answers if answer.status_code >= 500] == [], fault.name
        flow.runtime.control(lambda overrides: NOTHING)
