"""The devidp that the client logs in at, as its control API shows and changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from devidp.models.event import PARAMETERS
from devidp.oauth import names
from devidp.system import http_client
from devidp.system.interruption import uninterrupted
from devidp.web.api_client import ApiClient
from devidp.web.failure_places import GROUPED
from devidp.web.person import Base

SECONDS = 10.0
PLENTY = 1_000
"""How often something is wrong that is always wrong: what is left tells how often it happened."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came to devidp."""

    place: str
    """The endpoint, under the name that failures have it by."""
    method: str
    path: str
    status: int
    client: str = ""
    grant: str = ""
    error: str = ""
    reason: str = ""
    remedy: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What of the parameters an event may say."""
    sent: tuple[str, ...] = ()
    """Those of which an event says nothing but that they came."""
    user_agent: str = ""
    spoilt_by: str = ""
    """The failure that happened to its answer."""

    @property
    def line(self) -> str:
        """What was asked: ``POST /default/token``."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Wrong:
    """Something that is wrong for the time of a scenario."""

    kind: str
    """``failures`` or ``arm``."""
    id: int
    times: int
    happened: int = 0


class Provider:
    """One issuer of it."""

    def __init__(self, api: ApiClient, issuer: str | None = None) -> None:
        """Raises ValueError for an issuer that it does not have."""
        self._api = api
        found = api.send("GET", "/public-url")
        issuers: list[str] = found["issuers"]
        named = [each for each in issuers if issuer in (None, each, each.rpartition("/")[2])]
        if not named:
            raise ValueError(f"got the issuer {issuer!r}, expected one of: {', '.join(issuers)}")
        self.issuer = named[0]
        self.base = Base.of_issuers(found["url"], api.url, issuers)
        self._cursor = 0
        self.read()

    def user(self, name: str | None) -> str:
        """The user who logs in: ``name``, or the first one who is not disabled. Raises ValueError."""
        users = self._api.send("GET", "/users")["users"]
        if name is None:
            name = next((each["username"] for each in users if not each["disabled"]), None)
        if name not in [each["username"] for each in users]:
            known = ", ".join(each["username"] for each in users) or "none"
            raise ValueError(f"got the user {name!r}, expected one of: {known}")
        return str(name)

    def scopes(self) -> tuple[str, ...]:
        """Two scopes of the issuer, or fewer, that are no scopes of OpenID Connect."""
        url, headers = self.base.reached(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        with http_client.request(
            "GET", url, timeout=SECONDS, headers=headers, tls=http_client.unverified(url)
        ) as found:
            supported = http_client.read_object(found).get("scopes_supported", [])
        return tuple(each for each in supported if each not in names.OPENID_SCOPES)[:2]

    def read(self) -> list[Asked]:
        """What came to the issuer since this was asked the last time."""
        found, self._cursor = self._requests(self._cursor)
        return [_asked(each) for each in found]

    def _requests(self, cursor: int) -> tuple[list[dict[str, Any]], int]:
        found = self._api.send("GET", f"/events?after={cursor}")
        return [each for each in found["events"] if each["endpoint"] not in ("control", "health")], found["next"]

    def count(self) -> int:
        """How much has come since ``read`` was called."""
        return len(self._requests(self._cursor)[0])

    @contextmanager
    def wrong(self, entries: list[tuple[str, dict[str, Any]]]) -> Iterator[list[Wrong]]:
        """Let these be wrong, ``(failures or arm, members)``, and after that nothing of it; says how often it was."""
        scripted: list[Wrong] = []
        try:
            for kind, members in entries:
                with uninterrupted():
                    answer = self._api.send("POST", f"/{kind}", {"times": PLENTY, **members})
                    scripted.append(Wrong(kind, answer["id"], answer["times"]))
            yield scripted
        finally:
            for each in scripted:
                self._end(each)

    def _end(self, each: Wrong) -> None:
        waiting = self._api.send("GET", f"/{each.kind}")["waiting"]
        left = next((entry["times"] for entry in waiting if entry["id"] == each.id), 0)
        each.happened = each.times - left
        if left:
            self._api.send("DELETE", f"/{each.kind}/{each.id}")

    def forget(self, clients: set[str]) -> None:
        """Delete those of ``clients`` that registered themselves."""
        for name in clients:
            path = f"/clients/{quote(name, safe='')}"
            if "://" not in name and self._api.send("GET", path)["registered"]:
                self._api.send("DELETE", path)


def _asked(event: Mapping[str, Any]) -> Asked:
    endpoint, outcome = event["endpoint"], event.get("outcome", "")
    spoilt = outcome.removeprefix("failure ").removesuffix(" as scripted") if outcome.startswith("failure ") else ""
    asked: Mapping[str, str] = event.get("asked") or event
    return Asked(
        place=GROUPED.get(endpoint, endpoint),
        method=asked.get("method", ""),
        path=asked.get("path", ""),
        status=event.get("status", 0),
        client=event.get("client", ""),
        grant=event.get("grant", ""),
        error=event.get("error", ""),
        reason=event.get("reason", ""),
        remedy=event.get("remedy", ""),
        parameters=_parameters(event, asked),
        sent=tuple(asked.get("sent", "").split()),
        user_agent=asked.get("user_agent", ""),
        spoilt_by=spoilt,
    )


def _parameters(event: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, str]:
    """Of the request, under their own names."""
    said = {
        "client_id": event.get("client"),
        "grant_type": event.get("grant"),
        "scope": asked.get("requested_scope"),
        **{name: asked.get(name) for name in PARAMETERS},
    }
    return {name: value for name, value in said.items() if value}
