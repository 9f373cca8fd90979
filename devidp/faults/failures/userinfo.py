"""Failures of UserInfo (OpenID Connect Core section 5.3)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, IN_USE, TOO_STRICT, UNNOTICED, ignore, refuse, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "userinfo"
ANSWER = "OpenID Connect Core section 5.3.2"
CLAIMS = "OpenID Connect Core section 5.1"
OF_ANOTHER = "What is said of one user is taken for another"


@failure("RFC 6750 section 3.1", ENDPOINT, before=True, expects=report("low", "errors", UNNOTICED))
def token_refused(answer: SpoiledResponse) -> None:
    """401 with `invalid_token`, as if the access token had expired early."""
    answer.error(401, "invalid_token")
    answer.response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'


@failure("RFC 6750 section 3.1", ENDPOINT, before=True, expects=report("low", "errors", UNNOTICED))
def scope_refused(answer: SpoiledResponse) -> None:
    """403 with `insufficient_scope`."""
    answer.error(403, "insufficient_scope")
    answer.response.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope", scope="openid"'


@failure(ANSWER, ENDPOINT, expects=refuse("medium", "id-token", OF_ANOTHER))
def sub_missing(answer: SpoiledResponse) -> None:
    """`sub` is missing."""
    answer.leave_out("sub")


@failure(ANSWER, ENDPOINT, expects=refuse("medium", "id-token", OF_ANOTHER))
def sub_changed(answer: SpoiledResponse) -> None:
    """`sub` is not that of the ID token: the client must not use the answer."""
    answer.change(sub="somebody-else")


@failure(CLAIMS, ENDPOINT, expects=ignore("low", "errors", TOO_STRICT))
def claims_missing(answer: SpoiledResponse) -> None:
    """The answer has `sub` alone, whatever the scopes release."""
    answer.put({"sub": answer.members().get("sub")})


@failure(CLAIMS, ENDPOINT, expects=EITHER)
def email_unverified(answer: SpoiledResponse) -> None:
    """`email` is there, and `email_verified` is false."""
    answer.change(email=answer.members().get("email", "somebody@example.com"), email_verified=False)


@failure(CLAIMS, ENDPOINT, expects=EITHER)
def email_verified_string(answer: SpoiledResponse) -> None:
    """`email_verified` is the string "true", as one big vendor sends it."""
    answer.change(email=answer.members().get("email", "somebody@example.com"), email_verified="true")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def sub_number(answer: SpoiledResponse) -> None:
    """`sub` is a number and no text."""
    answer.change(sub=12345)


@failure(ANSWER, ENDPOINT, expects=ignore("low", "errors", IN_USE))
def claims_null(answer: SpoiledResponse) -> None:
    """The claims that the user does not have are there as null, as some issuers send them."""
    absent = ("name", "nickname", "picture", "locale", "phone_number", "address", "birthdate")
    answer.put({**dict.fromkeys(absent), **answer.members()})


@failure(CLAIMS, ENDPOINT, expects=ignore("low", "errors", TOO_STRICT))
def claims_extra(answer: SpoiledResponse) -> None:
    """There is a claim that no specification defines: a client has to ignore it."""
    answer.put({"x_devidp_extra": {"nested": ["value", 1, None]}, **answer.members()})


@failure(CLAIMS, ENDPOINT, expects=EITHER)
def email_missing(answer: SpoiledResponse) -> None:
    """`email` is missing, although the scope was granted."""
    answer.leave_out("email")


@failure(CLAIMS, ENDPOINT, expects=EITHER)
def email_of_another(answer: SpoiledResponse) -> None:
    """`email` is that of somebody else, and said to be verified: `sub` alone says who a user is."""
    answer.change(email="somebody-else@example.com", email_verified=True)
