"""joserfc with its registry of claims."""

from __future__ import annotations

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import ClaimsOption

from tests.faults.verifiers import REQUIRED, Server, Verifier, strict_application, usual_application


def usual(token: str, server: Server) -> None:
    decoded = jwt.decode(token, KeySet.import_key_set({"keys": server.jwks["keys"]}))
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": server.issuer}, aud={"essential": True, "value": server.audience}
    ).validate(decoded.claims)
    usual_application(decoded.claims, server)


def strict(token: str, server: Server) -> None:
    decoded = jwt.decode(token, KeySet.import_key_set({"keys": server.jwks["keys"]}), algorithms=["RS256"])
    options: dict[str, ClaimsOption] = {name: {"essential": True} for name in REQUIRED}
    options["iss"] = {"essential": True, "value": server.issuer}
    options["aud"] = {"essential": True, "value": server.audience}
    jwt.JWTClaimsRegistry(None, 0, **options).validate(decoded.claims)
    strict_application(token, decoded.header, decoded.claims, server)


VERIFIERS = (
    Verifier("joserfc", "usual", usual, (JoseError,)),
    Verifier("joserfc", "strict", strict, (JoseError,)),
)
