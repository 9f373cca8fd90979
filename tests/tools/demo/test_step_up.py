"""RFC 9470: a tool needs a stronger or more recent login, the client asks for it, and devidp for the second factor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from devidp.server.local.login import LoginFlow
from devidp.web.control.controller import Controller
from devidp.web.person import Base, Person
from tests.tools.demo.caller import McpCaller, challenge_of, text_of
from tests.tools.demo.conftest import Serve

Login = Callable[..., str]


@pytest.fixture
def server(serve: Serve) -> McpCaller:
    return serve("both")


@pytest.fixture
def login(idp: Controller, server: McpCaller) -> Login:
    """The access token of a login of alice with these parameters."""

    def log_in(**parameters: str) -> str:
        issuer, url = idp.runtime.first(), idp.runtime.config.public_url
        asked = {"scope": "openid mcp:read mcp:write", "resource": server.url, **parameters}
        client = idp.clients["web"].record
        token: str = LoginFlow(Base(url, url), issuer, client, Person("alice"), asked).run()["access_token"]
        return token

    return log_in


def test_a_login_with_one_factor_is_told_to_step_up_and_then_enough(server: McpCaller, login: Login) -> None:
    one = login()
    answer = server.call("change_pin", one, pin="1234")
    assert answer.status_code == 401
    challenge = challenge_of(answer)
    assert challenge["error"] == "insufficient_user_authentication"
    assert (challenge["acr_values"], challenge["max_age"]) == ("2", "300")
    assert {"mcp:read", "mcp:write"} <= set(challenge["scope"].split())
    assert text_of(server.call("who_am_i", one)) == "alice, logged in with acr 1"
    two = login(acr_values=challenge["acr_values"], max_age=challenge["max_age"])
    assert text_of(server.call("change_pin", two, pin="1234")) == "the PIN of alice is changed"


def test_a_login_that_was_strong_and_is_old_is_asked_for_again(
    idp: Controller, server: McpCaller, login: Login
) -> None:
    token = login(acr_values="2")
    idp.clock.advance(301)
    challenge = challenge_of(server.call("change_pin", token, pin="1234"))
    assert challenge["error_description"] == "change_pin needs a login in the last 300 seconds"
    again = login(acr_values="2", max_age=challenge["max_age"])
    assert text_of(server.call("change_pin", again, pin="1234")) == "the PIN of alice is changed"


def test_a_token_of_the_client_itself_has_no_login(idp: Controller, server: McpCaller) -> None:
    token = idp.mint(user="alice", client="web", scope="mcp:read", audience=server.url, drop=["acr", "amr"]).token
    assert server.call("who_am_i", token).status_code == 401
    assert text_of(server.call("status", token)) == "0 entries"
