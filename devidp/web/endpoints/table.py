"""Every endpoint: routes, metadata and CORS come from here.

A new endpoint is a file with a function, and its line here. A view is named, ``file:function``, and imported at its
first request: a start loads none of what only some of them need.
"""

from __future__ import annotations

from devidp.oauth import names
from devidp.web.endpoints.registry import Endpoint

# fmt: off
_DECLARED = (
    Endpoint("authorize", ("GET", "POST"), "authorize:authorize",
             feature=names.AUTHORIZATION_CODE, page=True, frontchannel=True),
    Endpoint("certificates", ("GET",), "jwks:certificates", feature=names.CERTIFICATES, cors=True),
    Endpoint("client-configuration", ("GET", "PUT", "DELETE"),
             "client_configuration:client_configuration", feature=names.MANAGEMENT, cors=True),
    Endpoint("consent", ("POST",), "authorize:consent", feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("device", ("GET", "POST"), "device:device", feature=names.DEVICE_CODE, page=True),
    Endpoint("device-login", ("POST",), "device:device_login", feature=names.DEVICE_CODE, page=True),
    Endpoint("device-consent", ("POST",), "device:device_consent", feature=names.DEVICE_CODE, page=True),
    Endpoint("device-second-factor", ("POST",), "device:device_second_factor", feature=names.DEVICE_CODE, page=True),
    Endpoint("device_authorization", ("POST",), "device_authorization:device_authorization",
             feature=names.DEVICE_CODE, json=True, cors=True),
    Endpoint("openid-configuration", ("GET",), "discovery:discovery", cors=True),
    Endpoint("oauth-authorization-server", ("GET",), "discovery:discovery", cors=True),
    Endpoint("introspect", ("POST",), "introspection:introspect", feature=names.INTROSPECTION, json=True),
    Endpoint("jwks", ("GET",), "jwks:jwks", cors=True),
    Endpoint("issuer", ("GET",), "issuer_page:issuer_page", page=True),
    Endpoint("login", ("POST",), "authorize:login", feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("logout", ("GET", "POST"), "logout:logout", feature=names.LOGOUT, page=True, frontchannel=True),
    Endpoint("logout-confirm", ("POST",), "logout:confirm", feature=names.LOGOUT, page=True),
    Endpoint("par", ("POST",), "par:par",
             feature=names.PUSHED_REQUESTS, grant=names.AUTHORIZATION_CODE, json=True, cors=True),
    Endpoint("register", ("POST",), "registration:register", feature=names.REGISTRATION, cors=True),
    Endpoint("revoke", ("POST",), "revocation:revoke", feature=names.REVOCATION, json=True, cors=True),
    Endpoint("second-factor", ("POST",), "authorize:second_factor", feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("token", ("POST",), "token:token", json=True, cors=True),
    Endpoint("tokeninfo", ("GET", "POST"), "tokeninfo:tokeninfo", feature=names.TOKENINFO, cors=True),
    Endpoint("userinfo", ("GET", "POST"), "userinfo:userinfo", feature=names.USERINFO, cors=True),
)
# fmt: on
ENDPOINTS = {each.name: each for each in _DECLARED}
