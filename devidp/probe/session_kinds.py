"""What can be wrong with the sessions of an MCP server."""

from __future__ import annotations

from devidp.report import Kind, Severity

SECTION = "MCP Security Best Practices, Session Hijacking"
FOR_TOKEN = Kind(
    "session-for-token",
    Severity.CRITICAL,
    "Takes the id of a session in place of a token",
    "The token is looked at in the first request alone: whoever learns the id, from a log or a proxy, is the user, "
    "and a token that has ended is good for as long as the session lasts.",
    SECTION,
    "session",
)
STREAM = Kind(
    "session-stream-open",
    Severity.HIGH,
    "Opens its stream for requests without a sound token",
    "What the server tells its clients between their requests is read by whoever asks for it.",
    SECTION,
    "session",
)
OPEN_CALL = Kind(
    "tools-call-open",
    Severity.CRITICAL,
    "Lists its tools for tokens alone, and calls them for everybody",
    "The check stands in front of some messages, and not of the one that matters: anybody who reaches the server can "
    "use its tools.",
    "RFC 6750 section 3.1",
    "session",
)
SHARED = Kind(
    "session-shared",
    Severity.LOW,
    "Lets one user into the session of another",
    "Who has an account and learns the id of a session acts in it, and gets answers that are for its user.",
    SECTION,
    "session",
)
KINDS = (FOR_TOKEN, STREAM, OPEN_CALL, SHARED)
