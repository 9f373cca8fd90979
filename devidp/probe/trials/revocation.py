"""What devidp has ended: how long does the target go on trusting it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from devidp.probe import account, evidence, meter
from devidp.probe.account import Account
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import STATE, Token
from devidp.probe.state_kinds import IGNORES_INACTIVE, STILL_TRUSTED, UNTIL_EXPIRY
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding, Kind

GROUP = "revocation"
SHORT_LIFE = 3600
"""Seconds that a bearer token may live where nobody can end it (RFC 6750 section 5.3)."""
End = Callable[[Account, Token], None]
ENDS: dict[str, End] = {
    "token-revoked": lambda own, token: own.revoke(token.text),
    "grant-ended": lambda own, token: own.end_grants(),
    "account-disabled": lambda own, token: own.disable_user(),
    "client-deleted": lambda own, token: own.delete_client(),
}
"""What happens at the issuer after the target has accepted the token."""


def trials(_: Subject) -> Iterator[Trial]:
    for name, end in ENDS.items():
        yield Trial(name, GROUP, "should", partial(_try, name=name, end=end), alone=True)


def _try(subject: Subject, name: str, end: End) -> Check:
    with account.opened(subject) as own:
        token, before = own.mint(), subject.issuer_side.cursor()
        answer = subject.ask(token.text)
        if not subject.is_sound(answer):
            note = f"the target answers {answer.status} to a user and a client that it does not know yet"
            return Check(name, GROUP, "inconclusive", note=note)
        asks = subject.issuer_side.asked(STATE, before)
        end(own, token)
        if not asks:
            return _verified_here(subject, name, token)
        return _measured(subject, name, token)


def _verified_here(subject: Subject, name: str, token: Token) -> Check:
    """Of a target that has not asked the issuer about a token that was new to it: it never learns of an end."""
    answer = subject.ask(token.text)
    if not subject.is_sound(answer):
        return Check(name, GROUP, "passed", note="refused at once")
    life = int(token.claims.get("exp", 0)) - int(token.claims.get("iat", 0))
    note = f"never asks the issuer about a token, and trusts this one until it expires: {life} s"
    if life <= SHORT_LIFE:
        return Check(name, GROUP, "passed", note=note)
    return _failed(name, UNTIL_EXPIRY, f"{note}, expected {SHORT_LIFE} s at most", answer)


def _measured(subject: Subject, name: str, token: Token) -> Check:
    before = subject.issuer_side.cursor()
    dead = meter.refused(subject, lambda: subject.ask(token.text))
    sound = meter.accepted(subject, subject.sound)
    meter.measure(subject.watch, subject.patience, dead, sound)
    if dead.since is not None:
        return Check(name, GROUP, "passed", note=f"trusted for {dead.since:.1f} s")
    still = f"still trusted after {subject.patience:g} s"
    if any(event["outcome"] == "inactive" for event in subject.issuer_side.asked(STATE, before)):
        return _failed(
            name, IGNORES_INACTIVE, f"{still}, although introspection said that it is not active", dead.answer
        )
    return _failed(name, STILL_TRUSTED, still, dead.answer)


def _failed(name: str, kind: Kind, detail: str, answer: Answer) -> Check:
    return Check(name, GROUP, "failed", (Finding(kind, name, detail, (evidence.exchange(answer),)),))
