"""Every fault that an access token can have: the target has to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from devidp.faults import FAULTS, Fault
from devidp.probe import evidence
from devidp.probe.exchange import Answer
from devidp.probe.fault_kinds import accepted
from devidp.probe.issuer_side import STATE, Token
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.trial_kinds import NO_ANSWER, SERVER_ERROR
from devidp.report import Check, Finding
from devidp.web.api_client import ApiError

NOBODY_COMPARES = "only a server that knows its users, tenants and classes of login can tell, and this one need not"
NOT_INTROSPECTED = "the server does not introspect, so the token is good for it until it expires"


def trials(subject: Subject) -> Iterator[Trial]:
    possible = {each["name"] for each in subject.issuer_side.faults}
    for fault in FAULTS.values():
        if fault.name in possible and "access" in fault.applies_to:
            yield Trial(fault.name, fault.group, fault.level, partial(_try, fault))


def _try(fault: Fault, subject: Subject) -> Check:
    try:
        token = subject.mint(fault=fault.name)
    except ApiError as error:
        return Check(fault.name, fault.group, "skipped", note=str(error))
    answer = subject.ask(token.text)
    match subject.recognise(answer):
        case Recognition.ACCEPTED:
            return _accepted(fault, subject, token, answer)
        case Recognition.ERROR:
            detail = f"answered {answer.status}, expected {fault.status}: {token.explanation}"
            return _failed(fault, Finding(SERVER_ERROR, fault.name, detail, (evidence.exchange(answer),)))
        case Recognition.NOTHING:
            detail = f"{answer.problem or 'no answer'}, expected {fault.status}: {token.explanation}"
            return _failed(fault, Finding(NO_ANSWER, fault.name, detail, (evidence.exchange(answer),)))
    return Check(fault.name, fault.group, "passed", note=f"answered {answer.status}")


def _accepted(fault: Fault, subject: Subject, token: Token, answer: Answer) -> Check:
    if fault.group == "state" and not _introspects(subject):
        return Check(fault.name, fault.group, "inconclusive", note=NOT_INTROSPECTED)
    if fault.evidence == "context" and fault.group != "state":
        return Check(fault.name, fault.group, "inconclusive", note=NOBODY_COMPARES)
    detail = f"answered {answer.status}, expected {fault.status}: {token.explanation}"
    return _failed(fault, Finding(accepted(fault), "", detail, (evidence.exchange(answer),)))


def _introspects(subject: Subject) -> bool:
    """Whether the target asks devidp what a token is worth."""
    return bool(subject.issuer_side.asked(STATE))


def _failed(fault: Fault, finding: Finding) -> Check:
    return Check(fault.name, fault.group, "failed", (finding,))
