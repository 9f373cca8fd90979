"""Why nothing can be concluded of a target, and what to change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from devidp.oauth.suggestion import did_you_mean
from devidp.probe import mcp
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import KEYS, METADATA, STATE
from devidp.probe.metadata import Metadata, challenged_scope
from devidp.probe.subject import Subject

_TYP = re.compile(r"\btyp\b")
SHOWN = 300
"""Characters of an answer."""
MAX_TOOLS = 30
COMPARE = (
    "Compare the token with what the target expects: issuer (--issuer), audience (--audience), scope (--scope), the "
    "header typ, at+jwt, and the clock; `devidp token --json` shows it"
)


class Diagnosis(NamedTuple):
    cause: str
    remedy: str


class NoGround(Exception):
    """Nothing can be concluded."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.cause)
        self.diagnosis = diagnosis


PROBLEMS = {
    "refused": Diagnosis("nothing listens there", "Start the target, or correct the URL"),
    "timeout": Diagnosis(
        "it does not answer in time", "Look at what it waits for, or give it more time with --timeout"
    ),
    "dropped": Diagnosis("it ends the connection without a whole answer", "Look into the log of the target"),
    "endless": Diagnosis(
        "its answer never ends", "Describe a call with an answer that ends: --method, --path, --request"
    ),
    "malformed": Diagnosis("what it answers is not HTTP", "Name the address of an HTTP server"),
}


def answered(answer: Answer, asked: str) -> Answer:
    """``answer`` to a call ``asked`` in this way, where it is a whole one; raises NoGround."""
    if answer.complete:
        return answer
    raise NoGround(no_answer(answer, asked))


def no_answer(answer: Answer, asked: str) -> Diagnosis:
    """No whole answer to a call ``asked`` in this way."""
    why, remedy = PROBLEMS[answer.problem or "refused"]
    return Diagnosis(f"{_url(answer)} was asked {asked}, and {why}", remedy)


def no_token(found: Metadata, refusals: Sequence[str]) -> Diagnosis:
    """No token of this devidp is what the target expects."""
    why = refusals[-1] if refusals else "devidp minted none"
    if found.issuers and refusals:
        return Diagnosis(
            f"the target trusts {', '.join(found.issuers)}, and this devidp has no token of it: {why}",
            "Point the target at an issuer of this devidp, or the probe at the devidp that it trusts (--url, "
            "--port); --issuer names another one",
        )
    return Diagnosis(
        f"devidp has no sound token for it: {why}",
        "Name what is missing: --issuer, --audience, --scope, --client",
    )


def no_mcp(answer: Answer) -> Diagnosis:
    return Diagnosis(
        f"tools are those of an MCP server, and {_url(answer)} answers {_shown(answer)} to initialize",
        "Correct the URL, or describe the call with --method, --path and --body in place of its tools",
    )


def no_tool(name: str, offered: Sequence[str]) -> Diagnosis:
    listed = ", ".join(offered[:MAX_TOOLS]) + (", …" if len(offered) > MAX_TOOLS else "")
    return Diagnosis(
        f"got the tool {name!r}, expected one that tools/list has for this token: {listed}",
        did_you_mean(name, offered, "Did you mean --tool {}?") or "Name one of these with --tool, or more with --scope",
    )


def everybody(without: Answer) -> Diagnosis:
    return Diagnosis(
        f"it answers {without.status} to everything: without a token, and with a made-up one, as with a sound one",
        "Put the check of the token in front of this call; if it is public on purpose, name a protected one: "
        "--path, --tool, --request",
    )


def any_text() -> Diagnosis:
    return Diagnosis(
        "it takes any text for a token: a made-up one gets what a sound one gets",
        "Verify the signature, the issuer, the audience and the time of every token",
    )


def sound_refused(subject: Subject) -> Diagnosis:
    """A sound token is not accepted."""
    sound, without = subject.ground.sound, subject.ground.without
    status = sound.status or 0
    if status >= 500:
        to = "everything" if (without.status or 0) >= 500 else "a sound token"
        return Diagnosis(
            f"it answers {status} to {to}: {_text(sound)}", "Look into the log of the target for the exception"
        )
    if status == 401:
        return _not_taken(subject)
    if status == 403:
        return _not_allowed(subject)
    if status < 400 or mcp.reply(sound):
        return Diagnosis(
            f"the call fails with a sound token too: {_shown(sound)}",
            "Describe a call that succeeds: --tool with its arguments in --body, or --request",
        )
    method = sound.request.method if sound.request else "the call"
    return Diagnosis(
        f"{method} of {_url(sound)} answers {_shown(sound)} to a sound token",
        "Describe a call that succeeds: --method, --path, --header, --body or --request",
    )


def _not_allowed(subject: Subject) -> Diagnosis:
    wanted, had = challenged_scope(subject.ground.sound), _claim(subject, "scope")
    if wanted:
        return Diagnosis(f"it asks for the scope {wanted!r}, and the token has {had!r}", f"--scope {wanted!r}")
    return Diagnosis(
        f"it answers {_shown(subject.ground.sound)} to a token with the scope {had!r}",
        "Name what the call needs: --scope, or a --user and a --client who may do it",
    )


def _not_taken(subject: Subject) -> Diagnosis:
    to = "everything" if subject.ground.without.status == 401 else "a sound token"
    said = subject.ground.sound.header("www-authenticate") or _shown(subject.ground.sound)
    tried = "; ".join(_described(token.claims) for token in subject.ground.tried)
    why = (
        _changed(subject)
        or _another_type(said)
        or _never_asked(subject)
        or _another_resource(subject)
        or _keys_of(subject)
    )
    return Diagnosis(f"it answers 401 to {to}. {why.cause}It says: {said}. Tried: {tried}", why.remedy)


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


def _described(claims: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {claims[name]}" for name in ("iss", "aud", "scope") if name in claims)


def _url(answer: Answer) -> str:
    return answer.request.url if answer.request else "the target"


def _shown(answer: Answer) -> str:
    return f"{answer.status} {_text(answer)}".rstrip()


def _text(answer: Answer) -> str:
    return " ".join(answer.text.split())[:SHOWN]
