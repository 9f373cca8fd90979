"""The lock of a data folder: held by one at a time, and given back when its holder fails."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from devidp.store import StoreError
from devidp.store.lock import exclusive


def test_only_one_holds_it_at_a_time(tmp_path: Path) -> None:
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


def test_a_holder_that_fails_gives_it_back(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), exclusive(tmp_path):
        raise RuntimeError
    with exclusive(tmp_path):
        pass


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be locked"), exclusive(tmp_path / "missing"):
        pass


def test_a_damaged_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="cannot be locked: file is not a database"), exclusive(tmp_path):
        pass
