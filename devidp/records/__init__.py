"""Frozen records: what the seed, registration and the store turn foreign data into.

Owns shapes. Does not own behaviour, storage, or the time: instants are whole seconds since the epoch,
durations are whole seconds.
"""

from devidp.records.accounts import (
    AccessTokenFormat,
    Client,
    ConfirmLogout,
    ConsentMode,
    DocumentOrigin,
    Lifetimes,
    RefreshTokens,
    RegistrationMode,
    SigningAlgorithm,
    StepUp,
    SubjectMatch,
    UnfetchableDocuments,
    UnknownResources,
    UnknownScopes,
    User,
)
from devidp.records.event import Event
from devidp.records.settings import IssuerSettings, PolicyRule, Resource, Scope, Seed, TrustedIssuer
from devidp.records.state import (
    Authorization,
    AuthorizationCode,
    DeviceCode,
    DeviceDecision,
    Login,
    LoginFacts,
    PushedRequest,
    RefreshToken,
    Registration,
    Session,
)

__all__ = [
    "AccessTokenFormat",
    "Authorization",
    "AuthorizationCode",
    "Client",
    "ConfirmLogout",
    "ConsentMode",
    "DeviceCode",
    "DeviceDecision",
    "DocumentOrigin",
    "Event",
    "IssuerSettings",
    "Lifetimes",
    "Login",
    "LoginFacts",
    "PolicyRule",
    "PushedRequest",
    "RefreshToken",
    "RefreshTokens",
    "Registration",
    "RegistrationMode",
    "Resource",
    "Scope",
    "Seed",
    "Session",
    "SigningAlgorithm",
    "StepUp",
    "SubjectMatch",
    "TrustedIssuer",
    "UnfetchableDocuments",
    "UnknownResources",
    "UnknownScopes",
    "User",
]
