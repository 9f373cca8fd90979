"""The JWK Set: the public keys, and never anything else."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import import_key

from tests.flow import Flow, header
from tests.shipped import Start

PATH = "/default/.well-known/jwks.json"
PUBLIC = {
    "RS256": {"kty", "n", "e"},
    "ES256": {"kty", "crv", "x", "y"},
    "EdDSA": {"kty", "crv", "x"},
}


@pytest.mark.parametrize("algorithm", PUBLIC)
def test_a_key_is_published_with_its_public_members_alone(start: Start, algorithm: str) -> None:
    flow = start({"signing_algorithm": algorithm})
    answer = flow.http.get(PATH)
    assert answer.status_code == 200
    assert answer.content_type == "application/jwk-set+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.get_json()) == {"keys"}
    (key,) = answer.get_json()["keys"]
    assert set(key) == PUBLIC[algorithm] | {"kid", "use", "alg"}
    assert (key["use"], key["alg"]) == ("sig", algorithm)


@pytest.mark.parametrize("algorithm", PUBLIC)
def test_the_name_of_a_key_is_its_thumbprint(start: Start, algorithm: str) -> None:
    flow = start({"signing_algorithm": algorithm})
    (key,) = flow.http.get(PATH).get_json()["keys"]
    assert key["kid"] == import_key(key).thumbprint()
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    assert header(token)["kid"] == key["kid"]


@pytest.mark.parametrize("bits", [3072, 4096])
def test_an_rsa_key_has_the_size_that_the_seed_says(start: Start, bits: int) -> None:
    flow = start({"signing_algorithm": "RS256", "key_size": bits})
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    (key,) = flow.http.get(PATH).get_json()["keys"]
    assert len(urlsafe_b64decode(f"{key['n']}==")) * 8 == bits
    assert jwt.decode(token, import_key(key), ["RS256"]).claims["sub"] == "service"


def test_it_may_be_cached_and_is_not_sent_twice(flow: Flow) -> None:
    first = flow.http.get(PATH)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = flow.http.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert flow.http.get(PATH).headers["ETag"] == first.headers["ETag"]


def test_after_a_rotation_both_keys_are_published(flow: Flow) -> None:
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    before = flow.http.get(PATH)
    flow.issuer.keys.rotate()
    after = flow.http.get(PATH, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    kids = [key["kid"] for key in after.get_json()["keys"]]
    assert (len(kids), kids[1]) == (2, header(token)["kid"])
    fresh = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    assert header(fresh)["kid"] == kids[0]
    assert flow.is_active(token)
    assert flow.is_active(fresh)


def test_after_a_rotation_without_overlap_old_tokens_are_worthless(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    flow.issuer.keys.rotate(overlap=False)
    assert len(flow.http.get(PATH).get_json()["keys"]) == 1
    assert not flow.is_active(token)
    assert flow.userinfo(token).status_code == 401


def test_each_issuer_has_keys_of_its_own(flow: Flow) -> None:
    def kids(issuer: str) -> set[Any]:
        return {key["kid"] for key in flow.http.get(PATH.replace("default", issuer)).get_json()["keys"]}

    assert not kids("default") & kids("enterprise")
