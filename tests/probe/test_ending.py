"""A probe that is told to end, and two at a time, leave devidp as they found it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp import DevIdP
from devidp.probe.call import Call
from devidp.probe.changes import rotated
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options
from devidp.probe.subject import Subject
from devidp.probe.wsgi_target import WsgiTarget
from devidp.web.api_client import ApiClient
from tests.cli.running import DEADLINE, SCRIPT, environment
from tests.probe import targets
from tests.probe.learners import state_of
from tests.serving import wsgi_served

HEARS = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
"""A program that is started so hears of a closed terminal, also where the tests run below nohup."""


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_in_order(idp: DevIdP, tmp_path: Path, number: signal.Signals) -> None:
    before, changed, over = state_of(idp), threading.Event(), threading.Event()
    app = targets.strict(idp)

    @app.before_request
    def hang_while_changed() -> None:
        if state_of(idp) != before:
            changed.set()
            over.wait(DEADLINE)

    with wsgi_served(lambda _: app) as (base, _):
        command = [SCRIPT, "probe", f"{base}/orders", "--url", idp.local_url, "--only", "jwks-unavailable"]
        process = subprocess.Popen(
            [sys.executable, "-c", HEARS, *command],
            env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert changed.wait(DEADLINE)
        process.send_signal(number)
        status = process.wait(DEADLINE)
        over.set()
    assert status == (1 if number == signal.SIGINT else 128 + number)
    assert state_of(idp) == before


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_two_at_a_time_take_back_their_own_keys(idp: DevIdP, first_ends_first: bool) -> None:
    before = state_of(idp)
    call, side = Call("http://localhost:8000/orders"), IssuerSide(ApiClient(idp.local_url))
    one, other = (rotated(Subject(WsgiTarget(targets.strict(idp)), call, side, Options())) for _ in range(2))
    one.__enter__()
    other.__enter__()
    for each in (one, other) if first_ends_first else (other, one):
        each.__exit__(None, None, None)
    assert state_of(idp) == before
