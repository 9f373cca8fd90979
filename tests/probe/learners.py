"""Resource servers that learn of changes at their issuer, each in its own way, by a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
from flask import Flask
from werkzeug.exceptions import ServiceUnavailable

from devidp import DevIdP
from devidp.probe import run
from devidp.probe.exchange import Transport
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options, Watch
from devidp.probe.wsgi_target import WsgiTarget
from devidp.report import Report
from devidp.web.api_client import ApiClient
from tests.probe import targets

HTTP = httpx.Client()
AUDIENCE = "http://localhost:8000/mcp"
PATHS = ("/users", "/clients", "/keys", "/arm", "/failures")
"""What a probe has to leave as it found it."""


def seed(**issuer: object) -> dict[str, object]:
    """An issuer with a user and a client, and with what else is said."""
    client = {"public": True, "redirect_uris": ["http://localhost/callback"]}
    common = {"users": {"alice": {}}, "clients": {"web": client}, "default_audience": AUDIENCE}
    return {"resources": {AUDIENCE: {}}, "issuers": {"default": {**common, **issuer}}}


class Time:
    """Nobody waits for it."""

    def __init__(self) -> None:
        self.now = 0.0

    def elapsed(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Introspecting:
    """Asks the issuer about each token, and remembers the answer for ``seconds``."""

    idp: DevIdP
    time: Time
    seconds: float = 0
    looks_at_active: bool = True
    _known: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def __call__(self, token: str) -> object:
        at, answer = self._known.get(token, (float("-inf"), {}))
        if self.time.now - at >= self.seconds:
            answer = self._ask(token)
            self._known[token] = self.time.now, answer
        if not answer["active"] and (self.looks_at_active or token.count(".") != 2):
            raise jwt.InvalidTokenError("inactive")
        return answer

    def _ask(self, token: str) -> dict[str, Any]:
        auth = ("service", "service-secret")
        found: dict[str, Any] = HTTP.post(f"{self.idp.issuer}/introspect", data={"token": token}, auth=auth).json()
        return found


class Keys:
    """Fetches the JWK Set for a key that it does not have, and replaces what it had."""

    def __init__(self, idp: DevIdP, time: Time, *, floor: float = 0) -> None:
        self._idp, self._time, self._floor = idp, time, floor
        self._fetched = float("-inf")
        self.known: dict[str, Any] = {}

    def __call__(self, token: str) -> object:
        key = self.find(jwt.get_unverified_header(token)["kid"])
        if key is None:
            raise jwt.InvalidTokenError("no such key")
        return jwt.decode(token, key, ["RS256"], audience=AUDIENCE, issuer=self._idp.issuer)

    def find(self, kid: str) -> Any:
        if kid not in self.known and self._time.now - self._fetched >= self._floor:
            self.keep(self.fetch())
            self._fetched = self._time.now
        return self.known.get(kid)

    def keep(self, fetched: dict[str, Any]) -> None:
        self.known = fetched

    def fetch(self) -> dict[str, Any]:
        try:
            answer = HTTP.get(self._idp.jwks_uri).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceUnavailable() from error
        return {key["kid"]: jwt.PyJWK(key) for key in answer["keys"] if "kid" in key}


def probed(idp: DevIdP, verify: Callable[[str], object], time: Time, *only: str, patience: float = 30) -> Report:
    """The report of these trials, without waiting."""
    return probed_app(idp, targets.guarded(verify), time, *only, patience=patience)


def probed_app(idp: DevIdP, app: Flask, time: Time, *only: str, patience: float = 30) -> Report:
    return probed_by(WsgiTarget(app), idp, time, *only, patience=patience)


def probed_by(way: Transport, idp: DevIdP, time: Time, *only: str, patience: float = 30) -> Report:
    options = Options(only=("ground", *only), patience=patience, watch=Watch(time.elapsed, time.pause))
    return run.probe(way, "http://localhost:8000/orders", IssuerSide(ApiClient(idp.local_url)), options)


def ids(report: Report) -> list[str]:
    assert not report.cause
    return sorted(finding.id for finding in report.findings)


def notes(report: Report) -> dict[str, str]:
    return {check.name: f"{check.outcome}: {check.note}" for check in report.checks if check.group != "ground"}


def state_of(idp: DevIdP) -> dict[str, Any]:
    """What the control API shows of users, clients, keys and what waits."""
    api = ApiClient(idp.local_url)
    return {path: api.get(path) for path in PATHS} | {"clock": {**api.get("/clock"), "now": 0, "date": ""}}
