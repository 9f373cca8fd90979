"""Header and claims one by one: what each says, whether that is right, and by which section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from devidp.faults.decoding import meanings
from devidp.faults.decoding.findings import words
from devidp.faults.decoding.meanings import DATES, Meaning
from devidp.faults.decoding.parts import Finding
from devidp.oauth.numeric_date import is_date

Standing = Literal["right", "wrong", "missing", "unchecked"]
_PHRASES = {
    "iat": ("issued {} ago", "to be issued in {}"),
    "nbf": ("valid since {} ago", "valid in {}"),
    "exp": ("expired {} ago", "expires in {}"),
    "auth_time": ("logged in {} ago", "to log in in {}"),
    "updated_at": ("changed {} ago", "to be changed in {}"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the header or the claims."""

    name: str
    standing: Standing
    """``unchecked``: nothing here can tell whether it is as it should be."""
    meaning: str
    """Empty for a name that no specification here has."""
    section: str
    age: str
    """``expires in 59 minutes``; empty for what is no time."""
    findings: tuple[Finding, ...] = ()


def of_header(header: Mapping[str, Any], found: Sequence[Finding], right: Sequence[str]) -> tuple[Member, ...]:
    """Every parameter, and those that are missing; ``right`` are those that were checked."""
    return tuple(_members(header, found, right, meanings.header, lambda name, value: ""))


def of_claims(
    claims: Mapping[str, Any], found: Sequence[Finding], right: Sequence[str], now: float
) -> tuple[Member, ...]:
    """Every claim, and those that are missing."""
    return tuple(_members(claims, found, right, meanings.claim, lambda name, value: age(name, value, now)))


def age(name: str, value: object, now: float) -> str:
    """A time in words; empty for a claim that is none."""
    if name not in DATES or value is None or not is_date(value):
        return ""
    assert isinstance(value, int | float)
    past, future = _PHRASES[name]
    return past.format(words(now - value)) if value <= now else future.format(words(value - now))


def _members(
    said: Mapping[str, Any],
    found: Sequence[Finding],
    right: Sequence[str],
    meaning: Callable[[str], Meaning | None],
    age_of: Callable[[str, Any], str],
) -> Iterator[Member]:
    absent = dict.fromkeys(each.part for each in found if each.part not in said)
    for name in (*said, *absent):
        wrong = tuple(each for each in found if each.part == name)
        text, section = meaning(name) or ("", "")
        standing: Standing = "missing" if name in absent else "right" if name in right else "unchecked"
        aged = "" if name in absent else age_of(name, said[name])
        yield Member(name, "wrong" if wrong and name in said else standing, text, section, aged, wrong)
