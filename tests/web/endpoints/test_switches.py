"""Every switch of the seed changes metadata and behaviour together, and nothing else of the metadata."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.test import TestResponse

from devidp.oauth import names
from tests.flow import REDIRECT_URI, Flow, answered
from tests.protocol.test_request_objects import JWKS, OUTSIDE, signed, unsigned
from tests.refusal import description
from tests.shipped import Start

JWK_SET = "/default/.well-known/jwks.json"
ISSUES_ID_JAG = "identity_chaining_requested_token_types_supported"
CLIENTS = {
    "web": {
        "jwks": JWKS,
        "response_types": ["code", "id_token", "id_token token", "code id_token token"],
        "request_object_signing_alg": "none",
    },
    "signing": {"jwks": JWKS, "redirect_uris": [REDIRECT_URI]},
    "exchanging": {"secret": "exchanging-secret", "grants": ["token-exchange"]},
}


@dataclass(frozen=True)
class Switch:
    """``fields`` are those of the metadata that differ between on and off; ``works`` is the behaviour."""

    fields: set[str]
    works: Callable[[Flow], bool]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else the issuer needs for the switch to mean something."""


def found(response: TestResponse) -> bool:
    return response.status_code != 404


def code_of(response: TestResponse) -> bool:
    """Whether a request got as far as a login page or its answer."""
    return response.status_code == 200 or (response.status_code == 303 and "error" not in answered(response))


def posted(path: str) -> Callable[[Flow], bool]:
    return lambda flow: found(flow.http.post(f"{flow.base}{path}", data={}))


def front(kind: str) -> Callable[[Flow], bool]:
    return lambda flow: code_of(flow.authorize(response_type=kind, nonce="n"))


def with_claims(flow: Flow) -> bool:
    tokens = flow.tokens(claims=json.dumps({"userinfo": {"email": None}}))
    return "email" in flow.userinfo(tokens["access_token"]).get_json()


def with_object(flow: Flow) -> bool:
    return code_of(flow.authorize(**OUTSIDE, client_id="signing", request=signed(client_id="signing", iss="signing")))


def managed(flow: Flow) -> bool:
    return "registration_client_uri" in flow.register(redirect_uris=[REDIRECT_URI]).get_json()


def asserts(flow: Flow) -> bool:
    wanted = {"grant_type": names.TOKEN_EXCHANGE, "requested_token_type": names.ID_JAG_TYPE}
    refused = flow.http.post(f"{flow.base}/token", data=wanted, auth=("exchanging", "exchanging-secret"))
    return "requested_token_type" not in description(refused)


def granted(grant: str) -> Callable[[Flow], bool]:
    return lambda flow: flow.token(grant_type=grant).get_json()["error"] != "unsupported_grant_type"


ASSERTIONS = {
    f"{name}_endpoint_auth_{field}_supported"
    for name in ("token", "introspection", "revocation")
    for field in ("methods", "signing_alg_values")
}

