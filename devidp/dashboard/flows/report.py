"""A flow as Markdown to paste into an issue: what happened, step by step."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import version

from devidp import __version__
from devidp.dashboard.flows.lanes import NAMES
from devidp.dashboard.flows.missing import Missing
from devidp.dashboard.flows.trace import Flow, Step
from devidp.models import Event
from devidp.oauth import difference
from devidp.oauth.errors import sentence
from devidp.report.markdown import code, shown
from devidp.system.clock import utc

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

WORDS = {"waiting": "is ", "refused": "was ", "faulty": "was "}
"""Before an outcome that is no verb."""


def report(flow: Flow) -> str:
    """The whole text."""
    return "\n".join(_lines(flow)) + "\n"


def _lines(flow: Flow) -> Iterator[str]:
    refused = next((event for event in reversed(flow.events) if event.error), None)
    client = f" of client {code(flow.client)}" if flow.client else ""
    what = "a flow" if refused is None else f"{code(refused.error)} at {_place(refused)} in a flow"
    yield f"## devidp: {what}{client}"
    yield ""
    yield f"It {WORDS.get(flow.outcome, '')}{flow.outcome}."
    yield ""
    if refused is not None:
        yield from _refusal(refused)
    yield "### What came, in this order"
    yield ""
    for number, step in enumerate(flow.came, 1):
        yield f"{number}. {_step(step, flow.started)}"
    yield ""
    if flow.missing is not None:
        yield "### What has not come yet" if flow.outcome == "waiting" else "### What never came"
        yield ""
        yield from _missing(flow.missing)
    yield from _versions(flow.started)


def _missing(missing: Missing) -> Iterator[str]:
    yield f"{shown(sentence(missing.sentence))} {shown(sentence(missing.remedy))}"
    yield ""
    if missing.causes:
        yield from (f"- {shown(cause)}" for cause in missing.causes)
        yield ""


def _refusal(event: Event) -> Iterator[str]:
    yield f"**{shown(sentence(event.reason))}** {shown(sentence(event.remedy))}"
    if event.section:
        yield f"See {event.section}."
    yield ""
    compared = list(difference.lines(event.got, event.expected))
    if compared:
        # four spaces are code, whatever is in it
        yield from (f"    {line}" for line in compared)
        yield ""


def _step(step: Step, began: float) -> str:
    event = step.event
    method = event.asked.get("method", "")
    words = [
        f"+{event.at - began:.1f} s",
        f"{'Control' if event.endpoint == 'control' else NAMES[step.lane]} {shown(method)} {_place(event)}",
    ]
    words += [f"{name}={code(event.asked[name])}" for name in SHOWN if name in event.asked]
    if event.asked.get("sent"):
        words.append(f"and {shown(event.asked['sent'])}")
    result = code(event.error) if event.error else shown(event.outcome)
    probably = " (probably of this flow)" if step.probably else ""
    return f"{', '.join(words)} → **{event.status}** {result}".rstrip() + probably


def _place(event: Event) -> str:
    return code(f"{event.issuer}/{event.endpoint}" if event.issuer else event.asked.get("path", event.endpoint))


def _versions(began: float) -> Iterator[str]:
    yield "### Versions"
    yield ""
    system = f"{platform.system()} {platform.machine()}"
    yield f"- devidp {__version__}, Python {platform.python_version()}, {shown(system)}"
    yield f"- {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}"
    day = utc(began).isoformat(timespec="seconds")
    yield f"- by the clock of devidp it began at {day}"
