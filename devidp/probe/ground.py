"""The ground of a probe: no token is refused, a sound one is accepted. Otherwise nothing can be concluded, and why."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.probe import call, diagnosis, mcp, metadata, refused_token, sound_token, stream
from devidp.probe.call import Call
from devidp.probe.diagnosis import NoGround, answered
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import STATE, Token
from devidp.probe.recognition import Recognition, is_success
from devidp.probe.subject import NOT_ASKED, Subject

MADE_UP = "devidp-probe-made-this-up"
NO_GET = (400, 404, 405, 406, 415)
"""What a server that takes POST alone answers to GET: an MCP server, perhaps."""


def prepare(subject: Subject) -> None:
    """Find out how to call the target and what a sound token is; afterwards ``subject.ground`` is complete."""
    try:
        _find(subject)
        _conclude(subject)
    except NoGround as error:
        subject.note(cause=error.diagnosis.cause, remedy=error.diagnosis.remedy)


def _find(subject: Subject) -> None:
    described = subject.options.call is not None
    if subject.options.needs_mcp or (not described and _looks_like_mcp(subject.url)):
        subject.call = call.initialize(subject.url)
    without = answered(subject.ask(None), "without a token")
    subject.note(without=without, metadata=metadata.find(subject.url, without, subject.send))
    accepted = sound_token.find(subject)
    if not described:
        _choose_call(subject, accepted)
        _leave_session_that_is_enough(subject)
        subject.note(without=answered(subject.ask(None), "without a token"))
    subject.note(made_up=answered(subject.ask(MADE_UP), "with a made-up token"))
    before = subject.issuer_side.cursor()
    subject.note(sound=answered(subject.sound(), "with a sound token"))
    subject.note(introspects=bool(subject.issuer_side.asked(STATE, before)))


def _looks_like_mcp(url: str) -> bool:
    return "mcp" in urlsplit(url).path.lower().replace("-", "/").split("/")


def _answers_like_mcp(subject: Subject, token: Token) -> bool:
    """Whether GET gets what an MCP server says to it: no, or an endless stream (Streamable HTTP)."""
    answer = subject.ask(token.text)
    if answer.status in NO_GET:
        return bool(subject.ground.metadata.members or mcp.reply(answer))
    return stream.is_stream(answer.media_type) and bool(subject.ground.metadata.members)


def _choose_call(subject: Subject, token: Token) -> None:
    """An MCP server is greeted and asked for its tools; anything else is asked with GET."""
    if not subject.options.needs_mcp and not _looks_like_mcp(subject.url) and not _answers_like_mcp(subject, token):
        return
    answer = subject.open_session(token.text)
    if not mcp.reply(answer):
        if subject.options.needs_mcp:
            raise NoGround(diagnosis.no_mcp(answer))
        subject.call = Call(subject.url)
        return
    subject.note(is_mcp=True)
    tool = subject.options.tool
    if tool is None:
        subject.call = call.tools_list(subject.url)
        return
    offered = mcp.tool_names(subject.ask(token.text, call=call.tools_list(subject.url)))
    if offered and tool not in offered:
        raise NoGround(diagnosis.no_tool(tool, offered))
    subject.call = call.tools_call(subject.url, tool, subject.options.arguments)


def _leave_session_that_is_enough(subject: Subject) -> None:
    """A server that looks at the token in the greeting alone is judged by that."""
    alone = subject.ask(None) if subject.session else NOT_ASKED
    if not _has_result(alone):
        return
    greeting = call.initialize(subject.url)
    if not _has_result(subject.send(greeting.request())):
        subject.note(session_alone=alone)
        subject.leave_session()
        subject.call = greeting


def _has_result(answer: Answer) -> bool:
    return is_success(answer) and bool(mcp.reply(answer).get("result"))


def _conclude(subject: Subject) -> None:
    """Raises NoGround unless the sound token is accepted, and another is not."""
    if not is_success(subject.ground.sound):
        raise NoGround(refused_token.diagnose(subject))
    if is_open(subject):
        raise NoGround(diagnosis.everybody(subject.ground.sound))
    if lets_in(subject, subject.ground.made_up):
        raise NoGround(diagnosis.any_text())


def is_open(subject: Subject) -> bool:
    """Whether the target lets everybody in."""
    return lets_in(subject, subject.ground.without) and lets_in(subject, subject.ground.made_up)


def lets_in(subject: Subject, answer: Answer) -> bool:
    return subject.recognise(answer) is Recognition.ACCEPTED
