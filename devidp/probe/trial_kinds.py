"""What can be wrong with an answer, whichever token was sent."""

from __future__ import annotations

from devidp.report import Kind, Severity

SERVER_ERROR = Kind(
    "server-error",
    Severity.MEDIUM,
    "Fails with a 5xx where it should refuse",
    "The check crashed: everybody can fill the log with it, and no client learns that it needs another token.",
    "RFC 6750 section 3.1",
    "server-error",
)
NO_ANSWER = Kind(
    "no-answer",
    Severity.MEDIUM,
    "Does not answer where it should refuse",
    "One request holds a connection for as long as its sender likes.",
    "RFC 6750 section 3.1",
    "server-error",
)
KINDS: tuple[Kind, ...] = (SERVER_ERROR, NO_ANSWER)
