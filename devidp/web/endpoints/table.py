"""Every endpoint: routes, metadata and CORS come from here, and each is loaded when it is first asked for.

A new endpoint is a file with a function, and its line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from devidp.later import later
from devidp.oauth import names
from devidp.web.endpoints.registry import Endpoint

if TYPE_CHECKING:
    from devidp.web.endpoints import (
        authorize,
        client_configuration,
        consent,
        device,
        device_authorization,
        discovery,
        introspection,
        jwks,
        login,
        logout,
        par,
        registration,
        revocation,
        token,
        userinfo,
    )
else:
    authorize = later("devidp.web.endpoints.authorize")
    client_configuration = later("devidp.web.endpoints.client_configuration")
    consent = later("devidp.web.endpoints.consent")
    device = later("devidp.web.endpoints.device")
    device_authorization = later("devidp.web.endpoints.device_authorization")
    discovery = later("devidp.web.endpoints.discovery")
    introspection = later("devidp.web.endpoints.introspection")
    jwks = later("devidp.web.endpoints.jwks")
    login = later("devidp.web.endpoints.login")
    logout = later("devidp.web.endpoints.logout")
    par = later("devidp.web.endpoints.par")
    registration = later("devidp.web.endpoints.registration")
    revocation = later("devidp.web.endpoints.revocation")
    token = later("devidp.web.endpoints.token")
    userinfo = later("devidp.web.endpoints.userinfo")

# fmt: off
_DECLARED = (
    Endpoint("authorize", "/authorize", ("GET", "POST"), lambda: authorize.authorize,
             metadata="authorization_endpoint", feature=names.AUTHORIZATION_CODE, page=True, frontchannel=True),
    Endpoint("client-configuration", names.MANAGEMENT_PATH, ("GET", "PUT", "DELETE"),
             lambda: client_configuration.client_configuration, feature=names.MANAGEMENT, cors=True),
    Endpoint("consent", "/consent", ("POST",), lambda: consent.consent,
             feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("device", "/device", ("GET", "POST"), lambda: device.device,
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device-login", "/device-login", ("POST",), lambda: device.device_login,
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device-consent", "/device-consent", ("POST",), lambda: device.device_consent,
             feature=names.DEVICE_CODE, page=True),
    Endpoint("device_authorization", "/device_authorization", ("POST",),
             lambda: device_authorization.device_authorization,
             metadata="device_authorization_endpoint", feature=names.DEVICE_CODE),
    Endpoint("openid-configuration", "/.well-known/openid-configuration", ("GET",), lambda: discovery.discovery,
             cors=True, inserted=True),
    Endpoint("oauth-authorization-server", "/.well-known/oauth-authorization-server", ("GET",),
             lambda: discovery.discovery, cors=True, inserted=True),
    Endpoint("introspect", "/introspect", ("POST",), lambda: introspection.introspect,
             metadata="introspection_endpoint", feature=names.INTROSPECTION),
    Endpoint("jwks", "/.well-known/jwks.json", ("GET",), lambda: jwks.jwks, metadata="jwks_uri", cors=True),
    Endpoint("login", "/login", ("POST",), lambda: login.login, feature=names.AUTHORIZATION_CODE, page=True),
    Endpoint("logout", "/logout", ("GET", "POST"), lambda: logout.logout,
             metadata="end_session_endpoint", feature=names.LOGOUT, page=True, frontchannel=True),
    Endpoint("logout-confirm", "/logout/confirm", ("POST",), lambda: logout.confirm,
             feature=names.LOGOUT, page=True),
    Endpoint("par", "/par", ("POST",), lambda: par.par,
             metadata="pushed_authorization_request_endpoint", feature=names.PUSHED_REQUESTS,
             grant=names.AUTHORIZATION_CODE, cors=True),
    Endpoint("register", "/register", ("POST",), lambda: registration.register,
             metadata="registration_endpoint", feature=names.REGISTRATION, cors=True),
    Endpoint("revoke", "/revoke", ("POST",), lambda: revocation.revoke,
             metadata="revocation_endpoint", feature=names.REVOCATION, cors=True),
    Endpoint("token", "/token", ("POST",), lambda: token.token, metadata="token_endpoint", cors=True),
    Endpoint("userinfo", "/userinfo", ("GET", "POST"), lambda: userinfo.userinfo,
             metadata="userinfo_endpoint", feature=names.USERINFO, cors=True),
)
# fmt: on
ENDPOINTS = {each.name: each for each in _DECLARED}
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS")
"""Every method that an endpoint may have."""

_BY_PATH = {each.path: each for each in ENDPOINTS.values()}


def locate(address: str) -> tuple[Endpoint, str] | None:
    """The endpoint at ``address``, and the path of the issuer that it is meant for: ``/default``, or empty."""
    address = address.rstrip("/")
    at_root = _BY_PATH.get(address)
    if at_root is not None:
        return at_root, ""
    segment, slash, rest = address[1:].partition("/")
    below = _BY_PATH.get(slash + rest)
    if below is not None:
        return below, f"/{segment}"
    front, _, last = address.rpartition("/")
    before = _BY_PATH.get(front)
    return (before, f"/{last}") if before is not None and before.inserted else None
