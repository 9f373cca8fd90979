"""The profile ``auth0``: Auth0's own libraries, unchanged, against devidp over https and in Chromium."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import ControlError
from tests.flow import header, payload
from tests.real_clients.program import Program, conversing, nobody, running
from tests.vendors.node import program_line
from tests.vendors.proxy import proxy

API = "https://api.example.test"
RFC_9068 = "https://rfc9068.example.test"
DOTTED = "https://acme.example/roles"
"""A claim with a namespace, as an Action of Auth0 adds it."""
SEED: dict[str, Any] = {
    "issuers": {"default": {"profile": "auth0", "access_token_claims": ["permissions", "org_id", DOTTED]}},
    "scopes": {"read:notes": None},
    "resources": {
        API: {"scopes": ["read:notes"]},
        RFC_9068: {
            "scopes": ["read:notes"],
            "access_token": {
                "typ": "at+jwt",
                "claims": {"client_id": "{client_id}", "jti": "{jti}", "azp": None, "gty": None},
            },
        },
    },
    "users": {
        "alice": {
            "sub": "auth0|alice",
            "password": "alice",
            "claims": {
                "name": "Alice Anderson",
                "nickname": "alice",
                "email": "alice@acme.example",
                "org_id": "org_acme",
                "permissions": ["read:notes"],
                DOTTED: ["developer"],
            },
        },
        "bob": {"sub": "auth0|bob"},
    },
    "clients": {
        "web": {
            "secret": "web-secret",
            "redirect_uris": [f"http://localhost/{path}" for path in ("callback", "code/callback", "front/callback")],
            "response_types": ["code", "id_token"],
            "post_logout_redirect_uris": ["http://localhost/code", "http://localhost/front"],
            "consent": "skipped",
        },
        "service": {"secret": "service-secret", "grants": ["client_credentials"]},
        "api": {"secret": "api-secret", "grants": ["token-exchange"]},
    },
}
WEB = {"client": "web", "secret": "web-secret"}
SERVICE = {"client": "service", "secret": "service-secret"}
BEHIND = {"client": "api", "secret": "api-secret"}
CALLBACK = "http://localhost:5555/callback"
ALICE = {"user": "alice", "client": "web"}
SEEN = [fault for fault in FAULTS.values() if fault.evidence == "token"]
OF_ACCESS_TOKENS = [fault.name for fault in SEEN if fault.applies_to[0] == "access"]
WITHOUT_SCOPES = [fault.name for fault in SEEN if fault.applies_to[0] == "access" and fault.group != "scope"]
"""auth0-api-python leaves scopes to the application."""
OF_ID_TOKENS = [fault.name for fault in SEEN if "id" in fault.applies_to]
IN_COMMON = {"base64-padded", "claims-duplicate", "exp-milliseconds", "iat-future", "kid-duplicate", "lifetime-30-days"}
BY_EXPRESS = {
    "audience-array-mixed", "audience-array-with-others", "exp-infinite", "kid-missing", "kid-number",
    "payload-not-utf8", "scope-array", "sub-empty", "token-use-id",
}  # fmt: skip
LET_IN = {
    "auth0-api-python": IN_COMMON | {
        "audience-array-mixed", "audience-array-with-others", "client-id-missing", "client-id-number", "crit-empty",
        "exp-infinite", "iat-string", "nbf-future", "nbf-string", "oversized", "sub-empty", "sub-missing", "sub-null",
        "sub-number", "token-use-id", "typ-logout-token",
    },
    "auth0-python": IN_COMMON | {
        "id-at-hash-wrong", "id-azp-wrong", "id-iat-old", "id-sub-other", "nbf-future", "nbf-string", "oversized",
        "typ-logout-token",
    },
    "/api": IN_COMMON | BY_EXPRESS | {
        "client-id-missing", "client-id-number", "iat-missing", "sub-missing", "typ-logout-token",
    },
    "/strict": IN_COMMON | BY_EXPRESS,
}  # fmt: skip
"""Faults that each library does not see."""
pytestmark = pytest.mark.slow


def trusting(idp: DevIdP) -> dict[str, str]:
    """The environment of a program that trusts the CA of ``idp``."""
    return dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), str(idp.ca_file))


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    """A tenant at the root of a host that speaks https, as the Python libraries insist on."""
    with DevIdP(SEED, tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def sdk(idp: DevIdP) -> Iterator[Program]:
    """auth0-python and auth0-api-python."""
    with running(".venv-vendors", "tests.vendors.programs.auth0", nobody, **trusting(idp)) as program:
        yield program


@pytest.fixture(scope="module")
def express(idp: DevIdP) -> Iterator[str]:
    """The URL of an application with Auth0's packages for Express."""
    with conversing(program_line("auth0"), nobody, **trusting(idp)) as program:
        yield program.ask(issuer=idp.issuer, audience=API, strict=RFC_9068, **WEB)["url"]


