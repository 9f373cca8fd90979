"""oidc-client-ts in Chromium: a single-page application, and devidp on another port of the same host."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.real_clients.chromium import Chromium
from tests.real_clients.single_page import Application, single_page

pytestmark = pytest.mark.slow

EAGER = """new Promise((done) => {
    const settings = {accessTokenExpiringNotificationTimeInSeconds: 86400, automaticSilentRenew: true}
    const eager = new oidc.UserManager({...manager.settings, ...settings})
    const end = (answer) => { eager.stopSilentRenew(); done(answer) }
    eager.events.addUserLoaded((user) => end({...user}))
    eager.events.addSilentRenewError((error) => end({refused: error.error}))
})"""
"""Counts a token as about to expire while it has a day left: at once."""


def log_in(chromium: Chromium, application: Application) -> dict[str, Any]:
    """By clicks; what oidc-client-ts knows of the user afterwards."""
    chromium.open(f"{application.origin}/")
    chromium.press("Log in")
    chromium.press("Log in as Alice Anderson")
    chromium.press("Allow")
    chromium.arrive(f"{application.origin}/callback?")
    user: dict[str, Any] = chromium.run("ready.then((user) => ({...user, events: seen}))")
    return user


def test_login_brings_verified_claims_and_userinfo_across_origins(
    chromium: Chromium, application: Application, issuer: str
) -> None:
    user = log_in(chromium, application)
    profile = user["profile"]
    assert (profile["iss"], profile["aud"], profile["sub"]) == (issuer, "spa", "alice")
    assert (profile["name"], profile["email"]) == ("Alice Anderson", "alice@acme.example")
    assert user["token_type"].lower() == "bearer"
    assert user["events"] == ["loaded"]


def test_silent_renewal_by_refresh_token(chromium: Chromium, application: Application) -> None:
    user = log_in(chromium, application)
    renewed = chromium.run("manager.signinSilent().then((user) => ({...user}))")
    assert renewed["refresh_token"] not in (None, user["refresh_token"])
    assert renewed["access_token"] != user["access_token"]
    assert renewed["profile"]["sub"] == "alice"


def test_silent_renewal_in_a_frame(chromium: Chromium, application: Application) -> None:
    user = log_in(chromium, application)
    renewed = chromium.run("manager.signinSilent({forceIframeAuth: true}).then((user) => ({...user}))")
    assert renewed["access_token"] != user["access_token"]
    assert renewed["profile"]["sub"] == "alice"
    assert [purpose for address, purpose in application.asked if address.startswith("/cb?")] == ["iframe"]


def test_in_a_frame_nobody_is_asked_to_log_in(chromium: Chromium, application: Application) -> None:
    chromium.open(f"{application.origin}/")
    refused = chromium.run("manager.signinSilent().then(() => 'logged in', (error) => error.error)")
    assert refused == "login_required"


def test_a_token_that_is_about_to_expire_is_renewed_by_itself(chromium: Chromium, application: Application) -> None:
    user = log_in(chromium, application)
    renewed = chromium.run(EAGER)
    assert renewed["access_token"] != user["access_token"]
    assert renewed["profile"]["sub"] == "alice"


def test_after_a_logout_at_the_issuer_nothing_is_renewed(
    chromium: Chromium, application: Application, issuer: str
) -> None:
    log_in(chromium, application)
    chromium.open(f"{issuer}/logout")
    chromium.press("Log out")
    chromium.see("You are logged out")
    chromium.open(f"{application.origin}/")
    assert chromium.run(EAGER) == {"refused": "invalid_grant"}
    refused = "manager.signinSilent({forceIframeAuth: true}).catch((error) => error.error)"
    assert chromium.run(refused) == "login_required"


def test_logout_ends_the_session_and_comes_back(chromium: Chromium, application: Application) -> None:
    log_in(chromium, application)
    chromium.press("Log out")
    address = chromium.arrive(f"{application.origin}/?")
    assert list(parse_qs(urlsplit(address).query)) == ["state"]
    assert chromium.run("manager.signoutCallback().then((answer) => answer.userState)") == {"from": "here"}
    assert chromium.run("manager.getUser()") is None
    chromium.press("Log in")
    chromium.arrive(application.issuer)
    chromium.see("asks who you are")


def test_every_application_of_the_session_learns_of_the_logout_in_a_frame(
    chromium: Chromium, application: Application, issuer: str
) -> None:
    with single_page(issuer) as other:
        other.client = registered(other)
        session = log_in(chromium, other)["profile"]["sid"]
        chromium.open(f"{application.origin}/")
        chromium.press("Log in")
        chromium.press("Allow")
        chromium.arrive(f"{application.origin}/callback?")
        chromium.run("ready")
        chromium.press("Log out")
        chromium.arrive(f"{application.origin}/?")
        (query,) = [urlsplit(path).query for path, purpose in other.asked if path.startswith("/frontchannel_logout")]
        assert parse_qs(query) == {"iss": [issuer], "sid": [session]}
        chromium.open(f"{other.origin}/")
        assert chromium.run("manager.getUser()") is None


def registered(application: Application) -> str:
    metadata = {
        "redirect_uris": [f"{application.origin}/callback"],
        "token_endpoint_auth_method": "none",
        "frontchannel_logout_uri": f"{application.origin}/frontchannel_logout",
        "frontchannel_logout_session_required": True,
    }
    response = httpx.post(f"{application.issuer}/register", json=metadata)
    assert response.status_code == 201, response.text
    return str(response.json()["client_id"])
