"""A step of a flow is made again, and goes wrong as was chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import expect

from devidp import DevIdP
from devidp.models import Event
from tests.dashboard.browser import Looker, check_everywhere
from tests.dashboard.visitor import Visitor

CALLBACK = "http://127.0.0.1:5555/callback"
OPTION = re.compile(r'<option value="([a-z]+:[^"]+)"')


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


def service_token(idp: DevIdP) -> httpx.Response:
    return httpx.post(
        f"{idp.issuer}/token", data={"grant_type": "client_credentials"}, auth=("service", "service-secret"), timeout=60
    )


def reloaded(visitor: Visitor, page: httpx.Response) -> httpx.Response:
    return visitor.get(page.url.path.removeprefix("/_devidp"), **page.url.params)


def last(idp: DevIdP, endpoint: str) -> Event:
    return idp.events(endpoint)[-1]


def made(idp: DevIdP, endpoint: str) -> Event:
    """A request to the endpoint."""
    if endpoint == "token":
        service_token(idp).raise_for_status()
    elif endpoint == "authorize":
        httpx.get(f"{idp.issuer}/authorize", params={"client_id": "web", "redirect_uri": f"{CALLBACK}/"}, timeout=60)
    else:
        httpx.get(f"{idp.url}/default/.well-known/jwks.json", timeout=60)
    return last(idp, endpoint)


@pytest.mark.parametrize(
    ("endpoint", "possible", "impossible"),
    [
        ("token", {"fault:expired", "failure:error", "failure:slow"}, {"failure:keys-empty", "fault:nonce-wrong"}),
        ("authorize", {"failure:error", "failure:slow"}, {"fault:expired", "failure:keys-empty"}),
        ("jwks", {"failure:keys-empty", "failure:slow"}, {"fault:expired"}),
    ],
)
def test_what_can_go_wrong_at_the_step_is_offered(
    idp: DevIdP, visitor: Visitor, endpoint: str, possible: set[str], impossible: set[str]
) -> None:
    offered = set(OPTION.findall(visitor.get(f"/flows/again/{made(idp, endpoint).id}").text))
    assert possible <= offered
    assert not impossible & offered


def test_everything_that_is_offered_for_a_step_can_be_armed(idp: DevIdP, visitor: Visitor) -> None:
    for endpoint in ("token", "authorize", "jwks"):
        event = made(idp, endpoint)
        for what in OPTION.findall(visitor.get(f"/flows/again/{event.id}").text)[::7]:
            assert visitor.post(f"/flows/again/{event.id}", what=what).status_code == 200, what
            idp.control.armed.clear()
            idp.control.failures.clear()


def test_a_fault_is_for_the_client_of_the_step_and_once(idp: DevIdP, visitor: Visitor) -> None:
    event = made(idp, "token")
    page = visitor.post(f"/flows/again/{event.id}", what="fault:expired")
    (armed,) = idp.control.armed.waiting()
    assert (armed.name, armed.times, armed.match.client, armed.match.issuer) == ("expired", 1, "service", "default")
    assert "Let service ask for a token once more." in page.text
    assert "Waiting for" in page.text
    service_token(idp)
    page = reloaded(visitor, page)
    assert "expired has happened" in page.text
    assert f"flows/{last(idp, 'token').id}" in page.text


def test_a_request_that_is_another_one_is_no_success(idp: DevIdP, visitor: Visitor) -> None:
    page = visitor.post(f"/flows/again/{made(idp, 'token').id}", what="fault:expired")
    httpx.post(f"{idp.issuer}/token", data={"grant_type": "client_credentials", "client_id": "service"}, timeout=60)
    page = reloaded(visitor, page)
    assert "expired waits" in page.text
    assert "A request came, but not that one" in page.text


def test_the_request_as_it_was_is_a_line_for_a_shell(idp: DevIdP, visitor: Visitor) -> None:
    page = visitor.get(f"/flows/again/{made(idp, 'token').id}").text
    assert "Set CLIENT_SECRET before" in page
    assert "--data-urlencode grant_type=client_credentials" in page


def test_what_cannot_be_is_refused_on_the_page(idp: DevIdP, visitor: Visitor) -> None:
    event = made(idp, "jwks")
    page = visitor.post(f"/flows/again/{event.id}", what="fault:expired")
    assert page.status_code == 400
    assert "fault:expired" in page.text
    assert not idp.control.armed.waiting()


def test_where_nothing_can_go_wrong_nothing_is_offered(idp: DevIdP, visitor: Visitor) -> None:
    httpx.get(f"{idp.url}/nowhere", timeout=60)
    assert "Nothing can go wrong on purpose" in visitor.get(f"/flows/again/{last(idp, 'unknown').id}").text


def test_a_person_without_a_script_makes_a_step_fail_again(idp: DevIdP, look: Looker) -> None:
    page = look(f"/_devidp/flows/again/{made(idp, 'token').id}", javascript=False)
    page.get_by_label("What goes wrong").select_option("failure:unavailable")
    page.get_by_role("button", name="Arm it and wait").click()
    expect(page.get_by_role("heading", name="unavailable waits")).to_be_visible()
    assert service_token(idp).status_code == 503
    page.reload()
    expect(page.get_by_role("heading", name="unavailable has happened")).to_be_visible()


def test_the_pages_shut_nobody_out_and_follow_what_happens(idp: DevIdP, look: Looker) -> None:
    page = look(f"/_devidp/flows/again/{made(idp, 'token').id}")
    check_everywhere(page, "again")
    page.get_by_label("What goes wrong").select_option("fault:expired")
    page.get_by_role("button", name="Arm it and wait").click()
    check_everywhere(page, "again-waits")
    service_token(idp)
    page.get_by_role("heading", name="expired has happened").wait_for()
    check_everywhere(page, "again-happened")
