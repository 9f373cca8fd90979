"""A report with something of everything."""

from __future__ import annotations

from devidp.report import Check, Exchange, Finding, Kind, Report, Severity

JWT = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
"""Its header is ``{"alg":"none","typ":"JWT"}``."""
ALG_NONE = Kind(
    "accepted-alg-none", Severity.CRITICAL, "Takes a token without a signature",
    "Anybody can write a token of their own, for any user.", "RFC 8725 section 3.2", "algorithm",
)  # fmt: skip
CRASHED = Kind(
    "server-error", Severity.LOW, "Answers a faulty token with a server error",
    "Alarms ring for what is only a bad request.", "RFC 6750 section 3.1", "server-error",
)  # fmt: skip
SCOPE = Kind(
    "challenge-scope-missing", Severity.ADVICE, "Does not say which scope is missing",
    "A client cannot ask for more rights.", "RFC 6750 section 3", "challenge",
)  # fmt: skip


def exchange(**members: object) -> Exchange:
    values = {
        "method": "GET",
        "url": "http://127.0.0.1:8000/me",
        "sent": (("Authorization", f"Bearer {JWT}"), ("Accept", "*/*")),
        "status": 200,
        "headers": (("Content-Type", "application/json"), ("Set-Cookie", "sid=abc; Path=/; HttpOnly")),
        "body": '{"user": "alice"}',
        "seconds": 0.01,
        **members,
    }
    return Exchange(**values)  # type: ignore[arg-type]


def report(**members: object) -> Report:
    checks = (
        Check("no-token", "ground", "passed", note="answered 401"),
        Check("missing-scope", "scopes", "failed", (Finding(SCOPE, "", "no scope in the 403"),)),
        Check("expired", "time", "failed", (Finding(CRASHED, "expired", "answered 500", (exchange(status=500),)),)),
        Check("alg-none", "signature", "failed", (Finding(ALG_NONE, "", "answered 200, expected 401", (exchange(),)),)),
        Check("not-yet", "time", "failed", (Finding(CRASHED, "not-yet", "answered 500"),)),
        Check("revoked", "state", "inconclusive", note="the server fell over"),
        Check("rotated", "state", "skipped", note="left out"),
    )
    values = {
        "subject": "resource server",
        "target": "http://127.0.0.1:8000/me",
        "issuer": "http://localhost:6749/default",
        "at": 1795855200.5,
        "seconds": 4.25,
        "checks": checks,
        "stack": "pyjwt",
        **members,
    }
    return Report(**values)  # type: ignore[arg-type]
