"""Failures: every way in which an answer of an endpoint can be wrong, one function each.

Owns names, sentences and effects. Does not own which requests they happen to (``devidp.store.overrides``), nor faulty
tokens (``devidp.faults``).
"""

from devidp.faults.failures import (
    anything,
    authorization,
    body,
    device,
    discovery,
    endpoint,
    introspection,
    jwks,
    logout,
    pushed,
    redirect,
    registration,
    revocation,
    token,
    userinfo,
)
from devidp.faults.failures.registry import (
    FAILURES,
    LIMITS,
    Failure,
    FailureRefused,
    SpoiledResponse,
    find,
    possible_at,
)

__all__ = ["FAILURES", "LIMITS", "MODULES", "Failure", "FailureRefused", "SpoiledResponse", "find", "possible_at"]

MODULES = (
    anything, body, redirect, authorization, device, discovery, endpoint, introspection, jwks, logout, pushed,
    registration, revocation, token, userinfo,
)  # fmt: skip
"""Importing them registers their failures."""
