"""Why a target refuses a token that should be sound, and what to change."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from itertools import product
from typing import Any

from devidp.probe import mcp, recognition
from devidp.probe.diagnosis import Diagnosis, shown, text_of, url_of
from devidp.probe.issuer_side import KEYS, METADATA, STATE
from devidp.probe.metadata import challenged_scope
from devidp.probe.subject import Subject
from devidp.system.clock import machine_seconds

MAX_APART = 60
"""Seconds between two clocks that are right."""
COMPARE = (
    "Compare the token with what the target expects, letter by letter (http://127.0.0.1 is not http://localhost): "
    "issuer (--issuer), audience (--audience), scope (--scope), the header typ, at+jwt, and the clock"
)
_TYP = re.compile(r"\btyp\b")


def diagnose(subject: Subject) -> Diagnosis:
    """A sound token is not accepted."""
    sound, without = subject.ground.sound, subject.ground.without
    status = sound.status or 0
    if status >= 500:
        to = "everything" if (without.status or 0) >= 500 else "a sound token"
        why = _asked_elsewhere(subject) or _in_its_log(_never_asked(subject))
        return Diagnosis(f"it answers {status} to {to}. {why.cause}It says: {text_of(sound)}", why.remedy)
    if status == 401 or (status < 400 and not mcp.reply(sound) and _is_refusal(subject)):
        return _not_taken(subject)
    if status == 403:
        return _not_allowed(subject)
    if status < 400 or mcp.reply(sound):
        return Diagnosis(
            f"the call fails with a sound token too: {shown(sound)}",
            "Describe a call that succeeds: --tool with its arguments in --body, or --request",
        )
    method = sound.request.method if sound.request else "the call"
    return Diagnosis(
        f"{method} of {url_of(sound)} answers {shown(sound)} to a sound token",
        "Describe a call that succeeds: --method, --path, --header, --body or --request",
    )


def _is_refusal(subject: Subject) -> bool:
    """Whether none, or a made-up token, gets the same."""
    found = subject.ground
    return any(recognition.alike(found.sound, each) for each in (found.without, found.made_up))


def _not_allowed(subject: Subject) -> Diagnosis:
    wanted, had = challenged_scope(subject.ground.sound), _claim(subject, "scope")
    if wanted:
        return Diagnosis(f"it asks for the scope {wanted!r}, and the token has {had!r}", f"--scope {wanted!r}")
    return Diagnosis(
        f"it answers {shown(subject.ground.sound)} to a token with the scope {had!r}",
        "Name what the call needs: --scope, or a --user and a --client who may do it",
    )


def _not_taken(subject: Subject) -> Diagnosis:
    status = subject.ground.sound.status
    to = "everything" if subject.ground.without.status == status else "a sound token"
    said = subject.ground.sound.header("www-authenticate") or shown(subject.ground.sound)
    why = (
        _changed(subject)
        or _another_type(said)
        or _another_time(subject)
        or _asked_elsewhere(subject)
        or _never_asked(subject)
        or _another_resource(subject)
        or _keys_of(subject)
    )
    return Diagnosis(f"it answers {status} to {to}. {why.cause}It says: {said}. Tried: {_tried(subject)}", why.remedy)


def _changed(subject: Subject) -> Diagnosis | None:
    told = subject.issuer_side.changes()
    if not told:
        return None
    return Diagnosis(f"devidp was told to be wrong: {'; '.join(told)}. ", "Take it back: `devidp reset`")


def _another_type(said: str) -> Diagnosis | None:
    """The target names the header: Spring Security, for one, takes JWT alone unless it is told otherwise."""
    if not _TYP.search(said):
        return None
    return Diagnosis(
        "It does not take tokens of this typ. ",
        "Let the target take at+jwt (RFC 9068 section 4), or let devidp say JWT: access_token: {typ: JWT} at the "
        "issuer in the seed",
    )


def _another_time(subject: Subject) -> Diagnosis | None:
    """Whether the ``Date`` of the answer (RFC 9110 section 6.6.1) is another time than here."""
    try:
        ahead = parsedate_to_datetime(subject.ground.sound.header("date")).timestamp() - machine_seconds()
    except ValueError:
        return None
    if abs(ahead) < MAX_APART:
        return None
    return Diagnosis(
        f"Its clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} that of this machine. ",
        "Set both clocks by the same time server",
    )


def _asked_elsewhere(subject: Subject) -> Diagnosis | None:
    """What the event log says of an address at devidp where nothing is, most likely that of the JWK Set."""
    asked, keys = subject.issuer_side.asked(("unknown",)), subject.issuer_side.asked(KEYS)
    if not asked or (keys and max(each["at"] for each in keys) > asked[-1]["at"]):
        return None
    issuer = _claim(subject, "iss")
    return Diagnosis(
        f"{asked[-1]['asked']['path']} was asked for at devidp, and nothing is served there. ",
        f"Take the address of the JWK Set from the metadata: {subject.issuer_side.endpoint(issuer, 'jwks_uri')}",
    )


def _never_asked(subject: Subject) -> Diagnosis | None:
    """What the event log says of the target: whether it ever looked for keys."""
    issuer = _claim(subject, "iss")
    if subject.issuer_side.asked((*KEYS, *STATE)):
        return None
    if subject.issuer_side.asked(METADATA):
        return Diagnosis(
            f"The metadata of {issuer} was read and its JWK Set was not: the target stops there. ",
            f"Compare the issuer that the target is configured with, letter by letter, with {issuer}",
        )
    return Diagnosis(
        f"The target never fetched the JWK Set of {issuer}: it trusts another issuer, has keys of its own, or got them "
        "before this devidp began. ",
        f"Configure the target with the issuer {issuer} and restart it; or name the devidp that it trusts (--url)",
    )


def _in_its_log(also: Diagnosis | None) -> Diagnosis:
    """Where a target that fails says why; ``also`` is what else is known."""
    remedy = "Look into the log of the target for the exception"
    return Diagnosis(also.cause, f"{remedy}. {also.remedy}") if also else Diagnosis("", remedy)


def _keys_of(subject: Subject) -> Diagnosis:
    fetched = dict.fromkeys(event["issuer"] for event in subject.issuer_side.asked(KEYS))
    return Diagnosis(f"Keys were fetched of: {', '.join(fetched)}. " if fetched else "", COMPARE)


def _another_resource(subject: Subject) -> Diagnosis | None:
    resource, named = subject.ground.metadata.resource, subject.options.audience
    if not resource or not named or resource in named:
        return None
    return Diagnosis(
        f"Its metadata says that it is {resource}, and the tokens are for {', '.join(named)}. ",
        f"Leave --audience out, or name {resource}",
    )


def _claim(subject: Subject, name: str) -> Any:
    minted = subject.ground.minted
    return minted.claims.get(name, "") if minted else ""


def _tried(subject: Subject) -> str:
    """Issuer, audiences and scopes of the tokens, each of them once."""
    values: dict[str, list[str]] = {}
    for name, token in product(("iss", "aud", "scope"), subject.ground.tried):
        if (value := str(token.claims.get(name, ""))) and value not in values.setdefault(name, []):
            values[name].append(value)
    return "; ".join(f"{name} {' or '.join(each)}" for name, each in values.items() if each)
