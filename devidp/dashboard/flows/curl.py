"""A request as a command for a shell, with variables in place of what is not kept."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote_plus

from markupsafe import escape

from devidp.dashboard.flows.sent import Parameter, SentRequest, sent_request
from devidp.models import Event
from devidp.web.endpoints import ENDPOINTS

FORMS: Final = frozenset(each.name for each in ENDPOINTS.values() if each.page and not each.frontchannel)
"""Where our own pages post their forms, which only the browser that got them can send."""
REGISTERED: Final = {
    "redirect_uri": "redirect_uris",
    "response_type": "response_types",
    "post_logout_redirect_uri": "post_logout_redirect_uris",
}
"""The member of a registration that a parameter of its event is."""


LONGEST: Final = 700
"""Characters of HTML."""


class Command(NamedTuple):
    """A line for a shell, and what has to be set before."""

    text: str
    variables: list[str]


def command(event: Event, public_url: str) -> Command | None:
    """The command of a request, where there is one."""
    text = curl(event, public_url)
    return Command(text, variables(event, public_url)) if text else None


def commands(events: Iterable[Event], public_url: str) -> dict[str, Command]:
    """By the ids of ``events`` the commands that are short enough for a page with many of them."""
    found = ((event.id, command(event, public_url)) for event in events)
    return {name: each for name, each in found if each is not None and len(escape(each.text)) <= LONGEST}


def curl(event: Event, public_url: str) -> str:
    """The command; empty where only a browser, or nobody who has just the event, can send the request again."""
    if event.asked.get("method") != "GET" and event.endpoint in FORMS | {"control"}:
        return ""
    return " ".join(_words(sent_request(event, public_url)))


def variables(event: Event, public_url: str) -> list[str]:
    """The variables that have to be set before, in the order of the command."""
    sent = sent_request(event, public_url)
    first = ["CLIENT_SECRET"] if sent.basic else ["TOKEN"] if sent.bearer else []
    unknown = [] if sent.json else [each.variable for each in sent.parameters if each.value is None]
    return list(dict.fromkeys(first + unknown))


def _words(sent: SentRequest) -> Iterator[str]:
    yield "curl -I" if sent.method == "HEAD" else "curl -i"
    if sent.method not in ("GET", "HEAD") and not (sent.method == "POST" and (sent.json or sent.parameters)):
        yield f"-X {shlex.quote(sent.method)}"
    yield shlex.quote(sent.url)
    for name, value in sent.headers:
        yield f"-H {shlex.quote(f'{name}: {value}')}"
    if sent.basic is not None:
        yield f'-u {shlex.quote(f"{sent.basic}:")}"$CLIENT_SECRET"'
    if sent.bearer:
        yield '-H "Authorization: Bearer $TOKEN"'
    if sent.json:
        yield f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(_metadata(sent)))}"
        return
    if sent.in_query and sent.parameters:
        yield "-G"
    for each in sent.parameters:
        yield _pair(each)


def _pair(each: Parameter) -> str:
    if each.value is None:
        return f'--data-urlencode "{each.name}=${each.variable}"'
    if each.value.isprintable():
        return f"--data-urlencode {shlex.quote(f'{each.name}={each.value}')}"
    # a terminal would obey it
    return f"-d {shlex.quote(f'{each.name}={quote_plus(each.value)}')}"


def _metadata(sent: SentRequest) -> dict[str, object]:
    """The body of a registration, as far as its event has it."""
    kept = {each.name: each.value for each in sent.parameters if each.value}
    lists = {member: kept[name].split(" ") for name, member in REGISTERED.items() if name in kept}
    return lists | ({"scope": kept["scope"]} if "scope" in kept else {})
