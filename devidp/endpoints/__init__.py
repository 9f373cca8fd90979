"""The endpoints of an issuer: one file each. They speak HTTP; grants prove, and the issuer mints.

A new endpoint is a new file with a decorated function, and its name in the import below.
"""

from devidp.endpoints import (
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
from devidp.endpoints.registry import ENDPOINTS, METHODS, Endpoint, locate

__all__ = [
    "ENDPOINTS",
    "METHODS",
    "Endpoint",
    "authorize",
    "client_configuration",
    "consent",
    "device",
    "device_authorization",
    "discovery",
    "introspection",
    "jwks",
    "locate",
    "login",
    "logout",
    "par",
    "registration",
    "revocation",
    "token",
    "userinfo",
]
