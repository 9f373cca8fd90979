"""The scenarios: everything that can be wrong at an issuer or at an MCP server, and what a client has to do then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from devidp.report import Severity

Duty = Literal["refuse", "ignore", "retry", "report"]
"""``refuse``: stop, and send nothing more; ``ignore``: go on and succeed; ``retry``: try again and succeed; ``report``:
end with an error, soon."""
Mode = Literal["", "mcp", "oidc"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that is wrong while a client logs in."""

    name: str
    group: str
    description: str
    """What is wrong, in one sentence."""
    section: str
    place: str
    """The endpoint at which the client meets it; ``resource`` for the MCP server."""
    duty: Duty
    severity: Severity
    """Of the finding where the client does not do its duty."""
    why: str
    topic: str
    entries: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """What devidp is told, ``(failures or arm, members)``."""
    manner: str = ""
    """How the MCP server behaves; empty: soundly."""
    only_secrets: bool = False
    """Whether the foreign origin may be asked, and only must not get what belongs to the issuer."""
    needs: tuple[str, ...] = ()
    """Endpoints that the client has to ask in the sound run, or it can never meet this."""
    needs_parameter: str = ""
    """A parameter of the authorization request without which the client has nothing to check."""
    mode: Mode = ""
    """The clients that it is for; empty: all."""
