"""A user decides on what a device asks for (RFC 8628 section 3.3)."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import Client, DeviceCode, DeviceDecision


def decide(issuer: Issuer, record: DeviceCode, client: Client, decision: DeviceDecision) -> bool:
    """Store the decision, and what was granted by it; ``False`` where another one was first."""
    user = issuer.user(decision.username or "")
    with issuer.store.at_once():
        first = issuer.store.devices.decide(record.user_code, decision)
        if first and user is not None:
            issuer.add_grant(record.grant_id, client, user, decision.scope, decision.sid)
    return first
