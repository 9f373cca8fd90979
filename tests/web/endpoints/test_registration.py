"""Dynamic client registration (RFC 7591) as an endpoint: bodies, refusals, and clients that last.

What each field means is tested in tests/registration.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from devidp.system.clock import Clock
from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import Start

URI = "http://localhost/callback"


def test_the_defaults_are_those_of_rfc_7591_and_are_echoed(flow: Flow, frozen: Clock) -> None:
    response = flow.register(redirect_uris=[URI])
    assert response.status_code == 201
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.get_json()
    assert len(body["client_id"]) == len(body["client_secret"]) == 43
    assert {
        "client_id_issued_at": frozen.seconds(),
        "client_secret_expires_at": 0,
        "redirect_uris": [URI],
        "token_endpoint_auth_method": "client_secret_basic",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
    }.items() <= body.items()


def test_a_public_client_gets_no_secret(flow: Flow) -> None:
    body = flow.register(redirect_uris=[URI], token_endpoint_auth_method="none").get_json()
    assert not {"client_secret", "client_secret_expires_at"} & set(body)


def test_a_client_cannot_choose_its_id_or_secret(flow: Flow) -> None:
    body = flow.register(redirect_uris=[URI], client_secret="mine", client_id="mine").get_json()
    assert "mine" not in (body["client_id"], body["client_secret"])


def test_null_counts_as_left_out(flow: Flow) -> None:
    body = flow.register(redirect_uris=[URI], client_name=None, scope=None, grant_types=None).get_json()
    assert "client_name" not in body
    assert body["grant_types"] == ["authorization_code"]


def test_each_client_gets_an_id_and_a_secret_of_its_own(flow: Flow) -> None:
    bodies = [flow.register(redirect_uris=[URI]).get_json() for _ in range(3)]
    assert len({body["client_id"] for body in bodies} | {body["client_secret"] for body in bodies}) == 6


def test_grants_that_the_issuer_does_not_have_are_left_out(flow: Flow) -> None:
    grants = ["authorization_code", "implicit", "refresh_token", "made:up", "refresh_token"]
    body = flow.register(redirect_uris=[URI], grant_types=grants).get_json()
    assert body["grant_types"] == ["authorization_code", "refresh_token"]


def test_so_are_response_types(flow: Flow) -> None:
    wanted = ["code", "id_token", "code id_token", "made:up", "code"]
    body = flow.register(redirect_uris=[URI], response_types=wanted).get_json()
    assert body["response_types"] == ["code"]


EMPTY = (
    "client_name", "client_name#de", "client_uri", "client_uri#de", "logo_uri", "tos_uri", "policy_uri", "jwks_uri",
    "scope", "software_id", "initiate_login_uri", "sector_identifier_uri", "backchannel_logout_uri",
    "frontchannel_logout_uri",
    "id_token_signed_response_alg", "request_object_signing_alg", "token_endpoint_auth_signing_alg",
)  # fmt: skip


def test_an_empty_text_counts_as_left_out_and_does_not_come_back(flow: Flow) -> None:
    sent = {**dict.fromkeys(EMPTY, ""), "application_type": "", "token_endpoint_auth_method": ""}
    plain = flow.register(redirect_uris=[URI]).get_json()
    answer = flow.register(redirect_uris=[URI], **sent)
    assert answer.status_code == 201, answer.text
    assert set(answer.get_json()) == set(plain)
    assert "" not in answer.get_json().values()


@pytest.mark.parametrize("field", ["client_uri", "logo_uri", "tos_uri", "policy_uri", "client_uri#de"])
@pytest.mark.parametrize("uri", ["notes", "javascript:alert(1)", "localhost:3000", "com.example:/about", "https://"])
def test_what_a_person_is_to_open_is_a_web_address(flow: Flow, field: str, uri: str) -> None:
    refused = flow.register(redirect_uris=[URI], **{field: uri})
    assert refusal(refused) == (400, "invalid_client_metadata")
    assert f"{field} '{uri}' is refused: " in description(refused)


def test_a_machine_needs_no_redirect_uri(flow: Flow) -> None:
    body = flow.register(grant_types=["client_credentials"]).get_json()
    assert (body["response_types"], body["redirect_uris"]) == ([], [])
    assert flow.token(body["client_id"], grant_type="client_credentials").status_code == 200


@pytest.mark.parametrize(
    ("metadata", "error", "words"),
    [
        ({}, "invalid_redirect_uri", "redirect_uris is missing or empty"),
        ({"redirect_uris": []}, "invalid_redirect_uri", "redirect_uris is missing or empty"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri", "the scheme javascript: is not allowed"),
        ({"redirect_uris": [URI, "/cb"]}, "invalid_redirect_uri", "'/cb' is refused: it is not absolute"),
        ({"redirect_uris": [f"{URI}#x"]}, "invalid_redirect_uri", "it has a fragment"),
        ({"redirect_uris": ["http://a@b/"]}, "invalid_redirect_uri", "it holds a user name or password"),
        ({"redirect_uris": [f"{URI}\r\n"]}, "invalid_redirect_uri", "must be percent-encoded"),
        ({"redirect_uris": ["http://localhost/\ud800"]}, "invalid_redirect_uri", "must be percent-encoded"),
        ({"redirect_uris": [f"{URI}/{n}" for n in range(51)]}, "invalid_redirect_uri", "at most 50"),
        ({"redirect_uris": URI}, "invalid_redirect_uri", "The field 'redirect_uris' is"),
        ({"redirect_uris": {"0": URI}}, "invalid_redirect_uri", "The field 'redirect_uris' is"),
        ({"redirect_uris": [1]}, "invalid_redirect_uri", "The field 'redirect_uris.0' is '1'"),
        ({"redirect_uris": [[URI]]}, "invalid_redirect_uri", "The field 'redirect_uris.0' is"),
        ({"redirect_uris": ["app:/" + "x" * 3000]}, "invalid_redirect_uri", "it has 3005 characters"),
        ({"redirect_uris": [URI], "client_name": 5}, "invalid_client_metadata", "The field 'client_name' is '5'"),
        ({"redirect_uris": [URI], "client_name": ["x"]}, "invalid_client_metadata", "The field 'client_name' is"),
        ({"redirect_uris": [URI], "client_name": "x" * 2001}, "invalid_client_metadata", "it has 2001 characters"),
        ({"redirect_uris": [URI], "scope": ["openid"]}, "invalid_client_metadata", "The field 'scope' is"),
        ({"redirect_uris": [URI], "scope": "openid nope"}, "invalid_client_metadata", "'nope', which is not in"),
        ({"redirect_uris": [URI], "contacts": "me"}, "invalid_client_metadata", "The field 'contacts' is 'me'"),
        ({"redirect_uris": [URI], "grant_types": "implicit"}, "invalid_client_metadata", "'grant_types' is 'implicit'"),
        ({"redirect_uris": [URI], "grant_types": ["implicit"]}, "invalid_client_metadata", "grant_types is 'implicit'"),
        ({"redirect_uris": [URI], "grant_types": []}, "invalid_client_metadata", "this issuer has:"),
        ({"redirect_uris": [URI], "response_types": ["token"]}, "invalid_client_metadata", "response_types is 'token'"),
        ({"redirect_uris": [URI], "response_types": []}, "invalid_client_metadata", "none of them has a code"),
        (
            {"redirect_uris": [URI], "token_endpoint_auth_method": "tls_client_auth"},
            "invalid_client_metadata",
            "token_endpoint_auth_method is 'tls_client_auth', this issuer has: client_secret_basic",
        ),
        (
            {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"},
            "invalid_client_metadata",
            "The grant client_credentials needs a client that authenticates",
        ),
    ],
)
def test_metadata_that_cannot_be_honoured_are_refused_by_name(
    flow: Flow, metadata: dict[str, Any], error: str, words: str
) -> None:
    refused = flow.register(**metadata)
    assert refusal(refused) == (400, error)
    assert words in description(refused)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "The body is not JSON"),
        ("{", "The body is not JSON"),
        ("[]", "The body is 'list', expected a JSON object"),
        ("null", "The body is 'NoneType', expected a JSON object"),
        ('"x"', "The body is 'str', expected a JSON object"),
        ("1e9", "The body is 'float', expected a JSON object"),
        ("1" * 5000, "The body is not JSON"),
        ('{"scope": "a", "scope": "b"}', "the member 'scope' came more than once"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"client_name": "\xff"}', "The body is not JSON"),
        ("\ufeff{}", "The body is not JSON: it begins with a byte order mark"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(flow: Flow, body: str | bytes, words: str) -> None:
    refused = flow.http.post("/default/register", data=body, content_type="application/json")
    assert refusal(refused) == (400, "invalid_request")
    assert words in description(refused)


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_type_is_refused(flow: Flow, content_type: str) -> None:
    refused = flow.http.post("/default/register", data='{"redirect_uris": []}', content_type=content_type)
    assert refusal(refused) == (400, "invalid_request")
    assert "expected application/json" in description(refused)


def test_a_charset_does_no_harm(flow: Flow) -> None:
    body = f'{{"redirect_uris": ["{URI}"]}}'
    response = flow.http.post("/default/register", data=body, content_type="application/json; charset=utf-8")
    assert response.status_code == 201


def test_unknown_scopes_are_ignored_by_the_switch_of_the_issuer(start: Start) -> None:
    body = start({"unknown_scopes": "ignore"}).register(redirect_uris=[URI], scope="made:up openid").get_json()
    assert body["scope"] == "openid"


def test_a_name_with_half_a_character_can_be_shown(flow: Flow) -> None:
    client = flow.register(redirect_uris=["http://localhost/callback"], client_name="\ud800<b>").get_json()
    page = flow.authorize(client_id=client["client_id"])
    assert page.status_code == 200
    assert "<b>" not in page.text


def test_registration_can_ask_for_a_token(start: Start) -> None:
    flow = start({"registration": {"initial_access_token": "let-me-in"}})
    refused = flow.register(redirect_uris=[URI])
    assert refusal(refused) == (401, "invalid_token")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    for wrong in ("let-me-out", "é", "let-me-in x"):
        refused = flow.http.post("/default/register", json={}, headers={"Authorization": f"Bearer {wrong}"})
        assert refusal(refused) == (401, "invalid_token")
        assert refused.headers["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
        assert "let-me" not in description(refused)
    headers = {"Authorization": "Bearer let-me-in"}
    assert flow.http.post("/default/register", json={"redirect_uris": [URI]}, headers=headers).status_code == 201
    assert flow.at("enterprise").register(redirect_uris=[URI]).status_code == 201


def test_a_client_is_nothing_to_another_issuer(flow: Flow) -> None:
    client = flow.register(grant_types=["client_credentials"]).get_json()["client_id"]
    enterprise = flow.at("enterprise")
    enterprise.secrets = flow.secrets
    assert refusal(enterprise.token(client, grant_type="client_credentials")) == (401, "invalid_client")
    assert enterprise.authorize(client_id=client).status_code == 400


def test_a_client_survives_a_restart(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    client = first.register(redirect_uris=[URI], grant_types=["authorization_code", "refresh_token"]).get_json()
    tokens = first.tokens(client=client["client_id"])
    again = start(data=tmp_path)
    again.secrets = first.secrets
    assert again.refresh(tokens["refresh_token"], client["client_id"]).status_code == 200
    assert again.tokens(client=client["client_id"])["token_type"] == "Bearer"
    assert again.is_active(tokens["access_token"])


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400"])
def test_a_number_that_json_does_not_have_is_refused(flow: Flow, number: str) -> None:
    body = f'{{"redirect_uris": ["http://localhost/callback"], "x_number": {number}}}'
    for address in ("/default/register", "/_devidp/api/users"):
        refused = flow.http.post(address, data=body, content_type="application/json")
        assert refusal(refused) == (400, "invalid_request")
        assert f"The body is not JSON: {number} is" in description(refused)
