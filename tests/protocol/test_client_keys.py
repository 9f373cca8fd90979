"""Keys behind a jwks_uri: fetched, kept, and fetched again for a key that was published later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response, jsonify
from joserfc.jwk import ECKey

from devidp.system.clock import Clock
from tests.flow import Flow
from tests.protocol.test_client_assertions import credentials, signed
from tests.refusal import description
from tests.serving import wsgi_served
from tests.shipped import Start

OLD = ECKey.generate_key("P-256", {"kid": "old"})
NEW = ECKey.generate_key("P-256", {"kid": "new"})


class Published:
    """The keys that a client publishes, and how often they were fetched."""

    def __init__(self) -> None:
        self.keys = [OLD]
        self.fetched = 0
        self.url = ""

    def view(self) -> Response:
        self.fetched += 1
        return jsonify({"keys": [key.as_dict(private=False) for key in self.keys]})


@pytest.fixture
def published() -> Iterator[Published]:
    found = Published()

    def make(base_url: str) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/jwks", view_func=found.view)
        return app

    with wsgi_served(make) as (url, _):
        found.url = f"{url}/jwks"
        yield found


@pytest.fixture
def flow(start: Start, published: Published) -> Flow:
    return start(clients={"signer": {"jwks_uri": published.url, "grants": ["client_credentials"]}})


def test_a_set_of_keys_is_fetched_once(flow: Flow, published: Published) -> None:
    for _ in range(3):
        assert credentials(flow, signed(key=OLD, alg="ES256")).status_code == 200
    assert published.fetched == 1


def test_a_new_key_is_found_once_the_floor_is_over(flow: Flow, published: Published, clock: Clock) -> None:
    credentials(flow, signed(key=OLD, alg="ES256"))
    published.keys = [OLD, NEW]
    for _ in range(3):
        assert "none of the 0 keys" in description(credentials(flow, signed(key=NEW, alg="ES256")))
    assert published.fetched == 1
    clock.advance(11)
    assert credentials(flow, signed(key=NEW, alg="ES256")).status_code == 200
    assert published.fetched == 2


def test_what_is_wrong_with_the_set_is_said(flow: Flow, published: Published) -> None:
    published.keys = []
    assert "is not a JWK Set: it has 0 keys" in description(credentials(flow, signed(key=OLD, alg="ES256")))


REGISTRATION = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt"}


@pytest.mark.parametrize("allowed", [False, True])
def test_a_registered_client_leads_to_this_machine_only_by_a_switch(
    start: Start, published: Published, allowed: bool
) -> None:
    flow = start({"fetch": {"private_addresses": allowed}})
    client = flow.http.post("/default/register", json={**REGISTRATION, "jwks_uri": published.url}).get_json()
    answer = credentials(flow, signed(client["client_id"], OLD, "ES256"))
    assert (answer.status_code, published.fetched) == ((200, 1) if allowed else (401, 0))
    assert allowed or "private_addresses: true" in description(answer)


@pytest.mark.parametrize(
    "uri", ["https://127.0.0.1:1/jwks", "https://[::ffff:10.0.0.1]/jwks", "https://169.254.169.254/"]
)
def test_keys_of_a_client_that_registered_are_not_asked_of_private_addresses(flow: Flow, uri: str) -> None:
    made = flow.register(grant_types=["client_credentials"], token_endpoint_auth_method="private_key_jwt", jwks_uri=uri)
    assert made.status_code == 201, made.text
    refused = credentials(flow, signed(made.get_json()["client_id"], key=OLD, alg="ES256"))
    assert refused.status_code == 401
    assert "which this issuer does not ask" in description(refused)
