"""After tokens were given out: what may have gone wrong, as far as devidp sees it, and how to make such a token."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from devidp.dashboard.flows.diagram import elapsed
from devidp.dashboard.flows.trace import Flow
from devidp.models import Event

AGAIN_SECONDS = 20.0
"""A client that begins again so soon after it got tokens has been refused with them."""


@dataclass(frozen=True, slots=True)
class Hint:
    """For whom the tokens of a flow are, and the flow with which the client began again."""

    audience: tuple[str, ...]
    """Of the newest access token."""
    asked: bool
    """Whether the client has named it."""
    later: str = ""
    """How long after the tokens the client began again; empty where it did not."""
    next: str = ""
    """The id of the flow with which it did."""


def hint(flow: Flow, flows: Iterable[Flow]) -> Hint | None:
    """Of a flow whose client has tokens; ``flows`` are all that there are."""
    issued = _issued(flow)
    if issued is None or flow.outcome != "succeeded":
        return None
    audience, asked = tuple(issued.token_audience.split()), bool(flow.resource)
    after = next((each for each in flows if _begins_again(each, flow, issued)), None)
    if after is None:
        return Hint(audience, asked)
    return Hint(audience, asked, elapsed(after.started - issued.at), after.id)


def such(flow: Flow) -> dict[str, str | list[str]]:
    """The parameters that mint a token like the newest access token of ``flow``; empty where it has none."""
    issued = _issued(flow)
    if issued is None:
        return {}
    return {
        # a client that asks for itself is its own subject (RFC 9068 section 2.2)
        "user": issued.user or json.dumps({"sub": issued.client}),
        "client": issued.client,
        "issuer": issued.issuer,
        "scope": issued.scope,
        "audience": issued.token_audience.split(),
    }


def _issued(flow: Flow) -> Event | None:
    return next((each for each in reversed(flow.events) if _is_token(each)), None)


def _is_token(event: Event) -> bool:
    return event.endpoint == "token" and not event.error and bool(event.token_audience)


def _begins_again(other: Flow, flow: Flow, issued: Event) -> bool:
    return (
        other.id != flow.id
        and other.client == flow.client
        and other.grant == flow.grant
        and 0 <= other.started - issued.at <= AGAIN_SECONDS
        and other.steps[0].place > flow.steps[0].place
    )
