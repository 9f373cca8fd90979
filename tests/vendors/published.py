"""What the vendors' own metadata says of their addresses and grants, for a tenant of which the name is in braces."""

from __future__ import annotations

from typing import Any

_CODE = ["code", "code id_token", "id_token", "id_token token"]

METADATA: dict[str, dict[str, Any]] = {
    # https://{tenant}.auth0.com/.well-known/openid-configuration
    "auth0": {
        "issuer": "https://tenant.auth0.example/",
        "authorization_endpoint": "https://tenant.auth0.example/authorize",
        "token_endpoint": "https://tenant.auth0.example/oauth/token",
        "device_authorization_endpoint": "https://tenant.auth0.example/oauth/device/code",
        "userinfo_endpoint": "https://tenant.auth0.example/userinfo",
        "mfa_challenge_endpoint": "https://tenant.auth0.example/mfa/challenge",
        "jwks_uri": "https://tenant.auth0.example/.well-known/jwks.json",
        "registration_endpoint": "https://tenant.auth0.example/oidc/register",
        "revocation_endpoint": "https://tenant.auth0.example/oauth/revoke",
        "end_session_endpoint": "https://tenant.auth0.example/oidc/logout",
        "scopes_supported": ["openid", "profile", "offline_access", "email", "phone", "address"],
        "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "token id_token"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "request_uri_parameter_supported": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    },
    # https://cognito-idp.{region}.amazonaws.com/{pool}/.well-known/openid-configuration
    "cognito": {
        "issuer": "https://cognito-idp.region.example/{name}",
        "authorization_endpoint": "https://domain.auth.region.example/oauth2/authorize",
        "token_endpoint": "https://domain.auth.region.example/oauth2/token",
        "userinfo_endpoint": "https://domain.auth.region.example/oauth2/userInfo",
        "revocation_endpoint": "https://domain.auth.region.example/oauth2/revoke",
        "end_session_endpoint": "https://domain.auth.region.example/logout",
        "jwks_uri": "https://cognito-idp.region.example/{name}/.well-known/jwks.json",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "response_types_supported": ["code", "token"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    },
    # https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration
    "entra": {
        "issuer": "https://login.microsoft.example/{name}/v2.0",
        "authorization_endpoint": "https://login.microsoft.example/{name}/oauth2/v2.0/authorize",
        "token_endpoint": "https://login.microsoft.example/{name}/oauth2/v2.0/token",
        "device_authorization_endpoint": "https://login.microsoft.example/{name}/oauth2/v2.0/devicecode",
        "userinfo_endpoint": "https://graph.microsoft.example/oidc/userinfo",
        "end_session_endpoint": "https://login.microsoft.example/{name}/oauth2/v2.0/logout",
        "jwks_uri": "https://login.microsoft.example/{name}/discovery/v2.0/keys",
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": _CODE,
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "request_uri_parameter_supported": False,
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "tenant_region_scope": "WW",
        "cloud_instance_name": "microsoftonline.com",
    },
    # https://login.microsoftonline.com/{tenant}/.well-known/openid-configuration
    "entra-v1": {
        "issuer": "https://sts.windows.example/{name}/",
        "authorization_endpoint": "https://login.microsoft.example/{name}/oauth2/authorize",
        "token_endpoint": "https://login.microsoft.example/{name}/oauth2/token",
        "device_authorization_endpoint": "https://login.microsoft.example/{name}/oauth2/devicecode",
        "userinfo_endpoint": "https://login.microsoft.example/{name}/openid/userinfo",
        "end_session_endpoint": "https://login.microsoft.example/{name}/oauth2/logout",
        "jwks_uri": "https://login.microsoft.example/common/discovery/keys",
        "scopes_supported": ["openid"],
        "response_types_supported": [*_CODE, "token id_token", "token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "tenant_region_scope": "WW",
    },
    # https://accounts.google.com/.well-known/openid-configuration
    "google": {
        "issuer": "https://accounts.google.example",
        "authorization_endpoint": "https://accounts.google.example/o/oauth2/v2/auth",
        "device_authorization_endpoint": "https://oauth2.googleapis.example/device/code",
        "token_endpoint": "https://oauth2.googleapis.example/token",
        "userinfo_endpoint": "https://openidconnect.googleapis.example/v1/userinfo",
        "revocation_endpoint": "https://oauth2.googleapis.example/revoke",
        "jwks_uri": "https://www.googleapis.example/oauth2/v3/certs",
        "scopes_supported": ["openid", "email", "profile"],
        "response_types_supported": ["code", "token", "id_token", "code token", "code id_token", "token id_token"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ],
    },
    # http://127.0.0.1:4444/.well-known/openid-configuration of Hydra 2
    "hydra": {
        "issuer": "https://hydra.example",
        "authorization_endpoint": "https://hydra.example/oauth2/auth",
        "token_endpoint": "https://hydra.example/oauth2/token",
        "revocation_endpoint": "https://hydra.example/oauth2/revoke",
        "userinfo_endpoint": "https://hydra.example/userinfo",
        "end_session_endpoint": "https://hydra.example/oauth2/sessions/logout",
        "device_authorization_endpoint": "https://hydra.example/oauth2/device/auth",
        "jwks_uri": "https://hydra.example/.well-known/jwks.json",
        "scopes_supported": ["offline_access", "offline", "openid"],
        "response_types_supported": ["code", "code id_token", "id_token", "token id_token", "token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": [
            "authorization_code", "implicit", "client_credentials", "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_post", "client_secret_basic", "private_key_jwt", "none",
        ],
        "code_challenge_methods_supported": ["plain", "S256"],
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "backchannel_logout_supported": True,
        "frontchannel_logout_supported": True,
        "id_token_signed_response_alg": ["RS256"],
        "userinfo_signed_response_alg": ["RS256"],
        "request_object_signing_alg_values_supported": ["none", "RS256", "ES256"],
    },
    # https://{host}/realms/{realm}/.well-known/openid-configuration of Keycloak 26
    "keycloak": {
        "issuer": "https://keycloak.example/realms/{name}",
        **{
            member: f"https://keycloak.example/realms/{{name}}/protocol/openid-connect/{path}"
            for member, path in {
                "authorization_endpoint": "auth",
                "token_endpoint": "token",
                "introspection_endpoint": "token/introspect",
                "userinfo_endpoint": "userinfo",
                "end_session_endpoint": "logout",
                "jwks_uri": "certs",
                "revocation_endpoint": "revoke",
                "device_authorization_endpoint": "auth/device",
                "pushed_authorization_request_endpoint": "ext/par/request",
            }.items()
        },
        "registration_endpoint": "https://keycloak.example/realms/{name}/clients-registrations/openid-connect",
        "grant_types_supported": [
            "authorization_code", "client_credentials", "implicit", "password", "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:openid:params:grant-type:ciba",
        ],
        "response_types_supported": ["code", "none", "id_token", "token", "id_token token", "code id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access", "roles", "acr"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "token_endpoint_auth_methods_supported": [
            "private_key_jwt", "client_secret_basic", "client_secret_post", "tls_client_auth", "client_secret_jwt",
        ],
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "backchannel_logout_supported": True,
        "frontchannel_logout_supported": True,
        "claims_parameter_supported": True,
    },
    # https://{org}.okta.com/oauth2/{id}/.well-known/openid-configuration
    "okta": {
        "issuer": "https://org.okta.example/oauth2/{name}",
        **{
            member: f"https://org.okta.example/oauth2/{{name}}/v1/{path}"
            for member, path in {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "keys",
                "introspection_endpoint": "introspect",
                "revocation_endpoint": "revoke",
                "end_session_endpoint": "logout",
                "device_authorization_endpoint": "device/authorize",
                "pushed_authorization_request_endpoint": "par",
            }.items()
        },
        "registration_endpoint": "https://org.okta.example/oauth2/v1/clients",
        "response_types_supported": [*_CODE, "code token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post", "okta_post_message"],
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token", "password", "client_credentials"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "request_parameter_supported": True,
    },
}  # fmt: skip
