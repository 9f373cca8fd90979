"""Pairwise subjects (OpenID Connect Core section 8.1): the same in a sector, others elsewhere, and the way back."""

from __future__ import annotations

import json

import pytest

from tests.document_server import serving
from tests.flow import REDIRECT_URI, Flow, answer, payload
from tests.refusal import description, refusal
from tests.shipped import Start

ELSEWHERE = "http://127.0.0.1:5555/callback"


def client(flow: Flow, uri: str = REDIRECT_URI, **metadata: object) -> str:
    response = flow.register(
        redirect_uris=[uri],
        grant_types=["authorization_code", "refresh_token"],
        **{"subject_type": "pairwise", **metadata},
    )
    assert response.status_code == 201, response.text
    name: str = response.get_json()["client_id"]
    return name


def subject(flow: Flow, name: str, uri: str = REDIRECT_URI, username: str = "alice") -> str:
    browser = flow.other_browser()
    browser.secrets = flow.secrets
    sub: str = payload(browser.tokens(username, name, redirect_uri=uri, scope="openid")["id_token"])["sub"]
    return sub


def test_clients_of_one_sector_know_a_user_by_the_same_subject(flow: Flow) -> None:
    first, second, third = client(flow), client(flow), client(flow, ELSEWHERE)
    assert subject(flow, first) == subject(flow, second)
    assert subject(flow, third, ELSEWHERE) != subject(flow, first)
    assert subject(flow, first, username="bob") != subject(flow, first)
    assert "alice" not in (subject(flow, first), subject(flow, third, ELSEWHERE))
    assert subject(flow, client(flow, subject_type="public")) == "alice"


def test_every_token_and_userinfo_say_the_same_and_find_the_user(flow: Flow) -> None:
    tokens = flow.tokens(client=client(flow), scope="openid email")
    sub = payload(tokens["id_token"])["sub"]
    assert payload(tokens["access_token"])["sub"] == sub
    assert flow.userinfo(tokens["access_token"]).get_json() == {
        "sub": sub, "email": "alice@acme.example", "email_verified": True,
    }  # fmt: skip
    for token in (tokens["access_token"], tokens["refresh_token"]):
        told = flow.introspect(token)
        assert (told["sub"], told["username"]) == (sub, "alice")


def test_a_hint_is_the_subject_that_the_client_knows(flow: Flow) -> None:
    name = client(flow)
    id_token = flow.tokens(client=name, scope="openid")["id_token"]
    answered = flow.authorize(client_id=name, scope="openid", prompt="none", id_token_hint=id_token)
    assert "code" in answer(answered.headers["Location"])
    claims = json.dumps({"id_token": {"sub": {"value": "alice"}}})
    refused = flow.authorize(client_id=name, scope="openid", prompt="none", claims=claims)
    assert answer(refused.headers["Location"])["error"] == "login_required"
    logged_out = flow.http.get("/default/logout", query_string={"id_token_hint": id_token})
    assert "You are logged out" in logged_out.text


def test_a_client_of_the_seed_may_have_a_sector(start: Start) -> None:
    flow = start(clients={"web": {"pairwise_sector": "shop"}, "spa": {"pairwise_sector": "shop"}})
    assert subject(flow, "web") == subject(flow, "spa") != "alice"


def test_redirect_uris_of_several_hosts_need_a_sector_identifier_uri(flow: Flow) -> None:
    response = flow.register(redirect_uris=[REDIRECT_URI, ELSEWHERE], subject_type="pairwise")
    assert refusal(response) == (400, "invalid_client_metadata")
    assert "sector_identifier_uri" in description(response)


def test_an_application_without_a_host_needs_one_too(flow: Flow) -> None:
    response = flow.register(redirect_uris=["com.acme.notes:/callback"], subject_type="pairwise")
    assert refusal(response) == (400, "invalid_client_metadata")


@pytest.fixture
def nearby(start: Start) -> Flow:
    """An issuer that asks servers on this machine, whoever names them."""
    return start({"fetch": {"private_addresses": True}})


def test_a_sector_identifier_uri_ties_hosts_together(nearby: Flow) -> None:
    with serving([REDIRECT_URI, ELSEWHERE]) as uri:
        first = client(nearby, sector_identifier_uri=uri)
        second = client(nearby, ELSEWHERE, sector_identifier_uri=uri)
    assert subject(nearby, first) == subject(nearby, second, ELSEWHERE)


@pytest.mark.parametrize("document", [[ELSEWHERE], {"redirect_uris": [REDIRECT_URI]}, [], "text"])
def test_a_sector_document_that_does_not_name_the_redirect_uri_is_refused(nearby: Flow, document: object) -> None:
    with serving(document) as uri:
        response = nearby.register(redirect_uris=[REDIRECT_URI], subject_type="pairwise", sector_identifier_uri=uri)
    assert refusal(response) == (400, "invalid_client_metadata")
    assert REDIRECT_URI in description(response)


def test_a_sector_document_that_cannot_be_had_is_refused(flow: Flow) -> None:
    with serving([REDIRECT_URI]) as uri:
        response = flow.register(redirect_uris=[REDIRECT_URI], subject_type="pairwise", sector_identifier_uri=uri)
    assert refusal(response) == (400, "invalid_client_metadata")
    assert "private_addresses" in description(response)


def test_where_it_is_off_it_is_refused_by_name(start: Start) -> None:
    flow = start({"features": {"pairwise_subjects": False}}, clients={"web": {"pairwise_sector": "shop"}})
    assert flow.metadata()["subject_types_supported"] == ["public"]
    assert refusal(flow.register(redirect_uris=[REDIRECT_URI], subject_type="pairwise")) == (
        400, "invalid_client_metadata",
    )  # fmt: skip
    assert subject(flow, "web") == "alice"
