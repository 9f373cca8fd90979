"""The same fault has another number on another system, and is told in the same words."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from devidp.cli.main import main
from devidp.server.address import AddressError, listen
from devidp.system.regular_files import open_regular


def failing(number: int) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("system", "number", "words"),
    [
        ("linux", errno.EACCES, "reserved for privileged users"),
        ("darwin", errno.EACCES, "reserved for privileged users"),
        ("win32", errno.EACCES, "Windows keeps it for itself: see 'netsh interface ipv4 show excludedportrange tcp'"),
        ("win32", errno.EADDRINUSE, "is taken by another program"),
    ],
)
def test_a_port_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, system: str, number: int, words: str) -> None:
    class Refused(socket.socket):
        bind = failing(number)

    monkeypatch.setattr(socket, "socket", Refused)
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(AddressError) as refused:
        listen("127.0.0.1", 6799)
    assert words in str(refused.value)


@pytest.mark.parametrize("number", [errno.ENXIO, errno.EOPNOTSUPP])
def test_a_socket_in_place_of_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int) -> None:
    path = tmp_path / "file"
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(path))
        monkeypatch.setattr(os, "open", failing(number))
        with pytest.raises(OSError, match="this is a socket, expected a file"):
            open_regular(path)


def test_a_reader_that_has_left_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devidp.cli.schema.click.echo", failing(errno.EINVAL))
    monkeypatch.setattr(sys, "platform", "win32")
    done = CliRunner().invoke(main, ["schema"])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
