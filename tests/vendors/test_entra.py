"""The profile entra: MSAL logs in and gets tokens, unchanged."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import FaultNotApplicable
from tests.flow import payload
from tests.real_clients.program import Program
from tests.vendors.entra import (
    CLI,
    DAEMON,
    FILES,
    KEYED,
    NODE,
    OID,
    PYTHON,
    READ,
    TASKS,
    TENANT,
    WEB,
    key,
    program,
    seed,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(seed("entra", device_interval="1s"), tls=True) as idp:
        yield idp


@pytest.fixture(scope="module", params=[PYTHON, NODE])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def libraries(language: str, idp: DevIdP) -> Iterator[Program]:
    with program(idp, language) as found:
        yield found


def authority(idp: DevIdP, *, oidc: bool) -> dict[str, Any]:
    """What MSAL is told of where Entra ID is: as an authority of its own, or as any OpenID provider."""
    return {"authority": idp.issuer if oidc else f"{idp.url}/{TENANT}", "oidc": oidc}


@pytest.mark.parametrize("oidc", [False, True])
def test_a_daemon_gets_its_permissions_as_roles_and_the_same_token_again(
    idp: DevIdP, libraries: Program, oidc: bool
) -> None:
    where = authority(idp, oidc=oidc)
    asked = {"client": DAEMON, "secret": "daemon-secret", "scopes": [f"api://{TASKS}/.default"], **where}
    first, second = libraries.ask(do="daemon", **asked)["answer"]
    assert first["access_token"] == second["access_token"]
    said = payload(first["access_token"])
    assert {name: said[name] for name in ("aud", "roles", "azp", "azpacr", "tid", "ver", "iss")} == {
        "aud": TASKS, "roles": ["Tasks.Read"], "azp": DAEMON, "azpacr": "1", "tid": TENANT, "ver": "2.0",
        "iss": idp.issuer,
    }  # fmt: skip
    assert not {"scp", "scope", "name"} & set(said)
    assert said["oid"] == said["sub"]


def test_a_daemon_may_have_a_key_in_place_of_a_secret(idp: DevIdP) -> None:
    with program(idp, PYTHON) as libraries:
        asked = {"client": KEYED, "key": key().as_pem(private=True).decode(), "scopes": [f"{TASKS}/.default"]}
        first, _ = libraries.ask(do="daemon", **asked, **authority(idp, oidc=False))["answer"]
    assert payload(first["access_token"])["azpacr"] == "2"


@pytest.mark.parametrize("oidc", [False, True])
def test_a_login_gets_tokens_one_from_the_cache_and_one_for_another_resource(
    idp: DevIdP, libraries: Program, oidc: bool
) -> None:
    idp.reset()
    idp.login(client=WEB, scope=FILES, redirect_uri="http://localhost/callback")  # alice has agreed to that
    asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [FILES]}
    first, again, other, *account = libraries.ask(do="login", **asked, **authority(idp, oidc=oidc))["answer"]
    said = payload(first["access_token"])
    assert (said["aud"], said["scp"], said["oid"], said["roles"]) == (TASKS, "Tasks.Read", OID, ["Tasks.Admin"])
    assert (said["name"], said["preferred_username"]) == ("Alice Anderson", "alice@acme.example")
    assert again["access_token"] == first["access_token"]
    assert (payload(other["access_token"])["aud"], payload(other["access_token"])["scp"]) == (
        "https://files.example", "Files.Read",
    )  # fmt: skip
    told = first["id_token_claims"]
    assert {name: told[name] for name in ("aud", "oid", "tid", "ver", "preferred_username", "roles")} == {
        "aud": WEB, "oid": OID, "tid": TENANT, "ver": "2.0", "preferred_username": "alice@acme.example",
        "roles": ["Tasks.Admin"],
    }  # fmt: skip
    known_as = {**first, **(account[0] if account else {})}
    assert (known_as["username"], known_as["local"]) == ("alice@acme.example", OID)


def test_who_has_not_agreed_to_the_other_resource_is_to_be_asked(idp: DevIdP, libraries: Program) -> None:
    idp.reset()
    asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [FILES]}
    _, _, refused, *_ = libraries.ask(do="login", **asked, **authority(idp, oidc=False))["answer"]
    assert refused["error"] == "invalid_grant"
    assert refused.get("name", "InteractionRequiredAuthError") == "InteractionRequiredAuthError"
    idp.assert_seen("token", error="invalid_grant", client=WEB)


ID_FAULTS = [name for name, fault in FAULTS.items() if fault.applies_to == ("id",) and fault.evidence == "token"]
OTHER_REQUEST = {"id-nonce-wrong", "id-nonce-missing", "id-access-token"}
"""Faults that MSAL refuses: it decodes an ID token that came from the token endpoint, and does not verify it."""


def test_msal_refuses_the_id_token_of_another_request_and_looks_at_little_else_in_it(
    idp: DevIdP, libraries: Program, language: str
) -> None:
    refused = set()
    for name in ID_FAULTS:
        with contextlib.suppress(FaultNotApplicable):
            idp.arm(name, client=WEB, token_type="id")
            asked = {"client": WEB, "secret": "web-secret", "scopes": [READ], "further": [READ]}
            first, *_ = libraries.ask(do="login", **asked, **authority(idp, oidc=False))["answer"]
            refused |= {name} if "error" in first else set()
    assert refused == OTHER_REQUEST | ({"id-sub-missing"} if language == PYTHON else set())


def test_a_device_gets_tokens(idp: DevIdP, libraries: Program) -> None:
    asked = {"client": CLI, "scopes": [READ]}
    (tokens,) = libraries.ask(do="device", **asked, **authority(idp, oidc=False))["answer"]
    said = payload(tokens["access_token"])
    assert (said["scp"], said["azp"], said["azpacr"]) == ("Tasks.Read", CLI, "0")
