"""What the discovery document says of grants, tokens and client authentication, derived from what is on."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth import names, response_type
from devidp.protocol import authorization, response_mode
from devidp.protocol.login_requirements import PROMPTS


def metadata(issuer: Issuer) -> dict[str, Any]:
    """Members of RFC 8414, OpenID Connect Discovery, RFC 9101, RFC 9126, RFC 9207, RFC 9449, RFC 9701 and ID-JAG."""
    return {**_authorization(issuer), **_tokens(issuer), **_client_authentication(issuer)}


def _authorization(issuer: Issuer) -> dict[str, Any]:
    types = authorization.response_types(issuer)
    in_front = any(response_type.carries_tokens(name) for name in types)
    document: dict[str, Any] = {
        "grant_types_supported": [*issuer.grants(), *(["implicit"] if in_front else [])],
        "response_types_supported": list(types),
        "authorization_response_iss_parameter_supported": bool(types),
        # of addresses that clients register: the request_uri of a pushed request needs no announcement
        "request_uri_parameter_supported": False,
    }
    if not types:
        return document
    document |= {
        "response_modes_supported": list(response_mode.supported_modes(issuer)),
        "prompt_values_supported": sorted(PROMPTS),
        "claims_parameter_supported": issuer.supports(names.CLAIMS_PARAMETER),
        "request_parameter_supported": issuer.supports(names.REQUEST_OBJECTS),
    }
    # OpenID Connect Discovery section 4.2: what has no elements is left out
    if issuer.settings.acr_values:
        document["acr_values_supported"] = list(issuer.settings.acr_values)
    if issuer.supports(names.REQUEST_OBJECTS):
        document["request_object_signing_alg_values_supported"] = list(authorization.request_object_algorithms(issuer))
        document["require_signed_request_object"] = issuer.supports(names.REQUIRE_REQUEST_OBJECTS)
    if issuer.supports(names.REQUEST_URI):
        document |= {"request_uri_parameter_supported": True, "require_request_uri_registration": True}
    if issuer.supports(names.PUSHED_REQUESTS):
        document["require_pushed_authorization_requests"] = issuer.supports(names.REQUIRE_PUSHED_REQUESTS)
    return document


def _tokens(issuer: Issuer) -> dict[str, Any]:
    # the issuer's own first: what clients get that do not say otherwise
    algorithms = list(dict.fromkeys((issuer.settings.signing_algorithm, *names.SIGNING_ALGORITHMS)))
    document: dict[str, Any] = {"id_token_signing_alg_values_supported": algorithms}
    if issuer.supports(names.USERINFO) and issuer.supports(names.SIGNED_USERINFO):
        document["userinfo_signing_alg_values_supported"] = algorithms
    if issuer.supports(names.INTROSPECTION) and issuer.supports(names.SIGNED_INTROSPECTION):
        document["introspection_signing_alg_values_supported"] = algorithms
    if issuer.supports(names.DPOP):
        document["dpop_signing_alg_values_supported"] = list(names.KEY_ALGORITHMS)
    if issuer.supports(names.ID_JAG) and names.TOKEN_EXCHANGE in issuer.grants():
        document["identity_chaining_requested_token_types_supported"] = [names.ID_JAG_TYPE]
    if issuer.supports(names.ID_JAG) and names.JWT_BEARER in issuer.grants():
        document["authorization_grant_profiles_supported"] = [names.ID_JAG_PROFILE]
    return document


def _client_authentication(issuer: Issuer) -> dict[str, Any]:
    """The methods of each endpoint, and the algorithms of those that sign (RFC 8414 section 2)."""
    methods = list(names.auth_methods(issuer.settings.features))
    asked = {"token": methods}
    if issuer.supports(names.INTROSPECTION):
        hidden = () if issuer.settings.open_introspection else (names.NO_AUTHENTICATION,)
        bearer = [] if issuer.settings.introspection_token is None else ["Bearer"]
        asked["introspection"] = [*(method for method in methods if method not in hidden), *bearer]
    if issuer.supports(names.REVOCATION):
        asked["revocation"] = methods
    document: dict[str, Any] = {}
    for endpoint, taken in asked.items():
        document[f"{endpoint}_endpoint_auth_methods_supported"] = taken
        algorithms = [algorithm for method in taken for algorithm in names.ASSERTION_ALGORITHMS.get(method, ())]
        if algorithms:
            document[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = algorithms
    return document
