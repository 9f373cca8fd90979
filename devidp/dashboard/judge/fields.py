"""What can be said of a run on the page: the fields of its form, which are the options of its command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from devidp.report import remedies
from devidp.web.control.errors import ControlError

Kind = Literal["text", "words", "lines", "area", "number", "flag", "choice"]

SECRET: Final = "credentials"


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is that of the option, with underscores; ``hint`` says what happens without it."""

    name: str
    label: str
    hint: str = ""
    kind: Kind = "text"
    default: str = ""
    lowest: float = 0
    highest: float = 0

    def value(self, typed: str) -> Any:
        """What was typed, or the default; raises ControlError."""
        if self.kind == "flag":
            return bool(typed)
        if self.kind in ("words", "lines"):
            return tuple(typed.split() if self.kind == "words" else filter(None, map(str.strip, typed.splitlines())))
        if self.kind == "number":
            return self._number(typed or self.default)
        return typed

    def _number(self, typed: str) -> float:
        try:
            found = float(typed)
        except ValueError:
            found = float("nan")
        if not self.lowest <= found <= self.highest:
            expected = f"a number from {self.lowest:g} to {self.highest:g}"
            raise ControlError(f"{self.name}: got {typed!r}, expected {expected}")
        return found

    def words(self, typed: str) -> Iterator[str]:
        """The option of the command; none where it would say the default."""
        flag = f"--{self.name.replace('_', '-')}"
        if self.kind == "flag":
            yield from [flag] if typed else []
        elif self.kind in ("words", "lines"):
            yield from (word for each in self.value(typed) for word in (flag, each))
        elif typed not in ("", self.default):
            yield from (flag, typed)


_ONLY: Final = (
    Field("only", "Only", "Names and groups, separated by spaces", "words"),
    Field("skip", "Not", "The same", "words"),
)
_STACK: Final = Field("stack", "Remedies for", "The code to change", "choice")
TARGET: Final = Field("url", "URL", "Of an API or an MCP server on this machine")
CHANGES: Final = Field("changes", "Also revoke tokens, rotate keys and take them away", "", "flag")
"""Without it the trials that change something at devidp are left out, unless some are chosen by name."""
PROBE: Final = (
    Field("method", "Method", "GET, or POST with a body"),
    Field("path", "Path", "Where it is not that of the URL"),
    Field("header", "Headers", "Name: value, one a line", "lines"),
    Field("body", "Body", "With a tool its arguments, as a JSON object", "area"),
    Field("tool", "Tool", "Of an MCP server; tools/list without one"),
    Field("read_only_tools", "Call tools that say that they change nothing", "", "flag"),
)
"""What is called."""
TOKENS: Final = (
    Field("issuer", "Issuer", "What its metadata says"),
    Field("audience", "Audience", "What its metadata says", "words"),
    Field("scope", "Scopes", "What its metadata says"),
    Field("client", "Client"),
    Field("user", "User"),
)
"""What sound tokens are like."""
RECEIVER: Final = (
    Field("assertions", "The URL is a token endpoint that takes identity assertions (ID-JAG)", "", "flag"),
    Field(SECRET, "Credentials", "ID:SECRET of the client that presents them; not kept"),
    Field("resource", "Resources", "What they are good for there", "words"),
)
MANNER: Final = (
    *_ONLY,
    _STACK,
    Field("parallel", "Calls at a time", "", "number", "8", 1, 64),
    Field("timeout", "Seconds for an answer", "", "number", "10", 0.1, 600),
    Field("patience", "Seconds of patience", "Until it has to notice what changed", "number", "30", 0, 3600),
    Field("allow_host", "Hosts that are yours", "Call them, though they are not this machine", "words"),
)
CLIENT: Final = (
    Field("oidc", "It speaks OpenID Connect, not MCP: it is pointed at the issuer", "", "flag"),
    Field("issuer", "Issuer", "The first one"),
    Field("user", "User who logs in", "The first one who can"),
    *_ONLY,
    _STACK,
    Field("timeout", "Seconds for an attempt", "", "number", "30", 1, 3600),
    Field("mcp_port", "Port of the MCP server", "A free one", "number", "0", 0, 65535),
)
STACKS: Final = remedies.stacks()


def values(fields: Iterable[Field], typed: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, by the names of the fields; raises ControlError."""
    return {each.name: each.value(typed.get(each.name, "").strip()) for each in fields}


def words(fields: Iterable[Field], typed: Mapping[str, str]) -> Iterator[str]:
    """The same as options of the command, without the secret."""
    for each in fields:
        said = typed.get(each.name, "").strip()
        yield from each.words(f"{said.partition(':')[0]}:YOUR-SECRET" if said and each.name == SECRET else said)
