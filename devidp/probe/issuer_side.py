"""The devidp that the target trusts, over its control API."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devidp.web.api_client import ApiClient

KEYS = ("jwks", "certificates")
METADATA = ("openid-configuration", "oauth-authorization-server")
STATE = ("introspect", "userinfo", "tokeninfo")
"""Endpoints at which a resource server learns what a token is worth."""


@dataclass(frozen=True, slots=True)
class Token:
    """A minted token; ``header`` and ``claims`` are empty where nobody can read them."""

    text: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    explanation: str

    @property
    def audience(self) -> tuple[str, ...]:
        found = self.claims.get("aud", ())
        return (found,) if isinstance(found, str) else tuple(found)


class IssuerSide:
    """Every call raises ApiError."""

    def __init__(self, api: ApiClient) -> None:
        self.api = api

    def expect_answer(self) -> None:
        """Nothing but the ApiError where no devidp answers."""
        self.api.get("/clock")

    def mint(self, **parameters: Any) -> Token:
        """What ``POST /_devidp/api/tokens`` makes of the parameters that are not ``None``."""
        answer = self.api.post("/tokens", **parameters)
        return Token(answer["token"], answer["header"], answer["claims"], answer["explanation"])

    @cached_property
    def faults(self) -> list[dict[str, Any]]:
        """The catalogue: what a token can have."""
        found: list[dict[str, Any]] = self.api.get("/faults")["faults"]
        return found

    def cursor(self) -> int:
        """Where the events end now."""
        return int(self.api.get("/events", endpoint="none")["next"])

    def events(self, after: int | None = None, **wanted: str | int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/events", after=after, **wanted)["events"]
        return found

    def asked(self, endpoints: Collection[str]) -> list[dict[str, Any]]:
        """Events of these endpoints, since devidp has begun."""
        return [event for each in endpoints for event in self.events(endpoint=each)]

    def changes(self) -> list[str]:
        """What devidp was told to do wrong, and how its clock was moved, in words."""
        clock = self.api.get("/clock")
        told = [f"the failure {each['name']} waits at {each['endpoint']}" for each in self._waiting()]
        if clock["frozen"] or clock["offset"]:
            told.append(f"its clock shows {clock['date']}")
        return told

    def _waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/failures")["waiting"]
        return found
