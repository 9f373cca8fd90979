"""The Authorization header, written in other ways: malformed, twice, under other schemes (RFC 9110 section 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from devidp.probe import credential_kinds
from devidp.probe.credential_kinds import LENIENT, NO_TOKEN, SCHEME
from devidp.probe.exchange import Answer
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.probe.trial import Level, Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check, Kind

GROUP = "headers"
REFUSED = "expected a refusal: 400 or 401"
ACCEPTED = "expected what the same token gets behind Bearer"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write the header; ``{}`` stands for a sound token."""

    name: str
    value: str
    kind: Kind | None
    """What it means that this is accepted; ``None`` where either is right, and only a failure is wrong."""
    level: Level = "should"


VARIANTS = (
    Variant("header-empty", "", NO_TOKEN, "must"),
    Variant("header-bare", "Bearer", NO_TOKEN, "must"),
    Variant("header-null", "Bearer null", NO_TOKEN, "must"),
    Variant("header-undefined", "Bearer undefined", NO_TOKEN, "must"),
    Variant("header-only-comma", "Bearer ,", NO_TOKEN, "must"),
    Variant("header-two-spaces", "Bearer  {}", None),  # 1*SP, and few servers know it
    Variant("header-tab", "Bearer\t{}", None),
    Variant("header-trailing-word", "Bearer {} more", LENIENT),
    Variant("header-trailing-comma", "Bearer {},", LENIENT),
    Variant("header-comma-list", "Bearer {0}, Bearer {0}", LENIENT),
    Variant("header-semicolon", "Bearer {}; charset=utf-8", LENIENT),
    Variant("header-quoted", 'Bearer "{}"', LENIENT),
    Variant("header-named", "Bearer token={}", LENIENT),
    Variant("header-doubled-scheme", "Bearer Bearer {}", LENIENT),
    Variant("header-colon", "Bearer: {}", LENIENT),
    Variant("header-no-space", "Bearer{}", LENIENT),
    Variant("header-no-scheme", "{}", LENIENT),
    Variant("header-longer-scheme", "XBearer {}", SCHEME),
    Variant("header-scheme-token", "Token {}", SCHEME),
    Variant("header-scheme-jwt", "JWT {}", SCHEME),
    Variant("header-scheme-basic", "Basic {}", SCHEME, "must"),
    Variant("header-scheme-dpop", "DPoP {}", SCHEME, "must"),
    Variant("header-non-ascii", "Bearer {}\u00e9", LENIENT),
    Variant("header-only-non-ascii", "Bearer \u20ac\u00ff\u0142", NO_TOKEN, "must"),
    Variant("header-null-byte", "Bearer {}\x00", LENIENT),
    Variant("header-long", f"Bearer {'a' * 6000}", NO_TOKEN, "must"),
    Variant("header-many-dots", f"Bearer {'a.' * 3000}", NO_TOKEN, "must"),
)
CLOSING = ("header-null-byte",)
"""A server may also close the connection."""
CASES = {"header-lower-case": "bearer", "header-upper-case": "BEARER"}


def trials(_: Subject) -> Iterator[Trial]:
    for variant in VARIANTS:
        yield Trial(variant.name, GROUP, variant.level, partial(_try, variant))
    yield Trial("header-percent-encoded", GROUP, "should", _percent_encoded)
    for name, scheme in CASES.items():
        yield Trial(name, GROUP, "must", partial(_case, name, scheme))
    yield Trial("header-twice", GROUP, "should", _twice)


def _try(variant: Variant, subject: Subject) -> Check:
    return _judge(variant, subject, variant.value.format(subject.mint().text))


def _percent_encoded(subject: Subject) -> Check:
    token = subject.mint().text
    encoded = f"%{ord(token[0]):02X}{token[1:]}"
    return _judge(Variant("header-percent-encoded", "", LENIENT), subject, f"Bearer {encoded}")


def _judge(variant: Variant, subject: Subject, value: str) -> Check:
    answer = subject.ask(None, authorization=(value,))
    if _fails_at_anything(subject, answer):
        return Check(variant.name, GROUP, "inconclusive", note=f"answered {answer.status}, as to any text for a token")
    if variant.name in CLOSING and answer.problem == "dropped":
        return check(variant.name, GROUP, answer, note="the connection was closed")
    if variant.kind is None:
        return check(variant.name, GROUP, answer, broken(subject, variant.name, answer, "expected any other answer"))
    if _accepts(subject, answer):
        return check(variant.name, GROUP, answer, found(variant.kind, variant.name, answer, REFUSED))
    return check(variant.name, GROUP, answer, broken(subject, variant.name, answer, REFUSED))


def _case(name: str, scheme: str, subject: Subject) -> Check:
    answer = subject.ask(subject.mint().text, scheme=scheme)
    if _accepts(subject, answer):
        return check(name, GROUP, answer)
    failure = broken(subject, name, answer, ACCEPTED)
    return check(name, GROUP, answer, failure or found(credential_kinds.SCHEME_CASE, name, answer, ACCEPTED))


def _twice(subject: Subject) -> Check:
    """Two headers: nobody has to refuse them, but a server that takes any good one can be led astray."""
    name = "header-twice"
    good, bad = f"Bearer {subject.mint().text}", f"Bearer {subject.mint().text}x"
    one = subject.ask(None, authorization=(good, bad))
    other = subject.ask(None, authorization=(bad, good))
    both = subject.ask(None, authorization=(good, good))
    if _fails_at_anything(subject, one) or _fails_at_anything(subject, other):
        return Check(name, GROUP, "inconclusive", note=f"answered {one.status}, as to any text for a token")
    failures = [broken(subject, name, each, REFUSED) for each in (one, other, both)]
    if failure := next(filter(None, failures), None):
        return check(name, GROUP, one, failure)
    taken = {"first": _accepts(subject, one), "last": _accepts(subject, other)}
    if all(taken.values()):
        return check(name, GROUP, one, found(credential_kinds.ANY_OF_TWO, "", other, "expected 400"))
    which = next((f"the {name} one is taken" for name, yes in taken.items() if yes), "refused")
    return check(name, GROUP, one, note=f"two headers: {which}")


def _fails_at_anything(subject: Subject, answer: Answer) -> bool:
    """Then it is the fault ``garbage`` that fails, and says so once."""
    usual = subject.recognise(subject.ground.made_up)
    return usual is Recognition.ERROR and subject.recognise(answer) is usual


def _accepts(subject: Subject, answer: Answer) -> bool:
    return subject.recognise(answer) is Recognition.ACCEPTED
