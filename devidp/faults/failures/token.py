"""Failures of the token endpoint."""

from __future__ import annotations

from urllib.parse import urlencode

from devidp.faults.failures.expectation import EITHER, IN_USE, TOO_STRICT, UNNOTICED, ignore, refuse, report, retry
from devidp.faults.failures.registry import SpoiledResponse, failure

SUCCESS = "RFC 6749 section 5.1"
BOUND = "A token that is bound to a key is sent as if it were not, and whoever sees it can use it"
INTO_HEADERS = "What an issuer sends becomes headers of the requests to the API"
RACED = "Two windows of one program end the session of the user"
NOBODY = "The user counts as logged in without proof of who it is"


@failure("RFC 6749 section 3.3", "token", expects=ignore("low", "token-response", TOO_STRICT))
def fewer_scopes(answer: SpoiledResponse) -> None:
    """`scope` of the answer has one scope fewer than was granted."""
    answer.change(scope=" ".join(str(answer.members().get("scope", "")).split()[:-1]))


@failure(SUCCESS, "token", expects=ignore("low", "token-response", TOO_STRICT))
def scope_missing(answer: SpoiledResponse) -> None:
    """The answer does not say which scopes were granted."""
    answer.leave_out("scope")


@failure("RFC 6749 section 6", "token", for_users=True, expects=ignore("low", "refresh", TOO_STRICT))
def no_refresh_token(answer: SpoiledResponse) -> None:
    """The answer has no refresh token, as when the issuer does not rotate it."""
    answer.leave_out("refresh_token")


@failure(SUCCESS, "token", expects=report("low", "token-response", UNNOTICED))
def no_access_token(answer: SpoiledResponse) -> None:
    """The answer has no access token."""
    answer.leave_out("access_token")


@failure(
    "OpenID Connect Core section 3.1.3.3",
    "token",
    for_users=True,
    expects=report("medium", "id-token", NOBODY),
)
def no_id_token(answer: SpoiledResponse) -> None:
    """The answer has no ID token, although openid was granted."""
    answer.leave_out("id_token")


@failure(SUCCESS, "token", expects=ignore("advice", "token-response", IN_USE))
def expires_in_string(answer: SpoiledResponse) -> None:
    """`expires_in` is a string of digits, as some vendors send it."""
    answer.change(expires_in=str(answer.members().get("expires_in", "")))


@failure(SUCCESS, "token", expects=ignore("low", "token-response", TOO_STRICT))
def expires_in_missing(answer: SpoiledResponse) -> None:
    """The answer does not say how long the token is valid."""
    answer.leave_out("expires_in")


@failure(SUCCESS, "token", expects=EITHER)
def expires_in_zero(answer: SpoiledResponse) -> None:
    """`expires_in` is 0."""
    answer.change(expires_in=0)


@failure("RFC 6749 section 7.1", "token", expects=ignore("low", "token-response", TOO_STRICT))
def token_type_upper_case(answer: SpoiledResponse) -> None:
    """`token_type` is in capitals: its case does not matter, so a client has to accept it."""
    answer.change(token_type=str(answer.members().get("token_type", "")).upper())


@failure("RFC 6749 section 7.1", "token", expects=refuse("medium", "token-response", BOUND))
def token_type_unknown(answer: SpoiledResponse) -> None:
    """`token_type` is one that no client knows."""
    answer.change(token_type="mac")


@failure(SUCCESS, "token", expects=refuse("low", "token-response", BOUND))
def token_type_missing(answer: SpoiledResponse) -> None:
    """The answer has no token_type."""
    answer.leave_out("token_type")


@failure("RFC 9449 section 5", "token", expects=refuse("medium", "token-response", BOUND))
def token_type_dpop(answer: SpoiledResponse) -> None:
    """`token_type` is DPoP, although the client has shown no key."""
    answer.change(token_type="DPoP")


@failure(SUCCESS, "token", expects=EITHER)
def expires_in_negative(answer: SpoiledResponse) -> None:
    """`expires_in` is -1."""
    answer.change(expires_in=-1)


