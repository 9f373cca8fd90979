"""Where the target asks for a better login: whether it says so, and takes what it asks for (RFC 9470)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from devidp.probe import challenges
from devidp.probe.access_kinds import LOGIN_IN_VAIN, LOGIN_UNNAMED, LOGIN_UNSAID
from devidp.probe.exchange import Answer
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check
from devidp.web.api_client import ApiError

GROUP = "step-up"
CODE = "insufficient_user_authentication"
WEAK = {"step-up-class": "acr-zero", "step-up-age": "auth-time-old"}
"""Faults of a login that only a target with such a rule refuses."""


def trials(_: Subject) -> Iterator[Trial]:
    for name in WEAK:
        yield Trial(name, GROUP, "should", partial(_try, name))


def _try(name: str, subject: Subject) -> Check:
    try:
        answer = subject.ask(subject.mint(fault=WEAK[name]).text)
    except ApiError as error:
        return Check(name, GROUP, "skipped", note=str(error))
    if subject.is_sound(answer):
        return Check(name, GROUP, "skipped", note="the call asks for no such thing")
    if problem := broken(subject, name, answer, "expected 401"):
        return check(name, GROUP, answer, problem)
    asked = _asked(answer)
    if asked.get("error") != CODE:
        expected = f'expected 401 with error="{CODE}", acr_values or max_age'
        return check(name, GROUP, answer, found(LOGIN_UNSAID, name, answer, expected))
    if not asked.get("acr_values") and not asked.get("max_age"):
        return check(name, GROUP, answer, found(LOGIN_UNNAMED, name, answer, "expected acr_values or max_age"))
    return _as_asked(subject, name, asked)


def _as_asked(subject: Subject, name: str, asked: Mapping[str, str]) -> Check:
    """A fresh login of the first class that the target names."""
    acr = asked.get("acr_values", "").split()[:1]
    answer = subject.ask(subject.mint(claims={"acr": acr[0]} if acr else None).text)
    wanted = ", ".join(f"{each}={asked[each]}" for each in ("acr_values", "max_age") if each in asked)
    if subject.is_sound(answer):
        return check(name, GROUP, answer, note=f"asks for {wanted}, and takes it")
    return check(name, GROUP, answer, found(LOGIN_IN_VAIN, name, answer, f"expected a success: it asks for {wanted}"))


def _asked(answer: Answer) -> Mapping[str, str]:
    """The parameters of the Bearer challenge."""
    try:
        said = challenges.parse(answer.all("www-authenticate"))
    except challenges.Malformed:
        return {}
    return next((each.parameters for each in said if each.scheme == "bearer"), {})
