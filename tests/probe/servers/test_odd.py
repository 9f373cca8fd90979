"""Servers that do one thing to everybody, by the command: each is called what it is, and not praised."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from devidp import DevIdP
from tests.cli.running import run
from tests.probe import targets
from tests.serving import wsgi_served

pytestmark = pytest.mark.slow


@contextmanager
def odd(name: str) -> Iterator[Flask]:
    over = threading.Event()
    match name:
        case "hanging":
            yield targets.hanging(over)
        case "endless":
            yield targets.endless()
        case status:
            yield targets.always(int(status))
    over.set()


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("401", "it answers 401 to everything"),
        ("200", "it answers 200 to everything"),
        ("500", "it answers 500 to everything"),
        ("hanging", "it does not answer in time"),
        ("endless", "its answer never ends"),
    ],
)
def test_an_odd_server_is_called_what_it_is(idp: DevIdP, tmp_path: Path, name: str, cause: str) -> None:
    with odd(name) as app, wsgi_served(lambda _: app) as (base_url, _):
        ended = run(tmp_path, "probe", f"{base_url}/orders", "--url", idp.local_url, "--timeout", "1")
    assert ended.returncode == 1
    assert cause in " ".join((ended.stdout + ended.stderr).split())
