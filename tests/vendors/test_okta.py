"""The profile ``okta``: Okta's own verifiers for Node and Python, unchanged, with their default key address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import header, payload
from tests.real_clients.program import ROOT, Program, conversing, running
from tests.vendors.node import program_line

API = "api://default"
ALICE = "00ualice000000000000"
OF_SCOPE = {
    "scope-case", "scope-empty", "scope-in-roles", "scope-longer", "scope-missing", "scope-null", "scope-number",
    "scope-of-login-only", "scope-prefix", "scope-wildcard", "scp-string",
}  # fmt: skip
"""What the application has to look for: a verifier does not know which scope it wants."""
BOTH_LET_IN = OF_SCOPE | {
    "audience-array-with-others", "base64-padded", "claims-duplicate", "client-id-missing", "client-id-number",
    "crit-empty", "crit-unknown", "exp-milliseconds", "exp-string", "iat-future", "iat-missing", "iat-string",
    "jti-missing", "kid-duplicate", "lifetime-30-days", "nbf-string", "oversized", "sub-empty", "sub-missing",
    "sub-null", "sub-number", "token-use-id", "typ-logout-token",
}  # fmt: skip
LET_IN = {
    "node": BOTH_LET_IN | {"audience-array-mixed", "exp-infinite", "exp-missing", "payload-not-utf8"},
    "python": BOTH_LET_IN | {"exp-float", "expired-10s", "expired-30s", "expired-61s", "nbf-future"},
}
"""Faults that a verifier does not see. The one for Python allows two minutes, and needs nbf and iat to be asked for."""
CRASHES = {"node": {"segments-two", "signature-empty"}, "python": set[str]()}
"""What ends a Node process: the error is thrown where neither `await` nor `catch` meets it."""
CANNOT_HAVE = {
    "audience-parent", "audience-port", "audience-scheme", "scope-array", "scope-comma-separated", "scp-array",
    "typ-missing", "typ-wrong",
}  # fmt: skip
"""Faults of what these tokens lack: ``typ``, a scope that is a text, and an audience that is a web address."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(profile="okta", tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def programs(idp: DevIdP) -> Iterator[dict[str, Program]]:
    ca = str(idp.ca_file)
    with (
        conversing(program_line("okta"), NODE_EXTRA_CA_CERTS=ca) as node,
        running(".venv-vendors", "tests.vendors.programs.okta", SSL_CERT_FILE=ca) as python,
    ):
        yield {"node": node, "python": python}


