"""The profile keycloak: keycloak-connect and python-keycloak, unchanged, with good tokens and faulty ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import FaultNotApplicable
from tests.flow import header, payload
from tests.real_clients.browser import Browser
from tests.real_clients.page import Page
from tests.real_clients.program import Program, conversing, running
from tests.vendors.node import program_line

REALM = "dev"
USER = {"name": "Alice Anderson", "given_name": "Alice", "family_name": "Anderson", "email": "alice@acme.example"}
SEED: dict[str, Any] = {
    "issuers": {REALM: {"profile": "keycloak"}},
    "resources": {"web": {}, "other": {}},
    "users": {
        "alice": {
            "password": "alice",
            "claims": {
                **USER, "email_verified": True, "roles": ["admin"], "resource_access": {"web": {"roles": ["editor"]}},
            },
        },
        "bob": {"password": "bob"},
    },
    "clients": {
        "web": {
            "secret": "web-secret",
            "grants": ["authorization_code", "refresh_token", "client_credentials", "password"],
            "redirect_uris": [f"http://localhost/{page}?auth_callback=1" for page in ("me", "admin", "sso")],
            "post_logout_redirect_uris": ["http://localhost/"],
            "consent": "skipped",
            "access_token": {"claims": {"allowed-origins": ["http://localhost:3000"]}},
        },
        "tv": {"public": True, "grants": ["device_code", "refresh_token"]},
    },
}  # fmt: skip
SEEN_IN_TOKENS = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.name != "cnf-missing"
]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as idp:
        yield idp


@pytest.fixture(scope="module")
def faulty(idp: DevIdP) -> dict[str, str]:
    """A token with each fault that an access token of the profile can have."""
    found = {}
    for name in SEEN_IN_TOKENS:
        with suppress(FaultNotApplicable):
            found[name] = idp.token(fault=name)
    return found


@pytest.fixture(scope="module")
def package() -> Iterator[Program]:
    with running(".venv-vendors", "tests.vendors.programs.keycloak") as program:
        yield program


class Python:
    """KeycloakOpenID of python-keycloak, as a client of the realm."""

    def __init__(self, package: Program, idp: DevIdP, client: str = "web", secret: str | None = "web-secret") -> None:
        self._package = package
        self._server = {"server_url": idp.url, "realm_name": REALM, "client_id": client, "client_secret_key": secret}

    def answer(self, method: str, *arguments: Any, **named: Any) -> dict[str, Any]:
        return self._package.ask(server=self._server, method=method, arguments=arguments, named=named)

    def __call__(self, method: str, *arguments: Any, **named: Any) -> Any:
        answer = self.answer(method, *arguments, **named)
        assert "result" in answer, answer
        return answer["result"]


@pytest.fixture
def openid(package: Program, idp: DevIdP) -> Python:
    return Python(package, idp)


# what tokens look like


def test_an_access_token_has_the_shape_of_keycloaks(idp: DevIdP, openid: Python) -> None:
    token = openid("token", "alice", "alice")["access_token"]
    assert header(token).keys() == {"alg", "typ", "kid"}
    assert (header(token)["alg"], header(token)["typ"]) == ("RS256", "JWT")
    claims = payload(token)
    for name in ("exp", "iat", "auth_time", "jti", "sub"):
        assert claims.pop(name), name
    assert claims.pop("realm_access")["roles"][-1] == "admin"
    assert claims == {
        "iss": f"{idp.url}/realms/{REALM}",
        "aud": "account",
        "typ": "Bearer",
        "azp": "web",
        "acr": "1",
        "allowed-origins": ["http://localhost:3000"],
        "resource_access": {"web": {"roles": ["editor"]}},
        "scope": "openid",
        "email_verified": True,
        "preferred_username": "alice",
        **USER,
    }


def test_an_id_token_and_a_refresh_token_say_what_they_are(idp: DevIdP) -> None:
    tokens = idp.login("alice", scope="openid", redirect_uri="http://localhost/me?auth_callback=1")
    access, identity, refresh = (payload(tokens[name]) for name in ("access_token", "id_token", "refresh_token"))
    assert (access["typ"], identity["typ"], refresh["typ"]) == ("Bearer", "ID", "Refresh")
    assert tokens["session_state"] == identity["sid"]
    assert identity["aud"] == identity["azp"] == refresh["azp"] == "web"
    assert refresh["aud"] == idp.issuer
    assert access["sid"] == access["session_state"] == identity["sid"] == identity["session_state"] == refresh["sid"]
    assert (identity["preferred_username"], identity["email"]) == ("alice", "alice@acme.example")


# python-keycloak


def test_the_realm_describes_itself(idp: DevIdP, openid: Python) -> None:
    found, below = openid("well_known"), f"{idp.url}/realms/{REALM}/protocol/openid-connect"
    assert found["issuer"] == idp.issuer
    assert found["authorization_endpoint"] == f"{below}/auth"
    assert found["token_endpoint"] == f"{below}/token"
    assert found["introspection_endpoint"] == f"{below}/token/introspect"
    assert found["end_session_endpoint"] == f"{below}/logout"
    assert found["registration_endpoint"] == f"{idp.issuer}/clients-registrations/openid-connect"
    assert openid("public_key").startswith("MII")
    assert openid("certs")["keys"][0]["use"] == "sig"


def test_registration_revocation_and_pushed_requests_are_where_keycloak_has_them(idp: DevIdP, openid: Python) -> None:
    wanted = {"redirect_uris": ["http://localhost/callback"], "client_name": "Registered"}
    registered = requests.post(f"{idp.issuer}/clients-registrations/openid-connect", json=wanted, timeout=60)
    assert registered.status_code == 201
    manage = {"Authorization": f"Bearer {registered.json()['registration_access_token']}"}
    assert requests.get(registered.json()["registration_client_uri"], headers=manage, timeout=60).status_code == 200
    below, web = f"{idp.issuer}/protocol/openid-connect", ("web", "web-secret")
    token = openid("token", "alice", "alice")["refresh_token"]
    assert requests.post(f"{below}/revoke", data={"token": token}, auth=web, timeout=60).status_code == 200
    assert openid("introspect", token) == {"active": False}
    request = {"response_type": "code", "redirect_uri": "http://localhost/me?auth_callback=1", "scope": "openid"}
    assert requests.post(f"{below}/ext/par/request", data=request, auth=web, timeout=60).status_code == 201


def test_a_password_a_refresh_and_a_logout(idp: DevIdP, openid: Python) -> None:
    tokens = openid("token", "alice", "alice")
    assert 0 < tokens["refresh_expires_in"] <= 1800
    assert tokens["not-before-policy"] == 0
    assert openid("userinfo", tokens["access_token"])["preferred_username"] == "alice"
    assert openid("decode_token", tokens["access_token"])["azp"] == "web"
    refreshed = openid("refresh_token", tokens["refresh_token"])
    again = openid("refresh_token", tokens["refresh_token"])  # Revoke Refresh Token is off
    found = openid("introspect", refreshed["access_token"])
    assert (found["active"], found["username"], found["client_id"]) == (True, "alice", "web")
    assert openid("logout", again["refresh_token"]) == {}
    for token in (tokens["access_token"], refreshed["access_token"], refreshed["refresh_token"]):
        assert openid("introspect", token) == {"active": False}
    refused = openid.answer("refresh_token", refreshed["refresh_token"])
    assert (refused["status"], "invalid_grant" in refused["error"]) == (400, True)


def test_a_code_of_a_login(idp: DevIdP, openid: Python) -> None:
    redirect_uri = "http://localhost/me?auth_callback=1"
    browser = Browser(stop="http://localhost/me")
    address = openid("auth_url", redirect_uri, scope="openid email", state="a state")
    (code,) = parse_qs(urlsplit(browser.authorize(address)).query)["code"]
    tokens = openid("token", grant_type=["authorization_code"], code=code, redirect_uri=redirect_uri)
    assert openid("userinfo", tokens["access_token"])["email"] == "alice@acme.example"
    replayed = openid.answer("token", grant_type=["authorization_code"], code=code, redirect_uri=redirect_uri)
    assert replayed["status"] == 400
    browser.close()


def test_a_client_that_acts_for_itself(openid: Python) -> None:
    claims = payload(openid("token", grant_type=["client_credentials"])["access_token"])
    assert (claims["typ"], claims["azp"], claims["preferred_username"]) == ("Bearer", "web", "service-account-web")
    assert "sid" not in claims


def test_a_device(package: Program, idp: DevIdP) -> None:
    tv = Python(package, idp, "tv", None)
    asked = tv("device")
    browser = Browser()
    browser.authorize(asked["verification_uri_complete"])
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    tokens = tv("token", grant_type=[grant], device_code=asked["device_code"])
    assert payload(tokens["access_token"])["azp"] == "tv"
    browser.close()


def test_wrong_credentials_are_refused(package: Program, idp: DevIdP, openid: Python) -> None:
    assert openid.answer("token", "alice", "wrong")["status"] in (400, 401)
    assert Python(package, idp, "web", "wrong").answer("token", "alice", "alice")["status"] == 401
    assert openid.answer("logout", "made-up")["status"] == 400


CHECKED_LETS_IN = frozenset(
    {
        "audience-array-with-others", "base64-padded", "claims-duplicate", "crit-empty",
        "exp-milliseconds", "expired-10s", "expired-30s", "iat-future", "iat-string", "kid-duplicate", "kid-missing",
        "lifetime-30-days", "nbf-future", "nbf-string", "oversized", "scope-empty", "scope-missing", "scope-null",
        "scope-number", "scope-of-login-only", "sub-empty", "sub-null", "token-use-id", "typ-logout-token",
    }
)  # fmt: skip
"""Faults that ``decode_token`` does not see where it is told which algorithm and claims to expect; it has a leeway."""
LETS_IN = CHECKED_LETS_IN - {"nbf-future", "nbf-string"} | {
    "alg-ps256", "alg-rs384", "audience-array-without-resource", "audience-below", "audience-case",
    "audience-client-id", "audience-empty", "audience-empty-array", "audience-issuer", "audience-list-in-string",
    "audience-missing", "audience-null", "audience-other-server", "audience-prefix", "audience-trailing-slash",
    "audience-wrong", "client-id-missing", "client-id-number",
    "exp-missing", "iat-missing", "id-token", "issuer-empty", "issuer-host-case", "issuer-missing",
    "issuer-null", "issuer-other", "issuer-port", "issuer-prefix", "issuer-scheme", "issuer-trailing-slash",
    "issuer-wrong", "jti-missing", "payload-array", "payload-null", "sub-missing",
}  # fmt: skip
"""The same for ``decode_token`` as its documentation shows it: it looks at the signature and the times alone."""


def test_decode_token_refuses_what_it_is_told_to_look_at(idp: DevIdP, openid: Python, faulty: dict[str, str]) -> None:
    expected = {"iss": idp.issuer, "aud": "account", "azp": "web", "typ": "Bearer"}
    options = {"algs": ["RS256"], "check_claims": expected | dict.fromkeys(("exp", "iat", "jti", "sub"))}
    for named, let_in in (({}, LETS_IN), (options, CHECKED_LETS_IN)):
        assert "result" in openid.answer("decode_token", idp.token(), **named)
        answers = {name: openid.answer("decode_token", token, **named) for name, token in faulty.items()}
        assert {name for name, answer in answers.items() if "result" in answer} == let_in


# keycloak-connect


@pytest.fixture(scope="module")
def connect(idp: DevIdP) -> Iterator[dict[str, Any]]:
    realm = {
        "realm": REALM,
        "auth-server-url": idp.url,
        "resource": "web",
        "credentials": {"secret": "web-secret"},
    }
    with conversing(program_line("keycloak-connect")) as program:
        yield {**program.ask(**realm), "program": program}


def status(url: str, token: str) -> int:
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code


def test_an_api_takes_a_token_and_asks_for_roles(idp: DevIdP, connect: dict[str, Any]) -> None:
    alice, bob = idp.token(user="alice"), idp.token(user="bob")
    answer = requests.get(connect["api"], headers={"Authorization": f"Bearer {alice}"}, timeout=60)
    assert answer.json() == {"sub": payload(alice)["sub"]}
    assert [status(f"{connect['api']}/{page}", alice) for page in ("", "admin", "edit")] == [200, 200, 200]
    assert [status(f"{connect['api']}/{page}", bob) for page in ("", "admin", "edit")] == [200, 403, 403]
    assert requests.get(connect["api"], timeout=60).status_code == 403


AUDIENCES = frozenset(fault.name for fault in FAULTS.values() if fault.group == "audience")
CONNECT_LETS_IN = AUDIENCES | {
    "alg-lower-case", "alg-missing", "alg-none-signed", "alg-unknown", "base64-padded", "claims-duplicate",
    "client-id-missing",
    "client-id-number", "crit-empty", "crit-unknown", "exp-infinite", "exp-milliseconds", "exp-missing", "exp-string",
    "iat-future", "iat-missing", "iat-string", "jti-missing", "kid-duplicate", "lifetime-30-days", "nbf-future",
    "nbf-string", "payload-not-utf8", "scope-empty", "scope-missing", "scope-null", "scope-number",
    "scope-of-login-only", "segments-five", "segments-four", "sub-empty", "sub-missing", "sub-null", "sub-number",
    "token-use-id", "typ-logout-token",
}  # fmt: skip
"""Faults that keycloak-connect does not see: it verifies RS256 whatever ``alg`` says, ``exp``, ``iss`` and ``typ``, and
the audience if it is told to."""


def test_an_api_refuses_the_catalogue_but_for_what_keycloak_connect_does_not_see(
    faulty: dict[str, str], connect: dict[str, Any]
) -> None:
    # Node ends the connection of a header that is too large
    seen = {name: status(connect["api"], token) for name, token in faulty.items() if name != "oversized"}
    assert {name for name, code in seen.items() if code == 200} == CONNECT_LETS_IN & seen.keys()
    assert set(seen.values()) == {200, 403}


def test_an_api_that_verifies_the_audience_wants_its_client(idp: DevIdP, connect: dict[str, Any]) -> None:
    assert status(connect["audience"], idp.token(audience="web")) == 200
    assert status(connect["audience"], idp.token()) == 403
    assert status(connect["audience"], idp.token(audience="web", fault="audience-wrong")) == 403


def test_a_site_logs_in_refreshes_and_logs_out(idp: DevIdP, connect: dict[str, Any]) -> None:
    browser = Browser()
    page = browser.visit(f"{connect['site']}/me")
    me = json_of(browser.log_in(page))
    assert (me["username"], me["email"], me["refresh"], me["active"]) == (
        "alice",
        "alice@acme.example",
        "Refresh",
        True,
    )
    assert me["userinfo"]["name"] == "Alice Anderson"
    assert "Welcome" in browser.visit(f"{connect['site']}/admin").text
    assert json_of(browser.visit(f"{connect['site']}/sso")) == {"known": True}
    idp.clock.advance(301)
    connect["program"].ask(advance=301)
    later = json_of(browser.visit(f"{connect['site']}/me"))
    assert later["jti"] != me["jti"]
    assert browser.visit(f"{connect['site']}/logout").address == f"{connect['site']}/"
    assert browser.visit(f"{connect['site']}/me").has("Password")
    idp.clock.reset()
    connect["program"].ask(advance=0)
    browser.close()


@pytest.mark.parametrize("fault", [None, "signature-bad", "kid-unknown"])
def test_a_site_takes_a_logout_from_the_realm_alone(idp: DevIdP, connect: dict[str, Any], fault: str | None) -> None:
    browser = Browser()
    me = json_of(browser.log_in(browser.visit(f"{connect['site']}/me")))
    claims = {"action": "LOGOUT", "adapterSessionIds": [me["session"]], "resource": "web"}
    token = idp.token(token_type="logout", user="alice", client="web", claims=claims, fault=fault)
    answer = requests.post(f"{connect['site']}/k_logout", data=token, timeout=60)
    assert answer.status_code == (200 if fault is None else 401)
    later = json_of(browser.visit(f"{connect['site']}/me"))
    assert (later["jti"] == me["jti"]) == (fault is not None)  # at the realm the browser is still logged in
    browser.close()


def test_single_sign_on_is_asked_without_a_page(connect: dict[str, Any]) -> None:
    browser = Browser()
    assert json_of(browser.visit(f"{connect['site']}/sso")) == {"known": False}
    browser.log_in(browser.visit(f"{connect['site']}/me"))
    browser.close()


def json_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.text)
    return found
