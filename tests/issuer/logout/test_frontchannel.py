"""Front-channel logout: the page after a logout loads the pages of the other clients, and nothing else."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.flow import REDIRECT_URI, Flow, payload
from tests.issuer.logout.relying_party import HOME, RelyingParty
from tests.refusal import refusal
from tests.shipped import Start

FRAME = "http://localhost:5555/frontchannel_logout?keep=this"


def frames(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<iframe[^>]* src="([^"]+)"', html)]


def test_the_page_loads_each_client_with_issuer_and_session(flow: Flow) -> None:
    client = RelyingParty(flow, frontchannel_logout_uri=FRAME)
    sid = payload(client.log_in()["id_token"])["sid"]
    response = client.log_out()
    (address,) = frames(response.text)
    assert parse_qs(urlsplit(address).query) == {"keep": ["this"], "iss": [flow.issuer.url], "sid": [sid]}
    assert response.headers["Refresh"] == f"3; url={HOME}?state=a+state"


def test_the_page_may_load_those_origins_and_no_other(flow: Flow) -> None:
    client = RelyingParty(flow, frontchannel_logout_uri=FRAME)
    client.log_in()
    policy = client.log_out().headers["Content-Security-Policy"]
    assert "frame-src http://localhost:5555" in policy.split("; ")
    assert "default-src 'none'" in policy
    question = client.log_out(id_token_hint=None, post_logout_redirect_uri=None)
    assert "frame-src" not in question.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/logout", "app:/logout", "/logout", f"{FRAME}#fragment", "javascript:alert(1)"],
)
def test_an_address_that_is_not_the_clients_own_is_refused(flow: Flow, address: str) -> None:
    response = flow.register(redirect_uris=[REDIRECT_URI], frontchannel_logout_uri=address)
    assert refusal(response) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("feature", ["frontchannel_logout", "logout"])
def test_where_it_is_off_it_is_neither_performed_nor_advertised(start: Start, feature: str) -> None:
    flow = start({"features": {feature: False}})
    assert "frontchannel_logout_supported" not in flow.metadata()
    response = flow.register(redirect_uris=[REDIRECT_URI], frontchannel_logout_uri=FRAME)
    assert refusal(response) == (400, "invalid_client_metadata")


def test_a_wrong_answer_to_try_out_loads_them_all_the_same(flow: Flow) -> None:
    client = RelyingParty(flow, frontchannel_logout_uri=FRAME)
    client.log_in()
    question = client.log_out(id_token_hint=None, client_id=client.client_id)
    response = flow.post(question, answer_with="logout-state-missing")
    assert len(frames(response.text)) == 1
    assert response.headers["Refresh"] == f"3; url={HOME}"