@pytest.fixture(params=["node", "python"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def verdicts(idp: DevIdP, programs: dict[str, Program], language: str) -> Callable[..., list[str]]:
    """Why the verifier refuses each token; empty where it lets one in."""

    def ask(tokens: list[str], kind: str = "access", expected: str = API, **options: Any) -> list[str]:
        answer = programs[language].ask(kind=kind, issuer=idp.issuer, expected=expected, tokens=tokens, **options)
        found: list[str] = answer["verdicts"]
        return found

    return ask


def post(idp: DevIdP, path: str, auth: tuple[str, str] = ("service", "service-secret"), **data: str) -> dict[str, Any]:
    answer = requests.post(f"{idp.issuer}/v1/{path}", data=data, auth=auth, verify=str(idp.ca_file), timeout=60)
    found: dict[str, Any] = answer.json()
    return found


# what tokens and metadata look like


def test_the_addresses_are_those_of_a_custom_authorization_server(idp: DevIdP) -> None:
    assert idp.issuer == f"{idp.url}/oauth2/default"
    found = requests.get(idp.discovery_url, verify=str(idp.ca_file), timeout=60).json()
    paths = {
        "authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo",
        "jwks_uri": "keys", "introspection_endpoint": "introspect", "revocation_endpoint": "revoke",
        "end_session_endpoint": "logout", "device_authorization_endpoint": "device/authorize",
    }  # fmt: skip
    assert {name: found[name] for name in paths} == {name: f"{idp.issuer}/v1/{path}" for name, path in paths.items()}
    assert "registration_endpoint" not in found
    legacy = f"{idp.issuer}/.well-known/oauth-authorization-server"
    for url in (legacy, f"{idp.url}/.well-known/oauth-authorization-server/oauth2/default"):
        assert requests.get(url, verify=str(idp.ca_file), timeout=60).json()["issuer"] == idp.issuer


def test_an_access_token_of_a_user(idp: DevIdP) -> None:
    token = idp.login(scope="openid email groups")["access_token"]
    assert header(token).keys() == {"alg", "kid"}
    claims = payload(token)
    assert claims.pop("jti").startswith("AT.")
    assert claims.pop("exp") - claims.pop("iat") == 3600
    assert isinstance(claims.pop("auth_time"), int)
    assert claims == {
        "ver": 1, "iss": idp.issuer, "aud": API, "sub": "alice@acme.example", "cid": "web", "uid": ALICE,
        "scp": ["openid", "email", "groups"], "groups": ["Everyone", "Admins"],
    }  # fmt: skip


def test_an_access_token_of_a_service(idp: DevIdP) -> None:
    token = post(idp, "token", grant_type="client_credentials", scope="api:read")["access_token"]
    claims = payload(token)
    assert header(token).keys() == {"alg", "kid"}
    assert claims.keys() == {"ver", "jti", "iss", "aud", "iat", "exp", "cid", "scp", "sub"}
    assert (claims["cid"], claims["sub"], claims["scp"], claims["ver"]) == ("service", "service", ["api:read"], 1)


def test_an_id_token_has_what_names_the_user_and_userinfo_has_the_rest(idp: DevIdP) -> None:
    tokens = idp.login(scope="openid profile email", nonce="n-0S6_WzA2Mj")
    claims = payload(tokens["id_token"])
    assert header(tokens["id_token"]).keys() == {"alg", "kid"}
    assert claims.pop("jti").startswith("ID.")
    assert claims.keys() == {
        "ver", "iss", "aud", "sub", "iat", "exp", "auth_time", "amr", "idp", "nonce", "at_hash", "name", "email",
        "preferred_username",
    }  # fmt: skip
    assert (claims["sub"], claims["aud"], claims["preferred_username"]) == (ALICE, "web", "alice@acme.example")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    about = requests.get(f"{idp.issuer}/v1/userinfo", headers=bearer, verify=str(idp.ca_file), timeout=60).json()
    assert (about["sub"], about["given_name"], about["email_verified"]) == (ALICE, "Alice", True)


def test_introspection_and_revocation_know_tokens_of_this_shape(idp: DevIdP) -> None:
    token = idp.login(scope="openid email")["access_token"]
    found = post(idp, "introspect", ("web", "web-secret"), token=token)
    assert {name: found[name] for name in ("active", "client_id", "scope", "uid", "sub", "aud")} == {
        "active": True, "client_id": "web", "scope": "openid email", "uid": ALICE, "sub": "alice@acme.example",
        "aud": API,
    }  # fmt: skip
    answer = requests.post(f"{idp.issuer}/v1/revoke", data={"token": token}, auth=("web", "web-secret"),
                           verify=str(idp.ca_file), timeout=60)  # fmt: skip
    assert answer.status_code == 200
    assert post(idp, "introspect", ("web", "web-secret"), token=token) == {"active": False}


def test_refresh_tokens_are_for_offline_access(idp: DevIdP) -> None:
    assert "refresh_token" not in idp.login(scope="openid")
    assert "refresh_token" in idp.login(scope="openid offline_access")


# the verifiers


def test_sound_tokens_pass(idp: DevIdP, verdicts: Callable[..., list[str]]) -> None:
    tokens = idp.login(scope="openid email api:read", nonce="n-0S6_WzA2Mj")
    service = post(idp, "token", grant_type="client_credentials", scope="api:read")["access_token"]
    assert verdicts([tokens["access_token"], service, idp.token()]) == ["", "", ""]
    assert verdicts([tokens["id_token"]], "id", "web", nonce="n-0S6_WzA2Mj") == [""]


def test_the_claims_that_node_is_asked_to_assert_are_there(idp: DevIdP, programs: dict[str, Program]) -> None:
    token = idp.login(scope="openid api:read groups")["access_token"]
    ask: dict[str, Any] = {"issuer": idp.issuer, "expected": API, "tokens": [token]}
    asserted = {"cid": "web", "scp.includes": ["api:read"], "groups.includes": "Admins", "uid": ALICE}
    assert programs["node"].ask(**ask, assertClaims=asserted) == {"verdicts": [""]}
    (refused,) = programs["node"].ask(**ask, assertClaims={"cid": "other"})["verdicts"]
    assert refused == "claim 'cid' value 'web' does not match expected value 'other'"


def test_access_tokens_for_others_are_refused(idp: DevIdP, verdicts: Callable[..., list[str]]) -> None:
    names = ["expired", "audience-wrong", "issuer-wrong", "signature-bad"]
    assert all(verdicts([idp.token(fault=name) for name in names]))
    assert all(verdicts([idp.token()], expected="api://other"))
    assert all(verdicts([idp.token(lifetime="-1h")]))


def test_id_tokens_for_others_are_refused(idp: DevIdP, verdicts: Callable[..., list[str]]) -> None:
    tokens = idp.login(scope="openid", nonce="n-0S6_WzA2Mj")
    assert all(verdicts([tokens["id_token"]], "id", "other", nonce="n-0S6_WzA2Mj"))
    assert all(verdicts([tokens["id_token"]], "id", "web", nonce="another"))
    faults = ["expired", "signature-bad", "issuer-wrong"]
    spoilt = [idp.token(token_type="id", client="web", fault=name) for name in faults]
    assert all(verdicts(spoilt, "id", "web"))


def test_the_whole_catalogue_is_refused_but_for_what_the_verifier_does_not_look_for(
    idp: DevIdP, verdicts: Callable[..., list[str]], language: str
) -> None:
    tokens, refused = {}, set()
    for fault in FAULTS.values():
        if fault.applies_to[0] != "access" or fault.evidence != "token" or fault.name == "cnf-missing":
            continue
        try:
            tokens[fault.name] = idp.token(scope="api:read", fault=fault.name)
        except ControlError:
            refused.add(fault.name)
    found = dict(zip(tokens, verdicts(list(tokens.values())), strict=True))
    assert {name for name, why in found.items() if not why} == LET_IN[language]
    assert {name for name, why in found.items() if why.startswith("crash: ")} == CRASHES[language]
    assert refused == CANNOT_HAVE


def documented() -> str:
    text = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    return text.split("### okta\n", 1)[1].split("\n### ")[0]


def test_the_page_says_how_many_faults_are_not_seen() -> None:
    for package, language in (("`@okta/jwt-verifier` (Node)", "node"), ("`okta-jwt-verifier` (Python)", "python")):
        assert re.search(rf"^\| {re.escape(package)} .*\| {len(LET_IN[language])} faults", documented(), re.MULTILINE)


def test_a_fault_that_a_token_cannot_have_is_refused_by_name(idp: DevIdP) -> None:
    with pytest.raises(
        ControlError, match=r"The fault 'typ-missing' does not apply: no typ tells this token from others"
    ):
        idp.token(fault="typ-missing")


def test_the_documented_seed_has_the_host_that_it_names() -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", documented(), re.MULTILINE | re.DOTALL)
    with DevIdP(seed=example, tls=True) as idp:
        assert idp.issuer == "https://acme.okta.example/oauth2/default"
        claims = payload(idp.token(client="service", user=None, scope="orders:read"))
        assert (claims["iss"], claims["aud"], claims["scp"]) == (idp.issuer, "api://orders", ["orders:read"])
        assert claims["tenant"] == "acme"
