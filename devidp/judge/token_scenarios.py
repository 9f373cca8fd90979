"""Faults of ID tokens, under the names by which they are armed: no client may believe such a token."""

from __future__ import annotations

from devidp.faults import FAULTS
from devidp.faults.registry import Fault
from devidp.judge.scenarios import Scenario
from devidp.report import Severity

FORGED = ("id-signature-bad", "id-alg-none", "id-sub-other")
"""What anybody can make."""
OF_SOMEBODY = ("id-audience-wrong", "id-issuer-wrong", "id-access-token")
"""What was made for another, and is brought here."""
ASKED_BY = {"id-nonce": "nonce", "id-acr": "acr_values", "id-amr": "acr_values", "id-auth-time": "max_age"}
"""What a client sends that has something to check."""


def scenarios() -> list[Scenario]:
    return [_scenario(each) for each in FAULTS.values() if each.applies_to[0] == "id"]


def _scenario(fault: Fault) -> Scenario:
    return Scenario(
        name=fault.name,
        group=fault.group,
        description=fault.description,
        section=fault.section,
        place="token",
        duty="refuse",
        severity=_severity(fault),
        why=_why(fault),
        topic="id-token",
        entries=(("arm", {"fault": fault.name, "token_type": "id"}),),
        needs=("userinfo",) if fault.name == "id-sub-other" else ("token",),
        needs_parameter=next((name for prefix, name in ASKED_BY.items() if fault.name.startswith(prefix)), ""),
        mode="oidc",
    )


def _severity(fault: Fault) -> Severity:
    if fault.name in FORGED:
        # from the token endpoint over TLS it may be left out (OpenID Connect Core section 3.1.3.7, item 6)
        return Severity.MEDIUM
    if fault.level == "should":
        return Severity.LOW if fault.name.startswith(tuple(ASKED_BY)) else Severity.ADVICE
    return Severity.HIGH


def _why(fault: Fault) -> str:
    if fault.name in FORGED:
        return "Whoever can change the answer on its way, or brings a token from elsewhere, logs in as anybody"
    if fault.name in OF_SOMEBODY:
        return "A token that was made for somebody else, or for another client, logs in here"
    return "A login that is old, repeated or of another flow counts as one of now"
