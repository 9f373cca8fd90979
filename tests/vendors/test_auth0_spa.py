"""The profile ``auth0`` with auth0-spa-js, unchanged, in Chromium: devidp on another port of the same host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from devidp import DevIdP
from tests.flow import payload
from tests.real_clients.chromium import Chromium, chromium_running
from tests.real_clients.single_page import Application, single_page
from tests.vendors.node import PACKAGES

FOLDER = Path(__file__).parent / "auth0-spa"
LIBRARY = PACKAGES / "@auth0" / "auth0-spa-js" / "dist" / "auth0-spa-js.production.js"
API = "https://api.example.test"
SPOILT = {
    "id-nonce-wrong": "Nonce (nonce) claim mismatch",
    "id-audience-wrong": "Audience (aud) claim mismatch",
    "issuer-wrong": "Issuer (iss) claim mismatch",
    "expired": "Expiration Time (exp) claim error",
}
"""Faults of an ID token, and what the library says of them; it leaves the signature to the connection, which is TLS."""
pytestmark = pytest.mark.slow


@pytest.fixture
def idp(tenant: DevIdP) -> DevIdP:
    tenant.reset()
    return tenant


@pytest.fixture(scope="module")
def tenant() -> Iterator[DevIdP]:
    with DevIdP(profile="auth0", public_url="http://localhost:{port}") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium_running() as started:
        yield started


@pytest.fixture
def chromium(browser: Chromium) -> Chromium:
    browser.start_anew()
    return browser


@pytest.fixture
def application(idp: DevIdP) -> Iterator[Application]:
    with single_page(idp.issuer, FOLDER, LIBRARY) as served:
        yield served


def log_in(chromium: Chromium, application: Application) -> None:
    chromium.open(f"{application.origin}/")
    chromium.press("Log in")
    chromium.press("Log in as Alice Anderson")
    chromium.press("Allow")
    chromium.arrive(f"{application.origin}/callback?")
    chromium.run("ready")


def test_a_login_and_tokens_without_a_page(idp: DevIdP, chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    user = chromium.run("client.getUser()")
    assert (user["sub"], user["nickname"], user["email"]) == ("auth0|alice", "alice", "alice@acme.example")
    first = chromium.run("client.getTokenSilently({detailedResponse: true})")
    claims = payload(first["access_token"])
    assert (claims["azp"], claims["aud"]) == ("spa", [API, f"{application.issuer}userinfo"])
    again = chromium.run("client.getTokenSilently({cacheMode: 'off', detailedResponse: true})")
    assert payload(again["access_token"])["sub"] == "auth0|alice"
    assert [event.grant for event in idp.events("token")] == ["authorization_code", "refresh_token"]
    chromium.run("client.revokeRefreshToken()")
    assert idp.events("revoke")[-1].outcome == "refresh token and its access tokens revoked"


def test_a_logout_at_v2_logout_asks_nothing_and_comes_back(chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    chromium.press("Log out")
    chromium.see("This is /, the page")
    assert chromium.address == f"{application.origin}/"
    assert chromium.run("client.getUser()") in (None, {})
    chromium.press("Log in")
    chromium.see("asks who you are")


def test_a_logout_at_oidc_logout_comes_back_with_state(chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    hint = chromium.run("client.getIdTokenClaims().then((claims) => claims.__raw)")
    query = f"id_token_hint={hint}&post_logout_redirect_uri={application.origin}/&state=x"
    chromium.open(f"{application.issuer}oidc/logout?{query}")
    assert parse_qs(urlsplit(chromium.arrive(f"{application.origin}/?")).query) == {"state": ["x"]}


def test_a_token_by_a_frame_is_the_default_of_the_library(chromium: Chromium, application: Application) -> None:
    chromium.open(f"{application.origin}/")
    assert chromium.run("inFrame().catch((error) => error.error)") == "login_required"
    log_in(chromium, application)
    answer = chromium.run("inFrame()")
    assert payload(answer["access_token"])["sub"] == "auth0|alice"
    assert payload(answer["id_token"])["aud"] == "spa"


def test_a_login_with_a_popup(chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    chromium.open(f"{application.origin}/")
    assert chromium.run("client.loginWithPopup().then(() => client.getUser())")["sub"] == "auth0|alice"


def test_spoilt_id_tokens_are_refused(idp: DevIdP, chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    for fault, why in SPOILT.items():
        idp.arm(fault, token_type="id", client="spa")
        chromium.open(f"{application.origin}/")
        chromium.press("Log in")
        chromium.arrive(f"{application.origin}/callback?")
        assert why in chromium.run("ready.then(() => 'let in', (error) => error.message)"), fault
