"""Fixtures: devidp as a program, ended at the latest with the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.cli.running import Running


class Start(Protocol):
    """Starts devidp with arguments and environment variables."""

    def __call__(self, *arguments: str, command: tuple[str, ...] = ..., **extra: str) -> Running: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts devidp on a free port unless told otherwise, at home in ``tmp_path``."""
    started: list[Running] = []

    def begin(*arguments: str, **options: object) -> Running:
        port = () if "--port" in arguments or "DEVIDP_PORT" in options else ("--port", "0")
        running = Running(tmp_path, *arguments, *port, **options)  # type: ignore[arg-type]
        started.append(running)
        return running

    yield begin
    for running in started:
        running.kill()
