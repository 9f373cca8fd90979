"""Back-channel logout: every client of the session gets its token, again where it fails, and the log says so."""

from __future__ import annotations

import json

import pytest

from devidp.models import Event
from devidp.system.clock import Clock
from tests.document_server import serving_bytes
from tests.flow import REDIRECT_URI, Flow, header, payload
from tests.issuer.logout.receiver import WAIT_SECONDS, receiving
from tests.issuer.logout.relying_party import RelyingParty
from tests.shipped import Start


def delivery(flow: Flow, *, ended: bool = True) -> Event:
    """The last event of a delivery, which is waited for."""
    event = flow.runtime.event_log.wait(
        lambda event: event.endpoint == "backchannel-logout" and (event.detail != "" or ended) and _is_last(event),
        WAIT_SECONDS,
    )
    assert event is not None
    return event


def _is_last(event: Event) -> bool:
    return not event.error or event.detail == "given up"


def test_every_client_of_the_session_is_notified(flow: Flow) -> None:
    with receiving() as first, receiving() as second, receiving() as stranger:
        asking = RelyingParty(flow, backchannel_logout_uri=first.url)
        other = RelyingParty(flow, backchannel_logout_uri=second.url)
        elsewhere = RelyingParty(flow.other_browser(), backchannel_logout_uri=stranger.url)
        asking.log_in()
        other.log_in()
        elsewhere.log_in()
        asking.log_out()
        told = [payload(first.logout_token()), payload(second.logout_token())]
        assert [claims["aud"] for claims in told] == [asking.client_id, other.client_id]
        assert len({claims["jti"] for claims in told}) == 2
        assert stranger.received.empty()
        assert elsewhere.is_logged_in()


def test_a_client_whose_document_is_fetched_again_is_notified_like_the_others(flow: Flow, clock: Clock) -> None:
    body = bytearray()
    with receiving() as first, receiving() as second, serving_bytes(body, "application/json") as url:
        document = {
            "client_id": url,
            "client_name": "Second",
            "redirect_uris": [REDIRECT_URI],
            "backchannel_logout_uri": second.url,
        }
        body += json.dumps(document).encode()
        asking = RelyingParty(flow, backchannel_logout_uri=first.url)
        asking.log_in()
        flow.tokens(client=url)
        clock.advance(600)
        asking.log_out()
        told = [payload(first.logout_token()), payload(second.logout_token())]
    assert [claims["aud"] for claims in told] == [asking.client_id, url]


def test_a_client_that_logged_in_twice_is_notified_once(flow: Flow) -> None:
    with receiving() as receiver:
        client = RelyingParty(flow, backchannel_logout_uri=receiver.url)
        client.log_in()
        client.log_in()
        client.log_out()
        receiver.logout_token()
        assert delivery(flow).outcome == "the client was notified of the logout"
        assert receiver.received.empty()


def test_a_token_that_was_not_accepted_is_sent_again(flow: Flow) -> None:
    with receiving(503) as receiver:
        client = RelyingParty(flow, backchannel_logout_uri=receiver.url)
        client.log_in()
        client.log_out()
        assert receiver.logout_token() == receiver.logout_token()
        assert delivery(flow).status == 200
    failures = [event for event in flow.runtime.event_log.since()[0] if event.error == "logout_not_delivered"]
    assert [event.detail for event in failures] == ["trying again in 0.5 s"]
    assert "503" in failures[0].reason


def test_a_client_that_rejects_the_token_is_not_notified_again(flow: Flow) -> None:
    with receiving(400) as receiver:
        client = RelyingParty(flow, backchannel_logout_uri=receiver.url)
        client.log_in()
        client.log_out()
        receiver.logout_token()
        event = delivery(flow)
    assert (event.status, event.detail, event.client, event.user) == (400, "given up", client.client_id, "alice")


def test_an_unreachable_client_delays_nobody(flow: Flow) -> None:
    with receiving() as gone:
        pass
    client = RelyingParty(flow, backchannel_logout_uri=gone.url)
    client.log_in()
    assert client.log_out().status_code == 303
    event = flow.runtime.event_log.wait(lambda event: event.error == "logout_not_delivered", WAIT_SECONDS)
    assert event is not None
    assert event.detail == "trying again in 0.5 s"


@pytest.mark.parametrize("uri", ["http://10.255.255.1/logout", "http://127.0.0.1:1/logout", "https://[::1]/logout"])
def test_addresses_of_this_machine_and_of_private_networks_need_permission_of_the_seed(start: Start, uri: str) -> None:
    flow = start()
    client = RelyingParty(flow, backchannel_logout_uri=uri)
    client.log_in()
    client.log_out()
    event = flow.runtime.event_log.wait(lambda event: event.error == "logout_not_delivered", WAIT_SECONDS)
    assert event is not None
    assert "private_addresses" in event.remedy


def test_another_user_in_the_same_browser_is_a_logout_too(flow: Flow) -> None:
    with receiving() as receiver:
        client = RelyingParty(flow, backchannel_logout_uri=receiver.url)
        client.log_in()
        flow.tokens("bob", "web", scope="openid", prompt="login")
        assert payload(receiver.logout_token())["sub"] == "alice"


@pytest.mark.parametrize("issuer", ["default", "enterprise"])
def test_a_client_of_the_seed_is_notified_as_well(start: Start, issuer: str) -> None:
    with receiving() as receiver:
        flow = start(clients={"web": {"backchannel_logout_uri": receiver.url}}, at=issuer)
        id_token = flow.tokens(client="web")["id_token"]
        flow.http.get(f"/{issuer}/logout", query_string={"id_token_hint": id_token})
        token = receiver.logout_token()
    assert header(token)["typ"] == "logout+jwt"
    assert payload(token)["sid"] == payload(id_token)["sid"]


def test_where_it_is_off_nobody_is_notified_and_nothing_advertised(start: Start) -> None:
    flow = start({"features": {"backchannel_logout": False}})
    assert "backchannel_logout_supported" not in flow.metadata()
    assert (
        flow.register(redirect_uris=["http://localhost/cb"], backchannel_logout_uri="https://a.example").status_code
        == 400
    )
