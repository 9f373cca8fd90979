"""Why nothing can be concluded of a target, and what to change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from devidp.oauth.suggestion import did_you_mean
from devidp.probe.exchange import Answer
from devidp.probe.metadata import Metadata

SHOWN = 300
"""Characters of an answer."""
SHOWN_SUCCESS = 120
"""Characters of one that looks like a success: enough to see whether it is one."""
MAX_TOOLS = 30


class Diagnosis(NamedTuple):
    cause: str
    remedy: str


class NoGround(Exception):
    """Nothing can be concluded."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis.cause)
        self.diagnosis = diagnosis


PROBLEMS = {
    "unknown-host": Diagnosis("no host has this name", "Correct the URL"),
    "untrusted": Diagnosis(
        "its certificate is not trusted here", "Name the file of the certificate that signed it in SSL_CERT_FILE"
    ),
    "no-tls": Diagnosis("it does not speak TLS as this machine does", "Name it with http://, if it has no TLS"),
    "refused": Diagnosis("nothing listens there", "Start the target, or correct the URL"),
    "timeout": Diagnosis(
        "it does not answer in time", "Look at what it waits for, or give it more time with --timeout"
    ),
    "dropped": Diagnosis("it ends the connection without a whole answer", "Look into the log of the target"),
    "endless": Diagnosis(
        "its answer never ends", "Describe a call with an answer that ends: --method, --path, --request"
    ),
    "malformed": Diagnosis("what it answers is not HTTP", "Name the address of an HTTP server"),
}


def answered(answer: Answer, asked: str) -> Answer:
    """``answer`` to a call ``asked`` in this way, where it is a whole one; raises NoGround."""
    if answer.complete:
        return answer
    raise NoGround(no_answer(answer, asked))


def no_answer(answer: Answer, asked: str) -> Diagnosis:
    """No whole answer to a call ``asked`` in this way."""
    why, remedy = PROBLEMS[answer.problem or "refused"]
    return Diagnosis(f"{url_of(answer)} was asked {asked}, and {why}", remedy)


def no_token(found: Metadata, refusals: Sequence[str]) -> Diagnosis:
    """No token of this devidp is what the target expects."""
    why = refusals[-1] if refusals else "devidp minted none"
    if found.issuers and refusals:
        return Diagnosis(
            f"the target trusts {', '.join(found.issuers)}, and this devidp has no token of it: {why}",
            "Point the target at an issuer of this devidp, or the probe at the devidp that it trusts (--url, "
            "--port); --issuer names another one",
        )
    return Diagnosis(
        f"devidp has no sound token for it: {why}",
        "Name what is missing: --issuer, --audience, --scope, --client",
    )


def no_mcp(answer: Answer) -> Diagnosis:
    return Diagnosis(
        f"tools are those of an MCP server, and {url_of(answer)} answers {shown(answer)} to initialize",
        "Correct the URL, or describe the call with --method, --path and --body in place of its tools",
    )


def no_tool(name: str, offered: Sequence[str]) -> Diagnosis:
    listed = ", ".join(offered[:MAX_TOOLS]) + (", …" if len(offered) > MAX_TOOLS else "")
    return Diagnosis(
        f"got the tool {name!r}, expected one that tools/list has for this token: {listed}",
        did_you_mean(name, offered, "Did you mean --tool {}?") or "Name one of these with --tool, or more with --scope",
    )


def everybody(sound: Answer) -> Diagnosis:
    """The answer is the same without a token, with a made-up one and with a sound one."""
    if is_redirect(sound):
        where = sound.header("location")
        cause = f"it answers {sound.status} to everything: a redirect to {where}, whatever token comes"
        if there := _but_for_a_slash(url_of(sound), where):
            return Diagnosis(cause, f"Name the address as the target has it: {there}")
        return Diagnosis(
            cause,
            "Name an address that takes `Authorization: Bearer`: a page that sends a browser to its login looks at "
            "cookies alone; or name what is behind the redirect",
        )
    return Diagnosis(
        f"it answers {sound.status} to everything: without a token, and with a made-up one, as with a sound one. "
        f"It says: {text_of(sound)[:SHOWN_SUCCESS]}",
        "Put the check of the token in front of this call; if it is public on purpose, name a protected one: "
        "--path, --tool, --request",
    )


def any_text() -> Diagnosis:
    return Diagnosis(
        "it takes any text for a token: a made-up one gets what a sound one gets",
        "Verify the signature, the issuer, the audience and the time of every token",
    )


def is_redirect(answer: Answer) -> bool:
    return answer.status is not None and 300 <= answer.status < 400


def _but_for_a_slash(url: str, location: str) -> str:
    """Where ``location`` leads from ``url``, if the slash at the end is all that differs; else empty."""
    try:
        there = urljoin(url, location)
        one, other = (each._replace(path=each.path.rstrip("/")) for each in (urlsplit(url), urlsplit(there)))
    except ValueError:
        return ""
    return there if one == other else ""


def url_of(answer: Answer) -> str:
    return answer.request.url if answer.request else "the target"


def shown(answer: Answer) -> str:
    return f"{answer.status} {text_of(answer)}".rstrip()


def text_of(answer: Answer) -> str:
    return " ".join(answer.text.split())[:SHOWN]
