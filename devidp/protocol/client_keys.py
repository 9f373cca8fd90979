"""The keys of a client, and what it signs with them: assertions and request objects."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey

from devidp.issuer.issuer import Issuer
from devidp.keys import jose
from devidp.models import Client
from devidp.oauth import base64url, ijson, jwk_set, names, numeric_date, token_type
from devidp.oauth.errors import Problem, as_text, quoted
from devidp.oauth.jwk_set import Key
from devidp.system.fetch import FetchError, Reach

LEEWAY = 60
"""Seconds by which the clock of a signer may be wrong."""


class NotVerified(Problem):
    """What a client signed cannot be accepted."""


def parse_unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a JWT before its signature is looked at; raises NotVerified where it is none."""
    try:
        header, payload = jose.extract(token)
    except (JoseError, ValueError, RecursionError):
        raise NotVerified("It is not a JWT", "Send a JWS in compact serialization (RFC 7515 section 7.1)") from None
    try:
        ijson.without_duplicates(base64url.decode(token.partition(".")[0]))
        claims = ijson.without_duplicates(payload)
        ijson.check(claims, payload)
    except (ValueError, RecursionError) as error:
        raise NotVerified(f"Header or payload of the JWT is not JSON: {error}", "Sign JSON objects") from None
    if not isinstance(claims, dict):
        raise NotVerified("The payload of the JWT is not a JSON object", "Sign a JSON object of claims")
    return header, claims


def check_type(header: dict[str, Any], *expected: str) -> None:
    """Raise NotVerified where ``typ`` says that it is another kind of JWT; ``JWT``, or none, says nothing."""
    if "typ" in header and not token_type.matches(header["typ"], *expected, "JWT"):
        raise NotVerified(
            f"its typ is {quoted(header['typ'])}, expected {' or '.join(expected)}",
            "Set typ to that or to JWT, or leave it out (RFC 8725 section 3.11)",
        )


def verify_claims(issuer: Issuer, client: Client, token: str, typ: str, algorithms: Collection[str]) -> dict[str, Any]:
    """The claims of a JWT that ``client`` has signed; raises NotVerified, and FetchError for its ``jwks_uri``."""
    signer = f"client {quoted(client.client_id)}"
    return verify(token, (typ,), algorithms, signer, partial(_candidates, issuer, client))


def verify(
    token: str,
    types: Collection[str],
    algorithms: Collection[str],
    signer: str,
    find: Callable[[str, object], list[Key]],
) -> dict[str, Any]:
    """The claims of a JWT under one of the keys that ``find`` has for its ``alg`` and ``kid``; raises NotVerified."""
    header, _ = parse_unverified(token)
    check_type(header, *types)
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise NotVerified(
            f"It is signed with alg {quoted(algorithm)}, expected {' or '.join(algorithms)}",
            "Sign with one of these, or register the one that the client uses",
            got=as_text(algorithm),
            expected=algorithms,
        )
    candidates = find(algorithm, kid)
    for key in candidates:
        try:
            return jose.decode(token, key, [algorithm]).claims
        except (JoseError, ValueError, TypeError):
            continue
    raise NotVerified(
        f"Its signature was made with none of the {len(candidates)} keys of {signer} that fit "
        f"alg {quoted(algorithm)} and kid {quoted(kid or '')}",
        "Compare the key, and its kid, with what the signer has published",
    )


def check_times(now: float, claims: dict[str, Any]) -> None:
    """Raise Problem where a time is no number, or not of now (RFC 7519 section 4.1)."""
    times = {name: numeric_date.parse(name, claims[name]) for name in numeric_date.TIMES if name in claims}
    if (expires_at := times.pop("exp", now)) <= now - LEEWAY:
        raise NotVerified(f"it expired {now - expires_at:.0f} s ago", "Sign a new one each time; compare clocks")
    for name, value in times.items():
        if value > now + LEEWAY:
            raise NotVerified(f"its {name} is {value - now:.0f} s in the future", "Compare the clocks")


def _candidates(issuer: Issuer, client: Client, algorithm: str, kid: object) -> list[Key]:
    if algorithm in names.SECRET_ALGORITHMS:
        return [] if client.secret is None else [OctKey.import_key(client.secret)]
    found = jwk_set.candidates(key_set(issuer, client), algorithm, kid)
    if found or client.jwks_uri is None:
        return found
    # a key that was published after the set was fetched
    return jwk_set.candidates(key_set(issuer, client, again=True), algorithm, kid)


def key_set(issuer: Issuer, client: Client, *, again: bool = False) -> KeySet:
    """The public keys of ``client``; raises NotVerified where it has none, FetchError where its set does not come."""
    if client.jwks is not None:
        return jwk_set.parse(client.jwks)
    if client.jwks_uri is None:
        raise NotVerified(
            f"Client {quoted(client.client_id)} has registered neither jwks nor jwks_uri",
            "Add one of them to the client",
        )
    return fetch_keys(issuer, client.jwks_uri, reach(issuer, client), again=again)


def fetch_keys(issuer: Issuer, url: str, where: Reach, *, again: bool) -> KeySet:
    """The keys at ``url``; raises FetchError where no JWK Set comes from there."""
    document = issuer.documents.get(url, where, again=again)
    try:
        return jwk_set.read(document)
    except ValueError as problem:
        raise FetchError(f"{quoted(url)} is not a JWK Set: {problem}", "Serve public keys there") from None


def reach(issuer: Issuer, client: Client) -> Reach:
    """Where documents of ``client`` may be: the author of the seed may name this machine, a stranger may not."""
    return Reach(loopback=not client.registered, private=issuer.settings.fetch_private_addresses)
