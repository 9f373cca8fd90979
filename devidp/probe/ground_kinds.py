"""What can be wrong with the target as a whole, before any single trial says anything."""

from __future__ import annotations

from devidp.report import Kind, Severity

NO_TOKEN = Kind(
    "accepted-no-token",
    Severity.CRITICAL,
    "Lets requests in that carry no token",
    "Anybody who reaches the server can do this call, without any account.",
    "RFC 6750 section 3.1",
    "challenge",
)
MADE_UP = Kind(
    "accepted-made-up-token",
    Severity.CRITICAL,
    "Takes any text for a token",
    "Anybody who sends an Authorization header with anything in it can do this call.",
    "RFC 6750 section 3.1",
    "signature",
)
FELL_OVER = Kind(
    "fell-over",
    Severity.HIGH,
    "Refuses sound tokens, or answers no more, after a faulty one",
    "One bad request takes the server away from everybody: a denial of service that needs no account.",
    "RFC 9110 section 15.6",
    "server-error",
)
KINDS = (NO_TOKEN, MADE_UP, FELL_OVER)
