"""What the dashboard makes of the MCP Python SDK: of a whole login, and of one that stops half-way."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from devidp.dashboard.flows.trace import Flow, trace
from devidp.web.runtime import Runtime
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.mcp_server import protected_server


class NobodyThereError(Exception):
    """There is no browser, or nobody who would use it."""


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


def attempt(runtime: Runtime, later: float = 0) -> Flow:
    """The only one of a client; the server has fetched metadata when it started."""
    (flow,) = (each for each in trace(runtime.event_log.since()[0], runtime.clock.now() + later) if each.client)
    return flow


def nobody(_: str) -> str:
    raise NobodyThereError


def test_a_whole_login_is_one_flow_with_what_came_before_it(
    server: str, browser: Browser, live_runtime: Runtime
) -> None:
    assert Application(server, browser.authorize).call("whoami")
    flow = attempt(live_runtime)
    assert (flow.outcome, flow.user, flow.client_name, flow.resource) == ("succeeded", "alice", "A test", server)
    shown = [f"{each.event.endpoint}{'?' if each.probably else ''}" for each in flow.steps]
    assert shown[:2] == ["oauth-authorization-server?", "register?"]
    assert shown[2:6] == ["authorize", "login", "consent", "token"]


def test_a_login_without_a_browser_has_stopped_there(server: str, live_runtime: Runtime) -> None:
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - a group of what its tasks raised
        Application(server, nobody).call("whoami")
    assert "NobodyThere" in repr(raised.value) or raised.group_contains(NobodyThereError)
    flow = attempt(live_runtime, later=60)
    assert (flow.outcome, flow.client_name) == ("stopped", "A test")
    assert flow.status.endswith("registered, then stopped: it did not open the browser.")


def test_a_code_that_the_sdk_refuses_is_never_exchanged(server: str, browser: Browser, live_runtime: Runtime) -> None:
    """It compares ``state``, as it has to (RFC 6749 section 10.12)."""
    with pytest.raises(BaseException) as raised:  # noqa: PT011
        Application(server, lambda address: browser.authorize(address).replace("state=", "state=x")).call("whoami")
    assert "state" in repr(raised.value).lower()
    flow = attempt(live_runtime, later=60)
    assert (flow.outcome, flow.user) == ("stopped", "alice")
    assert flow.status == "The browser came back with a code, but nobody exchanged it."
