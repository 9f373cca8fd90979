"""A probe as the form of the page describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devidp.dashboard.judge import fields
from devidp.dashboard.judge.runs import Run
from devidp.probe import call
from devidp.probe.exchange import Answer, Request
from devidp.probe.http_target import HttpTarget, check_target
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Credentials, Options, Watch
from devidp.probe.refusal import Refused
from devidp.probe.run import checked, probe
from devidp.probe.trial import CHANGES
from devidp.report import Report
from devidp.system.urls import normal_url
from devidp.web.api_client import ApiClient

FIELDS = (*fields.PROBE, *fields.TOKENS, *fields.RECEIVER, *fields.MANNER)
SAME = ("tool", "read_only_tools", "audience", "assertions", "resource", "only", "skip", "stack", "patience")
NAMED = ("issuer", "scope", "client", "user")
OF_A_CALL = ("method", "path", "header")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A probe that can be started."""

    url: str
    allowed: tuple[str, ...]
    options: dict[str, Any]

    def carry_out(self, run: Run, api: ApiClient) -> Report:
        """Raises ApiError, Refused and Stopped."""
        options = Options(**self.options, watch=Watch(pause=run.pause))
        transport = _Stoppable(HttpTarget(self.allowed), run)
        return probe(transport, self.url, IssuerSide(api), options, run.told, run.found)


@dataclass(frozen=True, slots=True)
class _Stoppable:
    """Sends nothing more where the run was stopped."""

    target: HttpTarget
    run: Run

    def send(self, request: Request, seconds: float) -> Answer:
        """Raises Refused and Stopped."""
        self.run.proceed()
        return self.target.send(request, seconds)


def explicit(typed: Mapping[str, str]) -> dict[str, str]:
    """The same with what follows from a box that was not ticked."""
    leaves_out = not typed.get(fields.CHANGES.name) and not typed.get("only", "").strip()
    return {**typed, "skip": f"{typed.get('skip', '')} {CHANGES}".strip()} if leaves_out else {**typed}


def wanted(typed: Mapping[str, str], api: ApiClient) -> Wanted:
    """Raises ValueError, ControlError and ApiError for what cannot be started; the target is not asked anything."""
    typed = explicit(typed)
    said = fields.values(FIELDS, typed)
    url = normal_url(typed.get("url", "").strip())
    check_target(url, said["allow_host"])
    options = {
        **{name: said[name] for name in SAME},
        **{name: said[name] or None for name in NAMED},
        "tool": said["tool"] or None,
        "call": None if said["tool"] else _call(url, said),
        "arguments": _arguments(said) if said["tool"] else {},
        "credentials": Credentials.parse(said[fields.SECRET]),
        "parallel": int(said["parallel"]),
        "seconds": said["timeout"],
    }
    found = Wanted(url, said["allow_host"], options)
    checked(HttpTarget(found.allowed), url, IssuerSide(api), Options(**options))
    return found


def _call(url: str, said: Mapping[str, Any]) -> call.Call | None:
    body = said["body"]
    if body.startswith("@"):
        raise Refused(f"body: got {body[:40]!r}, expected its text: the command reads files, a page does not")
    headers = tuple(map(call.header, said["header"]))
    return call.described(url, said["path"] or None, said["method"] or None, headers, body or None)


def _arguments(said: Mapping[str, Any]) -> dict[str, Any]:
    for name in OF_A_CALL:
        if said[name]:
            raise Refused(f"tool and {name} both describe the call; give one of them")
    return call.arguments(said["body"])
