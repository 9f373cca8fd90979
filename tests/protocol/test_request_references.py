"""Request objects by reference (OpenID Connect Core section 6.2), at addresses of a server that the tests run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.document_server import serving_bytes
from tests.flow import REDIRECT_URI, Flow, payload
from tests.protocol.test_request_objects import JWKS, OUTSIDE, signed, unsigned
from tests.refusal import redirected
from tests.shipped import Start

ON = {"features": {"request_uri_by_reference": True, "unsigned_request_objects": True}}


def registered(start: Start, *uris: str, **issuer: Any) -> Flow:
    """An issuer whose client ``web`` has its request objects at ``uris``."""
    return start({**ON, **issuer}, clients={"web": {"jwks": JWKS, "request_uris": list(uris)}})


@pytest.mark.parametrize("text", [signed(), unsigned(), f"{signed()}\n"], ids=["signed", "unsigned", "with a newline"])
def test_an_object_at_a_registered_address_counts(start: Start, text: str) -> None:
    with serving_bytes(text.encode(), "application/oauth-authz-req+jwt") as uri:
        answer = registered(start, uri).redirect(**OUTSIDE, request_uri=uri)
    assert answer["state"] == "of the object"
    assert answer["code"]


def test_a_client_that_registered_itself_may_name_an_address_with_the_hash_of_the_content(start: Start) -> None:
    flow = start({**ON, "fetch": {"private_addresses": True}})
    with serving_bytes(b"not known yet", "application/jwt") as uri:
        answer = flow.register(redirect_uris=[REDIRECT_URI], request_uris=[f"{uri}#hash"], jwks=JWKS)
        assert answer.status_code == 201, answer.text
        assert answer.get_json()["request_uris"] == [f"{uri}#hash"]
        refused = redirected(flow.authorize(client_id=answer.get_json()["client_id"], request_uri=f"{uri}#hash"))
    assert refused["error"] == "invalid_request_object"


def test_an_address_that_is_not_registered_is_not_asked(start: Start) -> None:
    refused = redirected(registered(start, "http://127.0.0.1:1/one").authorize(request_uri="http://127.0.0.1:1/two"))
    assert refused["error"] == "invalid_request_uri"
    assert "is not registered for client 'web', which has: http://127.0.0.1:1/one" in refused["error_description"]


def test_an_address_that_does_not_answer_is_named(start: Start) -> None:
    refused = redirected(registered(start, "http://127.0.0.1:1/one").authorize(request_uri="http://127.0.0.1:1/one"))
    assert refused["error"] == "invalid_request_uri"
    assert "cannot be fetched" in refused["error_description"]


def test_an_address_that_answers_with_an_error_is_named(start: Start) -> None:
    with serving_bytes(b"", "text/plain", 404) as uri:
        refused = redirected(registered(start, uri).authorize(request_uri=uri))
    assert refused["error"] == "invalid_request_uri"
    assert "answers with status 404" in refused["error_description"]


def test_a_signed_object_is_enough_where_signed_ones_are_required(start: Start) -> None:
    features = {**ON["features"], "require_signed_request_objects": True}
    with serving_bytes(signed().encode(), "application/jwt") as uri:
        flow = registered(start, uri, features=features)
        tokens = flow.exchange(flow.redirect(**OUTSIDE, request_uri=uri)["code"]).get_json()
    assert payload(tokens["id_token"])["sub"] == "alice"


def test_without_the_switch_a_reference_is_refused_by_name(start: Start) -> None:
    refused = redirected(start().authorize(request_uri="https://rp.example/request"))
    assert refused["error"] == "request_uri_not_supported"
    assert "request_uri_by_reference" in refused["error_description"]


@pytest.mark.parametrize("uri", ["http://rp.example/request", "ftp://rp.example/request", "request"])
def test_an_address_that_is_not_secure_is_not_registered(start: Start, uri: str) -> None:
    response = start(ON).register(redirect_uris=[REDIRECT_URI], request_uris=[uri])
    assert response.status_code == 400
    assert "request_uris" in response.get_json()["error_description"]
