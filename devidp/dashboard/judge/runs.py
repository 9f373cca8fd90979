"""The run of a probe or a judgement, which goes on while nobody looks; one at a time."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Literal

from devidp.report import Check, Report
from devidp.report.report import Subject
from devidp.system.clock import machine_seconds, stopwatch
from devidp.web.api_client import ApiClient, ApiError
from devidp.web.control.errors import ControlError, UnknownName

logger = logging.getLogger("devidp")
KEPT = 10
"""Runs that have ended and can still be read."""
State = Literal["running", "finished", "stopped", "failed"]


class Stopped(Exception):
    """Somebody has stopped the run."""


@dataclass(eq=False)
class Run:
    """What is known of one so far. The thread that carries it out writes it, all others read."""

    kind: Literal["probe", "client"]
    subject: Subject
    target: str
    """What is tried, as a person says it."""
    typed: Mapping[str, str]
    """The form that it was started with."""
    command: str
    """The command that does the same."""
    id: str = ""
    at: int = field(default_factory=machine_seconds)
    state: State = "running"
    done: int = 0
    total: int = 0
    doing: str = ""
    address: str = ""
    """What the person is to point the client at."""
    problem: str = ""
    """Why it failed."""
    checks: list[Check] = field(default_factory=list)
    report: Report | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    changed: Callable[[], None] = lambda: None
    """Tells whoever looks at it."""

    def proceed(self) -> None:
        """Raises Stopped."""
        if self.stop.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Raises Stopped."""
        if self.stop.wait(seconds):
            raise Stopped

    def told(self, done: int, total: int, name: str) -> None:
        """Raises Stopped."""
        self.proceed()
        self.done, self.total, self.doing = done, total, name

    def found(self, check: Check) -> None:
        self.checks.append(check)


class Runs:
    """Those of one devidp, the newest first."""

    def __init__(self) -> None:
        self._kept: deque[Run] = deque(maxlen=KEPT)
        self._ids = count(1)
        self._starting = threading.Lock()

    def __iter__(self) -> Iterator[Run]:
        return iter([*self._kept])

    @property
    def current(self) -> Run | None:
        """The one that has not ended."""
        return next((each for each in [*self._kept] if each.state == "running"), None)

    def find(self, run_id: str) -> Run:
        """Raises UnknownName."""
        found = next((each for each in [*self._kept] if each.id == run_id), None)
        if found is None:
            raise UnknownName("run", run_id, [each.id for each in self._kept])
        return found

    def start(self, run: Run, work: Callable[[Run], Report], api: ApiClient, issuer: str) -> None:
        """Let ``work`` make the report. Raises ControlError where another runs."""
        with self._starting:
            if (current := self.current) is not None:
                raise ControlError(f"{current.target} is tried at this moment, and one at a time is; wait, or stop it")
            run.id, run.changed = str(next(self._ids)), partial(_make_event, api)
            self._kept.appendleft(run)
            threading.Thread(target=_carry_out, args=(run, work, issuer), name="devidp-run", daemon=True).start()

    def close(self) -> None:
        """Stop what runs. What it has changed ends with devidp, which it can no longer call."""
        for each in self._kept:
            each.stop.set()


def _carry_out(run: Run, work: Callable[[Run], Report], issuer: str) -> None:
    watch = stopwatch()
    try:
        run.report, run.state = work(run), "finished"
    except Stopped:
        run.report, run.state = _unfinished(run, issuer, stopwatch() - watch), "stopped"
    except (ApiError, ValueError) as error:
        run.problem, run.state = str(error), "failed"
    except Exception:
        logger.exception("An internal error while %s was tried", run.target)
        run.problem, run.state = "devidp failed: this is an internal error; look at its log, and report it", "failed"
    run.changed()


def _make_event(api: ApiClient) -> None:
    """Pages that are looked at renew themselves with every event, of which this call is one."""
    with suppress(ApiError):
        api.get("/clock")


def _unfinished(run: Run, issuer: str, seconds: float) -> Report:
    cause = f"it was stopped after {run.done} of {run.total} checks" if run.total else "it was stopped before it began"
    return Report(
        run.subject, run.target, issuer, run.at, seconds, tuple(run.checks), run.typed.get("stack", ""), cause,
        "Let it run to its end: what was not tried may be wrong",
    )  # fmt: skip
