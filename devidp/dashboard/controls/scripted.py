"""What the pages of armed faults and of failures share: the list of what waits, the form, and the calls of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from devidp.dashboard import calls
from devidp.dashboard.controls.catalogue import Entry
from devidp.store.overrides import Scripted
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from devidp.web.control.matching import CRITERIA

ARM: Final = ("arm", "/arm")
FAIL: Final = ("fail", "/failures")
"""The command, and the path of the control API."""
FLAGS: Final = {"token_type": "--type", "retry_after": "--retry-after"}
"""Options of the commands that are not called like the member of the API."""
MAX_PICKED = 100
"""How many names a field suggests."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fault or a failure that waits, or has waited."""

    scripted: Scripted
    entry: Entry | None
    details: dict[str, str]
    """What it matches and what it is told, by name."""
    left: str
    again: tuple[str, str]
    """The calls that add the same."""
    clear: tuple[str, str]
    """The calls that take it away."""


def rows(waiting: Iterable[Scripted], entries: Mapping[str, Entry]) -> list[Row]:
    return [_row(each, entries.get(each.name)) for each in waiting]


def _row(each: Scripted, entry: Entry | None) -> Row:
    command, path = FAIL if each.endpoint else ARM
    match = {name: value for name, value in asdict(each.match).items() if value is not None}
    number = str(each.id)
    return Row(
        each,
        entry,
        {name: str(value) for name, value in {**each.options, **match}.items()},
        _left(each.times),
        add_calls(members_of(each)),
        (calls.command(command, "--clear", number), calls.call("DELETE", f"{path}/{number}")),
    )


def _left(times: int | None) -> str:
    if times is None:
        return "until it is cleared"
    return {0: "over", 1: "once more"}.get(times, f"{times} times more")


def members_of(each: Scripted) -> dict[str, Any]:
    """The members of the API that add ``each`` anew."""
    named = {"endpoint": each.endpoint, "failure": each.name} if each.endpoint else {"fault": each.name}
    wanted = {**named, "token_type": each.token_type or None, **each.options, **asdict(each.match)}
    members = {name: value for name, value in wanted.items() if value is not None}
    times = None if each.times is None else each.times + each.fired
    return {**members, **_frequency(times, each.probability)}


def _frequency(times: int | None, probability: float) -> dict[str, Any]:
    return ({} if times == 1 else {"times": times}) | ({} if probability == 1 else {"probability": probability})


def add_calls(members: Mapping[str, Any]) -> tuple[str, str]:
    """The command and the call that add what ``members`` of the API say."""
    is_fault = "fault" in members
    command, path = ARM if is_fault else FAIL
    named = ("fault",) if is_fault else ("endpoint", "failure")
    words = [command, *(str(members[name]) for name in named if name in members)]
    for name, value in members.items():
        if name == "times" and value is None:
            words.append("--always")
        elif name not in named:
            words += [FLAGS.get(name, f"--{name}"), str(value)]
    return calls.command(*words), calls.call("POST", path, **members)


def members_typed(form: Mapping[str, str], options: Mapping[str, type]) -> dict[str, Any]:
    """What the form asks for, as members of the API without the name of what is added; raises ControlError."""
    members: dict[str, Any] = {name: form[name].strip() for name in CRITERIA if form.get(name, "").strip()}
    for name, kind in options.items():
        if form.get(name, "").strip():
            members[name] = form[name].strip() if kind is str else _number(name, form[name], kind)
    if form.get("always") and form.get("times"):
        raise ControlError("how often: got a number and `until it is cleared`, which contradict each other")
    times = None if form.get("always") else _number("times", form.get("times") or "1", int)
    return {**members, **_frequency(times, _number("probability", form.get("probability") or "1", float))}


def _number(name: str, typed: str, kind: type) -> Any:
    try:
        return kind(typed.strip())
    except ValueError:
        raise ControlError(
            f"{name}: got {typed.strip()[:60]!r}, expected a {'whole ' if kind is int else ''}number"
        ) from None


def picks(control: Controller) -> dict[str, list[str]]:
    """What the fields of the match suggest."""
    found = control.runtime.issuers
    grants = dict.fromkeys(grant for issuer in found for grant in issuer.grants())
    return {
        "client": _first(name for issuer in found for name in issuer.settings.clients),
        "user": _first(name for issuer in found for name in issuer.settings.users),
        "issuer": _first(issuer.name for issuer in found),
        "grant": list(grants),
    }


def _first(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))[:MAX_PICKED]