FEATURES: dict[str, Switch] = {
    names.USERINFO: Switch({"userinfo_endpoint", "userinfo_signing_alg_values_supported"}, posted("/userinfo")),
    names.INTROSPECTION: Switch(
        {
            "introspection_endpoint",
            "introspection_signing_alg_values_supported",
            "introspection_endpoint_auth_methods_supported",
            "introspection_endpoint_auth_signing_alg_values_supported",
        },
        posted("/introspect"),
    ),
    names.REVOCATION: Switch(
        {
            "revocation_endpoint",
            "revocation_endpoint_auth_methods_supported",
            "revocation_endpoint_auth_signing_alg_values_supported",
        },
        posted("/revoke"),
    ),
    names.REGISTRATION: Switch({"registration_endpoint"}, posted("/register")),
    names.MANAGEMENT: Switch(set(), managed),
    names.PAIRWISE: Switch({"subject_types_supported"}, lambda flow: registers(flow, subject_type="pairwise")),
    names.CLIENT_DOCUMENTS: Switch(
        {"client_id_metadata_document_supported"},
        lambda flow: code_of(
            flow.authorize(
                client_id="https://claude.ai/oauth/claude-code-client-metadata",
                redirect_uri="http://localhost:1/callback",
            )
        ),
    ),
    names.LOGOUT: Switch(
        {"end_session_endpoint", "frontchannel_logout_supported", "frontchannel_logout_session_supported"},
        lambda flow: found(flow.http.get(f"{flow.base}/logout")),
    ),
    names.BACKCHANNEL_LOGOUT: Switch(
        {"backchannel_logout_supported", "backchannel_logout_session_supported"},
        lambda flow: registers(flow, backchannel_logout_uri=REDIRECT_URI),
    ),
    names.FRONTCHANNEL_LOGOUT: Switch(
        {"frontchannel_logout_supported", "frontchannel_logout_session_supported"},
        lambda flow: registers(flow, frontchannel_logout_uri=REDIRECT_URI),
    ),
    names.SECRET_JWT: Switch(ASSERTIONS, lambda flow: registers(flow, token_endpoint_auth_method=names.SECRET_JWT)),
    names.PRIVATE_KEY_JWT: Switch(
        ASSERTIONS, lambda flow: registers(flow, token_endpoint_auth_method=names.PRIVATE_KEY_JWT, jwks=JWKS)
    ),
    names.DPOP: Switch(
        {"dpop_signing_alg_values_supported"}, lambda flow: registers(flow, dpop_bound_access_tokens=True)
    ),
    names.SIGNED_USERINFO: Switch(
        {"userinfo_signing_alg_values_supported"}, lambda flow: registers(flow, userinfo_signed_response_alg="ES256")
    ),
    names.SIGNED_INTROSPECTION: Switch(
        {"introspection_signing_alg_values_supported"},
        lambda flow: registers(flow, introspection_signed_response_alg="ES256"),
    ),
    names.ID_JAG: Switch(
        {ISSUES_ID_JAG, "authorization_grant_profiles_supported"}, asserts, {"grants": list(names.GRANTS)}
    ),
    names.FORM_POST: Switch(
        {"response_modes_supported"}, lambda flow: code_of(flow.authorize(response_mode="form_post"))
    ),
    names.WEB_MESSAGE: Switch(
        {"response_modes_supported"}, lambda flow: code_of(flow.authorize(response_mode="web_message"))
    ),
    names.CLAIMS_PARAMETER: Switch({"claims_parameter_supported"}, with_claims),
    names.PUSHED_REQUESTS: Switch(
        {"pushed_authorization_request_endpoint", "require_pushed_authorization_requests"},
        lambda flow: flow.push().status_code == 201,
    ),
    names.REQUIRE_PUSHED_REQUESTS: Switch(
        {"require_pushed_authorization_requests"}, lambda flow: not code_of(flow.authorize())
    ),
    names.REQUEST_OBJECTS: Switch(
        {
            "request_parameter_supported",
            "request_object_signing_alg_values_supported",
            "require_signed_request_object",
        },
        with_object,
    ),
    names.REQUIRE_REQUEST_OBJECTS: Switch(
        {"require_signed_request_object"}, lambda flow: not code_of(flow.authorize())
    ),
    names.UNSIGNED_REQUEST_OBJECTS: Switch(
        {"request_object_signing_alg_values_supported"},
        lambda flow: code_of(flow.authorize(**OUTSIDE, request=unsigned())),
    ),
    names.REQUEST_URI: Switch(
        {"request_uri_parameter_supported", "require_request_uri_registration"},
        lambda flow: registers(flow, request_uris=["https://rp.example/request"]),
    ),
    names.IMPLICIT: Switch({"response_types_supported", "grant_types_supported"}, front("id_token")),
    names.HYBRID: Switch({"response_types_supported", "grant_types_supported"}, front("code id_token token")),
    names.X5C: Switch(set(), lambda flow: "x5c" in flow.http.get(JWK_SET).get_json()["keys"][0]),
    names.TOKENINFO: Switch(set(), posted("/tokeninfo")),
    names.CERTIFICATES: Switch(set(), lambda flow: found(flow.http.get("/default/.well-known/certificates.json"))),
}
"""Each feature of the seed: a new one is a new line here."""

GRANTS: dict[str, Switch] = {
    names.AUTHORIZATION_CODE: Switch(
        {
            "authorization_endpoint",
            "response_types_supported",
            "response_modes_supported",
            "prompt_values_supported",
            "authorization_response_iss_parameter_supported",
            "acr_values_supported",
            "claims_parameter_supported",
            "request_parameter_supported",
            "request_object_signing_alg_values_supported",
            "require_signed_request_object",
            "pushed_authorization_request_endpoint",
            "require_pushed_authorization_requests",
            "grant_types_supported",
        },
        lambda flow: found(flow.authorize()),
    ),
    names.REFRESH_TOKEN: Switch({"grant_types_supported"}, granted(names.REFRESH_TOKEN)),
    names.CLIENT_CREDENTIALS: Switch({"grant_types_supported"}, granted(names.CLIENT_CREDENTIALS)),
    names.DEVICE_CODE: Switch(
        {"grant_types_supported", "device_authorization_endpoint"}, posted("/device_authorization")
    ),
    names.TOKEN_EXCHANGE: Switch({"grant_types_supported", ISSUES_ID_JAG}, granted(names.TOKEN_EXCHANGE)),
    names.JWT_BEARER: Switch(
        {"grant_types_supported", "authorization_grant_profiles_supported"}, granted(names.JWT_BEARER)
    ),
    names.PASSWORD: Switch({"grant_types_supported"}, granted(names.PASSWORD)),
}
"""Each grant of the seed."""


def registers(flow: Flow, **metadata: object) -> bool:
    return flow.register(redirect_uris=[REDIRECT_URI], **metadata).status_code == 201


def differing(one: Flow, other: Flow) -> set[str]:
    first, second = one.metadata(), other.metadata()
    return {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}


def test_every_switch_is_walked() -> None:
    assert set(FEATURES) == set(names.FEATURES)
    assert set(GRANTS) == set(names.GRANTS)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_changes_metadata_exactly_as_it_changes_behaviour(start: Start, feature: str) -> None:
    settings = FEATURES[feature].settings
    on, off = (start({**settings, "features": {feature: value}}, clients=CLIENTS) for value in (True, False))
    assert FEATURES[feature].works(on)
    assert not FEATURES[feature].works(off)
    assert differing(on, off) == FEATURES[feature].fields


@pytest.mark.parametrize("grant", GRANTS)
def test_a_grant_changes_metadata_exactly_as_it_changes_behaviour(start: Start, grant: str) -> None:
    on, off = start({"grants": list(names.GRANTS)}), start({"grants": [name for name in names.GRANTS if name != grant]})
    assert GRANTS[grant].works(on)
    assert not GRANTS[grant].works(off)
    assert differing(on, off) == GRANTS[grant].fields
