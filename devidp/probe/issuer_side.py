"""The devidp that the target trusts, over its control API."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from devidp.system import http_client
from devidp.system.hosts import is_loopback
from devidp.web.api_client import SECONDS, ApiClient, ApiError
from devidp.web.person import Base

KEYS = ("jwks", "certificates")
METADATA = ("openid-configuration", "oauth-authorization-server")
FORM = "application/x-www-form-urlencoded"
SHOWN = 300
"""Characters of an answer."""
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

    @cached_property
    def issuers(self) -> list[str]:
        """The identifiers of all issuers of this devidp."""
        found: list[str] = self._addresses["issuers"]
        return found

    @cached_property
    def _addresses(self) -> dict[str, Any]:
        return self.api.get("/public-url")

    def cursor(self) -> int:
        """Where the events end now."""
        return int(self.api.get("/events", endpoint="health")["next"])

    def events(self, after: int | None = None, **wanted: str | int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/events", after=after, **wanted)["events"]
        return found

    def asked(self, endpoints: Collection[str], after: int | None = None) -> list[dict[str, Any]]:
        """Events of these endpoints, all that are kept or those behind a cursor."""
        return [event for each in endpoints for event in self.events(after, endpoint=each)]

    def endpoint(self, issuer: str, name: str) -> str:
        """The URL that the metadata of ``issuer`` has under ``name``."""
        with self._called("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration") as response:
            found = http_client.read_object(response).get(name)
        if not isinstance(found, str):
            raise ApiError(f"the metadata of {issuer} has no {name}")
        return found

    def post_form(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form to an endpoint of the issuer, and expect a success."""
        with self._called("POST", url, urlencode(form), {"Content-Type": FORM}) as response:
            if response.status >= 300:
                raise ApiError(f"{url} answered {response.status}: {response.read(SHOWN).decode(errors='replace')}")

    @contextmanager
    def _called(
        self, method: str, url: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[HTTPResponse]:
        """At this devidp, whatever host its issuer has: that host may be one of somebody else."""
        base = Base.of_issuers(self._addresses["url"], self.api.url, self.issuers)
        if not base.holds(url):
            raise ApiError(f"{url} is no address of this devidp, and was not asked")
        there, named = base.reached(url)
        sent = {**named, **(headers or {})}
        tls = http_client.unverified(there) if is_loopback(urlsplit(there).hostname or "") else None
        try:
            with http_client.request(
                method, there, timeout=SECONDS, body=body, headers=sent, tls=tls, in_all=True
            ) as response:
                yield response
        except (http_client.NoAnswer, ValueError) as error:
            raise ApiError(f"{url} does not answer as an issuer does: {error}") from error

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
