"""Token endpoints that take identity assertions: a second devidp, and one that is careless."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from devidp import DevIdP
from devidp.probe import assertion_kinds
from devidp.probe.trials import assertions
from devidp.report import Report, Severity
from devidp.web.control.errors import ControlError
from tests.serving import wsgi_served

CLIENT = ("app", "app-secret")
RESOURCE = "http://localhost:8000/mcp"
GIVEN = {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 60}
SCOPES = "mcp:read"
ALLOWED = ("audience-trailing-slash", "expired-10s", "expired-30s", "kid-missing", "typ-missing", "typ-wrong")
"""By devidp: a slash at the end, a minute between clocks, a key without a name, and assertions of the general type."""


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


@pytest.fixture(scope="module")
def receiver(idp: DevIdP) -> Iterator[DevIdP]:
    """Another devidp, which takes what the first one says of alice."""
    trusted = {idp.issuer: {"jwks_uri": idp.jwks_uri}}
    client = {"secret": CLIENT[1], "grants": ["jwt-bearer"]}
    issuer = {"users": {"alice": {}}, "clients": {CLIENT[0]: client}, "trusted_issuers": trusted}
    scopes = {"mcp:read": None, "mcp:write": None}
    seed = {"resources": {RESOURCE: {"scopes": list(scopes)}}, "scopes": scopes, "issuers": {"there": issuer}}
    with DevIdP(seed=seed) as started:
        yield started


def probed(idp: DevIdP, url: str, **options: Any) -> Report:
    wanted = {"assertions": True, "credentials": CLIENT, "user": "alice", "scope": SCOPES, **options}
    return idp.probe(url, **wanted)


def ids(report: Report) -> list[str]:
    assert not report.cause
    return sorted(finding.id for finding in report.findings)


def test_another_devidp_is_clean(idp: DevIdP, receiver: DevIdP) -> None:
    report = probed(idp, f"{receiver.issuer}/token", resource=RESOURCE)
    assert ids(report) == [f"assertion-{fault}" for fault in ALLOWED]
    assert report.at_least(Severity.LOW) == []
    assert (report.subject, report.issuer) == ("assertion receiver", idp.issuer)
    tried = {check.name for check in report.checks if check.outcome in ("passed", "failed")}
    assert {fault.name for fault in assertion_kinds.faults()} < tried
    assert set(assertions.OTHERS) < tried


class Careless:
    """Takes the word of an assertion for whatever it says; ``strict`` names what it does look at."""

    def __init__(self, idp: DevIdP, *strict: str, **extra: object) -> None:
        self._strict, self._extra = strict, extra
        self._keys = jwt.PyJWKClient(idp.jwks_uri)
        self._used: set[str] = set()
        self._lock = threading.Lock()
        self.app = Flask("careless")
        self.app.add_url_rule("/token", view_func=self.token, methods=["POST"])

    def token(self) -> ResponseReturnValue:
        assertion = request.form.get("assertion", "")
        try:
            claims = self.claims(assertion)
        except (jwt.PyJWTError, ValueError) as error:
            return {"error": "invalid_grant", "error_description": str(error)}, 400
        client = request.authorization.username if request.authorization else None
        if "client" in self._strict and (client != CLIENT[0] or request.authorization.password != CLIENT[1]):  # type: ignore[union-attr]
            return {"error": "invalid_client"}, 401
        with self._lock:
            used = claims.get("jti") in self._used
            self._used.add(str(claims.get("jti")))
        if "jti" in self._strict and used:
            return {"error": "invalid_grant"}, 400
        granted = request.form.get("scope", claims.get("scope", ""))
        token = jwt.encode({"aud": request.form.get("resource", RESOURCE), "scope": granted}, "k" * 32)
        return {**GIVEN, "access_token": token, **self._extra}, 200, {"Cache-Control": "no-store"}

    def claims(self, assertion: str) -> dict[str, Any]:
        if "signature" not in self._strict:
            found: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
            return found
        key = self._keys.get_signing_key_from_jwt(assertion)
        return jwt.decode(assertion, key, ["RS256"], {"verify_aud": False})


def careless(idp: DevIdP, *strict: str, extra: dict[str, object] | None = None, **options: Any) -> list[str]:
    with wsgi_served(lambda _: Careless(idp, *strict, **(extra or {})).app) as (base, _):
        return ids(probed(idp, f"{base}/token", audience=f"{base}", **options))


def test_what_a_careless_one_exchanges_is_named(idp: DevIdP) -> None:
    found = careless(idp, skip=["time", "shape", "audience", "issuer"])
    assert {
        "assertion-signature-bad", "assertion-alg-none", "assertion-jag-client-id-other", "assertion-id-token",
        "assertion-key-foreign", "assertion-of-another-key", "assertion-resource-exceeded",
        "assertion-replayed:replay", "assertion-replayed:replay-at-once", "assertion-without-client",
        "assertion-with-wrong-secret",
    } <= set(found)  # fmt: skip


@pytest.mark.parametrize(
    ("strict", "only", "findings"),
    [
        (("signature", "client"), ["key-of-another-issuer", "no-client", "wrong-secret", "alg-none"], []),
        (("signature", "jti"), ["replay", "replay-at-once"], []),
        (("signature",), ["replay"], ["assertion-replayed:replay"]),
        (("signature",), ["audience-wrong"], ["assertion-audience-wrong"]),
    ],
)
def test_what_it_looks_at_is_no_finding(
    idp: DevIdP, strict: tuple[str, ...], only: list[str], findings: list[str]
) -> None:
    assert careless(idp, *strict, only=only) == findings


def test_a_refresh_token_for_an_assertion_outlives_it(idp: DevIdP) -> None:
    found = careless(idp, "signature", only=["token-response"], extra={"refresh_token": "r"})
    assert found == ["assertion-refresh-token"]


def test_scopes_beyond_the_assertion_are_tried_where_the_metadata_names_some(idp: DevIdP) -> None:
    def make(base: str) -> Flask:
        app = Careless(idp, "signature").app
        said = {"issuer": base, "token_endpoint": f"{base}/token", "scopes_supported": [SCOPES, "mcp:write"]}
        app.add_url_rule("/.well-known/oauth-authorization-server", view_func=lambda: said)
        return app

    with wsgi_served(make) as (base, _):
        report = probed(idp, f"{base}/token", only=["scope-exceeded"])
    assert ids(report) == ["assertion-scope-exceeded"]
    assert report.findings[0].detail == "answered 200, granted mcp:read mcp:write, the assertion has mcp:read"


def test_nothing_that_a_report_shows_is_an_assertion_or_a_secret(idp: DevIdP) -> None:
    with wsgi_served(lambda _: Careless(idp).app) as (base, _):
        report = probed(idp, f"{base}/token", audience=base, only=["replay", "alg-none", "no-client"])
    shown = str([finding.exchanges for finding in report.findings])
    assert "eyJ" not in shown
    assert CLIENT[1] not in shown
    assert "YXBwOmFwcC1zZWNyZXQ" not in shown


@pytest.mark.parametrize(
    ("options", "cause", "remedy"),
    [
        ({"credentials": ("app", "wrong")}, "it answers 401 to a sound assertion", "--credentials"),
        ({"user": "bob"}, "no user of this issuer has that sub", "--user"),
        ({"audience": "https://elsewhere.example"}, "it answers 400 to a sound assertion", "--audience"),
        ({"scope": "mcp:admin"}, "it answers 400 to a sound assertion", "--scope"),
    ],
)
def test_why_nothing_can_be_concluded_is_said(
    idp: DevIdP, receiver: DevIdP, options: dict[str, Any], cause: str, remedy: str
) -> None:
    report = probed(idp, f"{receiver.issuer}/token", **options)
    assert cause in report.cause
    assert remedy in report.remedy


def test_what_no_assertion_has_is_refused_by_name(idp: DevIdP, receiver: DevIdP) -> None:
    with pytest.raises(ControlError, match="a token endpoint gets assertions and no other call"):
        probed(idp, f"{receiver.issuer}/token", path="/orders")
    with pytest.raises(ControlError, match="credentials and resource are for assertions"):
        idp.probe(f"{receiver.issuer}/token", credentials=CLIENT)
