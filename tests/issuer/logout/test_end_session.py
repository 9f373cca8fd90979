"""Logout that a client asks for (OpenID Connect RP-Initiated Logout): who is asked, who may redirect, what ends."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from tests.flow import REDIRECT_URI, Flow, Form, payload
from tests.issuer.logout.relying_party import HOME, RelyingParty
from tests.refusal import page
from tests.shipped import Start

pytestmark = pytest.mark.contract


@pytest.fixture
def client(flow: Flow) -> RelyingParty:
    logged_in = RelyingParty(flow)
    logged_in.log_in()
    return logged_in


def test_an_id_token_of_the_session_logs_out_at_once(client: RelyingParty) -> None:
    response = client.log_out()
    assert response.status_code == 303
    assert response.headers["Location"] == f"{HOME}?state=a+state"
    assert not client.is_logged_in()


def test_an_expired_id_token_still_identifies_the_client(client: RelyingParty, clock: Clock) -> None:
    clock.advance(3600)
    assert client.log_out().status_code == 303
    assert not client.is_logged_in()


def test_without_an_id_token_the_user_is_asked(client: RelyingParty) -> None:
    question = client.log_out(id_token_hint=None, client_id=client.client_id)
    assert question.status_code == 200
    assert client.is_logged_in()
    response = client.flow.post(question, decision="logout")
    assert response.headers["Location"] == f"{HOME}?state=a+state"
    assert not client.is_logged_in()


def test_a_user_may_stay(client: RelyingParty) -> None:
    question = client.log_out(id_token_hint=None, post_logout_redirect_uri=None)
    assert client.flow.post(question, decision="stay").status_code == 200
    assert client.is_logged_in()


def test_the_id_token_of_another_session_asks_the_user(client: RelyingParty, flow: Flow) -> None:
    elsewhere = RelyingParty(flow.other_browser())
    foreign = elsewhere.flow.tokens(client="web")["id_token"]
    assert client.log_out(id_token_hint=foreign, post_logout_redirect_uri=None).status_code == 200
    assert client.is_logged_in()


def test_an_issuer_may_always_ask(start: Start) -> None:
    client = RelyingParty(start({"logout": {"confirm": "always"}}))
    client.log_in()
    assert client.log_out().status_code == 200
    assert client.is_logged_in()


def test_an_issuer_may_ask_nobody(start: Start) -> None:
    client = RelyingParty(start({"logout": {"confirm": "never"}}))
    client.log_in()
    for _ in ("logged in", "logged out"):
        response = client.log_out(id_token_hint=None, client_id=client.client_id)
        assert response.headers["Location"] == f"{HOME}?state=a+state"
        assert not client.is_logged_in()


def test_the_address_may_come_under_the_name_that_a_vendor_gives_it(start: Start) -> None:
    client = RelyingParty(start({"logout": {"redirect_parameters": ["returnTo", "logout_uri"]}}))
    for name in ("returnTo", "logout_uri"):
        client.log_in(prompt="login")
        response = client.log_out(post_logout_redirect_uri=None, **{name: HOME})
        assert response.headers["Location"] == f"{HOME}?state=a+state"
        event = client.flow.runtime.event_log.since()[0][-1]
        assert event.asked["post_logout_redirect_uri"] == HOME
    refused = client.log_out(post_logout_redirect_uri=None, returnTo="http://localhost:5555/elsewhere")
    assert page(refused) == 400
    assert "is not registered for client" in refused.text


def test_two_names_of_one_address_are_refused(start: Start) -> None:
    client = RelyingParty(start({"logout": {"redirect_parameters": ["returnTo"]}}))
    client.log_in()
    refused = client.log_out(returnTo="http://localhost:5555/elsewhere")
    assert page(refused) == 400
    assert "&#39;post_logout_redirect_uri&#39; and &#39;returnTo&#39; came" in refused.text
    assert client.is_logged_in()


def test_another_name_counts_only_where_the_seed_has_it(client: RelyingParty) -> None:
    assert "Location" not in client.log_out(post_logout_redirect_uri=None, returnTo=HOME).headers


def test_a_parameter_of_the_specification_is_no_other_name(start: Start) -> None:
    with pytest.raises(Exception, match="got 'state', a parameter with a meaning of its own"):
        start({"logout": {"redirect_parameters": ["state"]}})


def test_a_user_who_is_not_logged_in_is_not_asked(client: RelyingParty) -> None:
    client.log_out()
    assert client.log_out().headers["Location"] == f"{HOME}?state=a+state"
    shown = client.log_out(id_token_hint=None, client_id=client.client_id)
    assert shown.status_code == 200
    assert "Refresh" not in shown.headers
    assert HOME in shown.text


def test_a_post_from_another_site_continues_as_a_get_with_the_cookie(client: RelyingParty) -> None:
    fields = {"id_token_hint": client.tokens["id_token"], "post_logout_redirect_uri": HOME}
    without_cookies = client.flow.other_browser().http.post("/default/logout", data=fields)
    assert without_cookies.status_code == 303
    response = client.flow.http.get(without_cookies.headers["Location"])
    assert response.headers["Location"] == HOME
    assert not client.is_logged_in()


def test_a_post_with_the_cookie_logs_out(client: RelyingParty) -> None:
    response = client.flow.http.post("/default/logout", data={"id_token_hint": client.tokens["id_token"]})
    assert response.status_code == 200
    assert not client.is_logged_in()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_token_hint": "not.a.token"}, "not an ID token"),
        ({"post_logout_redirect_uri": f"{HOME}/elsewhere"}, "is not registered"),
        ({"post_logout_redirect_uri": REDIRECT_URI}, "is not registered"),
        ({"id_token_hint": None}, "without anything that identifies the client"),
        ({"client_id": "web"}, "was issued to"),
        ({"id_token_hint": None, "client_id": "nobody"}, "is not known"),
    ],
)
def test_what_cannot_be_verified_is_refused_on_a_page(
    client: RelyingParty, changes: dict[str, str | None], words: str
) -> None:
    response = client.log_out(**changes)
    assert page(response) == 400
    assert words in response.text
    assert client.is_logged_in()


def test_an_access_token_is_not_accepted_as_a_hint(client: RelyingParty) -> None:
    assert page(client.log_out(id_token_hint=client.tokens["access_token"])) == 400


def test_a_repeated_parameter_is_refused(client: RelyingParty) -> None:
    assert page(client.flow.http.get("/default/logout?state=a&state=b")) == 400


def test_the_port_of_a_loopback_address_is_ignored(client: RelyingParty) -> None:
    elsewhere = HOME.replace("5555", "7777")
    assert client.log_out(post_logout_redirect_uri=elsewhere, state=None).headers["Location"] == elsewhere


def test_a_page_of_another_site_cannot_confirm(client: RelyingParty, flow: Flow) -> None:
    question = client.log_out(id_token_hint=None, post_logout_redirect_uri=None)
    stolen = flow.other_browser().post(question, decision="logout")
    assert page(stolen) == 403
    made_up = flow.http.post("/default/logout/confirm", data={"transaction": "made up", "decision": "logout"})
    assert page(made_up) == 403
    assert client.is_logged_in()


def test_the_form_of_a_login_does_not_confirm_a_logout(client: RelyingParty, flow: Flow) -> None:
    login = Form(flow.authorize(prompt="login").text)
    forged = flow.http.post("/default/logout/confirm", data={**login.hidden, "decision": "logout"})
    assert page(forged) == 403


def test_tokens_of_the_session_end_with_it_unless_they_are_for_offline_access(client: RelyingParty) -> None:
    bound = client.tokens
    lasting = client.flow.tokens(client="web", scope="openid offline_access", prompt="consent")
    client.log_out()
    assert client.flow.refresh(bound["refresh_token"], client.client_id).status_code == 400
    assert not client.flow.is_active(bound["access_token"])
    assert client.flow.refresh(lasting["refresh_token"]).status_code == 200


def test_the_seed_may_let_tokens_outlive_the_session(start: Start) -> None:
    client = RelyingParty(start({"logout": {"revoke_tokens": False}}))
    client.log_in()
    client.log_out()
    assert client.flow.is_active(client.tokens["access_token"])


def test_one_session_has_one_sid_through_refreshes_and_logins_of_the_same_user(client: RelyingParty) -> None:
    sid = payload(client.tokens["id_token"])["sid"]
    refreshed = client.flow.refresh(client.tokens["refresh_token"], client.client_id).get_json()
    assert payload(refreshed["id_token"])["sid"] == sid
    assert payload(client.flow.tokens(client="web", prompt="login")["id_token"])["sid"] == sid
    assert payload(client.flow.other_browser().tokens(client="web")["id_token"])["sid"] != sid


def test_another_user_ends_the_session_of_the_first(client: RelyingParty) -> None:
    first = client.tokens
    client.flow.tokens("bob", "web", scope="openid", prompt="login")
    assert not client.flow.is_active(first["access_token"])


def test_logout_at_one_issuer_does_not_log_out_at_another(client: RelyingParty) -> None:
    other = RelyingParty(client.flow.at("enterprise"))
    other.log_in()
    client.log_out()
    assert other.is_logged_in()


def test_a_session_expires(flow: Flow, clock: Clock) -> None:
    client = RelyingParty(flow)
    client.log_in()
    clock.advance(8 * 3600 - 10)
    assert client.is_logged_in()
    clock.advance(20)
    assert not client.is_logged_in()


def test_where_logout_is_off_it_is_neither_served_nor_advertised(start: Start) -> None:
    flow = start({"features": {"logout": False}})
    assert "end_session_endpoint" not in flow.metadata()
    assert page(flow.http.get("/default/logout")) == 404
    refused = flow.register(redirect_uris=[REDIRECT_URI], post_logout_redirect_uris=[HOME])
    assert "logout" in refused.get_json()["error_description"]


def test_the_page_that_asks_offers_wrong_answers_to_try_out(client: RelyingParty) -> None:
    places = {
        "logout-state-changed": f"{HOME}?state=a+statex",
        "logout-state-missing": HOME,
        "logout-redirect-missing": None,
    }
    for failure, place in places.items():
        client.log_in(prompt="login")
        question = client.log_out(id_token_hint=None, client_id=client.client_id)
        assert failure in Form(question.text).offered["answer_with"]
        response = client.flow.post(question, answer_with=failure)
        event = client.flow.runtime.event_log.since()[0][-1]
        assert event.outcome == f"logged out, failure {failure} as a person asked for on the page"
        assert response.headers.get("Location") == place
        assert not client.is_logged_in()


def test_what_cannot_be_wrong_is_not_offered(client: RelyingParty) -> None:
    stays = client.log_out(id_token_hint=None, post_logout_redirect_uri=None)
    assert "answer_with" not in Form(stays.text).offered
    stateless = client.log_out(id_token_hint=None, client_id=client.client_id, state=None)
    assert "logout-state-missing" not in Form(stateless.text).offered["answer_with"]
    refused = client.flow.post(stays, answer_with="logout-state-changed")
    assert "which the page does not offer" in refused.text
    assert client.is_logged_in()
