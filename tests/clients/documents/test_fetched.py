"""Documents that are fetched: what they have to hold, how long they are kept, and what follows when none comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from joserfc.jwk import ECKey

from devidp.system.clock import Clock
from tests.flow import Flow
from tests.protocol.test_client_assertions import signed
from tests.refusal import description
from tests.serving import wsgi_served
from tests.shipped import Start

KEY = ECKey.generate_key("P-256", {"kid": "one"})
WAITS_AT = "http://localhost:52222/callback"


class Published:
    """A document, the keys beside it, and how often the document was fetched."""

    def __init__(self, base_url: str) -> None:
        self.url = f"{base_url}/app/client.json"
        self.document: dict[str, Any] = {
            "client_id": self.url,
            "client_name": "An application",
            "redirect_uris": ["http://localhost/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
        }
        self.cache_control = "max-age=600"
        self.status = 200
        self.fetched = 0

    def view(self) -> Response:
        self.fetched += 1
        response = jsonify(self.document)
        response.status_code = self.status
        response.headers["Cache-Control"] = self.cache_control
        return response


@pytest.fixture
def published() -> Iterator[Published]:
    found: list[Published] = []

    def make(base_url: str) -> Flask:
        app = Flask(__name__)
        found.append(Published(base_url))
        app.add_url_rule("/app/client.json", view_func=found[0].view)
        app.add_url_rule("/keys", "keys", lambda: jsonify({"keys": [KEY.as_dict(private=False)]}))
        return app

    with wsgi_served(make):
        yield found[0]


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"fetch": {"private_addresses": True}})


def refusal(flow: Flow, client_id: str) -> str:
    refused = flow.authorize(client_id=client_id, redirect_uri=WAITS_AT)
    assert refused.status_code == 400
    return refused.text


def test_it_logs_in_with_the_metadata_of_its_document(flow: Flow, published: Published) -> None:
    tokens = flow.tokens(client=published.url, redirect_uri=WAITS_AT)
    assert flow.refresh(tokens["refresh_token"], published.url).status_code == 200
    assert published.fetched == 1


def test_a_document_is_kept_as_its_headers_say(flow: Flow, published: Published, clock: Clock) -> None:
    flow.authorize(client_id=published.url, redirect_uri=WAITS_AT)
    clock.advance(599)
    flow.authorize(client_id=published.url, redirect_uri=WAITS_AT)
    assert published.fetched == 1
    clock.advance(2)
    flow.authorize(client_id=published.url, redirect_uri=WAITS_AT)
    assert published.fetched == 2


def test_one_that_nobody_may_keep_lasts_as_long_as_a_login(flow: Flow, published: Published, clock: Clock) -> None:
    published.cache_control = "no-store"
    flow.tokens(client=published.url, redirect_uri=WAITS_AT)
    assert published.fetched == 1
    clock.advance(61)
    flow.authorize(client_id=published.url, redirect_uri=WAITS_AT)
    assert published.fetched == 2


def test_a_change_of_the_document_counts_once_it_is_fetched(flow: Flow, published: Published, clock: Clock) -> None:
    flow.authorize(client_id=published.url, redirect_uri=WAITS_AT)
    published.document["redirect_uris"] = ["https://app.example/callback"]
    clock.advance(601)
    assert "is not registered for client" in refusal(flow, published.url)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"client_id": "https://other.example/client.json"}, "its client_id is"),
        ({"client_secret": "a secret"}, "it holds client_secret"),
        ({"client_name": ""}, "it has no client_name"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "no secret is shared"),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "neither jwks nor jwks_uri"),
        ({"redirect_uris": []}, "redirect_uris is missing"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "is not allowed"),
        ({"client_name": 7}, "client_name"),
    ],
)
def test_a_document_that_will_not_do_is_refused_by_name(
    flow: Flow, published: Published, changes: dict[str, Any], why: str
) -> None:
    published.document |= changes
    assert why in refusal(flow, published.url)


def test_what_means_nothing_here_does_no_harm(flow: Flow, published: Published) -> None:
    published.document |= {"scope": "mcp:read of:another:server", "id_token_encrypted_response_alg": "RSA-OAEP-256"}
    tokens = flow.tokens(client=published.url, redirect_uri=WAITS_AT, scope=None)
    assert tokens["scope"] == "mcp:read"


def test_a_document_that_is_not_there_is_refused(flow: Flow, published: Published) -> None:
    published.status = 404
    assert "status 404" in refusal(flow, published.url)
    refusal(flow, published.url)
    assert published.fetched == 1


def test_it_authenticates_with_a_key_that_its_document_names(flow: Flow, published: Published) -> None:
    keys = published.url.replace("/app/client.json", "/keys")
    published.document |= {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": keys}
    code = flow.redirect(client_id=published.url, redirect_uri=WAITS_AT)["code"]
    assert "expected private_key_jwt" in description(flow.exchange(code, published.url, redirect_uri=WAITS_AT))
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    proof = {"client_assertion": signed(published.url, KEY, "ES256"), "client_assertion_type": kind}
    answer = flow.exchange(code, published.url, redirect_uri=WAITS_AT, **proof)
    assert answer.status_code == 200, answer.text


def test_private_addresses_are_not_asked_without_the_switch(start: Start, published: Published) -> None:
    assert "not https" in refusal(start(), published.url)
    assert "which this issuer does not ask" in refusal(start(), "https://localhost:1/client.json")
    assert published.fetched == 0


@pytest.mark.parametrize(
    ("client_id", "why"),
    [
        ("https://app.example", "no path"),
        ("https://app.example/", "no path"),
        ("https://app.example/client.json#part", "fragment"),
        ("https://alice:secret@app.example/client.json", "user name"),
        ("https://app.example/a/../client.json", "&#39;..&#39;"),
        ("https://app.example/a/%2E/client.json", "&#39;..&#39;"),
        ("http://app.example/client.json", "not https"),
        (f"https://app.example/{'a' * 2000}", "2020 characters"),
    ],
)
def test_a_url_that_cannot_be_an_id_is_refused_without_being_asked(flow: Flow, client_id: str, why: str) -> None:
    assert why in refusal(flow, client_id)


LOOPBACK = {"client_id_metadata_documents": {"unfetchable": "loopback"}}
NOWHERE = "https://nowhere.invalid/client.json"


def test_what_cannot_be_fetched_is_refused_with_the_switch_named(start: Start) -> None:
    assert "unfetchable: loopback" in refusal(start(), NOWHERE)


def test_with_the_switch_it_gets_as_far_as_this_machine_and_a_person_is_warned(start: Start) -> None:
    flow = start(LOOPBACK)
    page = flow.log_in(flow.authorize(client_id=NOWHERE, redirect_uri=WAITS_AT))
    assert "could not be fetched" in page.text
    assert flow.tokens(client=NOWHERE, redirect_uri=WAITS_AT)["access_token"]
    refused = flow.authorize(client_id=NOWHERE, redirect_uri="https://app.example/callback")
    assert refused.status_code == 400


def test_a_document_counts_for_a_day_while_its_server_is_away(flow: Flow, clock: Clock) -> None:
    with wsgi_served(lambda base_url: _serving(Published(base_url))) as (base_url, _):
        client_id = f"{base_url}/app/client.json"
        access_token = flow.tokens(client=client_id, redirect_uri=WAITS_AT)["access_token"]
    clock.advance(700)
    assert flow.is_active(access_token)
    clock.advance(86400)
    assert "cannot be fetched" in refusal(flow, client_id)


def _serving(published: Published) -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/app/client.json", view_func=published.view)
    return app
