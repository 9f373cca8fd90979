"""How the target refuses: status and ``WWW-Authenticate`` (RFC 6750 section 3, RFC 9728 section 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from devidp.probe import challenge_kinds, challenges, evidence
from devidp.probe.challenges import Challenge
from devidp.probe.exchange import Answer
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding, Kind
from devidp.web.api_client import ApiError

GROUP = "challenge"
PAGE = "https://page.example"
"""The origin of a page elsewhere."""
CODES = (
    "invalid_request", "invalid_token", "insufficient_scope",
    "insufficient_user_authentication", "invalid_dpop_proof", "use_dpop_nonce",
)  # fmt: skip
"""Of RFC 6750, RFC 9470 and RFC 9449."""


class NotRefused(Exception):
    """There is nothing to look at; the message says why."""


@dataclass(frozen=True, slots=True)
class Situation:
    name: str
    status: int
    error: str
    """The code of RFC 6750; empty where there should be none."""
    answer: Callable[[Subject], Answer]
    """Raises NotRefused."""


def trials(_: Subject) -> Iterator[Trial]:
    for situation in SITUATIONS:
        yield Trial(f"challenge-{situation.name}", GROUP, "must", partial(_judge, situation))
    yield Trial("challenge-cross-origin", GROUP, "advice", _cross_origin)


def _without(subject: Subject) -> Answer:
    return subject.ground.without


def _invalid(subject: Subject) -> Answer:
    """To a token that looks like one, or where no other can be had, to a made-up one, which is refused for certain."""
    try:
        answer = subject.ask(subject.mint(fault="signature-bad").text)
    except ApiError:
        return subject.ground.made_up
    return answer if _is_refusal(subject, answer) else subject.ground.made_up


def _narrow(subject: Subject) -> Answer:
    try:
        answer = subject.ask(subject.mint(fault="scope-of-login-only").text)
    except ApiError as error:
        raise NotRefused(str(error)) from error
    if _is_refusal(subject, answer):
        return answer
    raise NotRefused(f"a token without any scope of the resource was answered {answer.status}")


SITUATIONS = (
    Situation("no-token", 401, "", _without),
    Situation("invalid-token", 401, "invalid_token", _invalid),
    Situation("insufficient-scope", 403, "insufficient_scope", _narrow),
)


def _is_refusal(subject: Subject, answer: Answer) -> bool:
    return subject.recognise(answer) in (Recognition.REFUSED, Recognition.DISGUISED)


def _judge(situation: Situation, subject: Subject) -> Check:
    name = f"challenge-{situation.name}"
    try:
        answer = situation.answer(subject)
    except NotRefused as error:
        return Check(name, GROUP, "skipped", note=str(error))
    shown = (evidence.exchange(answer),)
    found = [
        Finding(kind, situation.name if kind in OF_EACH else "", detail, shown)
        for kind, detail in _mistakes(situation, subject, answer)
    ]
    note = "" if found else f"answered {answer.status}, WWW-Authenticate: {answer.header('www-authenticate')}"
    return Check(name, GROUP, "failed" if found else "passed", tuple(found), note)


OF_EACH = (
    challenge_kinds.DISGUISED, challenge_kinds.WRONG_STATUS, challenge_kinds.MISSING, challenge_kinds.MALFORMED,
    challenge_kinds.NOT_BEARER, challenge_kinds.TWICE, challenge_kinds.ERROR,
)  # fmt: skip
"""Kinds that can be met in every situation."""


def _mistakes(situation: Situation, subject: Subject, answer: Answer) -> Iterator[tuple[Kind, str]]:
    if subject.recognise(answer) is Recognition.DISGUISED:
        yield challenge_kinds.DISGUISED, f"answered {answer.status}, expected {situation.status}"
        return
    if answer.status != situation.status:
        yield challenge_kinds.WRONG_STATUS, f"answered {answer.status}, expected {situation.status}"
    if answer.status not in (401, 403):
        return
    try:
        said = challenges.parse(answer.all("www-authenticate"))
    except challenges.Malformed as error:
        yield challenge_kinds.MALFORMED, str(error)
        return
    if answer.status == 401:
        yield from _of_unauthorized(situation, subject, said)
    elif situation.status == 403:
        yield from _of_forbidden(situation, said)


def _of_unauthorized(situation: Situation, subject: Subject, said: Sequence[Challenge]) -> Iterator[tuple[Kind, str]]:
    if not said:
        yield challenge_kinds.MISSING, 'expected WWW-Authenticate: Bearer, with error="invalid_token" for a bad token'
        return
    bearer = [each.parameters for each in said if each.scheme == "bearer"]
    if not bearer:
        schemes = ", ".join(each.scheme for each in said)
        yield challenge_kinds.NOT_BEARER, f"got the scheme {schemes}, expected Bearer"
        return
    if len(bearer) > 1:
        yield challenge_kinds.TWICE, f"got {len(bearer)} challenges for Bearer, expected one"
    error = bearer[0].get("error", "")
    if situation.error:
        yield from _error(situation, error)
    else:
        if error:
            yield challenge_kinds.NO_ERROR_ASKED, f"got error={error!r}, expected none"
        found = subject.ground.metadata.members
        if subject.ground.is_mcp and found and "resource_metadata" not in bearer[0]:
            yield challenge_kinds.NO_METADATA, "expected resource_metadata with its URL"


def _of_forbidden(situation: Situation, said: Sequence[Challenge]) -> Iterator[tuple[Kind, str]]:
    bearer = next((each.parameters for each in said if each.scheme == "bearer"), {})
    if bearer:
        yield from _error(situation, bearer.get("error", ""))
    if not bearer.get("scope"):
        yield challenge_kinds.NO_SCOPE, 'expected WWW-Authenticate: Bearer error="insufficient_scope", scope="…"'


def _error(situation: Situation, error: str) -> Iterator[tuple[Kind, str]]:
    if error == situation.error:
        return
    got = f"got error={error!r}" if error else "got no error"
    if error and error not in CODES:
        got = f"{got}, which no standard of access tokens has"
    yield challenge_kinds.ERROR, f"{got}, expected error={situation.error!r}"


def _cross_origin(subject: Subject) -> Check:
    """Only a server that lets pages of other origins read its answers has to show them this header too."""
    answer = subject.ask(None, headers=(("Origin", PAGE),))
    allowed = answer.header("access-control-allow-origin")
    exposed = {name.strip().lower() for each in answer.all("access-control-expose-headers") for name in each.split(",")}
    if allowed not in (PAGE, "*") or not answer.header("www-authenticate"):
        return Check("challenge-cross-origin", GROUP, "skipped", note="no page of another origin may read its answers")
    if exposed & {"www-authenticate", "*"}:
        return Check("challenge-cross-origin", GROUP, "passed")
    detail = f"Access-Control-Allow-Origin is {allowed}, and Access-Control-Expose-Headers lacks WWW-Authenticate"
    finding = Finding(challenge_kinds.HIDDEN, "", detail, (evidence.exchange(answer),))
    return Check("challenge-cross-origin", GROUP, "failed", (finding,))
