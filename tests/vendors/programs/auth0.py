"""auth0-python and auth0-api-python, unchanged: tokens from the issuer, and what they say of tokens."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from auth0.authentication import GetToken, RevokeToken
from auth0.authentication.exceptions import Auth0Error
from auth0.authentication.token_verifier import AsymmetricSignatureVerifier, TokenVerifier
from auth0_api_python import ApiClient, ApiClientOptions

from tests.real_clients.programs import lines


def got(issuer: str, client: str, secret: str, wanted: str, **parameters: str) -> dict:
    """The token response."""
    return getattr(GetToken(urlsplit(issuer).netloc, client, secret), wanted)(**parameters)


def revoked(issuer: str, client: str, secret: str, token: str) -> None:
    RevokeToken(urlsplit(issuer).netloc, client, secret).revoke_refresh_token(token)


def identified(issuer: str, client: str, tokens: list[str], **expected: str) -> list[str]:
    """For each ID token why it is refused, or an empty text."""
    signatures = AsymmetricSignatureVerifier(f"{issuer}.well-known/jwks.json")
    verifier = TokenVerifier(signatures, issuer, client)

    async def verify(token: str) -> None:
        verifier.verify(token, **expected)

    return asyncio.run(verdicts(verify, tokens))


def admitted(issuer: str, audience: str, tokens: list[str]) -> list[str]:
    """For each access token why it is refused, or an empty text."""
    api = ApiClient(ApiClientOptions(domain=urlsplit(issuer).netloc, audience=audience))
    return asyncio.run(verdicts(api.verify_access_token, tokens))


def exchanged(issuer: str, client: str, secret: str, token: str, audience: str) -> dict:
    """A token for another API, on behalf of the user of ``token``."""
    options = ApiClientOptions(urlsplit(issuer).netloc, audience, client_id=client, client_secret=secret)
    return asyncio.run(ApiClient(options).get_token_on_behalf_of(token, audience))


async def verdicts(verify, tokens: list[str]) -> list[str]:
    found = []
    for token in tokens:
        try:
            await verify(token)
            found.append("")
        except Exception as error:  # noqa: BLE001 - of spoilt tokens, some raise what neither library has foreseen
            found.append(f"{type(error).__name__}: {error}")
    return found


RUN = {each.__name__: each for each in (got, revoked, identified, admitted, exchanged)}

for command in lines.commands():
    try:
        lines.answer(result=RUN[command.pop("run")](**command))
    except Auth0Error as error:
        lines.answer(failed=str(error))
