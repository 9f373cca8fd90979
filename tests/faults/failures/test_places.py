"""Failures of each endpoint beside token, keys and metadata; and what no request can be like, which is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from devidp import DevIdP
from devidp.faults.failures import FAILURES
from devidp.web.control.errors import ControlError

PLACES = {
    "device": "device_authorization", "logout": "logout", "pushed": "par", "registration": "register",
    "revocation": "revoke", "userinfo": "userinfo",
}  # fmt: skip
OF_PLACES = [each.name for each in FAILURES.values() if each.group in PLACES]
BASIC = ("web", "web-secret")
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    running.clients.add("tv", issuer="enterprise", public=True, grants=["device_code"])
    return running


def ask(idp: DevIdP, place: str) -> httpx.Response:
    """A good request to the endpoint."""
    if place == "revoke":
        tokens = idp.login(client="web")
        answer = httpx.post(f"{idp.issuer}/revoke", data={"token": tokens["refresh_token"]}, auth=BASIC)
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        answer.headers["Location"] = str(httpx.post(f"{idp.issuer}/token", data=form, auth=BASIC).status_code)
        return answer
    if place == "register":
        wanted = {
            "redirect_uris": ["http://localhost/cb"], "client_name": "A client",
            "grant_types": ["authorization_code", "refresh_token"],
        }  # fmt: skip
        return httpx.post(f"{idp.issuer}/register", json=wanted)
    if place == "userinfo":
        token = idp.token(user="alice", client="web", scope="openid email")
        return httpx.get(f"{idp.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"})
    if place == "device_authorization":
        return httpx.post(f"{idp.url}/enterprise/device_authorization", data={"client_id": "tv"})
    if place == "par":
        form = {
            "response_type": "code", "redirect_uri": "http://localhost/callback", "state": "s",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        }  # fmt: skip
        return httpx.post(f"{idp.issuer}/par", data=form, auth=BASIC)
    hint = idp.token(user="alice", client="web", token_type="id")
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": "http://localhost/", "state": "s"}
    return httpx.get(f"{idp.issuer}/logout", params=asked)


def shape(answer: httpx.Response) -> tuple[Any, ...]:
    """What is the same in two good answers: of texts, which are new each time, the length."""
    body = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
    members = {name: len(value) if isinstance(value, str) else value for name, value in body.items()}
    if isinstance(body.get("client_id_issued_at"), int):
        del members["client_id_issued_at"]
    return answer.status_code, answer.headers.get("Location"), members


@pytest.mark.parametrize("name", [each for each in OF_PLACES if each != "secret-to-public-client"])
def test_an_answer_can_be_wrong_in_each_way_and_is_right_afterwards(idp: DevIdP, name: str) -> None:
    place = PLACES[FAILURES[name].group]
    right = shape(ask(idp, place))
    idp.fail(place, name)
    assert shape(ask(idp, place)) != right
    assert shape(ask(idp, place)) == right


@pytest.mark.parametrize(("method", "spoilt"), [("none", True), ("client_secret_post", False)])
def test_only_a_client_without_a_secret_gets_one_that_it_must_not_use(idp: DevIdP, method: str, spoilt: bool) -> None:
    idp.fail("register", "secret-to-public-client")
    wanted = {"redirect_uris": ["http://localhost/cb"], "token_endpoint_auth_method": method}
    got = httpx.post(f"{idp.issuer}/register", json=wanted).json()
    assert got["token_endpoint_auth_method"] == method
    assert (got["client_secret"] == "a-secret-that-nobody-asked-for") == spoilt
    assert bool(idp.control.failures.waiting()) != spoilt


def test_a_failure_waits_for_an_answer_that_it_changes(idp: DevIdP) -> None:
    idp.fail("token", "no-refresh-token")
    form = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}
    httpx.post(f"{idp.issuer}/token", data=form).raise_for_status()
    assert len(idp.control.failures.waiting()) == 1
    assert "refresh_token" not in idp.login()
    assert idp.control.failures.waiting() == ()


@pytest.mark.parametrize(
    ("endpoint", "asked", "said"),
    [
        ("jwks", {"client": "web"}, "client: a request to jwks has none that is known; it is matched by: issuer"),
        ("discovery", {"state": "s"}, "state: a request to discovery has none"),
        ("register", {"client": "web"}, "client: a request to register has none"),
        ("introspect", {"grant": "refresh_token"}, "grant: a request to introspect has none"),
        ("authorize", {"user": "alice"}, "none that is known before it is served"),
        ("token", {"client": "wbe"}, "did you mean 'web'"),
        ("token", {"user": "alcie"}, "did you mean 'alice'"),
        ("token", {"grant": "refresh"}, "did you mean 'refresh_token'"),
        ("token", {"grant": DEVICE, "client": "web", "issuer": "enterprise"}, "may not use the grant"),
        ("token", {"client": "service", "user": "alice"}, "acts for itself"),
        ("token", {"grant": "client_credentials", "state": "s"}, "has no state"),
        (
            "token",
            {"failure": "no-id-token", "status": None, "grant": "client_credentials"},
            "acts for itself gets no answer",
        ),
        (
            "token",
            {"failure": "no-refresh-token", "status": None, "client": "service"},
            "acts for itself gets no answer",
        ),
        ("token", {"failure": "sub-changed", "status": None}, "sub-changed cannot happen at token, only at: userinfo"),
        ("authorize", {"failure": "duplicate-members", "status": None}, "cannot happen at authorize"),
        ("device_authorization", {"issuer": "default"}, "switched off at default"),
        (
            "device_authorization",
            {"failure": "interval-missing", "client": "web", "status": None},
            "web' is refused at",
        ),
        ("par", {"failure": "request-uri-missing", "client": "service", "status": None}, "service' is refused at par"),
        ("authorize", {"failure": "iss-wrong", "client": "device", "status": None}, "device' is refused at authorize"),
        ("userinfo", {"failure": "sub-missing", "client": "service", "status": None}, "acts for itself gets no answer"),
        ("logout", {"failure": "logout-state-missing", "client": "service", "status": None}, "acts for itself"),
        ("discovery", {"failure": "field-missing", "field": "jwks_url", "status": None}, "did you mean 'jwks_uri'"),
        ("discovery", {"failure": "field-extra", "field": "issuer", "status": None}, "would change nothing"),
        ("token", {"probability": 0}, "probability: got 0"),
    ],
)
def test_what_no_request_can_be_like_is_refused(idp: DevIdP, endpoint: str, asked: dict[str, Any], said: str) -> None:
    wanted = {name: value for name, value in {"status": 503, **asked}.items() if value is not None}
    with pytest.raises(ControlError, match=said):
        idp.fail(endpoint, **wanted)
    answer = httpx.post(f"{idp.url}/_devidp/api/failures", json={"endpoint": endpoint, **wanted})
    assert answer.status_code in (400, 404)
    assert idp.control.failures.waiting() == ()


@pytest.mark.parametrize("match", [{"client": "web"}, {"user": "alice"}])
def test_userinfo_and_introspection_are_matched_by_whose_token_it_is(idp: DevIdP, match: dict[str, Any]) -> None:
    idp.fail("userinfo", status=503, **match)
    other = idp.token(user="bob", client="spa", scope="openid")
    headers = {"Authorization": f"Bearer {other}"}
    assert httpx.get(f"{idp.issuer}/userinfo", headers=headers).status_code == 200
    assert ask(idp, "userinfo").status_code == 503


def test_a_pushed_request_is_matched_by_its_state(idp: DevIdP) -> None:
    idp.fail("par", status=503, state="other")
    idp.fail("par", "request-uri-missing", state="s")
    assert "request_uri" not in ask(idp, "par").json()
    assert ask(idp, "par").status_code == 201


def test_a_probability_spares_some_requests(idp: DevIdP) -> None:
    idp.fail("jwks", status=503, times=None, probability=0.5)
    assert {httpx.get(idp.jwks_uri).status_code for _ in range(60)} == {200, 503}


def test_a_logout_token_can_be_faulty(idp: DevIdP) -> None:
    idp.clients.add(
        "app", secret="s", redirect_uris=["http://localhost/cb"], backchannel_logout_uri="http://localhost:1/"
    )
    armed = idp.arm("expired", token_type="logout", client="app")
    idp.login(client="app")
    idp.users["alice"].revoke()
    assert armed.token_type == "logout"
    assert idp.control.armed.waiting() == ()


def test_an_armed_fault_for_logout_tokens_needs_a_client_that_gets_them(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="No flow gives a token with client=web token_type=logout"):
        idp.arm("expired", token_type="logout", client="web")


def test_what_an_issuer_does_not_announce_cannot_be_missing(idp: DevIdP) -> None:
    assert idp.fail("discovery", "registration-missing").id
    closed = DevIdP({"issuers": {"closed": {"features": {"registration": False}}}})
    with closed, pytest.raises(ControlError, match="registration-missing would change nothing in the metadata"):
        closed.fail("discovery", "registration-missing")


def test_the_page_of_the_second_factor_is_one_of_its_request(idp: DevIdP) -> None:
    for other in ("second-factor", "device-second-factor"):
        assert idp.fail(other, "slow").endpoint in ("authorize", "device")
