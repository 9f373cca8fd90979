"""The data folder: its locks, and the one devidp that serves it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from devidp.system import data_folder
from devidp.system.data_folder import exclusive, owner
from devidp.system.default_folder import default_data_folder
from devidp.system.files import PrivateFileError, write_private
from tests.system.test_files import mode_of

OTHER = """
import sys
from pathlib import Path
from devidp.system.data_folder import owner
with owner(Path(sys.argv[1]), "http://localhost:7000"):
    print("served", flush=True)
    sys.stdin.read()
"""


def test_only_one_holds_the_lock_of_a_folder(tmp_path: Path) -> None:
    holders, most = 0, 0

    def hold() -> None:
        nonlocal holders, most
        for _ in range(20):
            with exclusive(tmp_path):
                holders += 1
                most = max(most, holders)
                holders -= 1

    threads = [threading.Thread(target=hold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert mode_of(tmp_path / "lock") == 0o600


def test_a_holder_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    with pytest.raises(KeyError), exclusive(tmp_path):
        raise KeyError
    with exclusive(tmp_path):
        pass


def test_a_lock_that_is_held_for_ever_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_folder, "OPENING_SECONDS", 0.01)
    with (
        exclusive(tmp_path),
        pytest.raises(PrivateFileError, match="held by another devidp"),
        exclusive(tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(PrivateFileError, match=r"lock cannot be written: "), exclusive(tmp_path):
        pass


def test_the_default_folder_carries_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_folder(6749).name == "6749"
    assert default_data_folder(6749).parent == default_data_folder(8080).parent


def test_a_folder_that_is_served_names_who_serves_it(tmp_path: Path) -> None:
    with owner(tmp_path, "http://localhost:6749"):
        with (
            pytest.raises(
                PrivateFileError,
                match=rf"^The data folder {tmp_path} is in use by the devidp at http://localhost:6749 \(process "
                rf"{os.getpid()}\)\. Stop that one, or give this one a folder of its own: --data DIR \(DEVIDP_DATA\)",
            ),
            owner(tmp_path, "http://localhost:7000"),
        ):
            pass
        with exclusive(tmp_path):
            pass
    with owner(tmp_path, "http://localhost:7000"):
        assert {mode_of(path) for path in tmp_path.iterdir()} == {0o600}


def test_an_owner_that_was_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OTHER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "served\n"
        with pytest.raises(PrivateFileError, match="7000"), owner(tmp_path, "http://localhost:6749"):
            pass
        other.send_signal(signal.SIGKILL)
        other.wait()
    with owner(tmp_path, "http://localhost:6749"):
        pass


def test_workers_of_an_owner_that_was_killed_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an older filelock they hold its lock until they end."""
    monkeypatch.setattr(data_folder, "ENDING_SECONDS", 120)
    gone = subprocess.Popen(["true"])
    gone.wait()
    came = threading.Event()

    def wait() -> None:
        with owner(tmp_path, "http://localhost:6749"):
            came.set()

    waiting = threading.Thread(target=wait)
    with owner(tmp_path, "http://localhost:7000"):
        write_private(tmp_path / "owner.json", json.dumps({"url": "http://localhost:7000", "pid": gone.pid}))
        waiting.start()
        assert not came.wait(0.2)
    waiting.join()
    assert came.is_set()


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"url": "u", "pid": "x"}', "no JSON"])
def test_what_an_owner_has_not_written_yet_is_unknown(
    tmp_path: Path, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_folder, "ENDING_SECONDS", 0.01)
    with owner(tmp_path, "http://localhost:7000"):
        write_private(tmp_path / "owner.json", note)
        with pytest.raises(PrivateFileError, match="an unknown URL"), owner(tmp_path, "http://localhost:6749"):
            pass
