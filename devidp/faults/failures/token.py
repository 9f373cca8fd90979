"""Failures of the token endpoint."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, IN_USE, TOO_STRICT, UNNOTICED, ignore, refuse, report
from devidp.faults.failures.registry import SpoiledResponse, failure

SUCCESS = "RFC 6749 section 5.1"
BOUND = "A token that is bound to a key is sent as if it were not, and whoever sees it can use it"
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


@failure("RFC 6749 section 5.2", "token", expects=report("low", "token-response", UNNOTICED))
def error_with_status_200(answer: SpoiledResponse) -> None:
    """An error in the body, although the status is 200, as one big vendor does."""
    answer.error(200, "bad_verification_code", "The code is wrong or expired")
