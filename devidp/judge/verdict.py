"""From what was seen of an attempt to what the client did wrong."""

from __future__ import annotations

from devidp.judge import trap
from devidp.judge.evidence import exchange_of_asked, exchange_of_visit
from devidp.judge.kinds import HANGS, LOOPS, kind_of
from devidp.judge.observation import Observation
from devidp.judge.scenarios import Scenario
from devidp.report import Check, Exchange, Finding
from devidp.report.report import Outcome

MOST_LOGINS = 3
"""How often a user may be asked to log in."""
SHOWN = 8
"""Exchanges of one finding."""
SHOWN_OF_LOOP = 2
"""Of what is the same each time."""


class Judgement:
    """Of one scenario, compared with the ``sound`` run of the same client."""

    def __init__(self, scenario: Scenario, seen: Observation, sound: Observation, issuer_base: str, *, oidc: bool):
        self._scenario = scenario
        self._seen = seen
        self._sound = sound
        self._base = issuer_base
        self._oidc = oidc

    def check(self, seconds: float) -> Check:
        """The outcome, with what was found."""
        scenario, seen = self._scenario, self._seen
        if not seen.happened:
            met_at = scenario.comes_with or scenario.place
            note = f"it did not happen: the client did not come to {met_at}, or there was nothing to spoil"
            return Check(scenario.name, scenario.group, "inconclusive", (), note, seconds)
        duty = self._duty()
        found = (duty, self._looping(), self._hanging() if duty is None else None)
        findings = tuple(each for each in found if each is not None)
        outcome: Outcome = "failed" if findings else "passed"
        return Check(scenario.name, scenario.group, outcome, findings, self._note(), seconds)

    def _note(self) -> str:
        if self._seen.end.error:
            return f"it said: {self._seen.end.error}"
        return self._seen.stuck and f"the browser stayed at the issuer: {self._seen.stuck}"

    def _duty(self) -> Finding | None:
        if self._scenario.duty == "report" and self._seen.end.untold:
            return None
        match self._scenario.duty:
            case "refuse":
                return self._followed()
            case "report":
                succeeded = not (self._seen.end.error or self._seen.end.timed_out)
                return self._finding("it ended without an error") if succeeded and not self._seen.stuck else None
            case "avoid":
                return self._led()
            case "either":
                return None
            case _:
                return self._went_on()

    def _went_on(self) -> Finding | None:
        if not self._succeeded:
            return self._finding(self._why_not())
        if 0 < self._scenario.most_logins < self._seen.logins:
            return self._finding("it asked the user to log in again")
        return None

    @property
    def _succeeded(self) -> bool:
        return self._seen.succeeded(oidc=self._oidc)

    def _why_not(self) -> str:
        if self._seen.end.timed_out:
            return "it did not come to an end"
        return f"it ended with {self._seen.end.error}" if self._seen.end.error else "it never used a token"

    def _followed(self) -> Finding | None:
        seen = self._seen
        if self._scenario.only_secrets:
            return self._gave_away()
        if seen.trapped:
            gained = list(dict.fromkeys(each for visit in seen.trapped for each in trap.given_away(visit)))
            got = f"it got {' and '.join(gained)}" if gained else "nothing secret was in it"
            return self._finding(
                f"the client sent {len(seen.trapped)} requests to a foreign origin: {got}",
                [exchange_of_visit(each) for each in seen.trapped],
            )
        if seen.opened:
            return self._told_to_open()
        if later := seen.beyond(self._scenario.place):
            return self._finding(
                f"after that the client sent {later[0].method} {later[0].path}, and should have stopped",
                [exchange_of_asked(each, self._base) for each in later],
            )
        if self._succeeded:
            return self._finding("the client used what it got")
        return None

    def _led(self) -> Finding | None:
        return self._told_to_open() if self._seen.opened else self._gave_away()

    def _told_to_open(self) -> Finding:
        return self._finding(f"the client told the browser to open {self._seen.opened[0]}")

    def _gave_away(self) -> Finding | None:
        told = [each for each in self._seen.trapped if trap.given_away(each)]
        if not told:
            return None
        gained = " and ".join(dict.fromkeys(name for each in told for name in trap.given_away(each)))
        return self._finding(f"a foreign origin got {gained}", [exchange_of_visit(each) for each in told])

    def _looping(self) -> Finding | None:
        what, times = self._seen.busiest()
        usual = self._sound.busiest()[1]
        if times > usual + self._scenario.most_repeats:
            sent = [exchange_of_asked(each, self._base) for each in self._seen.asked if each.line == what]
            sent += [exchange_of_visit(each) for each in self._seen.visits if each.line == what]
            detail = f"it sent {what} {times} times; in a sound run it sends nothing more often than {usual} times"
            return Finding(LOOPS, self._scenario.name, detail, tuple(sent[-SHOWN_OF_LOOP:]))
        if self._seen.logins > MOST_LOGINS:
            logins = [exchange_of_visit(each) for each in self._seen.visits if each.place == "browser"]
            detail = f"it asked the user to log in {self._seen.logins} times"
            return Finding(LOOPS, self._scenario.name, detail, tuple(logins[-SHOWN_OF_LOOP:]))
        return None

    def _hanging(self) -> Finding | None:
        if self._seen.end.timed_out and not self._seen.stuck and not self._seen.admitted:
            return Finding(HANGS, self._scenario.name, "it had not ended when its time was over")
        return None

    def _finding(self, detail: str, exchanges: list[Exchange] | None = None) -> Finding:
        place = self._scenario.name.partition(":")[2]
        if exchanges is None:
            exchanges = [exchange_of_asked(each, self._base) for each in self._seen.asked]
        return Finding(kind_of(self._scenario), place, detail, tuple(exchanges[-SHOWN:]))
