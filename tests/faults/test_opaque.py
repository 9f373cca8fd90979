"""Opaque access tokens outside of flows, and the faults that they can have: those that introspection shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import MCP

SEED: dict[str, Any] = {
    "issuers": {"default": {"signing_algorithm": "ES256", "access_token_format": "opaque"}},
    "scopes": {"openid": "Know who you are", "mcp:read": "Read"},
    "resources": {MCP: {}},
    "users": {"alice": {"claims": {"tenant_id": "acme"}}, "bob": {}},
    "clients": {
        "web": {"secret": "web-secret", "redirect_uris": ["http://localhost/callback"]},
        "jwt": {"public": True, "redirect_uris": ["http://localhost/callback"], "access_token_format": "jwt"},
    },
}
TOLD = ("active", "sub", "aud", "scope", "tenant_id")
SHOWN_BY_A_JWT = [each.name for each in FAULTS.values() if "access" in each.applies_to and each.evidence == "token"]
STATE = [each.name for each in FAULTS.values() if each.group == "state"]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as idp:
        yield idp


@pytest.fixture(autouse=True)
def afresh(idp: DevIdP) -> None:
    idp.reset()


def introspected(idp: DevIdP, token: str) -> dict[str, object]:
    answer = httpx.post(f"{idp.issuer}/introspect", data={"token": token}, auth=("web", "web-secret"))
    found: dict[str, object] = answer.json()
    return found


def test_a_minted_token_is_opaque_where_those_of_flows_are(idp: DevIdP) -> None:
    minted = idp.mint(user="alice", client="web", scope="openid mcp:read", audience=MCP, claims={"plan": "free"})
    assert "." not in minted.token
    assert (minted.header, minted.claims) == ({}, {})
    answer = introspected(idp, minted.token)
    assert {name: answer[name] for name in ("active", "sub", "aud", "scope", "plan")} == {
        "active": True, "sub": "alice", "aud": MCP, "scope": "openid mcp:read", "plan": "free",
    }  # fmt: skip
    assert idp.token(user="alice", client="jwt").count(".") == 2


def test_a_lifetime_ends_it(idp: DevIdP) -> None:
    assert introspected(idp, idp.token(user="alice", client="web", lifetime=-1)) == {"active": False}


@pytest.mark.parametrize("wanted", [{"header": {"kid": "x"}}, {"drop_header": "kid"}, {"key": "foreign"}])
def test_what_only_a_jwt_has_cannot_be_set(idp: DevIdP, wanted: dict[str, object]) -> None:
    with pytest.raises(ControlError, match=rf"An opaque access token has no header .* so {next(iter(wanted))} cannot"):
        idp.token(user="alice", client="web", **wanted)


def test_a_fault_that_shows_in_a_jwt_is_refused_by_name(idp: DevIdP) -> None:
    for name in SHOWN_BY_A_JWT:
        refused = rf"'{name}' does not apply: it shows in a JWT, and this access token is opaque.*_token_format: jwt"
        with pytest.raises(ControlError, match=refused):
            idp.token(user="alice", client="web", fault=name, token_type="access")
        with pytest.raises(ControlError, match=refused):
            idp.arm(name, client="web", token_type="access")


def test_an_armed_fault_waits_for_a_client_that_gets_jwts(idp: DevIdP) -> None:
    idp.arm("expired", token_type="access")
    assert "." not in idp.login(client="web")["access_token"]
    assert idp.control.armed.waiting()
    assert idp.login(client="jwt")["access_token"].count(".") == 2
    assert idp.control.armed.waiting() == ()


@pytest.mark.parametrize("name", [*STATE, "tenant-other"])
def test_introspection_shows_the_others(idp: DevIdP, name: str) -> None:
    good = introspected(idp, idp.token(user="alice", client="web", scope="openid mcp:read", audience=MCP))
    found = introspected(idp, idp.token(user="alice", client="web", scope="openid mcp:read", audience=MCP, fault=name))
    assert {key: found.get(key) for key in TOLD} != {key: good[key] for key in TOLD}


@pytest.mark.parametrize("name", STATE)
def test_a_jwt_whose_shape_hides_its_id_can_have_them_too(name: str) -> None:
    shape = {"claims": {"aud": ["{aud}"], "uti": "{jti}"}, "drop": ["jti"]}
    seed = {**SEED, "issuers": {"default": {"signing_algorithm": "ES256", "access_token": shape}}}
    with DevIdP(seed) as idp:
        asked = {"user": "alice", "client": "web", "scope": "openid mcp:read", "audience": MCP}
        good, found = (introspected(idp, idp.token(**asked, **more)) for more in ({}, {"fault": name}))
    assert {key: found.get(key) for key in TOLD} != {key: good.get(key) for key in TOLD}
    assert type(found.get("aud", [])) is list
