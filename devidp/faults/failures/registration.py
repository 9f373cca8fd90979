"""Failures of client registration (RFC 7591)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, IN_USE, UNNOTICED, ignore, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "register"
ANSWER = "RFC 7591 section 3.2.1"


@failure("RFC 7591 section 3", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def initial_access_token_needed(answer: SpoiledResponse) -> None:
    """401, as at an issuer where registration needs an initial access token."""
    answer.error(401, "invalid_token")
    answer.response.headers["WWW-Authenticate"] = "Bearer"


@failure("RFC 7591 section 3.2.2", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def redirect_uri_refused(answer: SpoiledResponse) -> None:
    """400, as at an issuer that does not like the redirect URIs."""
    answer.error(400, "invalid_redirect_uri")


@failure(ANSWER, ENDPOINT, expects=report("low", "registration", UNNOTICED))
def client_id_missing(answer: SpoiledResponse) -> None:
    """The answer has no `client_id`."""
    answer.leave_out("client_id")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def client_secret_missing(answer: SpoiledResponse) -> None:
    """The answer has no `client_secret`, although the client is to authenticate with one."""
    answer.leave_out("client_secret")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def client_secret_expired(answer: SpoiledResponse) -> None:
    """`client_secret_expires_at` has passed long ago."""
    answer.change(client_secret_expires_at=1)


@failure(ANSWER, ENDPOINT, expects=EITHER)
def auth_method_changed(answer: SpoiledResponse) -> None:
    """`token_endpoint_auth_method` is another one than was asked for, as the issuer may decide."""
    asked = answer.members().get("token_endpoint_auth_method")
    answer.change(token_endpoint_auth_method="client_secret_post" if asked != "client_secret_post" else "none")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def redirect_uris_changed(answer: SpoiledResponse) -> None:
    """`redirect_uris` are not those that were asked for."""
    answer.change(redirect_uris=["https://client.invalid/callback"])


@failure("RFC 7591 section 2", ENDPOINT, expects=ignore("low", "registration", IN_USE))
def metadata_empty(answer: SpoiledResponse) -> None:
    """What the client did not register is there as empty strings, as some issuers send it."""
    optional = ("client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri", "software_id", "software_version")
    answer.put({**dict.fromkeys(optional, ""), **answer.members()})


@failure(ANSWER, ENDPOINT, expects=ignore("low", "registration", IN_USE))
def registered_with_status_200(answer: SpoiledResponse) -> None:
    """The status is 200 and not 201, as some issuers send it."""
    answer.response.status_code = 200
