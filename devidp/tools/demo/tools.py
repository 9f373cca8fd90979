"""The tools: a small memory for each tenant, and what an administrator does. Who may call them is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from devidp.tools.demo.caller import Caller
from devidp.tools.demo.settings import Now

Arguments = Mapping[str, Any]
Run = Callable[["Memory", Caller | None, Arguments], str]


@dataclass(frozen=True, slots=True)
class Tool:
    """What clients are shown of a tool, and what it does."""

    description: str
    arguments: tuple[str, ...]
    run: Run

    @property
    def schema(self) -> dict[str, Any]:
        properties = {name: {"type": "string"} for name in self.arguments}
        return {"type": "object", "properties": properties, "required": list(self.arguments)}


class Memory:
    """What was stored: one dictionary a tenant, so that no key of one can reach into another."""

    def __init__(self, instant: Now) -> None:
        self.instant = instant
        self._tenants: dict[str, dict[str, str]] = {}

    def entries_of(self, caller: Caller | None) -> dict[str, str]:
        return self._tenants.setdefault(caller.tenant if caller else "", {})


def _time(memory: Memory, _caller: Caller | None, _arguments: Arguments) -> str:
    return datetime.fromtimestamp(memory.instant(), UTC).isoformat(timespec="seconds")


def _user_data(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    return f"{arguments['user_id']} has {len(memory.entries_of(caller))} entries"


def _recall(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    return memory.entries_of(caller).get(arguments["key"], "nothing")


def _search(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    found = [key for key, text in memory.entries_of(caller).items() if arguments["text"] in text]
    return ", ".join(found) or "nothing"


def _status(memory: Memory, caller: Caller | None, _arguments: Arguments) -> str:
    return f"{len(memory.entries_of(caller))} entries"


def _store(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    memory.entries_of(caller)[arguments["key"]] = arguments["text"]
    return "stored"


def _update(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    return _store(memory, caller, arguments) if arguments["key"] in memory.entries_of(caller) else "nothing to update"


def _forget(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    return "nothing to forget" if memory.entries_of(caller).pop(arguments["key"], None) is None else "forgotten"


def _who_am_i(_memory: Memory, caller: Caller | None, _arguments: Arguments) -> str:
    return f"{caller.sub}, logged in with acr {caller.acr}" if caller else "nobody"


def _change_pin(_memory: Memory, caller: Caller | None, _arguments: Arguments) -> str:
    return f"the PIN of {caller.sub if caller else 'nobody'} is changed"


def _reflect(memory: Memory, caller: Caller | None, _arguments: Arguments) -> str:
    return ", ".join(f"{key}: {text}" for key, text in memory.entries_of(caller).items()) or "nothing"


def _admin_operation(_memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    return f"{arguments['operation']}: done for {caller.tenant if caller else ''}"


def _delete_customer(memory: Memory, caller: Caller | None, arguments: Arguments) -> str:
    memory.entries_of(caller).clear()
    return f"{arguments['customer_id']}: deleted, with every entry"


TOOLS: dict[str, Tool] = {
    "get_server_time": Tool("The time of the server.", (), _time),
    "read_user_data": Tool("How much a user has stored: yourself, unless you administer.", ("user_id",), _user_data),
    "recall": Tool("The text that is stored under a key.", ("key",), _recall),
    "search": Tool("The keys whose text has this in it.", ("text",), _search),
    "status": Tool("How much is stored.", (), _status),
    "who_am_i": Tool("Who you are, and how strong your login is.", (), _who_am_i),
    "store": Tool("Store a text under a key.", ("key", "text"), _store),
    "update": Tool("Store another text under a key that is there.", ("key", "text"), _update),
    "forget": Tool("Remove a key and its text.", ("key",), _forget),
    "change_pin": Tool("Pretend to change your PIN, which takes a second factor.", ("pin",), _change_pin),
    "reflect": Tool("Everything that is stored.", (), _reflect),
    "admin_operation": Tool("Pretend to do something as an administrator.", ("operation",), _admin_operation),
    "delete_customer": Tool("Remove everything that is stored.", ("customer_id",), _delete_customer),
}