def test_the_issuer_is_the_root_of_its_host_with_a_slash(idp: DevIdP) -> None:
    assert idp.issuer == f"{idp.url}/"
    metadata = requests.get(f"{idp.issuer}.well-known/openid-configuration", verify=str(idp.ca_file), timeout=60).json()
    assert {name: value for name, value in metadata.items() if name.endswith(("endpoint", "jwks_uri", "issuer"))} == {
        "issuer": f"{idp.url}/",
        "authorization_endpoint": f"{idp.url}/authorize",
        "token_endpoint": f"{idp.url}/oauth/token",
        "userinfo_endpoint": f"{idp.url}/userinfo",
        "jwks_uri": f"{idp.url}/.well-known/jwks.json",
        "revocation_endpoint": f"{idp.url}/oauth/revoke",
        "device_authorization_endpoint": f"{idp.url}/oauth/device/code",
        "registration_endpoint": f"{idp.url}/oidc/register",
        "end_session_endpoint": f"{idp.url}/oidc/logout",
        "pushed_authorization_request_endpoint": f"{idp.url}/oauth/par",
    }


# tokens, by auth0-python


def ask(sdk: Program, run: str, **command: Any) -> Any:
    answer = sdk.ask(run=run, **command)
    assert "failed" not in answer, answer["failed"]
    return answer["result"]


def test_a_machine_gets_a_token_of_auth0s_dialect(idp: DevIdP, sdk: Program) -> None:
    response = ask(sdk, "got", issuer=idp.issuer, **SERVICE, wanted="client_credentials", audience=API)
    token = response["access_token"]
    assert header(token) == {"alg": "RS256", "typ": "JWT", "kid": header(token)["kid"]}
    claims = payload(token)
    assert claims == {
        "iss": f"{idp.url}/",
        "sub": "service@clients",
        "aud": API,
        "iat": claims["iat"],
        "exp": claims["iat"] + 3600,
        "azp": "service",
        "gty": "client-credentials",
        "scope": "read:notes",
    }
    assert ask(sdk, "admitted", issuer=idp.issuer, audience=API, tokens=[token]) == [""]


def code(idp: DevIdP, **parameters: str) -> str:
    """The code of a login of alice through the client ``web``."""
    asked = {"response_type": "code", "client_id": "web", "redirect_uri": CALLBACK, "state": "a state", **parameters}
    url = requests.Request("GET", f"{idp.url}/authorize", params=asked).prepare().url
    return str(idp.authorize(str(url)).split("code=")[1].split("&")[0])


def logged_in(idp: DevIdP, sdk: Program, **parameters: str) -> dict[str, Any]:
    """The response of a login without PKCE, which Auth0 leaves to the application."""
    found = code(idp, **parameters)
    wanted = {"wanted": "authorization_code", "code": found, "redirect_uri": CALLBACK}
    response: dict[str, Any] = ask(sdk, "got", issuer=idp.issuer, **WEB, **wanted)
    return response


