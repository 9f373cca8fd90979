"""A whole judgement: the sound run first, then one scenario after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from devidp.judge import ground, habits
from devidp.judge.catalogue import select, wants_habits
from devidp.judge.observation import Observation
from devidp.judge.provider import Provider
from devidp.judge.scenarios import Scenario
from devidp.judge.stage import Stage
from devidp.judge.turn import Client
from devidp.judge.verdict import Judgement
from devidp.report import Check, Report
from devidp.system.clock import Clock, stopwatch
from devidp.web.api_client import ApiClient, ApiError, Unreachable

SECONDS = 30.0
SLOWER = 5
"""How many times as long as the sound run an attempt may take in any case."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be judged."""

    only: Sequence[str] = ()
    """Names, groups and endpoints; empty: everything."""
    skip: Sequence[str] = ()
    user: str | None = None
    """Who logs in; the first user of devidp without it."""
    issuer: str | None = None
    oidc: bool = False
    """The client is pointed at the issuer: it is no MCP client."""
    seconds: float = SECONDS
    """How long an attempt may take."""
    port: int = 0
    """Of the MCP server, which then has the same URL in every attempt; 0: a free one."""
    stack: str = ""


Progress = Callable[[int, int, str], None]
"""Told how many scenarios are done, how many there are, and which comes next."""


Found = Callable[[Check], None]
"""Told each check as soon as it is made."""


def judge(
    client: Client,
    api: ApiClient,
    wish: Wish,
    progress: Progress = lambda done, of, name: None,
    found: Found = lambda check: None,
) -> Report:
    """The verdict on ``client``. Raises ValueError for what ``wish`` names and is not there, ApiError."""
    clock, watch = Clock(), stopwatch()
    began, provider = clock.now(), Provider(api, wish.issuer)
    select(wish.only, wish.skip, oidc=wish.oidc)  # mistakes are refused before anything is opened
    with Stage(provider, provider.user(wish.user), oidc=wish.oidc, seconds=wish.seconds, port=wish.port) as stage:
        session = _Session(stage, client, provider.base.public, oidc=wish.oidc)
        cause, remedy = session.begin()
        chosen = select(wish.only, wish.skip, foreign=stage.foreign, oidc=wish.oidc)
        checks = () if cause else tuple(_told(session.checks(chosen, wish, progress), found))
    seconds = stopwatch() - watch
    return Report("client", client.name, provider.issuer, began, seconds, checks, wish.stack, cause, remedy)


def _told(checks: Iterator[Check], found: Found) -> Iterator[Check]:
    for check in checks:
        found(check)
        yield check


class _Session:
    """One client on the stage, with its sound run to compare with."""

    def __init__(self, stage: Stage, client: Client, base: str, *, oidc: bool) -> None:
        self._stage = stage
        self._client = client
        self._base = base
        self._oidc = oidc
        self._runs: list[Observation] = []

    def begin(self) -> tuple[str, str]:
        """The sound run: why nothing can be concluded, and what to change; empty where it went well."""
        watch = stopwatch()
        self._sound = self._play(None)
        # what takes long where nothing is wrong is no better where something is
        self._stage.seconds = max(self._stage.seconds, SLOWER * (stopwatch() - watch))
        return ground.why_not(self._sound, oidc=self._oidc)

    def checks(self, chosen: Sequence[Scenario], wish: Wish, progress: Progress) -> Iterator[Check]:
        if wants_habits(habits.SOUND, wish.only, wish.skip):
            yield habits.of_sound_run(self._sound, self._base, oidc=self._oidc)
        unasked = {each.needs[0] for each in chosen if each.needs and each.needs[0] not in self._sound.places}
        yield from (_unasked(place, chosen) for place in sorted(unasked))
        met = [each for each in chosen if not unasked & {*each.needs}]
        for done, scenario in enumerate(met):
            progress(done, len(met), scenario.name)
            yield self._check(scenario)
        if wants_habits(habits.FRESH, wish.only, wish.skip):
            yield habits.of_all_runs(self._runs)

    def _check(self, scenario: Scenario) -> Check:
        if note := self._stage.cannot_play(scenario) or _cannot_meet(scenario, self._sound):
            return Check(scenario.name, scenario.group, "skipped", note=note)
        watch = stopwatch()
        try:
            seen = self._play(scenario)
        except Unreachable:
            raise
        except ApiError as error:  # such as a fault that no token of this issuer can have
            return Check(scenario.name, scenario.group, "skipped", note=str(error))
        return Judgement(scenario, seen, self._sound, self._base, oidc=self._oidc).check(stopwatch() - watch)

    def _play(self, scenario: Scenario | None) -> Observation:
        seen = self._stage.play(scenario, self._client)
        self._runs.append(seen)
        return seen


def _unasked(place: str, chosen: Sequence[Scenario]) -> Check:
    """In place of all scenarios of an endpoint that the client does not ask."""
    count = sum(place in each.needs for each in chosen)
    scenarios = f"{count} scenario{'s' * (count != 1)}"
    note = f"the client did not ask it in the sound run, so what can be wrong there was not tried ({scenarios})"
    return Check(place, place, "skipped", note=note)


def _cannot_meet(scenario: Scenario, sound: Observation) -> str:
    """Why the client has nothing to do with it, as the sound run shows; empty where it may."""
    if scenario.needs_parameter and not sound.sent(scenario.needs_parameter):
        return f"in the sound run the client did not send {scenario.needs_parameter}, so it has nothing to check"
    return ""
