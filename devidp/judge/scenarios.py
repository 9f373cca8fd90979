"""The scenarios: everything that can be wrong at an issuer or at an MCP server, and what a client has to do then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from devidp.faults.failures.expectation import Duty
from devidp.report import Severity

Mode = Literal["", "mcp", "oidc"]
MOST_REPEATS = 10


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
    """What devidp is told, ``(failures or arm, members)``; the last one is what the client is to meet."""
    manner: str = ""
    """How the MCP server behaves; empty: soundly."""
    only_secrets: bool = False
    """Whether the foreign origin may be asked, and only must not get what belongs to the issuer."""
    needs: tuple[str, ...] = ()
    """Endpoints that the client has to ask in the sound run, or it can never meet this."""
    needs_parameter: str = ""
    """A parameter of the authorization request without which the client has nothing to check."""
    comes_with: str = ""
    """What the client has to do to meet it, where that is more than to ask ``place``: a refresh."""
    most_repeats: int = MOST_REPEATS
    """How often the same may be asked beyond the sound run."""
    most_logins: int = 0
    """How often the user may have to log in; 0: as often as in any."""
    denied: bool = False
    """Whether the user denies the access."""
    mode: Mode = ""
    """The clients that it is for; empty: all."""
