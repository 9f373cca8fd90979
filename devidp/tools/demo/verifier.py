"""From a token to a caller: by its signature, by introspection, or by both."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from devidp.tools.demo.caller import Caller, caller_of
from devidp.tools.demo.compact import MAX_BYTES, Compact, read
from devidp.tools.demo.issuer_client import IssuerClient
from devidp.tools.demo.refusal import Forbidden, InvalidToken
from devidp.tools.demo.settings import Now, Settings


class Verifier:
    def __init__(self, settings: Settings, now: Now) -> None:
        self._settings = settings
        self._now = now
        self._issuers = {issuer.url: IssuerClient(issuer, now) for issuer in settings.issuers}

    def verify(self, token: str) -> Caller:
        """Raises InvalidToken, Forbidden for another tenant, and Unavailable where the issuer cannot be asked."""
        if self._settings.mode == "introspection":
            return self._introspect(token, self._candidates(token))
        by_signature = self._verify_signature(token)
        if self._settings.mode == "jwt":
            return by_signature
        by_issuer = self._introspect(token, [self._issuer(read(token))])
        if by_issuer.sub != by_signature.sub:
            raise Forbidden("Introspection says that the token is another user's")
        return replace(by_signature, scopes=by_signature.scopes & by_issuer.scopes)

    def close(self) -> None:
        for client in self._issuers.values():
            client.close()

    def _verify_signature(self, token: str) -> Caller:
        parts = read(token)
        issuer = self._issuer(parts)
        self._check_header(parts.header)
        key = issuer.key(parts.header["kid"])
        if key is None:
            raise InvalidToken("No key of the issuer has the kid of the token")
        _check_signature(token, parts.header["alg"], key)
        return caller_of(parts.claims, issuer.issuer, self._settings, self._now())

    def _issuer(self, parts: Compact) -> IssuerClient:
        """Each issuer has its own keys: one of them cannot sign for another."""
        url = parts.claims.get("iss")
        client = self._issuers.get(url) if isinstance(url, str) else None
        if client is None:
            raise InvalidToken(f"iss is not one of: {', '.join(self._issuers)}")
        return client

    def _check_header(self, header: Mapping[str, Any]) -> None:
        if self._settings.types and str(header.get("typ")).lower() not in self._settings.types:
            raise InvalidToken("typ is not at+jwt: this is no access token")
        if header.get("alg") not in self._settings.algorithms:
            raise InvalidToken(f"alg is not one of: {', '.join(sorted(self._settings.algorithms))}")
        if "crit" in header:
            raise InvalidToken("crit names extensions, and none is understood here")
        if not isinstance(header.get("kid"), str):
            raise InvalidToken("kid is missing or not a string")

    def _candidates(self, token: str) -> list[IssuerClient]:
        """The issuer that the token names; any may know one that names none."""
        if len(token) > MAX_BYTES:
            raise InvalidToken(f"The token has more than {MAX_BYTES} bytes")
        if "." not in token:
            return list(self._issuers.values())
        parts = read(token)
        # the answer does not say whether it is an access token, and issuers are lenient with their own
        self._check_header(parts.header)
        return [self._issuer(parts)]

    def _introspect(self, token: str, issuers: list[IssuerClient]) -> Caller:
        for client in issuers:
            answer = client.introspect(token)
            if answer.get("active") is True:
                return caller_of(answer, client.issuer, self._settings, self._now())
        raise InvalidToken("The issuer says that the token is not active: revoked, expired, or never issued")


def _check_signature(token: str, algorithm: str, key: Mapping[str, Any]) -> None:
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    if key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm:
        with suppress(JoseError, ValueError):
            jws.deserialize_compact(token, JWKRegistry.import_key(dict(key)), registry=registry)
            return
    raise InvalidToken("The signature does not hold")