def test_a_user_logs_in_refreshes_and_the_refresh_token_is_revoked(idp: DevIdP, sdk: Program) -> None:
    response = logged_in(idp, sdk, audience=API, scope="openid profile offline_access read:notes unknown", nonce="n")
    claims = payload(response["access_token"])
    assert claims == {
        "iss": f"{idp.url}/",
        "sub": "auth0|alice",
        "aud": [API, f"{idp.url}/userinfo"],
        "iat": claims["iat"],
        "exp": claims["iat"] + 3600,
        "azp": "web",
        "scope": "openid profile offline_access read:notes",
        "permissions": ["read:notes"],
        "org_id": "org_acme",
        DOTTED: ["developer"],
    }
    identity = payload(response["id_token"])
    assert identity["nickname"] == "alice"
    assert (identity["aud"], identity["org_id"], identity["nonce"]) == ("web", "org_acme", "n")
    expected = {"nonce": "n", "organization": "org_acme"}
    assert ask(sdk, "identified", issuer=idp.issuer, client="web", tokens=[response["id_token"]], **expected) == [""]
    refresh = {"wanted": "refresh_token", "refresh_token": response["refresh_token"]}
    refreshed = ask(sdk, "got", issuer=idp.issuer, **WEB, **refresh)
    assert payload(refreshed["access_token"])["aud"] == [API, f"{idp.url}/userinfo"]
    ask(sdk, "revoked", issuer=idp.issuer, **WEB, token=refreshed["refresh_token"])
    refused = sdk.ask(
        run="got", issuer=idp.issuer, **WEB, wanted="refresh_token", refresh_token=refreshed["refresh_token"]
    )
    assert "The refresh token has been revoked" in refused["failed"]


def test_without_openid_the_audience_is_the_api_alone(idp: DevIdP, sdk: Program) -> None:
    response = logged_in(idp, sdk, audience=API, scope="read:notes")
    assert payload(response["access_token"])["aud"] == API
    assert "id_token" not in response
    assert "refresh_token" not in response


def test_userinfo_reads_a_token_that_says_azp(idp: DevIdP, sdk: Program) -> None:
    token = logged_in(idp, sdk, audience=API, scope="openid email")["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{idp.url}/userinfo", headers=bearer, verify=str(idp.ca_file), timeout=60)
    assert answer.json() == {"sub": "auth0|alice", "email": "alice@acme.example"}


def test_an_api_gets_a_token_for_another_one_on_behalf_of_its_user(idp: DevIdP, sdk: Program) -> None:
    token = idp.token(**ALICE, audience=API, scope="openid read:notes")
    response = ask(sdk, "exchanged", issuer=idp.issuer, **BEHIND, token=token, audience=RFC_9068)
    claims = payload(response["access_token"])
    assert (claims["sub"], claims["client_id"]) == ("auth0|alice", "api")
    assert RFC_9068 in claims["aud"]


# what the libraries say of tokens


def spoilt(idp: DevIdP, faults: Sequence[str], **token: Any) -> dict[str, str]:
    """A token with each of the faults that it can have: one without ``jti`` cannot lose it."""
    tokens = {}
    for name in faults:
        with suppress(ControlError):
            tokens[name] = idp.token(fault=name, **token)
    return tokens


def test_auth0_api_python_refuses_every_fault_that_it_looks_for(idp: DevIdP, sdk: Program) -> None:
    token = {**ALICE, "audience": API, "scope": "openid read:notes"}
    sound, tokens = idp.token(**token), spoilt(idp, WITHOUT_SCOPES, **token)
    assert {"expired", "audience-wrong", "signature-bad", "issuer-wrong"} <= tokens.keys()
    first, *others = ask(sdk, "admitted", issuer=idp.issuer, audience=API, tokens=[sound, *tokens.values()])
    assert first == ""
    assert {name for name, why in zip(tokens, others, strict=True) if not why} == LET_IN["auth0-api-python"]


def test_the_token_verifier_of_auth0_python_refuses_every_fault_that_it_looks_for(idp: DevIdP, sdk: Program) -> None:
    token: dict[str, Any] = {**ALICE, "token_type": "id", "claims": {"nonce": "n"}}
    sound, tokens = idp.token(**token), spoilt(idp, OF_ID_TOKENS, **token)
    assert {"expired", "id-audience-wrong", "signature-bad", "issuer-wrong", "id-nonce-wrong"} <= tokens.keys()
    expected = {"issuer": idp.issuer, "client": "web", "nonce": "n", "organization": "org_acme"}
    first, *others = ask(sdk, "identified", tokens=[sound, *tokens.values()], **expected)
    assert first == ""
    assert {name for name, why in zip(tokens, others, strict=True) if not why} == LET_IN["auth0-python"]


def test_the_token_verifier_wants_the_organization_that_is_meant(idp: DevIdP, sdk: Program) -> None:
    tokens = [idp.token(user=user, client="web", token_type="id") for user in ("alice", "bob")]
    verdicts = ask(sdk, "identified", issuer=idp.issuer, client="web", tokens=tokens, organization="org_acme")
    assert verdicts[0] == ""
    assert "org_id" in verdicts[1]


