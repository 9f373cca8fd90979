"""Failures of client registration (RFC 7591)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, IN_USE, TOO_STRICT, UNNOTICED, avoid, ignore, report
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "register"
ANSWER = "RFC 7591 section 3.2.1"
OPTIONAL = ("client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri", "software_id", "software_version")
MANAGED_ELSEWHERE = "The token with which the registration is changed is sent to another origin"


@failure("RFC 7591 section 3", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def initial_access_token_needed(answer: SpoiledResponse) -> None:
    """401, as at an issuer where registration needs an initial access token."""
    answer.error(401, "invalid_token")
    answer.response.headers["WWW-Authenticate"] = "Bearer"


@failure("RFC 7591 section 3.2.2", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def redirect_uri_refused(answer: SpoiledResponse) -> None:
    """400, as at an issuer that does not like the redirect URIs."""
    answer.error(400, "invalid_redirect_uri")


@failure("RFC 7591 section 3.2.2", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def client_metadata_refused(answer: SpoiledResponse) -> None:
    """400, as at an issuer that does not like something else that the client says of itself."""
    answer.error(400, "invalid_client_metadata")


@failure("RFC 7591 section 3.2.2", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def software_statement_refused(answer: SpoiledResponse) -> None:
    """400, as at an issuer that takes only software that it has approved."""
    answer.error(400, "unapproved_software_statement")


@failure("RFC 9110 section 15.5.4", ENDPOINT, before=True, expects=report("low", "registration", UNNOTICED))
def registration_forbidden(answer: SpoiledResponse) -> None:
    """403 without an error code, as at an issuer where registration is announced and switched off."""
    answer.response.status_code = 403
    answer.body(b"Forbidden", "text/plain")


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


@failure(ANSWER, ENDPOINT, expects=ignore("low", "registration", IN_USE))
def secret_to_public_client(answer: SpoiledResponse) -> None:
    """A client that registered for `none` gets a `client_secret`: it goes on without it."""
    if answer.members().get("token_endpoint_auth_method") == "none":
        answer.change(client_secret="a-secret-that-nobody-asked-for", client_secret_expires_at=0)


@failure(ANSWER, ENDPOINT, expects=EITHER)
def client_secret_expiry_missing(answer: SpoiledResponse) -> None:
    """`client_secret_expires_at` is missing, although there is a `client_secret`."""
    answer.leave_out("client_secret_expires_at")


@failure("RFC 7591 section 2", ENDPOINT, expects=EITHER)
def registered_scope_narrowed(answer: SpoiledResponse) -> None:
    """`scope` has the first scope alone."""
    answer.change(scope=str(answer.members().get("scope", "")).partition(" ")[0] or "openid")


@failure("RFC 7591 section 2", ENDPOINT, expects=ignore("low", "registration", TOO_STRICT))
def grant_types_narrowed(answer: SpoiledResponse) -> None:
    """`grant_types` has no refresh_token, although the client asked for it or may use it."""
    answer.change(grant_types=["authorization_code"])


@failure(ANSWER, ENDPOINT, expects=EITHER)
def redirect_uris_missing(answer: SpoiledResponse) -> None:
    """`redirect_uris` are missing."""
    answer.leave_out("redirect_uris")


@failure(ANSWER, ENDPOINT, expects=EITHER)
def client_id_alone(answer: SpoiledResponse) -> None:
    """The answer has what a client needs to authenticate, and nothing of what it registered."""
    needed = ("client_id", "client_secret", "client_secret_expires_at", "token_endpoint_auth_method")
    answer.put({name: value for name, value in answer.members().items() if name in needed})


@failure(ANSWER, ENDPOINT, expects=EITHER)
def issued_at_string(answer: SpoiledResponse) -> None:
    """`client_id_issued_at` is a date in a text, and no number."""
    answer.change(client_id_issued_at="2030-01-01T00:00:00Z")


@failure("RFC 7591 section 2", ENDPOINT, expects=ignore("low", "registration", IN_USE))
def metadata_null(answer: SpoiledResponse) -> None:
    """What the client did not register is there as null, as some issuers send it."""
    answer.put({**dict.fromkeys(OPTIONAL), **answer.members()})


@failure(ANSWER, ENDPOINT, expects=ignore("low", "registration", TOO_STRICT))
def metadata_extra(answer: SpoiledResponse) -> None:
    """There is a member that no specification defines: a client has to ignore it."""
    answer.put({"x_devidp_extra": {"nested": ["value", 1, None]}, **answer.members()})


@failure("RFC 7592 section 3", ENDPOINT, to=str, expects=avoid("medium", "endpoint-origin", MANAGED_ELSEWHERE))
def management_foreign(answer: SpoiledResponse) -> None:
    """`registration_client_uri` is at another origin, `to`."""
    url = str(answer.members().get("registration_client_uri", ""))
    answer.change(registration_client_uri=answer.elsewhere(url or "/register/a-client"))


@failure("RFC 7591 section 2", ENDPOINT, expects=ignore("low", "registration", IN_USE))
def metadata_empty(answer: SpoiledResponse) -> None:
    """What the client did not register is there as empty strings, as some issuers send it."""
    answer.put({**dict.fromkeys(OPTIONAL, ""), **answer.members()})


@failure(ANSWER, ENDPOINT, expects=ignore("low", "registration", IN_USE))
def registered_with_status_200(answer: SpoiledResponse) -> None:
    """The status is 200 and not 201, as some issuers send it."""
    answer.response.status_code = 200
