"""Every endpoint: routes, metadata and CORS come from here.

A new endpoint is a file with a function, and its line here. A view is named, ``file:function``, and imported at its
first request: a start loads none of what only some of them need.
"""

from __future__ import annotations

from devidp.oauth import names
from devidp.web.endpoints.registry import Endpoint

# fmt: off
_DECLARED = (
    Endpoint("authorize", "/authorize", ("GET", "POST"), "authorize:authorize",
             metadata="authorization_endpoint", feature=names.AUTHORIZATION_CODE, page=True, frontchannel=True),
    Endpoint("certificates", "/.well-known/certificates.json", ("GET",), "jwks:certificates",
             feature=names.CERTIFICATES, cors=True),
    Endpoint("client-configuration", names.MANAGEMENT_PATH, ("GET", "PUT", "DELETE"),
             "client_configuration:client_configuration", feature=names.MANAGEMENT, cors=True),
    Endpoint("consent", "/consent", ("POST",), "authorize:consent",
             feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("device", "/device", ("GET", "POST"), "device:device",
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device-login", "/device-login", ("POST",), "device:device_login",
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device-consent", "/device-consent", ("POST",), "device:device_consent",
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device-second-factor", "/device-second-factor", ("POST",), "device:device_second_factor",
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device_authorization", "/device_authorization", ("POST",),
             "device_authorization:device_authorization",
             metadata="device_authorization_endpoint", feature=names.DEVICE_CODE, json=True, cors=True),
    Endpoint("openid-configuration", "/.well-known/openid-configuration", ("GET",), "discovery:discovery",
             cors=True, inserted=True),
    Endpoint("oauth-authorization-server", "/.well-known/oauth-authorization-server", ("GET",),
             "discovery:discovery", cors=True, inserted=True),
    Endpoint("introspect", "/introspect", ("POST",), "introspection:introspect",
             metadata="introspection_endpoint", feature=names.INTROSPECTION, json=True),
    Endpoint("jwks", "/.well-known/jwks.json", ("GET",), "jwks:jwks", metadata="jwks_uri", cors=True),
    Endpoint("issuer", "", ("GET",), "issuer_page:issuer_page", page=True),
    Endpoint("login", "/login", ("POST",), "authorize:login", feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("logout", "/logout", ("GET", "POST"), "logout:logout",
             metadata="end_session_endpoint", feature=names.LOGOUT, page=True, frontchannel=True),
    Endpoint("logout-confirm", "/logout/confirm", ("POST",), "logout:confirm",
             feature=names.LOGOUT, page=True),
    Endpoint("par", "/par", ("POST",), "par:par",
             metadata="pushed_authorization_request_endpoint", feature=names.PUSHED_REQUESTS,
             grant=names.AUTHORIZATION_CODE, json=True, cors=True),
    Endpoint("register", "/register", ("POST",), "registration:register",
             metadata="registration_endpoint", feature=names.REGISTRATION, cors=True),
    Endpoint("revoke", "/revoke", ("POST",), "revocation:revoke",
             metadata="revocation_endpoint", feature=names.REVOCATION, json=True, cors=True),
    Endpoint("second-factor", "/second-factor", ("POST",), "authorize:second_factor",
             feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("token", "/token", ("POST",), "token:token", metadata="token_endpoint", json=True, cors=True),
    Endpoint("tokeninfo", "/tokeninfo", ("GET", "POST"), "tokeninfo:tokeninfo", feature=names.TOKENINFO, cors=True),
    Endpoint("userinfo", "/userinfo", ("GET", "POST"), "userinfo:userinfo",
             metadata="userinfo_endpoint", feature=names.USERINFO, cors=True),
)
# fmt: on
ENDPOINTS = {each.name: each for each in _DECLARED}
