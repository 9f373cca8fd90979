"""Which requests are one attempt, where it stands, and what never came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client

from devidp import DevIdP
from devidp.dashboard.flows.trace import Flow, find, trace
from devidp.models import Event
from tests.flow import CHALLENGE, MCP, REDIRECT_URI, VERIFIER, Form

ASKED = {
    "client_id": "web", "response_type": "code", "redirect_uri": REDIRECT_URI, "scope": "openid", "state": "s",
    "code_challenge": CHALLENGE, "code_challenge_method": "S256", "resource": MCP,
}  # fmt: skip
BASIC = ("web", "web-secret")
METADATA = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


@pytest.fixture
def client(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=idp.issuer, headers={"User-Agent": "my-client/2.0"}, timeout=60) as http:
        yield http


@pytest.fixture
def browser(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=idp.issuer, headers={"User-Agent": "Mozilla/5.0"}, timeout=60) as http:
        yield http


def flows(idp: DevIdP, later: float = 0) -> list[Flow]:
    """Those of ``idp`` as they will look in ``later`` seconds."""
    events = idp.events()
    return trace(events, events[-1].at + later)


def attempts(idp: DevIdP, later: float = 0) -> list[Flow]:
    return [each for each in flows(idp, later) if each.attempt]


def shown(flow: Flow) -> list[str]:
    return [f"{each.event.endpoint}{'?' if each.probably else ''}" for each in flow.steps]


def register(client: httpx.Client) -> str:
    answer = client.post(
        "/register", json={"redirect_uris": [REDIRECT_URI], "client_name": "Mine", "token_endpoint_auth_method": "none"}
    )
    return str(answer.json()["client_id"])


def test_a_client_that_registers_and_opens_no_browser(idp: DevIdP, client: httpx.Client) -> None:
    client.get(METADATA)
    registered = register(client)
    (flow,) = attempts(idp)
    assert (flow.outcome, flow.client, shown(flow)) == ("waiting", registered, ["openid-configuration", "register"])
    (flow,) = attempts(idp, later=60)
    assert flow.outcome == "stopped"
    assert flow.status == ("The client fetched the metadata and registered, then stopped: it did not open the browser.")
    assert flow.missing is not None
    assert (flow.missing.sender, flow.missing.message) == ("browser", "GET /authorize")
    assert flow.missing.causes
    assert flow.missing.remedy


def test_what_came_before_a_flow_is_probably_of_it(idp: DevIdP, client: httpx.Client, browser: httpx.Client) -> None:
    client.get(METADATA)
    registered = register(client)
    browser.get("/authorize", params={**ASKED, "client_id": registered})
    (flow,) = attempts(idp)
    assert shown(flow) == ["openid-configuration?", "register?", "authorize"]
    assert [each.lane for each in flow.steps] == ["client", "client", "browser"]
    assert (flow.outcome, flow.status) == ("waiting", "Waiting for the browser: POST /login")
    assert find(flows(idp), flow.steps[0].event.id) == flow == find(flows(idp), flow.id)


def test_each_of_two_clients_has_its_own_beginning(idp: DevIdP, client: httpx.Client, browser: httpx.Client) -> None:
    client.get(METADATA)
    first = register(client)
    client.get(METADATA)
    second = register(client)
    browser.get("/authorize", params={**ASKED, "client_id": second})
    stopped, going = attempts(idp, later=60)
    assert (stopped.client, stopped.outcome) == (first, "stopped")
    assert (going.client, shown(going)) == (second, ["openid-configuration?", "register?", "authorize"])


def test_a_whole_login_of_authlib(idp: DevIdP) -> None:
    """With the keys that an API fetches, and what it asks about the token."""
    with OAuth2Client("web", "web-secret", code_challenge_method="S256", redirect_uri=REDIRECT_URI) as authlib:
        authlib.headers["User-Agent"] = "authlib"
        metadata = authlib.request("GET", f"{idp.issuer}{METADATA}", withhold_token=True).json()
        address, _ = authlib.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=VERIFIER, scope="openid", resource=MCP
        )
        with httpx.Client(headers={"User-Agent": "Mozilla/5.0"}) as browser:
            location = log_in(browser, address)
        tokens = authlib.fetch_token(
            metadata["token_endpoint"], authorization_response=location, code_verifier=VERIFIER
        )
        authlib.get(metadata["jwks_uri"])
    with httpx.Client(headers={"User-Agent": "api"}) as api:
        api.get(metadata["jwks_uri"])
        api.post(metadata["introspection_endpoint"], data={"token": tokens["access_token"]}, auth=BASIC)
    (flow,) = attempts(idp)
    assert shown(flow) == [
        "openid-configuration?", "authorize", "login", "consent", "token", "jwks?", "jwks?", "introspect",
    ]  # fmt: skip
    assert [each.lane for each in flow.steps] == [
        "client", "browser", "browser", "browser", "client", "client", "api", "api",
    ]  # fmt: skip
    assert (flow.outcome, flow.status, flow.missing) == ("succeeded", f"Tokens were issued for {MCP}", None)
    assert (flow.client, flow.user, flow.grant, flow.resource) == ("web", "alice", "authorization_code", MCP)


def log_in(browser: httpx.Client, address: str) -> str:
    """Where the browser is sent once alice has agreed."""
    page = browser.get(address)
    for values in ({"login_as": "alice"}, {"decision": "allow", "scope": "openid"}):
        form = Form(page.text)
        page = browser.post(httpx.URL(address).join(form.action), data={**form.hidden, **values})
    return page.headers["Location"]


def test_a_code_that_nobody_exchanges(idp: DevIdP, browser: httpx.Client) -> None:
    location = log_in(browser, str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED)))
    assert "code" in parse_qs(urlsplit(location).query)
    (flow,) = attempts(idp, later=60)
    assert flow.outcome == "stopped"
    assert flow.status == "The browser came back with a code, but nobody exchanged it."


def test_a_wrong_verifier_and_a_second_try(idp: DevIdP, client: httpx.Client, browser: httpx.Client) -> None:
    location = log_in(browser, str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED)))
    (value,) = parse_qs(urlsplit(location).query)["code"]
    sent = {"grant_type": "authorization_code", "code": value, "redirect_uri": REDIRECT_URI}
    client.post("/token", data={**sent, "code_verifier": "x" * 43}, auth=BASIC)
    (flow,) = attempts(idp)
    assert flow.outcome == "refused"
    assert "code_verifier" in flow.status
    client.post("/token", data={**sent, "code": "another", "code_verifier": VERIFIER}, auth=BASIC)
    (flow,) = attempts(idp)
    assert shown(flow)[-2:] == ["token", "token?"]
    client.post("/token", data={**sent, "code_verifier": VERIFIER}, auth=BASIC)
    (flow,) = attempts(idp)
    assert flow.outcome == "succeeded"


def test_a_redirect_uri_with_a_slash_too_many(idp: DevIdP, browser: httpx.Client) -> None:
    browser.get("/authorize", params={**ASKED, "redirect_uri": f"{REDIRECT_URI}/"})
    (flow,) = attempts(idp)
    assert (flow.outcome, flow.client) == ("refused", "web")
    assert flow.steps[0].event.got == f"{REDIRECT_URI}/"


def test_what_no_user_takes_part_in_is_an_attempt_each(idp: DevIdP, client: httpx.Client) -> None:
    for _ in range(2):
        client.post("/token", data={"grant_type": "client_credentials"}, auth=("service", "service-secret"))
    client.post("/token", data={"grant_type": "refresh_token", "refresh_token": "nonsense"}, auth=BASIC)
    found = attempts(idp)
    assert [each.outcome for each in found] == ["succeeded", "succeeded", "refused"]
    assert [each.grant for each in found] == ["client_credentials", "client_credentials", "refresh_token"]


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/default/.well-known/jwks.json", "/default/userinfo"])
def test_other_requests_are_no_attempts(idp: DevIdP, path: str) -> None:
    httpx.get(f"{idp.url}{path}")
    (flow,) = flows(idp)
    assert not flow.attempt


def test_metadata_that_is_looked_for_in_the_wrong_place(idp: DevIdP, client: httpx.Client) -> None:
    client.get("/nothing/.well-known/openid-configuration")
    (flow,) = attempts(idp)
    assert flow.outcome == "refused"


def test_calls_of_the_control_api_are_marks_between(idp: DevIdP, browser: httpx.Client, client: httpx.Client) -> None:
    location = log_in(browser, str(httpx.URL(f"{idp.issuer}/authorize", params=ASKED)))
    httpx.get(f"{idp.url}/_devidp/api/clock")
    httpx.post(f"{idp.url}/_devidp/api/clock", json={"advance": "2m"})
    (value,) = parse_qs(urlsplit(location).query)["code"]
    sent = {"grant_type": "authorization_code", "code": value, "redirect_uri": REDIRECT_URI}
    client.post("/token", data={**sent, "code_verifier": VERIFIER}, auth=BASIC)
    (flow,) = attempts(idp)
    assert [each.event.asked["path"] for each in flow.marks] == ["/_devidp/api/clock"]
    assert flow.outcome == "refused"
    assert flow.took >= 120


DEVICE: dict[str, Any] = {
    "issuers": {"default": {"grants": ["device_code", "refresh_token"]}},
    "users": {"alice": {}},
    "clients": {"tv": {"public": True, "grants": ["device_code"]}},
}


def test_a_device_whose_user_never_comes() -> None:
    with DevIdP(seed=DEVICE) as idp, httpx.Client(base_url=idp.issuer) as http:
        started = http.post("/device_authorization", data={"client_id": "tv"}).json()
        (flow,) = attempts(idp)
        assert (flow.outcome, flow.status) == (
            "waiting", "Waiting for the browser: GET /device",
        )  # fmt: skip
        grant = "urn:ietf:params:oauth:grant-type:device_code"
        http.post("/token", data={"grant_type": grant, "client_id": "tv", "device_code": started["device_code"]})
        (flow,) = attempts(idp, later=3600)
        assert (flow.outcome, flow.grant, flow.client) == ("stopped", grant, "tv")
        assert "nobody has agreed" in flow.status


def test_ten_thousand_events_are_sorted_at_once() -> None:
    """Each step is looked at a bounded number of times: pairs of a login and a client that stops."""
    asked = {"address": "127.0.0.1", "user_agent": "x", "method": "GET", "path": "/"}
    events = [
        Event("openid-configuration" if place % 2 else "authorize", "default", 200, place * 1.0, outcome="login page",
              flow="" if place % 2 else f"flow{place}", id=f"event{place}", asked=asked)
        for place in range(10_000)
    ]  # fmt: skip
    found = trace(events, 20_000.0)
    assert sum(len(each.steps) for each in found) == 10_000
    assert len({each.id for each in found}) == len(found)
