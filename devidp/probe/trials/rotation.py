"""The issuer signs with a new key: does the target find it, and does it let go of one that was withdrawn?"""

from __future__ import annotations

from collections.abc import Iterator

from devidp.probe import changes, evidence, meter
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import KEYS
from devidp.probe.meter import Expected
from devidp.probe.state_kinds import NEW_KEY_REFUSED, OLD_KEY_REFUSED, WITHDRAWN_KEY_TRUSTED
from devidp.probe.subject import UNSIGNED, Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding, Kind

GROUP = "rotation"


def trials(_: Subject) -> Iterator[Trial]:
    yield Trial("key-rotated", GROUP, "must", _rotated, alone=True)
    yield Trial("key-withdrawn", GROUP, "must", _withdrawn, alone=True)


def _rotated(subject: Subject) -> Check:
    """With overlap: tokens of both keys are sound."""
    if subject.is_opaque:
        return Check("key-rotated", GROUP, "skipped", note=UNSIGNED)
    token = subject.mint().text
    old, new = meter.accepted(subject, lambda: subject.ask(token)), meter.accepted(subject, subject.sound)
    with changes.rotated(subject):
        meter.measure(subject.watch, subject.patience, new, old)
    findings = _new_key(subject, "key-rotated", new)
    if old.since is None:
        findings += _taken_back(subject)
        findings += (_finding(OLD_KEY_REFUSED, "", f"answered {old.answer.status}", old.answer),)
    return _check("key-rotated", findings, f"the new key was found after {new.since or 0:.1f} s")


def _withdrawn(subject: Subject) -> Check:
    """Without overlap: the old key is stolen, say."""
    if subject.is_opaque:
        return Check("key-withdrawn", GROUP, "skipped", note=UNSIGNED)
    token, before = subject.mint().text, subject.issuer_side.cursor()
    dead, new = meter.refused(subject, lambda: subject.ask(token)), meter.accepted(subject, subject.sound)
    with changes.rotated(subject, overlap=False):
        meter.measure(subject.watch, subject.patience, new, dead)
        fetched = any(event["endpoint"] in KEYS for event in subject.issuer_side.events(before))
    findings: tuple[Finding, ...] = ()
    if dead.since is None:
        since = "although it has fetched the JWK Set since" if fetched else "and it has not fetched the JWK Set since"
        detail = f"still trusted after {subject.patience:g} s, {since}"
        findings = (_finding(WITHDRAWN_KEY_TRUSTED, "", detail, dead.answer),)
    findings += _taken_back(subject) or _new_key(subject, "key-withdrawn", new)
    return _check("key-withdrawn", findings, f"trusted for {dead.since or 0:.1f} s")


def _taken_back(subject: Subject) -> tuple[Finding, ...]:
    """The old key signs again: for the target it is one more rotation, which it has to notice before anything else."""
    again = meter.accepted(subject, subject.sound)
    meter.measure(subject.watch, subject.patience, again)
    return _new_key(subject, "key-rotated-back", again)


def _new_key(subject: Subject, change: str, new: Expected) -> tuple[Finding, ...]:
    if new.since is not None:
        return ()
    detail = f"answered {new.answer.status} still {subject.patience:g} s after the change of keys"
    return (_finding(NEW_KEY_REFUSED, change, detail, new.answer),)


def _finding(kind: Kind, subject: str, detail: str, answer: Answer) -> Finding:
    return Finding(kind, subject, detail, (evidence.exchange(answer),))


def _check(name: str, findings: tuple[Finding, ...], note: str) -> Check:
    return Check(name, GROUP, "failed", findings) if findings else Check(name, GROUP, "passed", note=note)
