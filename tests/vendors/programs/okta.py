"""okta-jwt-verifier, unchanged and with its default key address: why it refuses each token."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio

from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
from okta_jwt_verifier.exceptions import JWTValidationException

from tests.real_clients.programs import lines


async def refusal(verify, token: str, **options: str) -> str:
    try:
        await verify(token, **options)
    except JWTValidationException as error:
        return str(error) or "refused"
    return ""


async def verdicts(kind: str, issuer: str, expected: str, tokens: list[str], nonce: str | None = None) -> list[str]:
    """For each token the reason of the refusal, or an empty text."""
    if kind == "id":
        verify, options = IDTokenVerifier(issuer=issuer, client_id=expected).verify, {"nonce": nonce}
    else:
        verify, options = AccessTokenVerifier(issuer=issuer, audience=expected).verify, {}
    return [await refusal(verify, token, **options) for token in tokens]


for command in lines.commands():
    lines.answer(verdicts=asyncio.run(verdicts(**command)))
