"""The configuration: which issuers the server trusts, and how it checks tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["jwt", "introspection", "both"]
Now = Callable[[], float]
"""Seconds since the epoch."""


class TrustedIssuer(BaseModel):
    """An authorization server whose tokens are taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """As it stands in ``iss``, character by character."""
    tenants: frozenset[str] = frozenset()
    """The tenants whose users it may name; empty: tenants are not checked."""
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    """What introspection is asked with."""
    ca_file: Path | None = None
    """The CA of its certificate, PEM; ``None``: those that the system trusts."""


class Settings(BaseModel):
    """The configuration of the server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    resource: str
    """Its own URL: the only audience that it takes."""
    issuers: Annotated[tuple[TrustedIssuer, ...], Field(min_length=1)]
    """The first is the one that clients are sent to first."""
    mode: Mode = "jwt"
    algorithms: frozenset[str] = frozenset({"RS256"})
    types: frozenset[str] = frozenset({"at+jwt", "application/at+jwt"})
    """What ``typ`` may say; empty: anything, where issuers with types of their own are asked by introspection."""
    leeway: int = 0
    """Seconds by which clocks may differ."""
    max_lifetime: int = 86400
    """Seconds from ``iat`` to ``exp`` at most."""
    owners: Mapping[str, str] = {}
    """The users whose data the server has, and the tenant of each (empty where it has none)."""
