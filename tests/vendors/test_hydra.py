"""The profile hydra: Ory's SDKs introspect, discover and revoke at devidp as at Ory Hydra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import header, payload
from tests.real_clients.program import Program, conversing, running
from tests.vendors.examples import example
from tests.vendors.node import program_line

API = "https://api.example.test"
PYTHON, NODE = "ory-client", "@ory/client"
STATE = [name for name, fault in FAULTS.items() if fault.group == "state"]
UNSOUND = [
    name
    for name, fault in FAULTS.items()
    if fault.group in ("time", "issuer", "signature", "key", "algorithm") and "access" in fault.applies_to
]
LET_IN = {"exp-milliseconds", "iat-future", "iat-missing", "kid-duplicate", "kid-missing", "lifetime-30-days"}
"""Introspection says that such a token is active, and the SDKs do not look at what it says of it."""
TOKEN = [name for name, fault in FAULTS.items() if fault.applies_to[0] == "access" and fault.evidence == "token"]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(profile="hydra") as idp:
        yield idp


@pytest.fixture(scope="module", params=[PYTHON, NODE])
def sdk(request: pytest.FixtureRequest) -> Iterator[Program]:
    if request.param == PYTHON:
        with running(".venv-vendors", "tests.vendors.programs.hydra") as found:
            yield found
    else:
        with conversing(program_line("hydra")) as found:
            yield found


def introspected(idp: DevIdP, sdk: Program, *tokens: str, **more: Any) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = sdk.ask(do="introspect", basePath=idp.issuer, tokens=tokens, **more)["answers"]
    return answers


def test_discovery_and_keys_are_what_the_sdk_expects(idp: DevIdP, sdk: Program) -> None:
    found = sdk.ask(do="documents", basePath=idp.issuer)
    said = found["discovery"]
    assert said["issuer"] == idp.issuer
    expected = {
        "authorization_endpoint": "oauth2/auth", "token_endpoint": "oauth2/token", "userinfo_endpoint": "userinfo",
        "revocation_endpoint": "oauth2/revoke", "jwks_uri": ".well-known/jwks.json",
        "end_session_endpoint": "oauth2/sessions/logout", "device_authorization_endpoint": "oauth2/device/auth",
        "registration_endpoint": "oauth2/register",
    }  # fmt: skip
    assert {name: said[name] for name in expected} == {name: f"{idp.issuer}/{path}" for name, path in expected.items()}
    assert said["id_token_signed_response_alg"] == said["userinfo_signed_response_alg"] == ["RS256"]
    assert not [name for name in said if name.startswith("introspection")]
    assert found["keys"]["keys"][0]["use"] == "sig"


def test_an_opaque_token_is_introspected_at_the_administrative_address(idp: DevIdP, sdk: Program) -> None:
    tokens = idp.login(client="web", scope="openid offline_access email api:read", resource=API)
    assert "." not in tokens["access_token"]
    access, refresh, nothing = introspected(idp, sdk, tokens["access_token"], tokens["refresh_token"], "nonsense")
    expected = {"active": True, "sub": "alice", "client_id": "web", "aud": [API], "token_type": "Bearer", "ext": {}}
    assert {name: access[name] for name in expected} == expected
    assert access["scope"] == "openid offline_access email api:read"
    assert (refresh["active"], refresh["token_use"]) == (True, "refresh_token")
    assert nothing == {"active": False}
    assert sdk.ask(do="userinfo", basePath=idp.issuer, token=tokens["access_token"])["email"] == "alice@acme.example"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_what_the_sdk_revokes_is_inactive(idp: DevIdP, sdk: Program, kind: str) -> None:
    token = idp.login(client="web", scope="openid offline_access")[kind]
    asked = {"do": "revoke", "basePath": idp.issuer, "token": token, "clientId": "web", "clientSecret": "web-secret"}
    assert sdk.ask(**{**asked, "clientSecret": "wrong"})["status"] == 401
    assert introspected(idp, sdk, token)[0]["active"] is True
    assert sdk.ask(**asked)["status"] == 200
    assert introspected(idp, sdk, token) == [{"active": False}]


def test_a_token_without_a_required_scope_is_inactive(idp: DevIdP, sdk: Program) -> None:
    token = idp.login(client="web", scope="openid api:read", resource=API)["access_token"]
    assert introspected(idp, sdk, token, scope="api:read openid")[0]["active"] is True
    assert introspected(idp, sdk, token, scope="api:read api:write") == [{"active": False}]


def test_a_token_that_has_expired_is_inactive(idp: DevIdP, sdk: Program) -> None:
    token = idp.token(client="web", user="alice")
    idp.control.clock.advance("2h")
    assert introspected(idp, sdk, token) == [{"active": False}]
    idp.reset()


@pytest.mark.parametrize("fault", STATE)
def test_faults_of_state_show_in_introspection(idp: DevIdP, sdk: Program, fault: str) -> None:
    token = idp.token(client="web", user="alice", scope="openid api:read", audience=API, fault=fault)
    (answer,) = introspected(idp, sdk, token)
    good = {"active": True, "sub": "alice", "aud": [API], "scope": "openid api:read"}
    assert {name: answer.get(name) for name in good} != good


def test_faults_that_only_a_jwt_can_have_are_refused_by_name(idp: DevIdP) -> None:
    for fault in TOKEN:
        with pytest.raises(ControlError, match=f"The fault '{fault}' does not apply: it shows in a JWT, and this"):
            idp.token(client="web", user="alice", fault=fault)
        with pytest.raises(ControlError, match=f"The fault '{fault}' does not apply: it shows in a JWT, and this"):
            idp.arm(fault, token_type="access", client="web")


def test_a_service_gets_a_token_by_the_sdk(idp: DevIdP, sdk: Program) -> None:
    asked = {"do": "token", "basePath": idp.issuer, "clientId": "service", "clientSecret": "service-secret"}
    token = sdk.ask(**asked)["access_token"]
    (answer,) = introspected(idp, sdk, token)
    assert (answer["active"], answer["sub"], answer["aud"]) == (True, "service", [API])


@pytest.fixture(scope="module")
def jwt_strategy() -> Iterator[DevIdP]:
    with DevIdP(example("hydra")) as idp:
        yield idp


def test_a_jwt_has_the_shape_of_hydra(jwt_strategy: DevIdP, sdk: Program) -> None:
    token = jwt_strategy.token(client="web", user="alice", scope="openid api:read", audience=API)
    claims = payload(token)
    assert header(token).keys() == {"alg", "kid", "typ"}
    assert header(token)["typ"] == "JWT"
    assert claims.keys() == {"aud", "client_id", "exp", "ext", "iat", "iss", "jti", "nbf", "scp", "sub"}
    assert (claims["aud"], claims["scp"], claims["ext"], claims["nbf"]) == (
        [API],
        ["openid", "api:read"],
        {},
        claims["iat"],
    )
    (answer,) = introspected(jwt_strategy, sdk, token)
    assert (answer["active"], answer["scope"], answer["client_id"]) == (True, "openid api:read", "web")


def test_faulty_jwts_are_inactive(jwt_strategy: DevIdP, sdk: Program) -> None:
    asked = {"client": "web", "user": "alice", "scope": "openid api:read", "audience": API}
    tokens = {fault: jwt_strategy.token(**asked, fault=fault) for fault in UNSOUND}
    answers = dict(zip(tokens, introspected(jwt_strategy, sdk, *tokens.values()), strict=True))
    assert {fault for fault, answer in answers.items() if answer["active"]} == LET_IN


def test_the_resource_server_sees_for_whom_a_token_is(jwt_strategy: DevIdP, sdk: Program) -> None:
    token = jwt_strategy.token(client="web", user="alice", audience=API, fault="audience-array-without-resource")
    (answer,) = introspected(jwt_strategy, sdk, token)
    assert answer["active"] is True
    assert API not in answer["aud"]
