"""Tokens of every signing algorithm, verified by libraries that we did not write, and forgeries that are not."""

from __future__ import annotations

import hmac
import json
import string
from base64 import b64decode, urlsafe_b64encode
from typing import Any

import jwt
import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import KeySet

from devidp.keys import SigningKey, tokens
from tests.flow import MCP, Flow, header, payload
from tests.shipped import Start

ISSUER = "http://localhost:6749/default"


@pytest.fixture(params=["RS256", "ES256", "EdDSA"])
def flow(request: pytest.FixtureRequest, start: Start) -> Flow:
    return start({"signing_algorithm": request.param})


def key_set(flow: Flow) -> dict[str, Any]:
    document: dict[str, Any] = flow.http.get("/default/.well-known/jwks.json").get_json()
    return document


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_pyjwt_verifies_both_tokens(flow: Flow) -> None:
    body = flow.tokens()
    keys = jwt.PyJWKSet.from_dict(key_set(flow))
    for name, audience in (("access_token", MCP), ("id_token", "web")):
        token = body[name]
        kid, algorithm = jwt.get_unverified_header(token)["kid"], header(token)["alg"]
        required = {"require": ["exp", "iat", "iss", "sub", "aud"]}
        claims = jwt.decode(token, keys[kid], [algorithm], audience=audience, issuer=ISSUER, options=required)  # type: ignore[arg-type]
        assert claims["sub"] == "alice"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_joserfc_verifies_both_tokens(flow: Flow) -> None:
    body = flow.tokens()
    keys = KeySet.import_key_set(key_set(flow))  # type: ignore[arg-type]
    for name, audience in (("access_token", MCP), ("id_token", "web")):
        decoded = joserfc_jwt.decode(body[name], keys, [header(body[name])["alg"]])
        registry = joserfc_jwt.JWTClaimsRegistry(
            iss={"value": ISSUER}, aud={"value": audience}, exp={"essential": True}
        )
        registry.validate(decoded.claims)


def test_a_modified_token_is_refused(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    head, body, signature = token.split(".")
    other = encoded({**payload(token), "sub": "bob"})
    broken = urlsafe_b64encode(b"x" * 64).rstrip(b"=").decode()
    for forged in (f"{head}.{other}.{signature}", f"{head}.{body}.{broken}", f"{head}.{body}.", f"{head}.{body}"):
        assert flow.introspect(forged) == {"active": False}
    assert flow.is_active(token)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_signature_has_one_spelling(start: Start, algorithm: str) -> None:
    """Its last character has bits that mean nothing (RFC 4648 section 3.5), and padding means nothing either."""
    flow = start({"signing_algorithm": algorithm})
    token = flow.tokens()["access_token"]
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    other = token[:-1] + alphabet[alphabet.index(token[-1]) + 1]
    assert b64decode(f"{other.split('.')[2]}==", b"-_") == b64decode(f"{token.split('.')[2]}==", b"-_")
    for same in (other, f"{token}==", f"{token}."):
        assert flow.introspect(same) == {"active": False}
    assert flow.is_active(token)


def test_a_critical_header_is_refused_and_an_unknown_one_ignored(flow: Flow) -> None:
    """RFC 7515 section 4 and 4.1.11."""
    key, claims = flow.issuer.keys.active, payload(flow.tokens()["access_token"])
    head = {"alg": key.algorithm, "typ": "at+jwt", "kid": key.kid}
    for critical in ([], ["exp"], ["b64"], "b64", None):
        more = {"crit": critical, "b64": True, "exp": 1}
        assert flow.introspect(signed({**head, **more}, claims, key)) == {"active": False}
    assert flow.introspect(signed({**head, "exp": 1}, claims, key))["active"] is True


def test_a_token_is_signed_by_the_key_that_it_names(start: Start) -> None:
    """Without a name it may be any that is published."""
    flow = start()
    claims, old = payload(flow.tokens()["access_token"]), flow.issuer.keys.active
    new = flow.issuer.keys.rotate()
    for named, active in (({"kid": old.kid}, True), ({"kid": new.kid}, False), ({}, True), ({"kid": "?"}, False)):
        token = signed({"alg": old.algorithm, "typ": "at+jwt", **named}, claims, old)
        assert flow.introspect(token)["active"] is active


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "HS256", "RS384", "PS256", "ES512", ""])
def test_another_algorithm_in_the_header_is_no_way_around_the_signature(start: Start, algorithm: str) -> None:
    flow = start({"signing_algorithm": "RS256"})
    token = flow.tokens()["access_token"]
    _, body, signature = token.split(".")
    head = encoded({**header(token), "alg": algorithm})
    for forged in (f"{head}.{body}.", f"{head}.{body}.{signature}"):
        assert flow.introspect(forged) == {"active": False}


def test_the_public_key_is_not_accepted_as_a_shared_secret(start: Start) -> None:
    flow = start({"signing_algorithm": "RS256"})
    token = flow.tokens()["access_token"]
    jwk = flow.issuer.keys.active.jwk
    signed = f"{encoded({**header(token), 'alg': 'HS256'})}.{token.split('.')[1]}"
    for secret in (jwk.as_pem(private=False), jwk.as_der(private=False), json.dumps(key_set(flow)["keys"][0]).encode()):
        mac = urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256")).rstrip(b"=").decode()
        assert flow.introspect(f"{signed}.{mac}") == {"active": False}


def test_a_key_in_the_header_is_not_trusted(flow: Flow, start: Start) -> None:
    token = flow.tokens()["access_token"]
    stranger = start({"signing_algorithm": "ES256"}).issuer.keys.active
    embedded = {"alg": "ES256", "typ": "at+jwt", "jwk": stranger.jwk.as_dict(private=False)}
    for head in (embedded, {**embedded, "kid": header(token)["kid"]}, {**embedded, "kid": stranger.kid}):
        forged = joserfc_jwt.encode(head, payload(token), stranger.jwk, ["ES256"])
        assert flow.introspect(forged) == {"active": False}


def test_the_type_distinguishes_tokens(start: Start) -> None:
    flow = start()
    key = flow.issuer.keys.active
    claims = payload(flow.tokens()["access_token"])
    for token_type in (tokens.ID_TOKEN_TYPE, "at+jwt2", "text/at+jwt", "", None, "logout+jwt"):
        head = {"alg": "ES256", "kid": key.kid} | ({} if token_type is None else {"typ": token_type})
        forged = joserfc_jwt.encode(head, claims, key.jwk, ["ES256"], default_type=None)
        assert flow.introspect(forged) == {"active": False}
    for token_type in ("AT+JWT", "application/at+jwt", "Application/At+Jwt"):  # RFC 7515 section 4.1.9
        same = joserfc_jwt.encode({"alg": "ES256", "kid": key.kid, "typ": token_type}, claims, key.jwk, ["ES256"])
        assert flow.introspect(same)["active"] is True


def signed(head: dict[str, Any], claims: dict[str, Any], key: SigningKey) -> str:
    return tokens.sign_bytes(tokens.json_bytes(head), tokens.json_bytes(claims), key)


def test_signing_is_silent_and_keeps_the_header_as_it_is(flow: Flow) -> None:
    key = flow.issuer.keys.active
    unsigned = tokens.draft(tokens.ACCESS_TOKEN_TYPE, {"sub": "é"}, key)
    token = tokens.sign(unsigned)
    assert header(token) == {"alg": key.algorithm, "typ": "at+jwt", "kid": key.kid}
    assert tokens.verify(token, flow.issuer.keys.key_set(), "at+jwt") == {"sub": "é"}
