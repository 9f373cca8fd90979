"""What can be wrong with whom a target lets do what."""

from __future__ import annotations

from devidp.report import Kind, Severity

SCOPE_MISNAMED = Kind(
    "scope-misnamed",
    Severity.LOW,
    "Refuses for want of a scope, and names others",
    "A client asks for what is named, gets it, and is refused again: its user logs in for nothing.",
    "RFC 6750 section 3.1",
    "scope",
)
TOOL_WITHOUT_SCOPE = Kind(
    "tool-without-scope",
    Severity.MEDIUM,
    "Lets a tool be called with a token that has no scope of the server",
    "A user who allowed a client to know her name has allowed it this tool as well: consent has no effect here.",
    "RFC 9700 section 2.3",
    "scope",
)
STRANGER = Kind(
    "accepted-stranger",
    Severity.HIGH,
    "Lets in what is sound elsewhere and is no access token for this server",
    "What other programs get to see, by their very purpose, opens this server as well.",
    "RFC 9068 section 4",
    "token-type",
)
LOGIN_UNSAID = Kind(
    "login-unsaid",
    Severity.ADVICE,
    "Refuses a login that is too weak or too old, and does not say so",
    "A client takes its token for a bad one; it gets the same again, and its user is never asked to log in better.",
    "RFC 9470 section 3",
    "step-up",
)
LOGIN_UNNAMED = Kind(
    "login-unnamed",
    Severity.LOW,
    "Asks for another login, and does not say for which",
    "A client does not know what to ask the issuer for: any new login gets the same refusal.",
    "RFC 9470 section 3",
    "step-up",
)
LOGIN_IN_VAIN = Kind(
    "login-in-vain",
    Severity.MEDIUM,
    "Refuses a login of the kind that it asks for",
    "The user logs in as asked and is refused again: nobody can use this call, and a client may try for ever.",
    "RFC 9470 section 3",
    "step-up",
)
CACHED = Kind(
    "accepted-cached",
    Severity.CRITICAL,
    "Lets in a forged token once it has seen a sound one like it",
    "What was verified is remembered by something that the token says, and not by all of it: whoever has seen a token, "
    "or can guess what is remembered, writes one of their own and is let in as its user.",
    "RFC 8725 section 3.2",
    "signature",
)
SECOND_TIME = Kind(
    "accepted-second-time",
    Severity.CRITICAL,
    "Lets in a forged token when it comes a second time",
    "That a token was seen is remembered, and not that it was refused: whoever sends one of their own twice is let in.",
    "RFC 8725 section 3.2",
    "signature",
)
KINDS = (
    SCOPE_MISNAMED,
    TOOL_WITHOUT_SCOPE,
    STRANGER,
    CACHED,
    SECOND_TIME,
    LOGIN_UNSAID,
    LOGIN_UNNAMED,
    LOGIN_IN_VAIN,
)
