"""Where a flow stands: the request that says it, and what should have come after that and never did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from devidp.dashboard.flows.lanes import DISCOVERY, KEYS, Lane
from devidp.dashboard.flows.rules import RULES, turned_away, wrong_on_purpose
from devidp.models import Event

USES: Final = frozenset({"introspect", "tokeninfo", "userinfo", "revoke", "backchannel-logout", *KEYS})
"""Endpoints at which what was given out is used: what became of the attempt, others say."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What should have come after the last request."""

    sentence: str
    sender: Lane
    message: str
    """What was to be sent to devidp, such as ``GET /authorize``."""
    due: float
    """Seconds since the epoch: until then it may still come."""
    causes: tuple[str, ...]
    """Why it may not have come, the likeliest first."""
    remedy: str


def after(events: Sequence[Event]) -> Missing | None:
    """What should have followed ``events`` of one flow; ``None`` where nothing has to."""
    last = events[decisive(events)]
    rule = next((each for each in RULES if each.applies(last)), None)
    if rule is None:
        return None
    sentence = rule.sentence.format(done=_done(events))
    return Missing(sentence, rule.sender, rule.message, last.at + rule.seconds, rule.causes, rule.remedy)


def decisive(events: Sequence[Event]) -> int:
    """The place of the event that says where a flow stands: the last that is no use of what was given out."""
    for place in range(len(events) - 1, -1, -1):
        if events[place].endpoint not in USES or turned_away(events[place]):
            return place
    return len(events) - 1


def described(event: Event) -> str:
    """What a request that was not refused has done, in a few words."""
    if event.endpoint == "token" and not event.outcome:
        issued = f"Tokens were issued for {event.token_audience}" if event.token_audience else "Tokens were issued"
        return f"{issued}: {event.detail}" if wrong_on_purpose(event) else issued
    found = event.outcome or _WORDS.get(event.endpoint, "")
    return found[:1].upper() + found[1:]


_WORDS = {
    **dict.fromkeys(DISCOVERY, "the metadata was fetched"),
    **dict.fromkeys(KEYS, "the keys were fetched"),
    "userinfo": "claims of the user were read",
    "health": "a health check",
    "control": "a call of the control API",
    "landing": "the front page was opened",
}
_DONE: tuple[tuple[frozenset[str], str], ...] = (
    (DISCOVERY, "fetched the metadata"),
    (KEYS, "fetched the keys"),
    (frozenset({"register"}), "registered"),
    (frozenset({"par"}), "pushed its request"),
)


def _done(events: Sequence[Event]) -> str:
    kinds = {each.endpoint for each in events if not each.error}
    done = [words for endpoints, words in _DONE if kinds & endpoints]
    return " and ".join((", ".join(done[:-1]), done[-1])) if len(done) > 1 else "".join(done)
