"""``unknown_clients``: clients that nobody has named, as the servers take them that many people come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session

from devidp import DevIdP, LoginFailed
from devidp.web.control.errors import ControlError

Start = Callable[[str], DevIdP]
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[DevIdP] = []

    def start(switch: str) -> DevIdP:
        seed = {"issuers": {"default": {"unknown_clients": switch, "client_authentication": "lenient"}}}
        shared = {"users": {"alice": {}}, "clients": {"a+b": {"secret": "right", "grants": ["client_credentials"]}}}
        running.append(DevIdP(seed | shared).start())
        return running[-1]

    yield start
    for each in running:
        each.stop()


def authorize(idp: DevIdP, redirect_uri: str, client: str = "anybody") -> str:
    session = OAuth2Session(
        client, redirect_uri=redirect_uri, scope="openid email", code_challenge_method="S256", token_endpoint=""
    )
    url, _ = session.create_authorization_url(f"{idp.issuer}/authorize", code_verifier=VERIFIER)
    with session:
        answer: str = idp.authorize(url)
    return answer


@pytest.mark.parametrize("secret", [None, "any"])
def test_a_whole_login_of_a_client_that_nobody_has_named(start: Start, secret: str | None) -> None:
    idp = start("loopback")
    callback = authorize(idp, "http://127.0.0.1:4711/cb")
    with OAuth2Session("anybody", secret, redirect_uri="http://127.0.0.1:4711/cb") as session:
        session.token_endpoint_auth_method = "client_secret_basic" if secret else "none"
        tokens = session.fetch_token(f"{idp.issuer}/token", authorization_response=callback, code_verifier=VERIFIER)
        assert session.refresh_token(f"{idp.issuer}/token", tokens["refresh_token"])["access_token"]
        assert session.get(f"{idp.issuer}/userinfo").json()["sub"] == "alice"
    assert {event.client for event in idp.events("token")} == {"anybody"}


def test_for_itself_it_needs_a_secret_whichever(start: Start) -> None:
    idp = start("loopback")
    wanted = {"grant_type": "client_credentials"}
    for auth in (("anybody", "x"), ("other", "y")):
        assert httpx.post(f"{idp.issuer}/token", data=wanted, auth=auth).json()["access_token"]
    assert httpx.post(f"{idp.issuer}/token", data=wanted | {"client_id": "a", "client_secret": "b"}).status_code == 200
    refused = httpx.post(f"{idp.issuer}/token", data=wanted | {"client_id": "anybody"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_a_client_of_the_seed_still_has_its_own_secret(start: Start) -> None:
    idp = start("accept")
    wanted = {"grant_type": "client_credentials"}
    # Basic may be url-encoded: "a+b" could also be read as the unknown "a b"
    assert httpx.post(f"{idp.issuer}/token", data=wanted, auth=("a+b", "right")).status_code == 200
    refused = httpx.post(f"{idp.issuer}/token", data=wanted, auth=("a+b", "wrong"))
    assert "The secret of client 'a+b' is wrong" in refused.json()["error_description"]


def test_its_answers_stay_on_this_machine_unless_anywhere_is_accepted(start: Start) -> None:
    elsewhere = "https://app.example.test/cb"
    with pytest.raises(LoginFailed, match="which nobody has registered: it is not on this machine"):
        authorize(start("loopback"), elsewhere)
    assert authorize(start("accept"), elsewhere).startswith(f"{elsewhere}?code=")
    with pytest.raises(LoginFailed, match="which nobody has registered"):
        authorize(start("accept"), "javascript:alert(1)")


def test_a_browser_comes_back_from_a_logout_too(start: Start) -> None:
    wanted = {"client_id": "anybody", "post_logout_redirect_uri": "https://app.example.test/bye", "state": "s"}
    assert httpx.get(f"{start('loopback').issuer}/logout", params=wanted).status_code == 400
    idp = start("accept")
    id_token = idp.login(client="anybody", scope="openid")["id_token"]
    answer = httpx.get(f"{idp.issuer}/logout", params=wanted | {"id_token_hint": id_token})
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"state": ["s"]}


def test_what_nobody_can_check_is_refused_by_name(start: Start) -> None:
    idp = start("accept")
    assertion = idp.token(token_type="client-assertion", client="anybody", key="foreign", free=True)
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    wanted = {"grant_type": "client_credentials", "client_assertion": assertion, "client_assertion_type": kind}
    answer = httpx.post(f"{idp.issuer}/token", data=wanted).json()
    assert "nobody knows the keys of its assertion" in answer["error_description"]
    url = "https://nowhere.invalid/client.json"
    answer = httpx.post(f"{idp.issuer}/token", data={"client_id": url, "grant_type": "client_credentials"}).json()
    assert f"Client '{url}' is refused: its document cannot be had" in answer["error_description"]


def test_it_is_refused_by_default_and_the_switch_is_named(start: Start) -> None:
    answer: dict[str, Any] = httpx.post(
        f"{start('refuse').issuer}/token", data={"grant_type": "client_credentials"}, auth=("anybody", "x")
    ).json()
    assert "set 'unknown_clients: loopback' there" in answer["error_description"]


def test_minting_arming_and_the_list_of_clients(start: Start) -> None:
    idp = start("loopback")
    idp.arm("expired", client="anybody")
    assert idp.mint(client="anybody").claims["client_id"] == "anybody"
    assert list(idp.clients) == ["a+b"]
    with pytest.raises(ControlError, match="is taken as it comes; add it"):
        idp.clients["anybody"].change(scopes=["openid"])
    with pytest.raises(ControlError, match="would be there again"):
        idp.clients["anybody"].delete()
    idp.clients["other"].disable()
    with pytest.raises(LoginFailed, match="Client 'other' is disabled at issuer"):
        idp.login(client="other")
    idp.clients.add("anybody", secret="mine", grants=["client_credentials"])
    refused = httpx.post(f"{idp.issuer}/token", data={"grant_type": "client_credentials"}, auth=("anybody", "x"))
    assert refused.status_code == 401
