"""The ground of a probe: no token is refused, a sound one is accepted. Otherwise nothing can be concluded, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from devidp.probe import call, diagnosis, mcp, metadata, recognition, stream
from devidp.probe.diagnosis import Diagnosis
from devidp.probe.exchange import Answer
from devidp.probe.issuer_side import Token
from devidp.probe.recognition import Recognition
from devidp.probe.subject import Subject
from devidp.web.api_client import ApiError

MADE_UP = "devidp-probe-made-this-up"
NO_GET = (400, 404, 405, 406, 415)
"""What a server that takes POST alone answers to GET: an MCP server, perhaps."""
MAX_ISSUERS = 5


class NoGround(Exception):
    """Nothing can be concluded."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.cause)
        self.diagnosis = diagnosis


def prepare(subject: Subject) -> None:
    """Find out how to call the target and what a sound token is; afterwards ``subject.ground`` is complete."""
    try:
        _find(subject)
        _conclude(subject)
    except NoGround as error:
        _note(subject, cause=error.diagnosis.cause, remedy=error.diagnosis.remedy)


def _note(subject: Subject, **found: Any) -> None:
    subject.ground = replace(subject.ground, **found)


def _find(subject: Subject) -> None:
    described = subject.options.call is not None
    if subject.options.tool or (not described and _looks_like_mcp(subject.url)):
        subject.call = call.initialize(subject.url)
    without = _answered(subject.ask(None), "without a token")
    _note(subject, without=without, metadata=metadata.find(subject.url, without, subject.send))
    accepted = _sound_token(subject)
    if not described:
        _choose_call(subject, accepted)
        _note(subject, without=_answered(subject.ask(None), "without a token"))
    _note(subject, made_up=_answered(subject.ask(MADE_UP), "with a made-up token"))
    _note(subject, sound=_answered(subject.sound(), "with a sound token"))


def _answered(answer: Answer, asked: str) -> Answer:
    """``answer`` where it is a whole one; raises NoGround."""
    if answer.complete:
        return answer
    raise NoGround(diagnosis.no_answer(answer, asked))


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
    if not subject.options.tool and not _looks_like_mcp(subject.url) and not _answers_like_mcp(subject, token):
        return
    answer = subject.open_session(token.text)
    if not mcp.reply(answer):
        if subject.options.tool:
            raise NoGround(diagnosis.no_mcp(answer))
        return
    _note(subject, is_mcp=True)
    tool = subject.options.tool
    if tool is None:
        subject.call = call.tools_list(subject.url)
        return
    offered = mcp.tool_names(subject.ask(token.text, call=call.tools_list(subject.url)))
    if offered and tool not in offered:
        raise NoGround(diagnosis.no_tool(tool, offered))
    subject.call = call.tools_call(subject.url, tool, subject.options.arguments)


def _sound_token(subject: Subject) -> Token:
    """The first token that the target takes, or the last one tried; ``ground.token`` says what it has."""
    refusals: list[str] = []
    tried: dict[object, Token] = {}
    for candidate in _candidates(subject):
        try:
            minted, parameters = _minted(subject, candidate)
        except ApiError as error:
            refusals.append(str(error))
            continue
        # of an opaque one nobody can tell
        alike = (minted.claims.get("iss"), minted.audience) if minted.claims else minted.text
        if alike in tried:
            continue
        tried[alike] = minted
        _note(subject, token=parameters, minted=minted, tried=tuple(tried.values()))
        if _is_taken(subject, minted):
            return subject.ground.minted or minted
    if not tried:
        raise NoGround(diagnosis.no_token(subject.ground.metadata, refusals))
    return list(tried.values())[-1]


def _is_taken(subject: Subject, minted: Token) -> bool:
    """Whether the target takes it for a token, if need be with the scopes that it asks for then."""
    answer = _answered(subject.ask(minted.text), "with a sound token")
    wanted = metadata.challenged_scope(answer)
    if answer.status == 403 and wanted and subject.options.scope is None:
        parameters = {**subject.ground.token, "scope": wanted, "free": True}
        _note(subject, token=parameters, minted=subject.issuer_side.mint(**parameters))
    return answer.status not in (401, 403) or bool(wanted)


def _candidates(subject: Subject) -> Iterator[Mapping[str, Any]]:
    """Parameters of tokens that may be sound: what was said, else what the metadata says, else what is likely."""
    options, found = subject.options, subject.ground.metadata
    scope = options.scope
    if scope is None:
        scope = metadata.challenged_scope(subject.ground.without) or " ".join(found.scopes) or None
    common = {"client": options.client, "user": options.user, "scope": scope}
    issuers = (options.issuer,) if options.issuer else found.issuers[:MAX_ISSUERS] or (None,)
    for issuer in issuers:
        for audience in _audiences(subject):
            wanted = {**common, "issuer": issuer, "audience": audience}
            yield {name: value for name, value in wanted.items() if value is not None}


def _audiences(subject: Subject) -> Iterator[list[str] | None]:
    if subject.options.audience:
        yield list(subject.options.audience)
        return
    if subject.ground.metadata.resource:
        yield [subject.ground.metadata.resource]
        return
    yield None
    parts = urlsplit(subject.url)._replace(query="", fragment="")
    origin = parts._replace(path="").geturl()
    yield from ([each] for each in dict.fromkeys((parts.geturl(), origin, f"{origin}/")))


def _minted(subject: Subject, parameters: Mapping[str, Any]) -> tuple[Token, Mapping[str, Any]]:
    """A token as a flow would give it, else one that is free of what the seed allows; raises ApiError."""
    try:
        return subject.issuer_side.mint(**parameters), parameters
    except ApiError:
        free = {**parameters, "free": True}
        return subject.issuer_side.mint(**free), free


def _conclude(subject: Subject) -> None:
    """Raises NoGround unless the sound token is accepted, and another is not."""
    if not is_success(subject.ground.sound):
        raise NoGround(diagnosis.sound_refused(subject))
    if is_open(subject):
        raise NoGround(diagnosis.everybody(subject.ground.without))
    if lets_in(subject, subject.ground.made_up):
        raise NoGround(diagnosis.any_text())


def is_success(answer: Answer) -> bool:
    return answer.complete and answer.status is not None and answer.status < 400 and not recognition.says_error(answer)


def is_open(subject: Subject) -> bool:
    """Whether the target lets everybody in."""
    return lets_in(subject, subject.ground.without) and lets_in(subject, subject.ground.made_up)


def lets_in(subject: Subject, answer: Answer) -> bool:
    return subject.recognise(answer) is Recognition.ACCEPTED
