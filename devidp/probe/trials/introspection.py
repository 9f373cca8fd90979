"""A target that asks the issuer about each token, while that fails: what it answers, and whether it recovers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from devidp.probe import changes, meter
from devidp.probe.issuer_side import STATE
from devidp.probe.recognition import Recognition
from devidp.probe.state_kinds import NO_RECOVERY, OUTAGE_ACCEPTED, OUTAGE_ERROR
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.trials.outage import GROUP, UNAVAILABLE, finding
from devidp.report import Check, Finding

INTROSPECT = STATE[0]
DEAD = "introspection-inactive"
EXPECTED = "expected 503 or 401"
OUTAGES = {
    "introspection-unavailable": "unavailable",
    "introspection-dropped": "dropped-connection",
    "introspection-html": "html-body",
}


def trials(_: Subject) -> Iterator[Trial]:
    for name, failure in OUTAGES.items():
        yield Trial(name, GROUP, "should", partial(_try, name=name, failure=failure), alone=True)


def _try(subject: Subject, name: str, failure: str) -> Check:
    before = subject.issuer_side.cursor()
    refuses_dead = not subject.is_sound(subject.ask(subject.mint(fault=DEAD).text))
    if not refuses_dead or not subject.issuer_side.asked((INTROSPECT,), before):
        return Check(name, GROUP, "skipped", note="the target does not go by introspection")
    with changes.failing(subject, INTROSPECT, failure):
        answer = subject.ask(subject.mint(fault=DEAD).text)
    again = meter.accepted(subject, subject.sound)
    meter.measure(subject.watch, subject.patience, again)
    wrong: list[Finding] = []
    if subject.is_sound(answer):
        wrong.append(finding(OUTAGE_ACCEPTED, name, f"answered {answer.status}, {EXPECTED}", answer))
    elif not answer.complete:
        wrong.append(finding(OUTAGE_ERROR, name, f"no answer ({answer.problem}), {EXPECTED}", answer))
    elif subject.recognise(answer) is Recognition.ERROR and answer.status != UNAVAILABLE:
        wrong.append(finding(OUTAGE_ERROR, name, f"answered {answer.status}, {EXPECTED}", answer))
    if again.since is None:
        detail = f"answered {again.answer.status} to a sound token still {subject.patience:g} s after it was over"
        wrong.append(finding(NO_RECOVERY, name, detail, again.answer))
    if wrong:
        return Check(name, GROUP, "failed", tuple(wrong))
    note = f"answered {answer.status} meanwhile; recovered after {again.since or 0:.1f} s"
    return Check(name, GROUP, "passed", note=note)
