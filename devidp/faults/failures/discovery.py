"""Failures of the metadata documents."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER, TOO_STRICT, UNNOTICED, ignore, refuse, report
from devidp.faults.failures.registry import ATTACKER, SpoiledResponse, failure, other_slash

ENDPOINT = "discovery"
METADATA = "RFC 8414 section 2"
FALSE_METADATA = "An attacker's metadata, read in place of the right one, sends codes and secrets to the attacker"
NO_PROOF = "The issuer may not look at the proof key: whoever gets hold of a code gets tokens for it"


@failure("RFC 8414 section 3.3", ENDPOINT, expects=refuse("high", "metadata", FALSE_METADATA))
def issuer_mismatch(answer: SpoiledResponse) -> None:
    """`issuer` is not the one whose metadata was requested."""
    answer.change(issuer=ATTACKER)


@failure("RFC 8414 section 3.3", ENDPOINT, expects=refuse("low", "metadata", FALSE_METADATA))
def issuer_trailing_slash(answer: SpoiledResponse) -> None:
    """`issuer` has a trailing slash that the issuer in tokens does not have, or lacks one that it has there."""
    answer.change(issuer=other_slash(answer.members().get("issuer", "")))


@failure("RFC 8414 section 3.3", ENDPOINT, expects=refuse("low", "metadata", FALSE_METADATA))
def issuer_case(answer: SpoiledResponse) -> None:
    """`issuer` is in capitals, where the one whose metadata was requested is not."""
    answer.change(issuer=str(answer.members().get("issuer", "")).swapcase())


@failure("RFC 8414 section 3.3", ENDPOINT, expects=EITHER)
def issuer_template(answer: SpoiledResponse) -> None:
    """`issuer` has a placeholder for the tenant, as that of one big vendor for all its tenants."""
    answer.change(issuer=f"{str(answer.members().get('issuer', '')).rstrip('/')}/{{tenantid}}")


@failure("RFC 8414 section 3.3", ENDPOINT, expects=refuse("high", "metadata", FALSE_METADATA))
def metadata_of_another_issuer(answer: SpoiledResponse) -> None:
    """The whole document is that of another issuer."""
    answer.put(answer.other_metadata())


@failure(METADATA, ENDPOINT, field=str, expects=report("low", "metadata", UNNOTICED))
def field_missing(answer: SpoiledResponse) -> None:
    """The field `field` is missing: token_endpoint by default."""
    answer.leave_out(answer.options.get("field", "token_endpoint"))


@failure(METADATA, ENDPOINT, field=str, expects=ignore("low", "metadata", TOO_STRICT))
def field_extra(answer: SpoiledResponse) -> None:
    """There is a field `field` that no specification defines: a client has to ignore it."""
    answer.put({answer.options.get("field", "x_devidp_extra"): {"nested": ["value", 1, None]}, **answer.members()})


@failure(METADATA, ENDPOINT, field=str, expects=report("low", "metadata", UNNOTICED))
def field_null(answer: SpoiledResponse) -> None:
    """The field `field` is null: token_endpoint by default."""
    answer.change(**{answer.options.get("field", "token_endpoint"): None})


@failure(METADATA, ENDPOINT, expects=refuse("medium", "pkce", NO_PROOF))
def pkce_missing(answer: SpoiledResponse) -> None:
    """`code_challenge_methods_supported` is missing, as if the issuer did not support PKCE."""
    answer.leave_out("code_challenge_methods_supported")


@failure("RFC 9700 section 4.8", ENDPOINT, expects=refuse("medium", "pkce", NO_PROOF))
def pkce_plain_only(answer: SpoiledResponse) -> None:
    """`code_challenge_methods_supported` has `plain` alone, as in a downgrade."""
    answer.change(code_challenge_methods_supported=["plain"])


@failure(METADATA, ENDPOINT, expects=EITHER)
def registration_missing(answer: SpoiledResponse) -> None:
    """`registration_endpoint` is missing, as if clients could not register."""
    answer.leave_out("registration_endpoint")


@failure("RFC 9207 section 3", ENDPOINT, expects=ignore("low", "iss", TOO_STRICT))
def iss_unadvertised(answer: SpoiledResponse) -> None:
    """`authorization_response_iss_parameter_supported` is missing, although `iss` is sent."""
    answer.leave_out("authorization_response_iss_parameter_supported")


@failure("RFC 8414 section 3", ENDPOINT, expects=ignore("low", "metadata", TOO_STRICT))
def oauth_metadata_missing(answer: SpoiledResponse) -> None:
    """404 at `oauth-authorization-server`: only `openid-configuration` is there."""
    _not_found(answer, "oauth-authorization-server")


@failure("RFC 8414 section 5", ENDPOINT, expects=ignore("low", "metadata", TOO_STRICT))
def openid_metadata_missing(answer: SpoiledResponse) -> None:
    """404 at `openid-configuration`: only `oauth-authorization-server` is there."""
    _not_found(answer, "openid-configuration")


def _not_found(answer: SpoiledResponse, document: str) -> None:
    if document in answer.path:
        answer.error(404, "not_found", "There is no such document")
