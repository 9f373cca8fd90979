"""Frozen records: what the seed, registration and the store turn foreign data into.

Owns shapes. Does not own behaviour, storage, or the time: instants are whole seconds since the epoch,
durations are whole seconds.
"""

from devidp.models.accounts import AccessTokenFormat, Client, Lifetimes, RefreshTokenFormat, SigningAlgorithm, User
from devidp.models.client_settings import ClientSettings
from devidp.models.event import Event
from devidp.models.settings import IssuerSettings, PolicyRule, Resource, Scope, Seed, TrustedIssuer
from devidp.models.shape import TokenShape
from devidp.models.state import (
    Authorization,
    AuthorizationCode,
    Consent,
    DeviceCode,
    DeviceDecision,
    Grant,
    GrantState,
    LoginFacts,
    Push,
    PushedRequest,
    RefreshToken,
    Registration,
    Session,
    StoredGrant,
)

__all__ = [
    "AccessTokenFormat",
    "Authorization",
    "AuthorizationCode",
    "Client",
    "ClientSettings",
    "Consent",
    "DeviceCode",
    "DeviceDecision",
    "Event",
    "Grant",
    "GrantState",
    "IssuerSettings",
    "Lifetimes",
    "LoginFacts",
    "PolicyRule",
    "Push",
    "PushedRequest",
    "RefreshToken",
    "RefreshTokenFormat",
    "Registration",
    "Resource",
    "Scope",
    "Seed",
    "Session",
    "SigningAlgorithm",
    "StoredGrant",
    "TokenShape",
    "TrustedIssuer",
    "User",
]
