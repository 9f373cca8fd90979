"""The endpoints of an issuer by name: where each is below its issuer, and which of them a seed may move."""

from __future__ import annotations

from typing import Final

PATHS: Final[dict[str, str]] = {
    "issuer": "",
    "authorize": "/authorize",
    "certificates": "/.well-known/certificates.json",
    "client-configuration": "/register/client",
    "consent": "/consent",
    "device": "/device",
    "device-consent": "/device-consent",
    "device-login": "/device-login",
    "device-second-factor": "/device-second-factor",
    "device_authorization": "/device_authorization",
    "introspect": "/introspect",
    "jwks": "/.well-known/jwks.json",
    "login": "/login",
    "logout": "/logout",
    "logout-confirm": "/logout/confirm",
    "oauth-authorization-server": "/.well-known/oauth-authorization-server",
    "openid-configuration": "/.well-known/openid-configuration",
    "par": "/par",
    "register": "/register",
    "revoke": "/revoke",
    "second-factor": "/second-factor",
    "token": "/token",
    "tokeninfo": "/tokeninfo",
    "userinfo": "/userinfo",
}
MEMBERS: Final[dict[str, str]] = {
    "authorize": "authorization_endpoint",
    "token": "token_endpoint",
    "userinfo": "userinfo_endpoint",
    "jwks": "jwks_uri",
    "introspect": "introspection_endpoint",
    "revoke": "revocation_endpoint",
    "register": "registration_endpoint",
    "device_authorization": "device_authorization_endpoint",
    "par": "pushed_authorization_request_endpoint",
    "logout": "end_session_endpoint",
}
"""Their members of the metadata (RFC 8414 section 2)."""
DOCUMENTS: Final = ("openid-configuration", "oauth-authorization-server")
MOVABLE: Final = (*MEMBERS, "certificates", "tokeninfo", "device", *DOCUMENTS)
"""Those whose addresses clients or people have to know; the pages of a login go by themselves."""
DERIVED: Final = frozenset(
    {
        "issuer", *MEMBERS.values(), "scopes_supported", "grant_types_supported", "response_types_supported",
        "response_modes_supported", "prompt_values_supported", "acr_values_supported", "subject_types_supported",
        "code_challenge_methods_supported", "claims_parameter_supported", "request_parameter_supported",
        "request_uri_parameter_supported", "require_request_uri_registration", "require_signed_request_object",
        "require_pushed_authorization_requests", "authorization_response_iss_parameter_supported",
        "authorization_grant_profiles_supported", "identity_chaining_requested_token_types_supported",
        "client_id_metadata_document_supported", "backchannel_logout_supported",
        "backchannel_logout_session_supported", "frontchannel_logout_supported",
        "frontchannel_logout_session_supported", "dpop_signing_alg_values_supported",
        *(f"{signed}_signing_alg_values_supported" for signed in (
            "id_token", "userinfo", "introspection", "request_object")),
        *(f"{name}_endpoint_auth_{what}_supported" for name in ("token", "introspection", "revocation")
          for what in ("methods", "signing_alg_values")),
    }
)  # fmt: skip
"""Members of the metadata that follow from what an issuer does; a seed cannot say otherwise."""
CLIENT_AUTHENTICATION: Final = ("token", "introspect", "revoke", "par", "device_authorization")
"""Where clients authenticate: the audiences of their assertions, beside the issuer (RFC 7523 section 3)."""
