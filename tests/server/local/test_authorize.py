"""``DevIdP.authorize``: the login of an application, through the client with which it is tested."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, redirect, request

from devidp import DevIdP, LoginFailed
from devidp.web.control.errors import ControlError
from tests.real_clients.relying_party import relying_party
from tests.serving import wsgi_served

HOME = "Hello Bob Brown, bob@globex.example"
CALLBACK = "http://localhost:5000/callback"
FOR_SCRIPTS = {
    "issuers": {"default": {"features": {"web_message": True}}},
    "clients": {"web": {"public": True, "redirect_uris": [CALLBACK], "consent": "skipped"}},
    "users": {"alice": {}},
    "scopes": {"openid": "Log in", "mcp:read": "Read"},
}


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


@pytest.fixture
def idp(running: DevIdP) -> Iterator[DevIdP]:
    yield running
    running.reset()


@pytest.fixture
def application(idp: DevIdP) -> Flask:
    return relying_party(idp.issuer)


@pytest.fixture
def address(application: Flask) -> Iterator[str]:
    with wsgi_served(lambda _: application) as (base_url, _):
        yield base_url


def session_of_the_library(idp: DevIdP, **changes: Any) -> OAuth2Session:
    return OAuth2Session(
        "web", "web-secret", redirect_uri=CALLBACK, scope="openid mcp:read", code_challenge_method="S256", **changes
    )


def authorization_request(idp: DevIdP, **parameters: str) -> str:
    url: str = session_of_the_library(idp).create_authorization_url(
        f"{idp.issuer}/authorize", code_verifier="v" * 43, **parameters
    )[0]
    return url


def test_the_test_client_of_flask_is_logged_in(idp: DevIdP, application: Flask) -> None:
    http = application.test_client()
    response = idp.authorize("/login", user="bob", http=http)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert http.get("/").text == HOME


def test_a_session_of_requests_is_logged_in_and_follows_redirects_as_it_does(idp: DevIdP, address: str) -> None:
    with requests.Session() as http:
        assert idp.authorize(f"{address}/", user="bob", http=http).text == HOME
        assert http.get(f"{address}/").text == HOME


@pytest.mark.parametrize("follows", [True, False])
def test_a_client_of_httpx_is_logged_in_by_a_relative_address(idp: DevIdP, address: str, follows: bool) -> None:
    with httpx.Client(base_url=address, follow_redirects=follows) as http:
        assert idp.authorize("/login", user="bob", http=http).status_code == (200 if follows else 302)
        assert http.get("/").text == HOME


def test_an_asynchronous_client_gets_the_redirect_and_the_callback_itself(idp: DevIdP, address: str) -> None:
    async def log_in() -> str:
        async with httpx.AsyncClient(base_url=address, follow_redirects=False) as http:
            location = (await http.get("/login")).headers["Location"]
            callback = await asyncio.to_thread(idp.authorize, location, "bob")
            assert (await http.get(callback)).status_code == 302
            return (await http.get("/")).text

    assert asyncio.run(log_in()) == HOME


def test_what_the_user_denies_reaches_the_application(idp: DevIdP, application: Flask) -> None:
    response = idp.authorize("/login", user="bob", http=application.test_client(), deny=True)
    assert (response.status_code, response.text) == (403, "The login failed: access_denied")


def test_a_user_may_allow_less_than_was_asked_for(idp: DevIdP, application: Flask) -> None:
    http = application.test_client()
    idp.authorize("/login", user="bob", http=http, consent=["profile"])
    assert http.get("/").text == "Hello Bob Brown, address unknown"


def test_it_works_wherever_devidp_listens_and_whatever_it_is_called() -> None:
    with DevIdP(tls=True, public_url="https://idp.example.test/auth") as idp:
        callback = idp.authorize(authorization_request(idp), user="bob")
        assert callback.startswith(f"{CALLBACK}?code=")


def test_a_library_gets_from_its_authorization_url_to_tokens(idp: DevIdP) -> None:
    http = session_of_the_library(idp)
    url, state = http.create_authorization_url(f"{idp.issuer}/authorize", code_verifier="v" * 43)
    callback = idp.authorize(url, user="bob")
    tokens = http.fetch_token(
        f"{idp.issuer}/token", authorization_response=callback, code_verifier="v" * 43, state=state
    )
    assert tokens["access_token"]
    assert "error=access_denied" in idp.authorize(url, user="alice", deny=True)


def test_a_response_that_is_posted_is_posted_by_the_client(idp: DevIdP) -> None:
    application = Flask("posted")
    start = authorization_request(idp, response_mode="form_post")
    application.add_url_rule("/login", view_func=lambda: redirect(start), endpoint="login")
    application.add_url_rule("/callback", view_func=lambda: dict(request.form), methods=["POST"], endpoint="callback")
    posted = idp.authorize("/login", http=application.test_client()).get_json()
    assert set(posted) == {"code", "state", "iss"}
    with pytest.raises(LoginFailed, match=r"no URL holds it.*http=client"):
        idp.authorize(start)


def test_a_response_for_a_script_is_refused_by_name() -> None:
    with DevIdP(FOR_SCRIPTS) as idp:
        start = authorization_request(idp, response_mode="web_message")
        for http in (None, Flask("none").test_client()):
            with pytest.raises(LoginFailed, match=r"only a browser runs; ask for another response_mode"):
                idp.authorize(start, http=http)


def test_armed_faults_and_events_see_the_login_of_the_application(idp: DevIdP, application: Flask) -> None:
    idp.fail("token", error="invalid_grant", client="web")
    assert idp.authorize("/login", http=application.test_client()).text == "The login failed: invalid_grant"
    idp.assert_seen("token", client="web", status=400)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"url": "/nowhere"}, "/nowhere answered 404, expected a redirect to http://127"),
        ({"url": "/loop"}, "8 redirects, none to http://127"),
        ({"url": "/login", "user": "nobody"}, "does not offer the user 'nobody'; there are: alice, bob"),
        ({"url": "/login", "user": "mallory"}, "mallory"),
        ({"url": "/login", "consent": ["mcp:raed"]}, "got consent to 'mcp:raed', expected one of: .*mcp:read"),
        ({"url": "/elsewhere"}, "not registered"),
    ],
)
def test_a_login_that_does_not_get_back_says_why(
    idp: DevIdP, application: Flask, arguments: dict[str, Any], said: str
) -> None:
    elsewhere = authorization_request(idp).replace("localhost%3A5000", "elsewhere.example")
    application.add_url_rule("/loop", view_func=lambda: redirect("/loop"), endpoint="loop")
    application.add_url_rule("/elsewhere", view_func=lambda: redirect(elsewhere), endpoint="elsewhere")
    with pytest.raises(LoginFailed, match=said):
        idp.authorize(**arguments, http=application.test_client())


@pytest.mark.parametrize("wrong", [{"consent": "profile"}, {"deny": True, "consent": []}, {"second_factor": "maybe"}])
def test_what_a_person_cannot_do_is_refused_before_the_application_is_asked(
    idp: DevIdP, application: Flask, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ControlError):
        idp.authorize("/login", http=application.test_client(), **wrong)
    assert idp.events() == []


def test_a_decision_that_nobody_asks_for_is_refused(application: Flask) -> None:
    seed = {
        "users": {"bob": {}},
        "clients": {"web": {"secret": "x", "consent": "skipped", "redirect_uris": ["http://localhost/callback"]}},
    }
    with DevIdP(seed) as idp, pytest.raises(LoginFailed, match="did not ask for consent"):
        idp.authorize(authorization_request(idp).replace("+mcp%3Aread", ""), user="bob", deny=True)


def test_what_cannot_be_used_is_refused_with_what_can(idp: DevIdP) -> None:
    with pytest.raises(LoginFailed, match=r"expected an authorization request at http://127.*http=client"):
        idp.authorize("http://localhost:5000/login")
    with pytest.raises(TypeError, match=r"got httpx\.AsyncClient, expected .*callback = devidp.authorize\(location\)"):
        idp.authorize("/login", http=httpx.AsyncClient())
    with pytest.raises(TypeError, match=r"got builtins\.str, expected a session of requests"):
        idp.authorize("/login", http="http://localhost:5000")
    with pytest.raises(TypeError, match="expected a Page of playwright"):
        idp.complete_login("http://localhost:5000")
    stopped = DevIdP()
    with pytest.raises(ControlError, match="has not been started"):
        stopped.authorize("/login")
    stopped.stop()
