"""Certificates of the keys: in the JWK Set and as PEM, alike in both, the same until a key goes."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from devidp import DevIdP
from devidp.system.clock import Clock
from tests.flow import MCP, Flow, header
from tests.refusal import refusal
from tests.shipped import Start

CENTURY = 36_525 * 86_400
BOTH = {"features": {"x5c": True, "certificates": True}}


def keys(flow: Flow) -> dict[str, dict[str, Any]]:
    answer = flow.http.get(f"{flow.base}/.well-known/jwks.json").get_json()
    return {key["kid"]: key for key in answer["keys"]}


def certificates(flow: Flow) -> dict[str, str]:
    answer = flow.http.get(f"{flow.base}/.well-known/certificates.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    found: dict[str, str] = answer.get_json()
    return found


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_a_certificate_has_the_key_that_signs(start: Start, algorithm: str) -> None:
    flow = start({"signing_algorithm": algorithm, **BOTH})
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    ((kid, pem),) = certificates(flow).items()
    certificate = x509.load_pem_x509_certificate(pem.encode())
    certificate.verify_directly_issued_by(certificate)
    assert (header(token)["kid"], certificate.subject.rfc4514_string()) == (kid, f"CN={kid}")
    public: Any = certificate.public_key()
    assert jwt.decode(token, public, [algorithm], audience=MCP)["sub"] == "service"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{token[:-8]}{'A' * 8}", public, [algorithm], audience=MCP)
    key = keys(flow)[kid]
    der = certificate.public_bytes(Encoding.DER)
    assert [b64decode(each) for each in key["x5c"]] == [der]
    assert (key["x5t"], key["x5t#S256"]) == (encoded(sha1(der).digest()), encoded(sha256(der).digest()))


def test_no_certificate_is_there_unless_the_seed_says_so(start: Start) -> None:
    flow = start()
    assert not any(name.startswith("x5") for key in keys(flow).values() for name in key)
    answer = flow.http.get("/default/.well-known/certificates.json")
    assert refusal(answer) == (404, "not_found")
    assert "'certificates'" in answer.get_json()["error_description"]
    one = start({"features": {"certificates": True}})
    assert not any(name.startswith("x5") for key in keys(one).values() for name in key)
    assert set(certificates(one)) == set(keys(one))


def test_rotated_hidden_and_retired_keys_are_alike_in_both_documents(start: Start) -> None:
    flow = start(BOTH)
    first = flow.issuer.keys.active.kid
    before = certificates(flow)
    ring = flow.issuer.keys
    fresh = ring.rotate(publish=False).kid
    assert (set(certificates(flow)), set(keys(flow))) == ({first}, {first})
    ring.change(fresh, hidden=False)
    assert (set(certificates(flow)), set(keys(flow))) == ({first, fresh}, {first, fresh})
    assert certificates(flow)[first] == before[first]
    ring.change(first, state="retired")
    assert (set(certificates(flow)), set(keys(flow))) == ({fresh}, {fresh})


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_it_stays_the_same_after_a_restart_and_in_every_worker(start: Start, tmp_path: Path, algorithm: str) -> None:
    wanted = {"signing_algorithm": algorithm, **BOTH}
    one = start(wanted, data=tmp_path)
    found = certificates(one), keys(one)
    other = start(wanted, data=tmp_path, config={"owns_data": False})
    assert (certificates(other), keys(other)) == found
    again = start(wanted, data=tmp_path)
    assert (certificates(again), keys(again)) == found


def test_it_is_valid_whatever_the_clock_shows(start: Start, clock: Clock) -> None:
    flow = start(BOTH)
    for advanced in (0, 3 * CENTURY):
        clock.advance(advanced)
        (pem,) = certificates(flow).values()
        certificate = x509.load_pem_x509_certificate(pem.encode())
        valid = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        assert valid[0] < datetime.fromtimestamp(clock.now(), UTC) < valid[1]


@pytest.mark.parametrize("name", ["keys-empty", "new-key-missing", "long-cache", "truncated-json"])
def test_it_can_be_wrong_as_the_jwk_set_can(name: str) -> None:
    issuer = {"signing_algorithm": "ES256", **BOTH}
    with DevIdP(seed={"issuers": {"default": issuer}}) as idp:
        url = f"{idp.issuer}/.well-known/certificates.json"
        right = httpx.get(url)
        idp.fail("certificates", name)
        wrong, again = httpx.get(url), httpx.get(url)
        assert wrong.content != right.content or "31536000" in wrong.headers["Cache-Control"]
        assert again.content == right.content


def test_it_may_be_cached_and_is_not_sent_twice(start: Start) -> None:
    flow = start(BOTH)
    path = "/default/.well-known/certificates.json"
    first = flow.http.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert flow.http.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_seed_that_switches_it_on_keeps_the_keys(start: Start, tmp_path: Path) -> None:
    kid = start(data=tmp_path).issuer.keys.active.kid
    assert set(certificates(start(BOTH, data=tmp_path))) == {kid}
