"""What the discovery document says of the authorization endpoint, derived from what is on."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth import names, response_type
from devidp.protocol import authorization, response_mode
from devidp.protocol.login_requirements import PROMPTS


def metadata(issuer: Issuer) -> dict[str, Any]:
    """Members of OpenID Connect Discovery section 3, RFC 8414 section 2, RFC 9101, RFC 9126 and RFC 9207."""
    types = authorization.response_types(issuer)
    # this is of addresses that clients register; the request_uri of a pushed request needs no announcement
    document: dict[str, Any] = {
        "response_types_supported": list(types),
        "authorization_response_iss_parameter_supported": bool(types),
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


def grant_types(issuer: Issuer) -> list[str]:
    """The grants of the token endpoint, and ``implicit`` where tokens come from the authorization endpoint."""
    in_front = any(response_type.carries_tokens(name) for name in authorization.response_types(issuer))
    return [*issuer.grants(), *(["implicit"] if in_front else [])]
