"""Failures of token revocation (RFC 7009)."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "revoke"


@failure("RFC 7009 section 2.2.1", ENDPOINT, before=True, expects=EITHER)
def revocation_unsupported(answer: SpoiledResponse) -> None:
    """400 with `unsupported_token_type`, as at an issuer that revokes refresh tokens alone."""
    answer.error(400, "unsupported_token_type")


@failure("RFC 7009 section 2.2", ENDPOINT, before=True, expects=EITHER)
def revocation_without_effect(answer: SpoiledResponse) -> None:
    """200, and the token is as good as before."""
    answer.body(b"")
