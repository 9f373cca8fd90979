"""The trials in turn, with sound calls around them: a target that fell over is not praised for refusing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from devidp.probe import evidence
from devidp.probe.exchange import Answer
from devidp.probe.ground_kinds import FELL_OVER
from devidp.probe.subject import NOT_ASKED, Subject
from devidp.probe.trial import Trial
from devidp.report import Check, Finding
from devidp.system.clock import stopwatch
from devidp.web.api_client import ApiError

Progress = Callable[[int, int, str], None]
"""How many trials are done, of how many, and the name of the last one, or what is waited for."""
Found = Callable[[Check], None]
"""Told each check as soon as it is made."""
RECOVERY = (0.2, 0.5, 1.0, 2.0)
"""Seconds between looks at a target that refuses sound tokens."""
ATTEMPTS = 2
"""Of a trial that meets a limit of the rate."""
LIMITED = "429: the target limits the rate; raise the limit for the probe, or use --parallel 1"
MAX_SLOW = 16
"""How often a target may not answer in time; with every trial this would take hours."""


class Turns:
    """Those that leave devidp alone run side by side, in batches with a sound call between them; then the others."""

    def __init__(
        self, subject: Subject, trials: Sequence[Trial], progress: Progress, found: Found = lambda check: None
    ) -> None:
        self._subject = subject
        self._trials = trials
        self._progress = progress
        self._found = found
        self._done = 0
        self._ended = ""
        """Why no more is tried."""
        self._last = NOT_ASKED
        """The last sound call."""

    def checks(self) -> list[Check]:
        """In the order of the trials."""
        found: dict[str, Check] = {}
        parallel = self._subject.options.parallel
        with ThreadPoolExecutor(parallel) as pool:
            for batch in _batches((trial for trial in self._trials if not trial.alone), parallel):
                for trial, check in zip(batch, self._batch(batch, pool), strict=True):
                    found[trial.name] = self._finish(check)
        for trial in self._trials:
            if trial.alone:
                waits = f"{trial.name}, up to {self._subject.options.patience:g} s"
                self._progress(self._done, len(self._trials), waits)
                found[trial.name] = self._finish(self._one(trial))
        return [found[trial.name] for trial in self._trials]

    def _finish(self, check: Check) -> Check:
        self._found(check)
        self._done += 1
        self._progress(self._done, len(self._trials), check.name)
        return check

    def _batch(self, batch: Sequence[Trial], pool: ThreadPoolExecutor) -> list[Check]:
        if self._subject.slow > MAX_SLOW and not self._ended:
            self._ended = f"the target did not answer in time {self._subject.slow} times"
        if self._ended or len(batch) == 1:
            return [self._one(trial) for trial in batch]
        limited = self._subject.limited
        found = list(pool.map(self._run, batch))
        if self._is_sound() and self._subject.limited == limited:
            return found
        if self._recovers():  # whichever it was does it again
            return [self._one(trial) for trial in batch]
        self._ended = f"the target fell over: {self._state()}"
        return self._fallen_together(batch)

    def _one(self, trial: Trial) -> Check:
        if self._ended:
            return Check(trial.name, trial.group, "inconclusive", note=f"not tried: {self._ended}")
        for _ in range(ATTEMPTS):
            limited = self._subject.limited
            check, is_sound = self._run(trial), self._is_sound()
            if self._subject.limited == limited or not self._recovers():
                break
        else:
            return Check(trial.name, trial.group, "inconclusive", note=f"answered {LIMITED}")
        if is_sound:
            return check
        state, recovered = self._state(), self._recovers()
        if not recovered:
            self._ended = f"the target fell over: {state}"
        if trial.alone and check.findings:  # it has said so itself: what it changed is what the target did not bear
            return check
        return self._fallen(check, state, "it recovered later" if recovered else "it did not recover")

    def _run(self, trial: Trial) -> Check:
        began = stopwatch()
        try:
            check = trial.run(self._subject)
        except ApiError as error:
            check = Check(trial.name, trial.group, "inconclusive", note=f"devidp says: {error}")
        return replace(check, seconds=check.seconds or stopwatch() - began)

    def _fallen(self, check: Check, state: str, more: str) -> Check:
        finding = Finding(FELL_OVER, check.name, f"afterwards {state}; {more}", (evidence.exchange(self._last),))
        return replace(check, outcome="failed", findings=(*check.findings, finding))

    def _fallen_together(self, batch: Sequence[Trial]) -> list[Check]:
        """Nobody can tell any more which of them it was: one finding, at the first."""
        names = ", ".join(trial.name for trial in batch)
        finding = Finding(FELL_OVER, "", f"after one of {names}: {self._state()}", (evidence.exchange(self._last),))
        first, *others = (Check(trial.name, trial.group, "inconclusive", note=self._ended) for trial in batch)
        return [replace(first, outcome="failed", findings=(finding,)), *others]

    def _is_sound(self) -> bool:
        self._last = self._subject.sound()
        return self._subject.is_sound(self._last)

    def _recovers(self) -> bool:
        for seconds in RECOVERY:
            self._subject.watch.pause(max(seconds, self._asked_to_wait()))
            if self._is_sound():
                return True
        return False

    def _asked_to_wait(self) -> float:
        """Seconds of ``Retry-After`` in the last sound call (RFC 9110 section 10.2.3); 0 for more than patience."""
        said = self._last.header("retry-after")
        seconds = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0
        return seconds if seconds <= self._subject.patience else 0

    def _state(self) -> str:
        return f"a sound token got {_got(self._last)}"


def _got(answer: Answer) -> str:
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return LIMITED
    return str(answer.status) if answer.complete else f"no answer ({answer.problem})"


def _batches(trials: Iterable[Trial], size: int) -> Iterator[list[Trial]]:
    left = iter(trials)
    while batch := list(islice(left, size)):
        yield batch
