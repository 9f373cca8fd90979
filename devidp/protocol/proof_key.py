"""Proof Key for Code Exchange (RFC 7636): Authlib's arithmetic, with S256 as the rule and plain by a switch."""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError
from authlib.oauth2.rfc7636 import CodeChallenge

from devidp.issuer.issuer import Issuer
from devidp.models import IssuerSettings
from devidp.oauth.errors import InvalidGrant, InvalidRequest, quoted

S256_LENGTH = 43
"""Characters of a SHA-256 hash in base64url without padding."""

_FORM = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class ProofKey(CodeChallenge):
    """Authlib checks a challenge only where one comes, and takes plain by default; this asks for S256."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(required=False)  # who needs none by the seed may be public
        self._issuer = issuer

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        parameters, settings = grant.request.parameters, self._issuer.settings_for(grant.request.client.record)
        challenge = parameters.get("code_challenge")
        if challenge is None and settings.pkce_required:
            raise InvalidRequest(
                "The parameter 'code_challenge' is missing: this issuer requires PKCE",
                remedy="Send code_challenge and code_challenge_method=S256, or set pkce.required to false in the seed, "
                "for the issuer or for the client",
                section="OAuth 2.1 section 4.1.1, RFC 7636 section 4.4.1",
            )
        method = parameters.get("code_challenge_method")
        if challenge is not None or method is not None:
            _check_method(method, settings)
        if challenge is not None:
            _check_challenge(challenge, method)
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: Any, result: Any) -> None:
        record = grant.request.authorization_code.record
        verifier = grant.request.parameters.get("code_verifier")
        if record.code_challenge is None and verifier is not None:
            raise InvalidGrant(
                "A code_verifier came, but the authorization request had no code_challenge",
                remedy="Send code_challenge at the authorization endpoint: somebody may have removed it there",
                section="OAuth 2.1 section 4.1.3",
            )
        if record.code_challenge is not None and verifier is None:
            raise InvalidGrant(
                "The parameter 'code_verifier' is missing, and the code was asked for with a code_challenge",
                remedy="Send the code_verifier whose S256 hash was the code_challenge",
                section="RFC 7636 section 4.5",
            )
        if verifier is not None:
            _check_verifier(verifier)
        try:
            super().validate_code_verifier(grant, result)
        except InvalidGrantError:
            raise InvalidGrant(
                f"The code_verifier does not fit the code_challenge that the code was asked for with "
                f"(code_challenge_method {record.code_challenge_method})",
                remedy="Send the verifier of this very request; S256 is base64url(sha256(verifier)) without padding",
                section="RFC 7636 section 4.6",
            ) from None


def _check_method(method: str | None, settings: IssuerSettings) -> None:
    allowed = ("S256", "plain") if settings.pkce_plain else ("S256",)
    if (method or "plain") not in allowed:
        came = f"is {quoted(method)}" if method else "is missing, which means 'plain'"
        raise InvalidRequest(
            f"The parameter 'code_challenge_method' {came}; this issuer takes {' or '.join(allowed)}",
            remedy="Send code_challenge_method=S256, or set pkce.plain to true in the seed",
            section="RFC 7636 section 4.2 and 4.3",
            got=method or "plain",
            expected=allowed,
        )


def _check_challenge(challenge: str, method: str | None) -> None:
    if not _FORM.fullmatch(challenge) or (method == "S256" and len(challenge) != S256_LENGTH):
        expected = f"{S256_LENGTH}" if method == "S256" else "43 to 128"
        raise InvalidRequest(
            f"The parameter 'code_challenge' is {quoted(challenge)}, {len(challenge)} characters long; "
            f"expected {expected} of A-Z a-z 0-9 - . _ ~",
            remedy="Send base64url(sha256(code_verifier)) without padding",
            section="RFC 7636 section 4.2",
        )


def _check_verifier(verifier: str) -> None:
    if not _FORM.fullmatch(verifier):
        # the verifier is a secret: only its length is reported
        raise InvalidRequest(
            f"The parameter 'code_verifier' has {len(verifier)} characters; expected 43 to 128 of A-Z a-z 0-9 - . _ ~",
            remedy="Send the string whose hash was the code_challenge",
            section="RFC 7636 section 4.1",
        )
