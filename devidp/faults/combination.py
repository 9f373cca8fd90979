"""Several faults in one token: each is there to be seen, or the combination is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from devidp.faults.case import Case
from devidp.faults.refusal import MintRefused
from devidp.faults.registry import Fault
from devidp.keys.tokens import Draft
from devidp.oauth import base64url
from devidp.oauth.errors import quoted

KEY = "key"
_ABSENT = object()


def spoil(case: Case, faults: Sequence[Fault]) -> Draft | str:
    """The draft with every one of ``faults``; raises MintRefused where one does not apply, or hides another.

    Faults of a draft come first, each in parts that no other has changed; one fault of the finished token comes last.
    """
    return spoil_and_tell(case, faults)[0]


def spoil_and_tell(case: Case, faults: Sequence[Fault]) -> tuple[Draft | str, Mapping[str, Fault]]:
    """The same, and the fault of each part that is wrong: ``claims.exp``, ``header.kid``, ``key``, ``signature``."""
    changed: dict[str, Fault] = {}
    final: Fault | None = None
    token = ""
    for place, fault in enumerate(faults):
        if fault in faults[:place]:
            raise MintRefused(f"{quoted(fault.name)} cannot be in one token twice", remedy="Name it once")
        case = replace(case, fault=fault.name)
        if case.draft.opaque and fault.evidence == "token":
            raise case.not_applicable(
                "it shows in a JWT, and this access token is opaque",
                "Choose one that introspection shows, such as revoked, or set 'access_token_format: jwt' in the seed",
            )
        result = fault.spoil(case)
        if isinstance(result, str):
            if final is not None:
                raise _conflict(final, fault, "the finished token")
            final, token = fault, result
            continue
        parts = _differences(case.draft, result)
        if not parts and fault.evidence == "token":
            raise case.not_applicable("it changes nothing in this token", "Choose another fault, or another token_type")
        for part in parts:
            if part in changed:
                raise _conflict(changed[part], fault, part)
            changed[part] = fault
        case = replace(case, draft=result)
    if final is None:
        return case.draft, changed
    token = token if not changed else _finish(case, final, changed)
    return token, changed | dict.fromkeys(_parts_of_token(case.draft, token), final)


def _parts_of_token(draft: Draft, token: str) -> Iterator[str]:
    """In what a finished token differs from what would be signed."""
    wanted, shown = _members(draft), dict(_members_of_token(token))
    differing = [part for part in {**wanted, **shown} if wanted.get(part, _ABSENT) != shown.get(part, _ABSENT)]
    unreadable = [each for each in ("header", "claims") if not any(part.startswith(f"{each}.") for part in shown)]
    yield from unreadable
    yield from (part for part in differing if part.partition(".")[0] not in unreadable)
    if not differing:
        yield "signature"


def _finish(case: Case, final: Fault, changed: dict[str, Fault]) -> str:
    """The token with ``final``; raises MintRefused where it hides what the draft has ``changed``."""
    result = final.spoil(case)
    assert isinstance(result, str)
    shown = dict(_members_of_token(result))
    wanted = _members(case.draft)
    for part, fault in changed.items():
        if part == KEY or shown.get(part, _ABSENT) != wanted.get(part, _ABSENT):
            raise _conflict(fault, final, part)
    return result


def _differences(before: Draft, after: Draft) -> tuple[str, ...]:
    """The parts of a draft that differ: ``header.kid``, ``claims.exp``, the key."""
    one, other = _members(before), _members(after)
    parts = tuple(name for name in {**one, **other} if one.get(name, _ABSENT) != other.get(name, _ABSENT))
    return parts if before.key is after.key else (*parts, KEY)


def _members(draft: Draft) -> dict[str, Any]:
    header = {f"header.{name}": value for name, value in draft.header.items()}
    return header | {f"claims.{name}": value for name, value in draft.claims.items()}


def _members_of_token(token: str) -> Iterator[tuple[str, Any]]:
    for part, segment in zip(("header", "claims"), token.split("."), strict=False):
        try:
            found = json.loads(base64url.decode(segment))
        except ValueError:
            continue
        if isinstance(found, dict):
            yield from ((f"{part}.{name}", value) for name, value in found.items())


def _conflict(one: Fault, other: Fault, part: str) -> MintRefused:
    what = "the key" if part == KEY else part
    return MintRefused(
        f"{quoted(one.name)} and {quoted(other.name)} cannot be in one token: both change {what}",
        remedy="Leave one of them out, or make two tokens",
    )
