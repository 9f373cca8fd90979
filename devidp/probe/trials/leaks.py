"""What refusals and failures tell: one look at each way in which a check of a token can end."""

from __future__ import annotations

from collections.abc import Iterator

from devidp.probe import evidence, leaks
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import Token
from devidp.probe.leak_kinds import CLAIMS, TOKEN
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding, Kind
from devidp.web.api_client import ApiError

GROUP = "leaks"
FAULTS = (
    "garbage", "segments-two", "not-base64url", "header-not-json", "header-array", "payload-not-json", "payload-null",
    "kid-unknown", "kid-number", "alg-unknown", "signature-bad", "expired", "exp-string", "exp-infinite",
    "audience-wrong", "audience-object", "issuer-wrong", "sub-number", "scope-missing", "scope-number",
)  # fmt: skip
"""Each ends another step of a check, or breaks it."""
MALFORMED = ("", "Bearer", "Bearer \u20ac\u00ff", "Basic Og==")
OF_A_TOKEN = (TOKEN, CLAIMS)
REFUSALS = (Recognition.REFUSED, Recognition.DISGUISED, Recognition.ERROR)


def trials(_: Subject) -> Iterator[Trial]:
    yield Trial("leaks", GROUP, "should", _look)


def _look(subject: Subject) -> Check:
    """Each kind is reported once, with the first answer that shows it."""
    found: dict[Kind, Finding] = {}
    seen = 0
    for sent, token, answer in _answers(subject):
        if subject.recognise(answer) not in REFUSALS:
            continue
        seen += 1
        for leak in leaks.find(answer, token.text if token else "", token.claims if token else {}):
            detail = f"{leak.shown!r} in the answer {answer.status} to {sent}"
            found.setdefault(leak.kind, Finding(leak.kind, "", detail, (evidence.exchange(answer),)))
    if found:
        return Check("leaks", GROUP, "failed", tuple(found.values()))
    return Check("leaks", GROUP, "passed", note=f"{seen} refusals tell nothing")


def _answers(subject: Subject) -> Iterator[tuple[str, Token | None, Answer]]:
    yield "a request without a token", None, subject.ground.without
    for value in MALFORMED:
        yield f"Authorization: {value}", None, subject.ask(None, authorization=(value,))
    for fault in FAULTS:
        try:
            token = subject.mint(fault=fault)
        except ApiError:
            continue  # a token of this issuer cannot have it
        yield fault, token, subject.ask(token.text)
