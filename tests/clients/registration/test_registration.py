"""Dynamic client registration (RFC 7591, OpenID Connect Registration): what is honoured, what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import Start

URI = "http://localhost:5555/callback"


def test_an_answer_says_every_default_that_counts(flow: Flow) -> None:
    body = flow.register(redirect_uris=[URI]).get_json()
    assert body["token_endpoint_auth_method"] == "client_secret_basic"
    assert body["grant_types"] == ["authorization_code"]
    assert body["response_types"] == ["code"]
    assert body["application_type"] == "web"
    assert body["client_secret_expires_at"] == 0


def test_what_is_honoured_is_echoed(flow: Flow) -> None:
    metadata: dict[str, Any] = {
        "redirect_uris": [URI],
        "application_type": "native",
        "client_name": "Notes",
        "client_uri": "https://notes.example",
        "logo_uri": "https://notes.example/logo.png",
        "tos_uri": "https://notes.example/tos",
        "policy_uri": "https://notes.example/policy",
        "initiate_login_uri": "https://notes.example/login",
        "contacts": ["ops@notes.example"],
        "default_max_age": 600,
        "require_auth_time": True,
        "default_acr_values": ["1"],
        "software_id": "notes",
        "software_version": "7",
        "token_endpoint_auth_method": "none",
    }
    body = flow.register(**metadata).get_json()
    assert {name: body[name] for name in metadata} == metadata
    assert "client_secret" not in body


def test_what_nobody_has_defined_is_ignored(flow: Flow) -> None:
    body = flow.register(redirect_uris=[URI], favourite_colour="blue").get_json()
    assert "favourite_colour" not in body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_token_encrypted_response_alg", "RSA-OAEP"),
        ("userinfo_encrypted_response_enc", "A256GCM"),
        ("request_object_encryption_alg", "RSA-OAEP"),
        ("introspection_encrypted_response_alg", "RSA-OAEP"),
        ("authorization_signed_response_alg", "RS256"),
        ("tls_client_auth_subject_dn", "CN=client"),
        ("tls_client_certificate_bound_access_tokens", True),
        ("backchannel_token_delivery_mode", "poll"),
        ("request_uris", ["https://client.example/request.jwt"]),
        ("software_statement", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
    ],
)
def test_a_field_that_would_not_be_honoured_is_refused_by_name(flow: Flow, field: str, value: object) -> None:
    response = flow.register(redirect_uris=[URI], **{field: value})
    assert refusal(response) == (400, "invalid_client_metadata")
    assert f"'{field}'" in description(response)


@pytest.mark.parametrize(
    "field", ["tls_client_certificate_bound_access_tokens", "software_statement", "id_token_encrypted_response_alg"]
)
def test_a_field_that_asks_for_nothing_is_no_reason_to_refuse(flow: Flow, field: str) -> None:
    values: tuple[object, ...] = (None, False, "", [])
    for nothing in values:
        response = flow.register(redirect_uris=[URI], **{field: nothing})
        assert response.status_code == 201
        assert field not in response.get_json()


def test_a_field_of_a_feature_that_is_off_is_refused_by_name(start: Start) -> None:
    flow = start({"features": {"private_key_jwt": False, "request_objects": False}})
    response = flow.register(redirect_uris=[URI], jwks_uri="https://client.example/jwks")
    assert refusal(response) == (400, "invalid_client_metadata")
    assert "private_key_jwt" in description(response)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("application_type", "desktop"),
        ("default_max_age", "600"),
        ("default_max_age", -1),
        ("default_max_age", True),
        ("require_auth_time", "yes"),
        ("default_acr_values", "1 2"),
        ("contacts", ["a@b.example"] * 51),
        ("client_name", "x" * 2001),
        ("client_name#de", 5),
        ("initiate_login_uri", "http://client.example/login"),
        ("initiate_login_uri", "javascript:alert(1)"),
        ("grant_types", "authorization_code"),
        ("jwks", {"keys": "none"}),
    ],
)
def test_a_field_of_another_kind_is_refused_by_name(flow: Flow, field: str, value: object) -> None:
    response = flow.register(redirect_uris=[URI], **{field: value})
    assert refusal(response) == (400, "invalid_client_metadata")
    assert field in description(response)


@pytest.mark.parametrize(
    "uri",
    [
        "https://claimed.example/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "http://127.0.0.1/",
        "http://[::1]:9/x",
    ],
)
def test_a_native_application_may_use_what_applications_on_a_desktop_use(flow: Flow, uri: str) -> None:
    assert flow.register(redirect_uris=[uri], application_type="native").status_code == 201


def test_a_native_application_may_not_use_http_elsewhere(flow: Flow) -> None:
    response = flow.register(redirect_uris=["http://notes.example/cb"], application_type="native")
    assert refusal(response) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize("uris", [[], [f"{URI}#fragment"], ["javascript:alert(1)"], ["/callback"], [5]])
def test_redirect_uris_that_cannot_be_are_refused_with_the_code_for_them(flow: Flow, uris: list[Any]) -> None:
    assert refusal(flow.register(redirect_uris=uris)) == (400, "invalid_redirect_uri")


def test_a_name_in_a_language_is_shown_to_those_who_read_it(flow: Flow) -> None:
    registered = flow.register(
        redirect_uris=[URI], client_name="Notes", **{"client_name#de": "Notizen", "client_name#pt-BR": "Notas"}
    ).get_json()
    assert registered["client_name#de"] == "Notizen"
    client = registered["client_id"]
    assert "Notizen" in flow.authorize(client_id=client, ui_locales="fr de-CH").text
    assert "Notas" in flow.authorize(client_id=client, ui_locales="PT-br").text
    assert "Notes" in flow.authorize(client_id=client, ui_locales="fr").text
