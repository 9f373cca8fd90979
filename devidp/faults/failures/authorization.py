"""Failures of the authorization response: what the redirect brings to the client."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from devidp.faults.failures.expectation import TOO_STRICT, UNNOTICED, ignore, refuse, report
from devidp.faults.failures.registry import ATTACKER, SpoiledResponse, failure, other_slash

ENDPOINT = "authorize"
MIX_UP = "RFC 9207 section 2.4"
STATE = "RFC 6749 section 10.12"
MIX_UP_WHY = "The code of an honest issuer is sent to one that an attacker runs, or the other way round"
INJECTION = "A code that was stolen elsewhere logs its thief in as the user whose code it was"
TWICE = "What checks the answer and what uses it may take different ones of two values"
FORCED_LOGIN = "A page elsewhere logs the user in to an account of its own, and gets what the user then does"


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("high", "iss", MIX_UP_WHY))
def iss_wrong(answer: SpoiledResponse) -> None:
    """`iss` names another issuer, as in a mix-up attack."""
    answer.redirect(iss=ATTACKER)


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("medium", "iss", MIX_UP_WHY))
def iss_missing(answer: SpoiledResponse) -> None:
    """`iss` is missing, although the metadata announces it."""
    answer.redirect(iss=None)


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("high", "iss", MIX_UP_WHY))
def iss_of_another_issuer(answer: SpoiledResponse) -> None:
    """`iss` is that of another issuer of this devidp, which the client may know; without one as `iss-wrong`."""
    answer.redirect(iss=answer.other_metadata()["issuer"])


@failure(MIX_UP, ENDPOINT, redirect=True, expects=refuse("low", "iss", MIX_UP_WHY))
def iss_trailing_slash(answer: SpoiledResponse) -> None:
    """`iss` has a trailing slash that the issuer does not have, or lacks the one that it has."""
    answer.redirect(iss=other_slash(answer.parameters().get("iss", "")))


@failure(STATE, ENDPOINT, redirect=True, expects=refuse("medium", "state", FORCED_LOGIN))
def state_changed(answer: SpoiledResponse) -> None:
    """`state` is not the one that the client sent."""
    answer.redirect(state=f"{answer.parameters().get('state', '')}x")


@failure(STATE, ENDPOINT, redirect=True, expects=refuse("medium", "state", FORCED_LOGIN))
def state_missing(answer: SpoiledResponse) -> None:
    """`state` is missing, although the client sent one."""
    answer.redirect(state=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=report("low", "errors", UNNOTICED))
def code_missing(answer: SpoiledResponse) -> None:
    """The answer has neither a code nor an error."""
    answer.redirect(code=None)


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=report("low", "errors", UNNOTICED))
def code_changed(answer: SpoiledResponse) -> None:
    """The code is one that the issuer never issued."""
    answer.redirect(code="made-up")


@failure("RFC 9700 section 4.5", ENDPOINT, redirect=True, expects=report("medium", "pkce", INJECTION))
def code_of_another_flow(answer: SpoiledResponse) -> None:
    """The code is one that another browser began to get, with another proof key and nonce, as in a code injection."""
    answer.redirect(code=answer.code_of_another(answer.parameters().get("code", "")))


@failure("RFC 6749 section 3.1", ENDPOINT, redirect=True, expects=refuse("low", "state", TWICE))
def answer_doubled(answer: SpoiledResponse) -> None:
    """`code` and `state` are there twice, with other values the second time, where a redirect brings the answer."""
    location = urlsplit(answer.response.headers.get("Location", ""))
    part = "fragment" if "code=" in location.fragment else "query"
    doubled = f"{getattr(location, part)}&{urlencode({'code': 'made-up', 'state': 'made-up'})}"
    if answer.answer is None:
        answer.response.headers["Location"] = location._replace(**{part: doubled}).geturl()


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=ignore("low", "errors", TOO_STRICT))
def answer_extra(answer: SpoiledResponse) -> None:
    """There are parameters that no specification defines, as big vendors send them: a client has to ignore them."""
    answer.redirect(authuser="0", prompt="consent", client_info="eyJ1aWQiOiIxIn0")


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=refuse("advice", "errors", UNNOTICED))
def code_and_error(answer: SpoiledResponse) -> None:
    """The answer has a code and an error."""
    answer.redirect(error="access_denied")


@failure("RFC 6749 section 4.1.2.1", ENDPOINT, redirect=True, error=str, expects=report("low", "errors", UNNOTICED))
def error_without_state(answer: SpoiledResponse) -> None:
    """The answer is an error, access_denied or the option `error`, without the `state` that the client sent."""
    answer.redirect(code=None, state=None, error=answer.options.get("error", "access_denied"))


@failure("RFC 6749 section 4.1.2", ENDPOINT, redirect=True, expects=report("low", "errors", UNNOTICED))
def answer_in_fragment(answer: SpoiledResponse) -> None:
    """The answer is in the fragment of the redirect, which no server sees, and not in the query."""
    location = urlsplit(answer.response.headers.get("Location", ""))
    if "code=" in location.query:
        answer.response.headers["Location"] = location._replace(query="", fragment=location.query).geturl()
