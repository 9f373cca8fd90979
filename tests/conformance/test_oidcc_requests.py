"""Modules about the form of the request: order, method, what is unknown, and request objects."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

from tests.conformance.plans import every_type, run_with
from tests.conformance.relying_party import RelyingParty
from tests.refusal import page


def unsigned(parameters: dict[str, Any]) -> str:
    header, claims = (
        urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, parameters)
    )
    return f"{header}.{claims}."


@every_type
def test_oidcc_alternate_happy_flow(rp: RelyingParty) -> None:
    parameters = dict(reversed(rp.request(scope="email openid").items()))
    outcome = rp.complete(rp.flow.finish(rp.open(parameters)), parameters)
    assert rp.released(outcome)["email"] == "alice@acme.example"


@every_type
def test_oidcc_ensure_request_with_unknown_parameter_succeeds(rp: RelyingParty) -> None:
    assert rp.log_in(extra="foobar").callback


@run_with("code")
def test_oidcc_ensure_post_request_succeeds(rp: RelyingParty) -> None:
    assert rp.log_in("POST").id_tokens


@every_type
def test_oidcc_ensure_registered_redirect_uri(rp: RelyingParty) -> None:
    refused = rp.open(rp.request(redirect_uri=f"{rp.redirect_uri}/unregistered"))
    assert page(refused) == 400
    assert "is not registered for client" in refused.text


@every_type
def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(rp: RelyingParty) -> None:
    """An address that is not registered leads nowhere."""
    assert rp.metadata["request_uri_parameter_supported"] is True
    parameters = rp.request(request_uri="https://rp.example/request")
    assert rp.error(rp.open(parameters), parameters) == "invalid_request_uri"


@every_type
def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(rp: RelyingParty) -> None:
    assert "none" in rp.metadata["request_object_signing_alg_values_supported"]
    parameters = rp.request()
    answered = rp.flow.finish(rp.open({**parameters, "request": unsigned(parameters)}))
    assert rp.complete(answered, parameters).callback


@every_type
def test_oidcc_ensure_request_object_with_redirect_uri(rp: RelyingParty) -> None:
    """The redirect URI of the object counts; a wrong one outside changes nothing."""
    parameters = rp.request()
    outside = {**parameters, "redirect_uri": "https://rp.example/other", "request": unsigned(parameters)}
    assert rp.complete(rp.flow.finish(rp.open(outside)), parameters).callback
