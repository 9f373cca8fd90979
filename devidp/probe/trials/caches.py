"""What a target remembers of a token: a forged one must not get in because it, or a sound one like it, was seen."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import partial

from devidp.probe.access_kinds import CACHED, SECOND_TIME
from devidp.probe.issuer_side import Token
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import check, found
from devidp.report import Check

GROUP = "caches"
EXPECTED = "expected 401"
OPAQUE = "the tokens are opaque: nobody can forge one that has something in common with a sound one"
FORGED_ANYWAY = "a forged token gets in without that: see the group signature"
Forge = Callable[[Subject, Token], str]


def trials(_: Subject) -> Iterator[Trial]:
    for name, forge in FORGERIES.items():
        yield Trial(name, GROUP, "must", partial(_try, name, forge))


def _another_signature(subject: Subject, sound: Token) -> str:
    """All of the sound token but its signature."""
    return _joined(sound.text, _of_another_key(subject))


def _other_content(subject: Subject, sound: Token) -> str:
    """Nothing of the sound token but its signature."""
    return _joined(_of_another_key(subject), sound.text)


def _joined(content: str, signature: str) -> str:
    return f"{content.rpartition('.')[0]}.{signature.rpartition('.')[2]}"


def _of_another_key(subject: Subject) -> str:
    """A token that is like no other, though those of one second may be the same."""
    return subject.mint(key="foreign", claims={"devidp_probe": secrets.token_hex(8)}, free=True).text


def _another_key(subject: Subject, sound: Token) -> str:
    """What the sound token says, its ``jti`` included, signed by somebody else."""
    same = {"jti": sound.claims["jti"]} if "jti" in sound.claims else {}
    return subject.mint(key="foreign", claims=same, free=True).text


FORGERIES: dict[str, Forge] = {
    "cached-content": _another_signature,
    "cached-signature": _other_content,
    "cached-claims": _another_key,
}


def _try(name: str, forge: Forge, subject: Subject) -> Check:
    sound = subject.mint()
    if not sound.claims:
        return Check(name, GROUP, "skipped", note=OPAQUE)
    forged = forge(subject, sound)
    if subject.is_sound(subject.ask(forged)):
        return Check(name, GROUP, "inconclusive", note=FORGED_ANYWAY)
    again = subject.ask(forged)
    if subject.is_sound(again):
        return check(name, GROUP, again, found(SECOND_TIME, name, again, EXPECTED))
    subject.ask(sound.text)
    afterwards = subject.ask(forged)
    known = found(CACHED, name, afterwards, EXPECTED) if subject.is_sound(afterwards) else None
    return check(name, GROUP, afterwards, known)
