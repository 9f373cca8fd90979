"""What the metadata says of tokens and of the endpoints that give and judge them: what the issuer really does."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth import names

_SIGNING = {names.SECRET_JWT: names.SECRET_ALGORITHMS, names.PRIVATE_KEY_JWT: names.KEY_ALGORITHMS}


def metadata(issuer: Issuer) -> dict[str, Any]:
    """Fields of RFC 8414 section 2, OpenID Connect Discovery section 3, RFC 9449, RFC 9701 and of ID-JAG."""
    # the issuer's own first: what clients get that do not say otherwise
    algorithms = list(dict.fromkeys((issuer.settings.signing_algorithm, *names.SIGNING_ALGORITHMS)))
    document: dict[str, Any] = {"id_token_signing_alg_values_supported": algorithms}
    if _all_on(issuer, names.USERINFO, names.SIGNED_USERINFO):
        document["userinfo_signing_alg_values_supported"] = algorithms
    if _all_on(issuer, names.INTROSPECTION, names.SIGNED_INTROSPECTION):
        document["introspection_signing_alg_values_supported"] = algorithms
    if issuer.supports(names.DPOP):
        document["dpop_signing_alg_values_supported"] = list(names.KEY_ALGORITHMS)
    if issuer.supports(names.ID_JAG) and names.JWT_BEARER in issuer.grants():
        document["authorization_grant_profiles_supported"] = [names.ID_JAG_PROFILE]
    return document | _client_authentication(issuer)


def _all_on(issuer: Issuer, *features: str) -> bool:
    return all(issuer.supports(feature) for feature in features)


def _client_authentication(issuer: Issuer) -> dict[str, Any]:
    """The methods of each endpoint, and the algorithms of those that sign (RFC 8414 section 2)."""
    methods = list(names.auth_methods(issuer.settings.features))
    asked = {"token": methods}
    if issuer.supports(names.INTROSPECTION):
        asked["introspection"] = [method for method in methods if method != names.NO_AUTHENTICATION]
    if issuer.supports(names.REVOCATION):
        asked["revocation"] = methods
    document: dict[str, Any] = {}
    for endpoint, taken in asked.items():
        document[f"{endpoint}_endpoint_auth_methods_supported"] = taken
        algorithms = [algorithm for method in taken for algorithm in _SIGNING.get(method, ())]
        if algorithms:
            document[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = algorithms
    return document
