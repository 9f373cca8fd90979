"""Every fault that an access token can have: the target has to refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from devidp.faults import FAULTS, Fault
from devidp.probe.challenge_kinds import DISGUISED, WRONG_STATUS
from devidp.probe.exchange import Answer
from devidp.probe.fault_kinds import accepted
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check, Finding
from devidp.web.api_client import ApiError, Gone, Stranger

NOBODY_COMPARES = "only a server that knows its users, tenants and classes of login can tell, and this one need not"
NOT_INTROSPECTED = "the server does not introspect, so the token is good for it until it expires"
NO_SCOPE_NEEDED = "a token without any scope of the resource is accepted too; if the call needs one, name it: --scope"
ANY_LOGIN = "scope-of-login-only"
NARROWED = "introspection-narrower"
UNREADABLE = (400, 413, 414, 431)
"""Right as well where the request itself is malformed, or too long."""

LAST_OF_TWO = (
    "accepted, which is right too: a parser may take the last of two members (RFC 7515 and RFC 7519 section 4)"
)
EITHER = {
    "claims-duplicate": LAST_OF_TWO,
    "kid-duplicate": LAST_OF_TWO,
    "oversized": "accepted: no standard says how long a header may be",
    "token-use-id": "accepted: only some providers give this claim a meaning",
}
"""Faults that a strict server may let through, and why."""


def trials(subject: Subject) -> Iterator[Trial]:
    possible = {each["name"] for each in subject.issuer_side.faults}
    for fault in FAULTS.values():
        if fault.name in possible and "access" in fault.applies_to:
            yield Trial(fault.name, fault.group, fault.level, partial(_try, fault))


def _try(fault: Fault, subject: Subject) -> Check:
    try:
        token = subject.mint(fault=fault.name)
    except (Gone, Stranger):
        raise
    except ApiError as error:
        return Check(fault.name, fault.group, "skipped", note=str(error))
    answer = subject.ask_anew(token.text, subject.ask(token.text))
    expected = f"expected {fault.status}"
    if subject.recognise(answer) is Recognition.ACCEPTED:
        if fault.name in EITHER:
            return check(fault.name, fault.group, answer, note=EITHER[fault.name])
        if why := _excuse(fault, subject):
            return Check(fault.name, fault.group, "inconclusive", note=why)
        return check(fault.name, fault.group, answer, found(accepted(fault), "", answer, expected))
    if fault.name == "oversized" and answer.problem == "dropped":
        return check(fault.name, fault.group, answer, note="the connection was closed")
    failure = broken(subject, fault.name, answer, f"{expected}: {fault.description}") or _manner(fault, subject, answer)
    return check(fault.name, fault.group, answer, failure)


def _excuse(fault: Fault, subject: Subject) -> str:
    """Why it may be right to accept the token; empty where it is not."""
    if fault.group == "state" and not subject.ground.introspects:
        return NOT_INTROSPECTED
    if fault.group == "scope" or fault.name == NARROWED:
        return "" if _needs_scope(subject) else NO_SCOPE_NEEDED
    if fault.group == "state":
        return ""
    return NOBODY_COMPARES if fault.evidence == "context" else ""


def _needs_scope(subject: Subject) -> bool:
    if subject.options.scope is not None:
        return True
    answer = subject.ask(subject.mint(fault=ANY_LOGIN).text)
    return subject.recognise(answer) is not Recognition.ACCEPTED


def _manner(fault: Fault, subject: Subject, answer: Answer) -> Finding | None:
    """A refusal that is unlike those of this target; what is wrong with all of them, the group challenge says once."""
    usual = subject.ground.made_up
    if subject.recognise(answer) is Recognition.DISGUISED:
        alike = subject.recognise(usual) is Recognition.DISGUISED
        return None if alike else found(DISGUISED, fault.name, answer, f"expected {fault.status}")
    fine = (fault.status, 401, usual.status, *(UNREADABLE if fault.group == "shape" else ()))
    return None if answer.status in fine else found(WRONG_STATUS, fault.name, answer, f"expected {fault.status}")
