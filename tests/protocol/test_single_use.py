"""What counts once is used up last: a request that was refused, or that waited in vain, can be sent again as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from authlib.oauth2.rfc7523 import private_key_jwt_sign
from flask import Flask, Response, jsonify
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from tests.flow import REDIRECT_URI, Flow
from tests.protocol.test_client_assertions import TYPE
from tests.protocol.test_dpop import proof
from tests.refusal import description, refusal
from tests.serving import wsgi_served
from tests.shipped import PUBLIC_URL, Start

pytestmark = pytest.mark.contract

ISSUER = f"{PUBLIC_URL}/default"
ELSEWHERE = "https://idp.acme.example"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
OWN = ECKey.generate_key("P-256", {"kid": "own"})
THEIRS = ECKey.generate_key("P-256", {"kid": "theirs"})
CLIENT = {
    "grants": ["authorization_code", "client_credentials", "jwt-bearer"],
    "redirect_uris": [REDIRECT_URI],
    "jwks": {"keys": [OWN.as_dict(private=False)]},
}


class Keys:
    """The keys of another issuer, behind a server that may be out of order."""

    def __init__(self) -> None:
        self.status = 200

    def view(self) -> Response:
        response = jsonify({"keys": [THEIRS.as_dict(private=False)]})
        response.status_code = self.status
        return response


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def flow(start: Start, keys: Keys) -> Iterator[Flow]:
    def make(base_url: str) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/jwks", view_func=keys.view)
        return app

    with wsgi_served(make) as (url, _):
        trusted = {ELSEWHERE: {"jwks_uri": f"{url}/jwks", "match": "email"}}
        yield start({"grants": None, "trusted_issuers": trusted}, clients={"signer": CLIENT})


def assertion() -> str:
    """The client's own: who it is."""
    signed: str = private_key_jwt_sign(OWN, "signer", ISSUER, "ES256", header={"kid": "own"})
    return signed


def bearer() -> str:
    """The other issuer's: who the user is."""
    now = int(time.time())
    claims = {"iss": ELSEWHERE, "sub": "1", "email": "bob@globex.example", "aud": ISSUER, "exp": now + 60, "jti": "1"}
    return jwt.encode({"alg": "ES256", "kid": "theirs"}, claims, THEIRS)


def sent(flow: Flow, endpoint: str = "token", dpop: str | None = None, **fields: Any) -> TestResponse:
    data = {"client_assertion_type": TYPE, **fields}
    headers = {} if dpop is None else {"DPoP": dpop}
    return flow.http.post(f"{flow.base}/{endpoint}", data=data, headers=headers)


def test_keys_that_are_fetched_do_not_disturb_a_request(flow: Flow) -> None:
    answer = sent(flow, client_assertion=assertion(), grant_type=BEARER, assertion=bearer())
    assert answer.status_code == 200, answer.text


def test_a_request_that_waited_in_vain_for_keys_can_be_sent_again(flow: Flow, keys: Keys) -> None:
    request = {"client_assertion": assertion(), "grant_type": BEARER, "assertion": bearer()}
    keys.status = 503
    refused = sent(flow, **request)
    assert refusal(refused) == (400, "invalid_grant")
    assert "answers with status 503" in description(refused)
    keys.status = 200
    assert sent(flow, **request).status_code == 200
    again = sent(flow, **request)
    assert refusal(again) == (401, "invalid_client")
    assert "was used before" in description(again)


def test_a_refused_request_uses_up_neither_assertion_nor_proof(flow: Flow) -> None:
    request = {"client_assertion": assertion(), "dpop": proof(), "grant_type": "client_credentials"}
    for wrong in ({"scope": "nothing-like-it"}, {"grant_type": "password"}, {"resource": "no uri"}):
        assert sent(flow, **{**request, **wrong}).status_code == 400
    assert sent(flow, **request).status_code == 200


def test_what_counts_once_is_used_up_whole_or_not_at_all(flow: Flow) -> None:
    used, fresh = proof(), assertion()
    assert sent(flow, client_assertion=assertion(), dpop=used, grant_type="client_credentials").status_code == 200
    refused = sent(flow, client_assertion=fresh, dpop=used, grant_type="client_credentials")
    assert refusal(refused) == (400, "invalid_dpop_proof")
    assert sent(flow, client_assertion=fresh, grant_type="client_credentials").status_code == 200


def test_a_pushed_request_that_was_refused_can_be_corrected(flow: Flow) -> None:
    authenticated = {"client_assertion": assertion(), "redirect_uri": REDIRECT_URI, "endpoint": "par"}
    request = {**flow.request(client_id="signer"), **authenticated}
    assert sent(flow, **{**request, "response_type": "nothing"}).status_code == 400
    assert sent(flow, **request).status_code == 201
    assert "was used before" in description(sent(flow, **request))


def test_whoever_repeats_an_assertion_does_not_revoke_what_came_of_a_code(flow: Flow) -> None:
    used = assertion()
    request = {
        "client_assertion": used,
        "grant_type": "authorization_code",
        "code": flow.redirect(client_id="signer")["code"],
        "redirect_uri": REDIRECT_URI,
        "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    }
    token = sent(flow, **request).get_json()["access_token"]
    assert refusal(sent(flow, **request)) == (401, "invalid_client")
    assert flow.is_active(token)
    assert "has been used before" in description(sent(flow, **{**request, "client_assertion": assertion()}))
    assert not flow.is_active(token)
