"""What is sound elsewhere, in place of an access token for the target. Faults that say the same are not repeated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from devidp.probe.access_kinds import STRANGER
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check
from devidp.web.api_client import ApiError

GROUP = "strangers"
EXPECTED = "expected 401"
TYPES = ("logout", "id-jag")
"""Types of token that the issuer signs for others; those that are faults are not repeated."""
MAX_ISSUERS = 5


def trials(subject: Subject) -> Iterator[Trial]:
    for token_type in TYPES:
        wanted = {**dict.fromkeys(("audience", "scope", "free")), "token_type": token_type}
        yield Trial(f"stranger-{token_type}", GROUP, "must", partial(_try, f"stranger-{token_type}", wanted))
    for issuer in _others(subject):
        name = f"stranger-of-{issuer.rstrip('/').rpartition('/')[2]}"
        yield Trial(name, GROUP, "must", partial(_try, name, _sound_elsewhere(subject, issuer)))


def _others(subject: Subject) -> list[str]:
    """Issuers of the same devidp that the target does not claim to trust."""
    trusted = {subject.issuer_url, *subject.ground.metadata.issuers}
    return [issuer for issuer in subject.issuer_side.issuers if issuer not in trusted][:MAX_ISSUERS]


def _sound_elsewhere(subject: Subject, issuer: str) -> dict[str, Any]:
    """A token of ``issuer`` that has everything else in common with a sound one."""
    minted = subject.ground.minted
    claims = minted.claims if minted else {}
    user = {"sub": claims["sub"]} if isinstance(claims.get("sub"), str) else None
    same = {"audience": list(minted.audience) if minted else None, "scope": claims.get("scope"), "user": user}
    return {**same, "client": claims.get("client_id"), "issuer": issuer, "free": True}


def _try(name: str, wanted: dict[str, Any], subject: Subject) -> Check:
    try:
        token = subject.mint(**wanted)
    except ApiError as error:
        return Check(name, GROUP, "skipped", note=str(error))
    answer = subject.ask(token.text)
    accepted = found(STRANGER, name, answer, f"{EXPECTED}: {token.explanation}") if subject.is_sound(answer) else None
    return check(name, GROUP, answer, accepted, broken(subject, name, answer, EXPECTED))
