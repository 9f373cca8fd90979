"""Modules of the OpenID conformance plan Dynamic about keys and their rotation, each after its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.document_server import serving_bytes
from tests.flow import REDIRECT_URI, VERIFIER, Flow, header
from tests.protocol.test_client_assertions import TYPE
from tests.shipped import Start


class Signer:
    """A registered client that proves itself with the key that it publishes at its ``jwks_uri``."""

    def __init__(self, flow: Flow, jwks_uri: str, published: bytearray) -> None:
        self.flow = flow
        self.published = published
        self.rotate("first")
        response = flow.register(
            redirect_uris=[REDIRECT_URI],
            grant_types=["authorization_code", "refresh_token"],
            token_endpoint_auth_method="private_key_jwt",
            jwks_uri=jwks_uri,
        )
        assert response.status_code == 201, response.text
        self.client_id: str = response.get_json()["client_id"]

    def rotate(self, kid: str) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})
        self.published[:] = json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()

    def token(self, audience: str, **parameters: str) -> TestResponse:
        assertion = private_key_jwt_sign(
            self.key, self.client_id, audience, "RS256", header={"alg": "RS256", "kid": self.key.kid}
        )
        sent = {**parameters, "client_assertion_type": TYPE, "client_assertion": assertion}
        return self.flow.http.post(f"{self.flow.base}/token", data=sent)

    def log_in(self, audience: str, **changes: str) -> dict[str, Any]:
        code = self.flow.redirect(client_id=self.client_id, **changes)["code"]
        response = self.token(
            audience, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI, code_verifier=VERIFIER
        )
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.get_json()
        return body


@pytest.fixture
def signer(start: Start) -> Iterator[Signer]:
    """At an issuer that asks servers on this machine."""
    flow = start({"fetch": {"private_addresses": True}})
    published = bytearray()
    with serving_bytes(published, "application/json") as jwks_uri:
        yield Signer(flow, jwks_uri, published)


def test_oidcc_registration_jwks_uri(signer: Signer) -> None:
    assert signer.log_in(f"{signer.flow.issuer.url}/token")["id_token"]


def test_oidcc_ensure_client_assertion_with_iss_aud_succeeds(signer: Signer) -> None:
    assert signer.log_in(signer.flow.issuer.url)["id_token"]


def test_oidcc_refresh_token_rp_key_rotation(signer: Signer, clock: Clock) -> None:
    tokens = signer.log_in(signer.flow.issuer.url, scope="openid offline_access", prompt="consent")
    signer.rotate("second")
    clock.advance(60)
    refreshed = signer.token(signer.flow.issuer.url, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refreshed.status_code == 200, refreshed.text
    assert signer.flow.userinfo(refreshed.get_json()["access_token"]).get_json()["sub"] == "alice"


def test_oidcc_server_rotate_keys(signer: Signer) -> None:
    def published() -> list[str]:
        path = f"{signer.flow.base}/.well-known/jwks.json"
        return [key["kid"] for key in signer.flow.http.get(path).get_json()["keys"]]

    before = published()
    signer.flow.issuer.keys.rotate()
    after = published()
    assert set(before) < set(after)
    id_token = signer.log_in(signer.flow.issuer.url)["id_token"]
    assert header(id_token)["kid"] in set(after) - set(before)
