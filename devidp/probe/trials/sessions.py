"""The session of an MCP server is no login: each request has to carry a token, and that of the session's user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from devidp.probe import call, mcp, stream
from devidp.probe.call import Call
from devidp.probe.exchange import Answer
from devidp.probe.ground import MADE_UP
from devidp.probe.session_kinds import FOR_TOKEN, OPEN_CALL, SHARED, STREAM
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.verdict import check, found
from devidp.report import Check

GROUP = "sessions"
EXPECTED = "expected 401"
SECONDS = 2.0
"""A stream that is refused is refused at once; one that is opened may never say anything."""
NO_SESSIONS = "the server opens no sessions"
NO_TOOL = "devidp-probe-no-such-tool"
NO_TOKENS = (), (f"Bearer {MADE_UP}",)
OTHER_USER = {"sub": "devidp-probe-other"}


def trials(_: Subject) -> Iterator[Trial]:
    yield Trial("session-without-token", GROUP, "must", _without_token)
    yield Trial("session-stream", GROUP, "must", _stream)
    yield Trial("session-tools-call", GROUP, "must", _call)
    yield Trial("session-of-another-user", GROUP, "should", _of_another)


def _without_token(subject: Subject) -> Check:
    """The ground has tried it already."""
    name, alone = "session-without-token", subject.ground.session_alone
    if alone.status is not None:
        return check(name, GROUP, alone, found(FOR_TOKEN, "", alone, EXPECTED))
    if not subject.session:
        return Check(name, GROUP, "skipped", note=NO_SESSIONS)
    return check(name, GROUP, subject.ground.without)


def _stream(subject: Subject) -> Check:
    name, listen = "session-stream", Call(subject.url, "GET", (("Accept", stream.MEDIA_TYPE),))
    if not subject.ground.is_mcp:
        return Check(name, GROUP, "skipped", note=mcp.NONE)
    for credentials in NO_TOKENS:
        answer = subject.ask(None, call=listen, authorization=credentials, seconds=min(SECONDS, subject.seconds))
        if answer.status == 200 and stream.is_stream(answer.media_type):
            return check(name, GROUP, answer, found(STREAM, "", answer, EXPECTED))
    return check(name, GROUP, answer)


def _call(subject: Subject) -> Check:
    """No tool is called: whether the server has looked for one of this name shows what it has not looked at before."""
    name, asked = "session-tools-call", call.tools_call(subject.url, NO_TOOL, {})
    if not subject.ground.is_mcp:
        return Check(name, GROUP, "skipped", note=mcp.NONE)
    sound = subject.sound(asked)
    if _said(sound) in ({}, _said(subject.ground.without)):
        return Check(
            name, GROUP, "skipped", note=f"answered {sound.status} to a sound token for a tool that is not there"
        )
    for credentials in NO_TOKENS:
        answer = subject.ask(None, call=asked, authorization=credentials)
        if answer.status == sound.status and _said(answer) == _said(sound):
            return check(name, GROUP, answer, found(OPEN_CALL, "", answer, EXPECTED))
    return check(name, GROUP, answer)


def _said(answer: Answer) -> dict[str, Any]:
    """The outcome in the response of JSON-RPC; empty where there is none."""
    return {name: value for name, value in mcp.reply(answer).items() if name in ("result", "error")}


def _of_another(subject: Subject) -> Check:
    """Only a server that looks at the session, and lets the other user open one, has two to tell apart."""
    name = "session-of-another-user"
    if not subject.session:
        return Check(name, GROUP, "skipped", note=NO_SESSIONS)
    other = subject.mint(user=OTHER_USER, free=True).text
    theirs, greeting = mcp.greet(subject.url, other, subject.send)
    if not mcp.reply(greeting).get("result"):
        return Check(name, GROUP, "skipped", note=f"the server answers {greeting.status} to a user it does not know")
    made_up = (*(each for each in theirs if each[0] != mcp.SESSION), (mcp.SESSION, MADE_UP))
    elsewhere = subject.call.sending(*made_up).request((f"Bearer {other}",))
    if subject.is_sound(subject.send(elsewhere)):
        return Check(name, GROUP, "skipped", note="the server does not look at the id of a session")
    answer = subject.ask(other)
    shared = found(SHARED, "", answer, "expected 403 or 404") if subject.is_sound(answer) else None
    return check(name, GROUP, answer, shared)
