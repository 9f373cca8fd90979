"""JSON at the URL of an issuer, which applications for Keycloak ask for its public key."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from joserfc import jwt
from joserfc.jwk import ECKey

from devidp.seed import SeedError
from tests.flow import Flow
from tests.shipped import Start, shipped

DOCUMENT = {
    "realm": "{name}",
    "public_key": "{public_key}",
    "more": {"issuers": ["{issuer}/x"]},
    "not-before": 0,
}
HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"path": "/realms/dev", "issuer_document": DOCUMENT}, at="realms/dev")


def test_a_program_gets_the_document_and_can_verify_with_its_key(flow: Flow) -> None:
    answer = flow.http.get("/realms/dev")
    assert answer.content_type == "application/json"
    document = answer.get_json()
    key = load_der_public_key(b64decode(document.pop("public_key")))
    assert document == {"realm": "default", "more": {"issuers": [f"{flow.issuer.url}/x"]}, "not-before": 0}
    jwt.decode(
        flow.tokens()["access_token"],
        ECKey.import_key(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        algorithms=["ES256"],
    )


def test_the_key_is_the_one_that_signs(flow: Flow) -> None:
    before = flow.http.get("/realms/dev").get_json()["public_key"]
    flow.issuer.keys.rotate()
    assert flow.http.get("/realms/dev").get_json()["public_key"] != before


def test_a_browser_gets_the_page(flow: Flow) -> None:
    assert flow.http.get("/realms/dev", headers=HTML).content_type.startswith("text/html")


def test_without_one_everybody_gets_the_page(start: Start) -> None:
    assert start().http.get("/default").content_type.startswith("text/html")


@pytest.mark.parametrize(
    ("issuer", "said"),
    [
        ({"issuer_document": {"key": ["{publickey}"]}}, "issuer_document.key[0]: got {publickey}"),
        ({"issuer_document": "realm"}, "expected a mapping"),
        ({"path": "/", "issuer_document": {"realm": "dev"}}, "where the landing page is"),
    ],
)
def test_what_it_cannot_say_is_refused(issuer: dict[str, object], said: str) -> None:
    with pytest.raises(SeedError, match=r"issuers\.default") as caught:
        shipped(issuer)
    assert said in str(caught.value)