@pytest.mark.parametrize(("path", "audience"), [("/api", API), ("/strict", RFC_9068)])
def test_express_refuses_every_fault_that_it_looks_for(idp: DevIdP, express: str, path: str, audience: str) -> None:
    token = {**ALICE, "audience": audience, "scope": "openid read:notes"}
    tokens = spoilt(idp, [name for name in OF_ACCESS_TOKENS if name != "oversized"], **token)
    assert {"expired", "audience-wrong", "signature-bad", "issuer-wrong", "scope-missing"} <= tokens.keys()
    assert status(express, path, idp.token(**token)) == 200
    assert {name for name, text in tokens.items() if status(express, path, text) == 200} == LET_IN[path]


def test_a_fault_of_what_the_dialect_does_not_have_is_refused_by_name(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="jti-missing"):
        idp.token(**ALICE, audience=API, fault="jti-missing")
    assert idp.token(**ALICE, audience=RFC_9068, fault="jti-missing")


def test_a_tenant_may_have_the_host_that_its_applications_know() -> None:
    domain = "acme.eu.auth0.com"
    named = {"profile": "auth0", "url": f"https://{domain}/"}
    with DevIdP({**SEED, "issuers": {"default": named}}, tls=True) as idp, proxy(idp.local_url, domain) as address:
        variables = {**trusting(idp), "HTTPS_PROXY": address, "NO_PROXY": ""}
        with running(".venv-vendors", "tests.vendors.programs.auth0", nobody, **variables) as program:
            issuer = idp.issuer
            response = ask(program, "got", issuer=issuer, **SERVICE, wanted="client_credentials", audience=API)
            assert payload(response["access_token"])["iss"] == f"https://{domain}/"
            tokens = [response["access_token"], idp.token(**ALICE, audience=API, fault="issuer-wrong")]
            verdicts = ask(program, "admitted", issuer=issuer, audience=API, tokens=tokens)
            assert verdicts[0] == ""
            assert "issuer" in verdicts[1]


# Express


def status(express: str, path: str, token: str) -> int:
    answer = requests.get(f"{express}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=60)
    return answer.status_code


def test_an_api_reads_scopes_and_permissions(idp: DevIdP, express: str) -> None:
    whole = idp.token(user="alice", client="web", audience=API, scope="openid read:notes")
    assert (status(express, "/api", whole), status(express, "/permitted", whole)) == (200, 200)
    without = idp.token(user="bob", client="web", audience=API, scope="openid")
    assert (status(express, "/api", without), status(express, "/permitted", without)) == (403, 401)


def test_strict_wants_the_dialect_of_rfc_9068_which_an_api_may_have(idp: DevIdP, express: str) -> None:
    token = idp.token(user="alice", client="web", audience=RFC_9068, scope="read:notes")
    assert header(token)["typ"] == "at+jwt"
    claims = payload(token)
    assert (claims["client_id"], "azp" in claims, "gty" in claims) == ("web", False, False)
    assert status(express, "/strict", token) == 200
    assert status(express, "/strict", idp.token(user="alice", client="web", audience=API, scope="read:notes")) == 401


def test_a_web_application_logs_in_by_code_and_out_at_v2_logout(idp: DevIdP, express: str) -> None:
    with requests.Session() as http:
        seen = idp.authorize(f"{express}/code", http=http).json()
        assert seen["claims"]["sub"] == seen["userinfo"]["sub"] == "auth0|alice"
        assert [event.grant for event in idp.events("token")[-2:]] == ["authorization_code", "refresh_token"]
        assert http.get(f"{express}/code/logout", allow_redirects=False, timeout=60).headers["Location"] == (
            f"{idp.url}/v2/logout?returnTo={quote(f'{express}/code', safe='')}&client_id=web"
        )


def test_a_web_application_logs_in_by_a_posted_form_and_out_at_oidc_logout(idp: DevIdP, express: str) -> None:
    with requests.Session() as http:
        seen = idp.authorize(f"{express}/front", http=http).json()
        assert seen["claims"]["nickname"] == "alice"
        location = http.get(f"{express}/front/logout", allow_redirects=False, timeout=60).headers["Location"]
        assert location.startswith(f"{idp.url}/oidc/logout?")
