"""What an answer may tell that is nobody's business."""

from __future__ import annotations

from devidp.report import Kind, Severity

ADVICE, LOW, MEDIUM, HIGH, CRITICAL = Severity
TOPIC = "leak"
ERRORS = "CWE-209"

CONSOLE = Kind(
    "leak-debug-page",
    HIGH,
    "Shows a debug page of the framework",
    "It shows code, settings and secrets, and some of these pages run commands for whoever opens them.",
    "CWE-489",
    TOPIC,
)
STACK_TRACE = Kind(
    "leak-stack-trace",
    MEDIUM,
    "Shows a stack trace",
    "Whoever looks for a way in learns which libraries run, in which version, and where the check broke.",
    ERRORS,
    TOPIC,
)
SECRET = Kind(
    "leak-secret",
    CRITICAL,
    "Shows a secret",
    "Who reads it can act as the server, or make tokens.",
    "CWE-200",
    TOPIC,
)
TOKEN = Kind(
    "leak-token",
    MEDIUM,
    "Sends the token back in its answer",
    "Answers are logged, kept by proxies and shown on screens, where the token then is.",
    "RFC 6750 section 5.3",
    TOPIC,
)
PATH = Kind(
    "leak-path",
    LOW,
    "Shows a path of its file system",
    "It tells user names, versions and where the code is.",
    ERRORS,
    TOPIC,
)
EXCEPTION = Kind(
    "leak-exception",
    LOW,
    "Shows the name of an exception",
    "It tells which library checks tokens and how far a forged one got.",
    ERRORS,
    TOPIC,
)
CLAIMS = Kind(
    "leak-claims",
    ADVICE,
    "Repeats claims of a refused token",
    "What nobody has verified comes back from the server, and who only holds the token learns whose it is.",
    ERRORS,
    TOPIC,
)
VERSION = Kind(
    "leak-version",
    ADVICE,
    "Tells the version of its software in a header",
    "Whoever knows a hole of that version knows that it is here.",
    "RFC 9110 section 10.2.4",
    TOPIC,
)
KINDS = (CONSOLE, STACK_TRACE, SECRET, TOKEN, PATH, EXCEPTION, CLAIMS, VERSION)
