"""All scenarios in one list, and what was chosen of it."""

from __future__ import annotations

from collections.abc import Sequence

from devidp.judge import failure_scenarios, habits, login_scenarios, resource_scenarios, token_scenarios
from devidp.judge.scenarios import Scenario
from devidp.oauth.suggestion import did_you_mean

HABITS = (habits.GROUP, habits.SOUND, habits.FRESH)
HINTS = {False: "judge it with --oidc, or oidc=True", True: "leave out --oidc, or oidc=True"}


def every(foreign: str = "") -> list[Scenario]:
    """``foreign`` is the base of another origin."""
    of_issuer = [*failure_scenarios.scenarios(foreign), *token_scenarios.scenarios(), *login_scenarios.SCENARIOS]
    return [*of_issuer, *resource_scenarios.SCENARIOS]


def select(only: Sequence[str], skip: Sequence[str], *, foreign: str = "", oidc: bool = False) -> list[Scenario]:
    """Those that ``only`` names by name, group or endpoint, without those of ``skip``. Raises ValueError."""
    names = {*only, *skip} - {*HABITS}
    known = [each for each in every(foreign) if each.mode in ("", "oidc" if oidc else "mcp")]
    words = {word for each in known for word in _words(each)}
    others = {word for each in every() for word in _words(each)} - words
    for name in sorted(names):
        if name in others:
            raise ValueError(f"{name} is for clients {'of MCP' if oidc else 'of OpenID Connect'}; hint: {HINTS[oidc]}")
        if name not in words:
            hint = did_you_mean(name, words, "did you mean {!r}?") or "--list names them"
            raise ValueError(f"got {name!r}, expected the name, group or endpoint of a scenario; hint: {hint}")
    return [each for each in known if (not only or _words(each) & {*only}) and not _words(each) & {*skip}]


def wants_habits(name: str, only: Sequence[str], skip: Sequence[str]) -> bool:
    """Whether the check ``name`` of what a client does in every login is among those chosen."""
    words = {name, habits.GROUP}
    return (not only or bool(words & {*only})) and not words & {*skip}


def _words(scenario: Scenario) -> set[str]:
    return {scenario.name, scenario.name.partition(":")[0], scenario.group, scenario.place}
