"""The JWK Set cannot be read, or is wrong: what does the target answer meanwhile, and does it recover?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from devidp.probe import changes, evidence, meter
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import STATE
from devidp.probe.meter import Expected
from devidp.probe.recognition import Recognition
from devidp.probe.state_kinds import (
    FLOODED,
    KEEPS_USELESS_KEYS,
    KNOWN_KEY_REFUSED,
    NO_RECOVERY,
    OUTAGE_ACCEPTED,
    OUTAGE_ERROR,
)
from devidp.probe.subject import UNSIGNED, Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding, Kind

GROUP = "outage"
JWKS = "jwks"
UNAVAILABLE = 503
SLOW = 3.0
"""Seconds until the JWK Set comes; less where an answer of the target may take no longer itself."""
FLOOD = 20
"""Tokens of unknown keys, one after the other."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A failure of devidp at the JWK Set."""

    failure: str
    options: dict[str, float] = field(default_factory=dict)
    keeps_keys: bool = True
    """Whether nothing was said about the keys that a target has: those go on."""


OUTAGES = {
    "jwks-unavailable": Outage("unavailable"),
    "jwks-dropped": Outage("dropped-connection"),
    "jwks-slow": Outage("slow", {"seconds": SLOW}),
    "jwks-html": Outage("html-body"),
    "jwks-without-kid": Outage("keys-without-kid", keeps_keys=False),
    "jwks-empty": Outage("keys-empty", keeps_keys=False),
}
"""In this order: most targets fetch again at once after a fetch that failed, and wait after one that did not."""


def trials(_: Subject) -> Iterator[Trial]:
    """The last of all, because what a target keeps of a wrong answer may outlast the probe."""
    seen = Seen()
    yield Trial("jwks-flood", GROUP, "advice", _flood, alone=True)
    for name, outage in OUTAGES.items():
        yield Trial(name, GROUP, "should", partial(_try, name=name, outage=outage, seen=seen), alone=True)


@dataclass(slots=True)
class Seen:
    """What one trial has seen for those after it."""

    no_fetch: str = ""
    """Why the JWK Set is of no interest to the target; empty where it has fetched it."""


def _try(subject: Subject, name: str, outage: Outage, seen: Seen) -> Check:
    if subject.is_opaque:
        return Check(name, GROUP, "skipped", note=UNSIGNED)
    if seen.no_fetch:
        return Check(name, GROUP, "inconclusive", note=seen.no_fetch)
    options = {option: min(value, subject.seconds / 2) for option, value in outage.options.items()}
    with changes.failing(subject, JWKS, outage.failure, **options):
        seen.no_fetch, unknown = _fetched(subject)
        known = subject.sound()
    if seen.no_fetch:
        return Check(name, GROUP, "inconclusive", note=seen.no_fetch)
    again = meter.accepted(subject, subject.sound)
    meter.measure(subject.watch, subject.patience, again)
    findings = (*_meanwhile(subject, name, outage, unknown, known), *afterwards(subject, name, outage, again))
    if findings:
        return Check(name, GROUP, "failed", findings)
    note = f"an unknown key got {unknown.status}, a known one {known.status}; recovered after {again.since or 0:.1f} s"
    return Check(name, GROUP, "passed", note=note)


def _fetched(subject: Subject) -> tuple[str, Answer]:
    """Why a token of an unknown key made the target fetch no JWK Set, if it did not, and the answer to it."""
    side = subject.issuer_side
    before = side.cursor()
    unknown = Expected(partial(_ask_unknown, subject), lambda _: bool(side.asked((JWKS, *STATE), before)))
    # one request is all that is waited for
    unknown.steady = 1
    meter.measure(subject.watch, subject.patience, unknown)
    if unknown.since is None:
        why = f"the target did not fetch the JWK Set within {subject.patience:g} s, for a key unknown to it"
        return why, unknown.answer
    if not side.asked((JWKS,), before):
        return "the target asks the issuer about each token, and needs no keys", unknown.answer
    return "", unknown.answer


def _meanwhile(subject: Subject, name: str, outage: Outage, unknown: Answer, known: Answer) -> Iterator[Finding]:
    if subject.is_sound(unknown):
        yield finding(OUTAGE_ACCEPTED, name, f"answered {unknown.status}, expected 503 or 401", unknown)
    elif subject.recognise(unknown) is Recognition.ERROR and unknown.status != UNAVAILABLE:
        yield finding(OUTAGE_ERROR, name, f"answered {unknown.status}, expected 503 or 401", unknown)
    elif not unknown.complete:
        yield finding(OUTAGE_ERROR, name, f"no answer ({unknown.problem}), expected 503 or 401", unknown)
    if outage.keeps_keys and not subject.is_sound(known):
        yield finding(KNOWN_KEY_REFUSED, name, f"answered {known.status or known.problem} to a sound token", known)


def afterwards(subject: Subject, name: str, outage: Outage, again: Expected) -> Iterator[Finding]:
    if again.since is None:
        kind = NO_RECOVERY if outage.keeps_keys else KEEPS_USELESS_KEYS
        detail = f"answered {again.answer.status} to a sound token still {subject.patience:g} s after it was over"
        yield finding(kind, name, detail, again.answer)


def _flood(subject: Subject) -> Check:
    if subject.is_opaque:
        return Check("jwks-flood", GROUP, "skipped", note=UNSIGNED)
    before = subject.issuer_side.cursor()
    answer = [_ask_unknown(subject) for _ in range(FLOOD)][-1]
    fetches = _fetches(subject, before)
    note = f"{FLOOD} tokens of unknown keys made it fetch the JWK Set {fetches} times"
    if fetches < FLOOD:
        return Check("jwks-flood", GROUP, "passed", note=note)
    return Check("jwks-flood", GROUP, "failed", (finding(FLOODED, "", note, answer),))


def _ask_unknown(subject: Subject) -> Answer:
    """A token that nobody can verify: its key is in no JWK Set, and each time another one."""
    kid = f"devidp-probe-{secrets.token_hex(4)}"
    return subject.ask(subject.mint(key="foreign", header={"kid": kid}, free=True).text)


def _fetches(subject: Subject, after: int) -> int:
    return len(subject.issuer_side.events(after, endpoint=JWKS))


def finding(kind: Kind, subject: str, detail: str, answer: Answer) -> Finding:
    return Finding(kind, subject, detail, (evidence.exchange(answer),))
