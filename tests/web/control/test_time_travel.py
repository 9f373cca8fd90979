"""A clock that goes on and comes back: what was used or revoked in between stays so, whatever was deleted meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from authlib.oauth2.rfc7523 import client_secret_jwt_sign
from joserfc.jwk import OctKey

from devidp.web.control.controller import Controller
from tests.flow import Flow
from tests.protocol.test_dpop import proof
from tests.real_clients.passing import passing_time
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

pytestmark = pytest.mark.contract

CLIENT = {"secret": "s" * 32, "auth_method": "client_secret_jwt", "grants": ["client_credentials"]}
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def flow(start: Start) -> Flow:
    return start(clients={"signer": CLIENT})


def there_and_back(flow: Flow) -> None:
    control = Controller(flow.runtime)
    control.clock.advance("90d")
    flow.runtime.purge()
    control.clock.reset()


def reset(flow: Flow) -> None:
    Controller(flow.runtime).reset()


every_way = pytest.mark.parametrize("go", [there_and_back, reset])
Way = Callable[[Flow], None]


@every_way
@pytest.mark.parametrize("client", ["web", "service"])
def test_a_revoked_token_is_never_active_again(flow: Flow, go: Way, client: str) -> None:
    own = {"grant_type": "client_credentials"}
    token = flow.tokens()["access_token"] if client == "web" else flow.token(client, **own).get_json()["access_token"]
    flow.revoke(token, client)
    go(flow)
    assert not flow.is_active(token)
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


@every_way
def test_a_revoked_authorization_is_never_active_again(flow: Flow, go: Way) -> None:
    tokens = flow.tokens()
    flow.revoke(tokens["refresh_token"])
    go(flow)
    assert not flow.is_active(tokens["access_token"])
    assert refusal(flow.refresh(tokens["refresh_token"])) == (400, "invalid_grant")


@every_way
def test_a_used_code_or_refresh_token_is_never_good_again(flow: Flow, go: Way) -> None:
    code = flow.redirect()["code"]
    used = flow.exchange(code).get_json()["refresh_token"]
    flow.refresh(used)
    go(flow)
    assert refusal(flow.exchange(code)) == (400, "invalid_grant")
    assert refusal(flow.refresh(used)) == (400, "invalid_grant")


@every_way
def test_a_used_assertion_is_never_good_again(flow: Flow, go: Way) -> None:
    assertion = client_secret_jwt_sign(OctKey.import_key("s" * 32), "signer", f"{PUBLIC_URL}/default/token", "HS256")
    sent = {"grant_type": "client_credentials", "client_assertion": assertion, "client_assertion_type": TYPE}
    assert flow.http.post("/default/token", data=sent).status_code == 200
    go(flow)
    again = flow.http.post("/default/token", data=sent)
    assert refusal(again) == (401, "invalid_client")
    assert "was used before" in description(again)


@every_way
def test_a_used_proof_is_never_good_again(flow: Flow, go: Way) -> None:
    sent, headers = {"grant_type": "client_credentials", "client_id": "service"}, {"DPoP": proof()}
    sent["client_secret"] = flow.secrets["service"]
    assert flow.http.post("/default/token", data=sent, headers=headers).status_code == 200
    go(flow)
    assert refusal(flow.http.post("/default/token", data=sent, headers=headers)) == (400, "invalid_dpop_proof")


def test_what_lives_by_the_machines_clock_comes_back_with_it(flow: Flow) -> None:
    tokens, code = flow.tokens(), flow.redirect()["code"]
    there_and_back(flow)
    assert flow.is_active(tokens["access_token"])
    assert flow.refresh(tokens["refresh_token"]).status_code == 200
    assert flow.exchange(code).status_code == 200
    assert flow.authorize().status_code == 303


def test_once_the_machines_own_time_has_passed_it_it_is_deleted(flow: Flow) -> None:
    with passing_time() as pass_time:
        flow.revoke(flow.tokens()["access_token"])
        flow.revoke(flow.tokens()["refresh_token"])
        Controller(flow.runtime).clock.advance("90d")
        assert flow.runtime.purge() == 0
        pass_time(90 * 86_400)
        assert flow.runtime.purge() > 0
        tables = ("revocations", "authorization_codes", "refresh_tokens", "sessions", "grants")
        counts = (flow.runtime.database.row(f"SELECT count(*) FROM {table}") for table in tables)
        assert [row and row[0] for row in counts] == [0] * len(tables)
