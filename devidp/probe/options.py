"""What a probe may be told beside its target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from devidp.probe.call import Call
from devidp.probe.refusal import Refused
from devidp.report import remedies
from devidp.system import clock


@dataclass(frozen=True, slots=True)
class Watch:
    """The time of the probe."""

    elapsed: Callable[[], float] = clock.stopwatch
    """Seconds since some moment."""
    pause: Callable[[float], None] = clock.pause


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of a client at the target; without a secret it is public."""

    client_id: str
    secret: str = field(default="", repr=False)

    @classmethod
    def parse(cls, written: str) -> Credentials | None:
        """From ``app:secret``, or ``app``; ``None`` without an id."""
        client_id, _, secret = written.partition(":")
        return cls(client_id, secret) if client_id else None


@dataclass(frozen=True, slots=True)
class Options:
    """What is ``None`` or empty is found out."""

    issuer: str | None = None
    """Name or URL of the issuer that the target trusts."""
    audience: tuple[str, ...] = ()
    scope: str | None = None
    """Scopes that the sound token has, separated by spaces."""
    client: str | None = None
    user: str | None = None
    call: Call | None = None
    """What is tried; by default a GET of the target, or ``tools/list`` of an MCP server."""
    tool: str | None = None
    """Of an MCP server: what is called in place of ``tools/list``."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """Of the tool."""
    read_only_tools: bool = False
    """Call tools too that say that they change nothing, those that need no arguments."""
    assertions: bool = False
    """The target is a token endpoint that takes assertions of devidp."""
    credentials: Credentials | None = None
    """Of the client that presents the assertions."""
    resource: tuple[str, ...] = ()
    """What the assertions are good for at the target."""
    only: tuple[str, ...] = ()
    """Names, groups and levels of trials."""
    skip: tuple[str, ...] = ()
    parallel: int = 8
    seconds: float = 10.0
    """For one answer."""
    patience: float = 30.0
    """Seconds until a target has to have noticed what changed."""
    stack: str = ""
    """Whose remedies the report shows."""
    watch: Watch = field(default_factory=Watch)

    def __post_init__(self) -> None:
        """Raises Refused."""
        for name, lowest in (("parallel", 1), ("patience", 0)):
            if getattr(self, name) < lowest:
                raise Refused(f"{name}: got {getattr(self, name)}, expected {lowest} or more")
        if self.seconds <= 0:
            raise Refused(f"timeout: got {self.seconds}, expected more than 0 seconds")
        try:
            remedies.check_stack(self.stack)
        except ValueError as error:
            raise Refused(str(error)) from None
        if self.assertions and (self.call or self.needs_mcp):
            raise Refused("a token endpoint gets assertions and no other call; leave out what describes one")
        if not self.assertions and (self.credentials or self.resource):
            raise Refused(
                "credentials and resource are for assertions; say that the target takes them, or leave them out"
            )
        if self.read_only_tools and self.call is not None:
            raise Refused("read-only tools are those of an MCP server, and another call is described; leave one out")

    @property
    def needs_mcp(self) -> bool:
        """Whether nothing but an MCP server can have what is asked for."""
        return self.tool is not None or self.read_only_tools
