"""A flow as Markdown to paste into an issue: step by step, without secrets and without names of hosts."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from devidp import __version__
from devidp.dashboard.flows.strangers import Strangers
from devidp.models import Event
from devidp.oauth import difference
from devidp.report.markdown import code, shown

LIBRARIES = ("Flask", "Authlib", "joserfc", "granian")
"""Whose versions matter beside devidp's."""
SHOWN = (
    "auth_method",
    "response_type",
    "requested_scope",
    "resource",
    "audience",
    "redirect_uri",
    "code_challenge_method",
)
"""What of a request is told, in this order."""


def report(events: Sequence[Event], missing: Iterable[str], public_url: str, *, hosts: bool = False) -> str:
    """``missing`` are sentences about what never came. Names of other machines are left out unless ``hosts``."""
    text = "\n".join(_lines(events, missing)) + "\n"
    return text if hosts else Strangers(events, public_url).hide(text)


def _lines(events: Sequence[Event], missing: Iterable[str]) -> Iterator[str]:
    refused = next((event for event in reversed(events) if event.error), None)
    yield f"## devidp: {_title(events, refused)}"
    yield ""
    if refused is not None:
        yield from _refusal(refused)
    yield "### What came, in this order"
    yield ""
    began = events[0].at
    for number, event in enumerate(events, 1):
        yield f"{number}. {_step(event, began)}"
    yield ""
    never = list(missing)
    if never:
        yield "### What never came"
        yield ""
        yield from (f"- {shown(sentence)}" for sentence in never)
        yield ""
    yield from _versions(began)


def _title(events: Sequence[Event], refused: Event | None) -> str:
    client = next((f" of client {code(event.client)}" for event in events if event.client), "")
    what = "a flow" if refused is None else f"{code(refused.error)} at {_place(refused)} in a flow"
    return f"{what}{client}"


def _refusal(event: Event) -> Iterator[str]:
    yield f"**{shown(event.reason)}.** {shown(event.remedy)}"
    if event.section:
        yield f"See {event.section}."
    yield ""
    compared = list(difference.lines(event.got, event.expected))
    if compared:
        # four spaces are code, whatever is in it
        yield from (f"    {line}" for line in compared)
        yield ""


def _step(event: Event, began: float) -> str:
    words = [f"+{event.at - began:.1f} s", f"{event.asked.get('method', '')} {_place(event)}".strip()]
    words += [f"{name}={code(event.asked[name])}" for name in SHOWN if name in event.asked]
    if event.asked.get("sent"):
        words.append(f"and {shown(event.asked['sent'])}")
    result = code(event.error) if event.error else shown(event.outcome)
    return f"{', '.join(words)} → **{event.status}** {result}".rstrip()


def _place(event: Event) -> str:
    return code(f"{event.issuer}/{event.endpoint}" if event.issuer else event.asked.get("path", event.endpoint))


def _versions(began: float) -> Iterator[str]:
    yield "### Versions"
    yield ""
    system = f"{platform.system()} {platform.machine()}"
    yield f"- devidp {__version__}, Python {platform.python_version()}, {shown(system)}"
    yield f"- {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}"
    day = datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds")
    yield f"- by the clock of devidp it began at {day}"
