"""What an answer means: whether the token was accepted, also where a refusal looks like a success."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from devidp.probe import stream
from devidp.probe.exchange import Answer

HTML = "text/html"
OF_ERRORS = {"error", "error_description", "error_uri", "message", "detail", "details", "code", "status", "success"}
"""Members of a JSON object that says that something failed, and has nothing else."""
OF_REFUSALS = OF_ERRORS | {"errors", "error_code", "msg", "reason", "title", "login", "login_url", "redirect", "ok"}
"""Members of which an object has one where it refuses: an answer without is a success with another content."""
_NONCE = re.compile(r"[\w+/=.-]{16,}")
"""What a page makes anew each time, such as a token against forged requests."""
ALIKE = 0.9
"""The share of words that two pages have in common, to be the same one."""


class Recognition(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """With a status that says so."""
    DISGUISED = "disguised"
    """A refusal with a status of success or a redirect: an error of JSON-RPC or GraphQL, a login page."""
    ERROR = "error"
    """The server failed: 5xx."""
    NOTHING = "nothing"
    """No answer, or none that ends."""


def of(answer: Answer, sound: Answer, refusals: tuple[Answer, ...] = ()) -> Recognition:
    """``sound`` is what a good token gets, ``refusals`` what none and a made-up one get."""
    if answer.status is None or answer.problem:
        return Recognition.NOTHING
    if answer.status >= 500:
        return Recognition.ERROR
    if answer.status >= 400:
        return Recognition.REFUSED
    if answer.status >= 300:
        return Recognition.ACCEPTED if _like_redirect(answer, sound, refusals) else Recognition.DISGUISED
    return Recognition.DISGUISED if _is_disguised(answer, sound, refusals) else Recognition.ACCEPTED


def is_success(answer: Answer) -> bool:
    """Whether it looks like one, with nothing to compare it with."""
    return answer.complete and answer.status is not None and 200 <= answer.status < 400 and not says_error(answer)


def says_error(answer: Answer) -> bool:
    """Whether the body is an error of JSON-RPC, of an MCP tool, of GraphQL without data, or nothing but an error."""
    for message in _objects(answer):
        result = message.get("result")
        if "error" in message and "jsonrpc" in message and "result" not in message:
            return True
        if message.get("error") and message.keys() <= OF_ERRORS:
            return True
        if isinstance(result, dict) and result.get("isError") is True:
            return True
        if isinstance(message.get("errors"), list) and message["errors"] and not _has_data(message.get("data")):
            return True
    return False


def _is_disguised(answer: Answer, sound: Answer, refusals: tuple[Answer, ...]) -> bool:
    if says_error(answer) != says_error(sound):
        return says_error(answer)
    if answer.media_type == HTML and sound.media_type != HTML:
        return True
    # two that are alike show what a refusal looks like; one alone may be a success with another value
    known = [each for each in refusals if each is not answer and not alike(each, sound)]
    if any(each.status == answer.status and alike(answer, each) for each in known):
        return True
    mine, good = set(_members(answer)), set(_members(sound))
    # nothing in common is not enough: the members may be ids, and an answer may leave out what it has not
    return bool(good) and not mine & good and bool(mine & OF_REFUSALS)


def alike(one: Answer, other: Answer) -> bool:
    """The same kind of answer: bodies may differ in values, such as a time."""
    if one.body == other.body:
        return True
    if one.media_type != other.media_type:
        return False
    if one.media_type == HTML:
        mine, others = (set(_NONCE.sub("", each.text).split()) for each in (one, other))
        return len(mine & others) >= ALIKE * len(mine | others)
    shape = _shape(one)
    return shape is not None and shape == _shape(other)


def _like_redirect(answer: Answer, sound: Answer, refusals: tuple[Answer, ...]) -> bool:
    """To the same address, or to one beside it, as of what was created, unless that is where refusals lead."""
    mine, good = answer.header("location"), sound.header("location")
    if answer.status != sound.status or mine == good:
        return answer.status == sound.status
    elsewhere = {_page(each.header("location")) for each in refusals if each is not answer}
    return _page(mine).rpartition("/")[0] == _page(good).rpartition("/")[0] and _page(mine) not in elsewhere


def _page(location: str) -> str:
    return location.partition("?")[0]


def _members(answer: Answer) -> Iterator[str]:
    """Names of the members of the JSON object."""
    for message in _objects(answer):
        yield from message


def _shape(answer: Answer) -> object:
    """The kind of JSON, and the members of an object; ``None`` for what is no JSON."""
    if members := frozenset(_members(answer)):
        return members
    try:
        return type(json.loads(answer.body))
    except (ValueError, RecursionError):
        return None


def _objects(answer: Answer) -> list[dict[str, Any]]:
    """The JSON object of the body, or the messages of the stream."""
    if stream.is_stream(answer.media_type):
        return list(stream.messages(answer.body))
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return []
    return [found] if isinstance(found, dict) else []


def _has_data(data: object) -> bool:
    return isinstance(data, dict) and any(value is not None for value in data.values())
