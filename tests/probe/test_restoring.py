"""A probe leaves devidp as it found it, however it ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from devidp import DevIdP
from devidp.probe import run
from devidp.probe.exchange import Answer, Request, Transport
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options
from devidp.probe.wsgi_target import WsgiTarget
from devidp.web.api_client import ApiClient
from tests.probe import targets
from tests.probe.learners import Keys, Time, probed, probed_by, state_of

WHILE_CHANGED = (
    "key-rotated",
    "key-withdrawn",
    "grant-ended",
    "account-disabled",
    "client-deleted",
    "jwks-unavailable",
)


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        started.keys.rotate()
        started.users["bob"].disable()
        started.arm("expired", client="web")
        started.fail("token", error="invalid_grant")
        started.clock.advance("-2s")
        yield started


def test_users_clients_keys_and_what_waits_are_as_before(idp: DevIdP) -> None:
    before, time = state_of(idp), Time()
    report = probed(idp, Keys(idp, time, floor=10), time, "revocation", "rotation", "jwks-unavailable")
    assert {check.outcome for check in report.checks} == {"passed"}
    assert state_of(idp) == before


class Ending:
    """The way to a target, which ends the probe with the second call after something was changed."""

    def __init__(self, idp: DevIdP, way: Transport, error: type[BaseException]) -> None:
        self._idp, self._way, self._error = idp, way, error
        self._before = state_of(idp)
        self._left = 2

    def send(self, request: Request, seconds: float) -> Answer:
        self._left -= state_of(self._idp) != self._before
        if not self._left:
            raise self._error("in the middle")
        return self._way.send(request, seconds)


class Interrupting(ApiClient):
    """Ctrl-C comes while devidp answers to a change."""

    def send(self, method: str, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = super().send(method, path, members)
        if method == "POST" and path.startswith(self.path):
            signal.raise_signal(signal.SIGINT)
        return answer

    path = ""


@pytest.mark.parametrize(
    ("trial", "path"),
    [
        ("key-rotated", "/keys"),
        ("grant-ended", "/users"),
        ("grant-ended", "/clients"),
        ("jwks-unavailable", "/failures"),
    ],
)
def test_also_where_it_is_ended_while_something_is_changed(idp: DevIdP, trial: str, path: str) -> None:
    before, api = state_of(idp), Interrupting(idp.local_url)
    api.path = path
    options = Options(only=("ground", trial))
    target = WsgiTarget(targets.guarded(Keys(idp, Time())))
    with pytest.raises(KeyboardInterrupt):
        run.probe(target, "http://localhost:8000/orders", IssuerSide(api), options)
    assert state_of(idp) == before


@pytest.mark.parametrize("trial", WHILE_CHANGED)
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_also_where_the_probe_is_ended_in_the_middle(idp: DevIdP, trial: str, error: type[BaseException]) -> None:
    before, time = state_of(idp), Time()
    target = WsgiTarget(targets.guarded(Keys(idp, time)))
    with pytest.raises(error, match="in the middle"):
        probed_by(Ending(idp, target, error), idp, time, trial)
    assert state_of(idp) == before
