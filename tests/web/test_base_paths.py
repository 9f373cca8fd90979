"""A public URL with a path: served there, and without it for a proxy that takes the path away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from devidp.app import create_app
from devidp.models.config import Config
from tests.flow import REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.serving import wsgi_served
from tests.shipped import Start, shipped

WELL_KNOWN = ["oauth-authorization-server", "openid-configuration"]


@pytest.fixture
def base_url() -> Iterator[str]:
    """Of a devidp that answers over real HTTP, without a path of the public URL."""
    with wsgi_served(lambda url: create_app(Config(f"{url}/idp/v1"), shipped())) as (url, app):
        yield url
    app.extensions["devidp"].close()


@pytest.mark.parametrize("name", WELL_KNOWN)
@pytest.mark.parametrize(
    "address", ["{base}/idp/v1/default/.well-known/{name}", "{base}/.well-known/{name}/idp/v1/default"]
)
def test_a_client_finds_the_metadata_where_it_looks(base_url: str, address: str, name: str) -> None:
    """OpenID Connect Discovery section 4.1 appends, RFC 8414 section 3.1 inserts."""
    found = requests.get(address.format(base=base_url, name=name), timeout=120)
    assert found.json()["issuer"] == f"{base_url}/idp/v1/default"


@pytest.mark.parametrize(
    "path",
    ["/default/.well-known/openid-configuration", "", "/", "/health", "/health/", "/_devidp/", "/_devidp/api/clock"],
)
def test_everything_is_at_both_addresses(base_url: str, path: str) -> None:
    answers = [requests.get(f"{base_url}{prefix}{path}", timeout=120) for prefix in ("", "/idp/v1")]
    assert [(answer.status_code, answer.history) for answer in answers] == [(200, []), (200, [])]


def test_a_login_goes_through_the_addresses_that_the_metadata_names(base_url: str) -> None:
    metadata = requests.get(f"{base_url}/idp/v1/default/.well-known/openid-configuration", timeout=120).json()
    assert urlsplit(metadata["token_endpoint"]).path == "/idp/v1/default/token"
    session = OAuth2Session(
        "web", "web-secret", scope="openid", redirect_uri=REDIRECT_URI, code_challenge_method="S256"
    )
    verifier = "v" * 43
    address, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    with closing(Browser(stop=REDIRECT_URI)) as browser:
        answer = browser.authorize(address, "alice")
    tokens = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier
    )
    found = session.get(metadata["userinfo_endpoint"])
    assert (found.status_code, found.json()["sub"], "id_token" in tokens) == (200, "alice", True)
    session.close()


def test_both_bases_may_have_a_path_and_no_other_is_served(start: Start) -> None:
    flow = start(config={"public_url": "http://localhost:6749/a", "backchannel_url": "http://idp:6749/b"})
    wanted = {"": 200, "/a": 200, "/b": 200, "/c": 404}
    found = {base: flow.http.get(f"{base}/default/.well-known/jwks.json").status_code for base in wanted}
    assert found == wanted


def test_an_issuer_that_is_not_there_is_refused_below_the_path_too(start: Start) -> None:
    flow = start(config={"public_url": "http://localhost:6749/a"})
    answer = flow.http.post("/a/nowhere/token")
    assert (answer.status_code, "http://localhost:6749/a/default" in answer.text) == (404, True)


def test_the_path_is_still_served_when_the_seed_has_changed(start: Start) -> None:
    flow = start(config={"public_url": "http://localhost:6749/a"})
    flow.runtime.adopt(shipped())
    paths = ["/a/default/.well-known/jwks.json", "/a/health", "/health", "/a/a/health"]
    assert [flow.http.get(path).status_code for path in paths] == [200, 200, 200, 404]
