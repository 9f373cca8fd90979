"""Where answers lead: addresses of endpoints in the metadata, and redirects."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from devidp import DevIdP
from devidp.web.control.errors import ControlError

CREDENTIALS = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}
FOREIGN = "http://localhost:1"
OPENID = "{}/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


@pytest.mark.parametrize("field", ["authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("endpoint-foreign", "https://attacker.example{path}"),
        ("endpoint-javascript", "javascript:alert(document.domain)//"),
        ("endpoint-file", "file:///etc/passwd"),
        ("endpoint-private", "http://169.254.169.254{path}"),
        ("endpoint-credentials", "http://user:password@{host}{path}"),
        ("endpoint-fragment", "http://{host}{path}#fragment"),
        ("endpoint-query", "http://{host}{path}?tenant=acme"),
        ("endpoint-relative", "{path}"),
    ],
)
def test_each_endpoint_can_be_at_an_address_that_nobody_should_follow(
    idp: DevIdP, name: str, address: str, field: str
) -> None:
    right = httpx.get(idp.discovery_url).json()
    idp.fail("discovery", name, field=field)
    wrong = httpx.get(idp.discovery_url).json()
    url = urlsplit(right[field])
    assert wrong == {**right, field: address.format(host=url.netloc, path=url.path)}
    assert httpx.get(idp.discovery_url).json() == right


@pytest.mark.parametrize(
    ("to", "address"),
    [(FOREIGN, f"{FOREIGN}/default/token"), (f"{FOREIGN}/trap", f"{FOREIGN}/trap"), ("http://10.0.0.1", None)],
)
def test_an_address_is_an_origin_or_a_whole_url(idp: DevIdP, to: str, address: str | None) -> None:
    idp.fail("discovery", "endpoint-foreign", to=to)
    assert httpx.get(idp.discovery_url).json()["token_endpoint"] == (address or "http://10.0.0.1/default/token")
    idp.fail("token", "redirect-with-body", to=to)
    answer = httpx.post(f"{idp.issuer}/token", data=CREDENTIALS)
    assert (answer.status_code, answer.headers["Location"]) == (307, address or "http://10.0.0.1/default/token")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"failure": "endpoint-foreign", "field": "tokn_endpoint"}, "did you mean 'token_endpoint'"),
        ({"failure": "endpoint-plain-http"}, "would change nothing"),
        ({"failure": "endpoint-plain-http", "field": "token_endpoint"}, "/token' already"),
        ({"failure": "endpoint-foreign", "to": "attacker"}, "got 'attacker' as to of endpoint-foreign, expected a URL"),
        ({"failure": "endpoint-foreign", "to": "http://[x"}, "expected a URL"),
        ({"failure": "endpoint-file", "to": FOREIGN}, "endpoint-file has no option 'to'"),
    ],
)
def test_what_leads_nowhere_is_refused_by_name(idp: DevIdP, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ControlError, match=said.replace("[", r"\[")):
        idp.fail("discovery", **options)
    answer = httpx.post(f"{idp.url}/_devidp/api/failures", json={"endpoint": "discovery", **options})
    assert answer.status_code == 400


def test_plain_http_is_wrong_where_the_issuer_is_https() -> None:
    with DevIdP(tls=True) as idp:
        idp.fail("discovery", "endpoint-plain-http")
        trusted = ssl.create_default_context(cafile=str(idp.ca_file))
        document = httpx.get(idp.discovery_url, verify=trusted).json()
        assert document["token_endpoint"] == f"{idp.issuer}/token".replace("https:", "http:")


@pytest.mark.parametrize(("place", "path"), [("discovery", OPENID), ("userinfo", "{}/userinfo")])
def test_an_option_alone_means_a_redirect(idp: DevIdP, place: str, path: str) -> None:
    idp.fail(place, to=FOREIGN)
    answer = httpx.get(path.format(idp.issuer))
    assert (answer.status_code, answer.headers["Location"]) == (302, path.format(f"{FOREIGN}/default"))
    assert answer.content == b""


def test_a_loop_of_redirects_leads_to_itself(idp: DevIdP) -> None:
    idp.fail("token", "redirect-loop", times=None)
    with httpx.Client(follow_redirects=True, max_redirects=5) as client, pytest.raises(httpx.TooManyRedirects):
        client.post(f"{idp.issuer}/token", data=CREDENTIALS)


def test_one_of_the_two_documents_can_be_missing(idp: DevIdP) -> None:
    paths = (f"{idp.url}/.well-known/oauth-authorization-server/default", OPENID.format(idp.issuer))
    for name, statuses in (("oauth-metadata-missing", [404, 200]), ("openid-metadata-missing", [200, 404])):
        idp.fail("discovery", name, times=None)
        assert [httpx.get(path).status_code for path in paths] == statuses
        idp.reset()
