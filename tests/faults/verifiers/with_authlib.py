"""Authlib: its validator of RFC 9068, and the module ``authlib.jose``, which is deprecated and still in use."""

from __future__ import annotations

import warnings

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc.jwk import KeySet

from tests.faults.verifiers import Server, Verifier, usual_application

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from authlib.jose import JsonWebKey, JsonWebToken
    from authlib.jose.errors import JoseError


class Validator(JWTBearerTokenValidator):  # type: ignore[misc]
    """The validator as its documentation has it, with a JWK Set that does not come over the network."""

    def __init__(self, server: Server) -> None:
        super().__init__(server.issuer, server.audience)
        self._keys = KeySet.import_key_set({"keys": server.jwks["keys"]})

    def get_jwks(self) -> KeySet:
        return self._keys


def rfc9068(token: str, server: Server) -> None:
    validator = Validator(server)
    validator.validate_token(validator.authenticate_token(token), [server.scope], None)


def plain(token: str, server: Server) -> None:
    options = {"iss": {"essential": True, "value": server.issuer}, "aud": {"essential": True, "value": server.audience}}
    keys = JsonWebKey.import_key_set(server.jwks)
    claims = JsonWebToken(["RS256"]).decode(token, keys, claims_options=options)
    claims.validate()
    usual_application(claims, server)


VERIFIERS = (
    Verifier("Authlib", "RFC 9068", rfc9068, (OAuth2Error,)),
    Verifier("Authlib", "authlib.jose", plain, (JoseError,)),
)
