"""The check of one request, where the target may also break instead of answering."""

from __future__ import annotations

from devidp.probe import evidence
from devidp.probe.exchange import Answer
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial_kinds import NO_ANSWER, SERVER_ERROR
from devidp.report import Check, Finding, Kind


def broken(subject: Subject, name: str, answer: Answer, expected: str) -> Finding | None:
    """The finding that ``answer`` is a failure of the server, or none at all; ``None`` where it is neither."""
    match subject.recognise(answer):
        case Recognition.ERROR:
            return Finding(SERVER_ERROR, name, f"answered {answer.status}, {expected}", (evidence.exchange(answer),))
        case Recognition.NOTHING:
            return Finding(
                NO_ANSWER, name, f"{answer.problem or 'no answer'}, {expected}", (evidence.exchange(answer),)
            )
    return None


def found(kind: Kind, subject: str, answer: Answer, expected: str) -> Finding:
    return Finding(kind, subject, f"answered {answer.status}, {expected}", (evidence.exchange(answer),))


def check(name: str, group: str, answer: Answer, *findings: Finding | None, note: str = "") -> Check:
    """Failed with those of ``findings`` that there are, else passed."""
    wrong = tuple(filter(None, findings))
    note = note or f"answered {answer.status}"
    return Check(name, group, "failed", wrong) if wrong else Check(name, group, "passed", note=note)