@failure(SUCCESS, "token", expects=ignore("advice", "token-response", TOO_STRICT))
def expires_in_huge(answer: SpoiledResponse) -> None:
    """`expires_in` is more than 64 bits hold."""
    answer.change(expires_in=10**20)


@failure(SUCCESS, "token", expects=EITHER)
def expires_in_fraction(answer: SpoiledResponse) -> None:
    """`expires_in` is a number with a fraction."""
    answer.change(expires_in=answer.members().get("expires_in", 3600) + 0.5)


@failure(SUCCESS, "token", expects=EITHER)
def expires_in_null(answer: SpoiledResponse) -> None:
    """`expires_in` is null."""
    answer.change(expires_in=None)


@failure(SUCCESS, "token", expects=EITHER)
def expires_in_text(answer: SpoiledResponse) -> None:
    """`expires_in` is a text and no number."""
    answer.change(expires_in="an hour")


@failure(SUCCESS, "token", expects=report("medium", "token-response", INTO_HEADERS))
def access_token_line_break(answer: SpoiledResponse) -> None:
    """The access token has a line break, and after it what looks like a header."""
    answer.change(access_token=f"{answer.members().get('access_token', '')}\r\nX-Injected: 1")


@failure(SUCCESS, "token", expects=report("low", "token-response", UNNOTICED))
def access_token_empty(answer: SpoiledResponse) -> None:
    """The access token is an empty text."""
    answer.change(access_token="")


@failure(SUCCESS, "token", expects=report("low", "token-response", UNNOTICED))
def access_token_object(answer: SpoiledResponse) -> None:
    """The access token is a JSON object and no text."""
    answer.change(access_token={"value": answer.members().get("access_token")})


@failure("RFC 6749 section 3.3", "token", expects=EITHER)
def scope_wider(answer: SpoiledResponse) -> None:
    """`scope` of the answer has a scope that was not asked for."""
    answer.change(scope=f"{answer.members().get('scope', '')} admin".strip())


@failure("RFC 6749 section 3.3", "token", expects=ignore("advice", "token-response", IN_USE))
def scope_array(answer: SpoiledResponse) -> None:
    """`scope` is a JSON array, as one vendor sends it."""
    answer.change(scope=str(answer.members().get("scope", "")).split())


@failure("RFC 6749 section 3.3", "token", expects=ignore("advice", "token-response", IN_USE))
def scope_commas(answer: SpoiledResponse) -> None:
    """The scopes have commas between them, as one big vendor sends them."""
    answer.change(scope=",".join(str(answer.members().get("scope", "")).split()))


@failure(SUCCESS, "token", expects=ignore("low", "token-response", TOO_STRICT))
def members_extra(answer: SpoiledResponse) -> None:
    """There is a member that no specification defines: a client has to ignore it."""
    answer.put({"x_devidp_extra": {"nested": ["value", 1, None]}, **answer.members()})


@failure(SUCCESS, "token", expects=EITHER)
def form_encoded(answer: SpoiledResponse) -> None:
    """The right answer as a form in place of JSON, as one big vendor sends it."""
    answer.body(urlencode(answer.members()).encode(), "application/x-www-form-urlencoded")


@failure("RFC 6749 section 6", "token", for_users=True, expects=EITHER)
def refresh_token_changed(answer: SpoiledResponse) -> None:
    """The refresh token is one that the issuer never issued: the next refresh is refused."""
    answer.change(refresh_token="made-up")


@failure("RFC 9700 section 4.14.2", "token", for_users=True, expects=EITHER)
def refresh_token_used_up(answer: SpoiledResponse) -> None:
    """A refresh is answered with the refresh token that came with it, which is used up: the next one is refused."""
    if "refresh_token" in answer.sent:
        answer.change(refresh_token=answer.sent["refresh_token"])


@failure("RFC 9110 section 15.5.10", "token", before=True, expects=retry("advice", "retry", RACED))
def raced(answer: SpoiledResponse) -> None:
    """409, as where two refreshes meet at an issuer that serves one at a time."""
    answer.error(409, "invalid_request", "Another request with this code or refresh token is on its way")
