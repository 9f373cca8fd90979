"""Writers of several processes wait for each other on a folder, and nobody waits for ever."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devidp.store.database import Database
from devidp.store.turn import Turn

if sys.platform == "win32":
    pytest.skip("there are no locks on folders", allow_module_level=True)
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock


@pytest.fixture
def other(tmp_path: Path) -> Iterator[int]:
    """The folder, as another process has it open."""
    descriptor = os.open(tmp_path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_the_folder_is_held_while_a_transaction_writes(tmp_path: Path, other: int) -> None:
    with closing(Database(tmp_path / "devidp.db")) as database:
        with database.transaction(), pytest.raises(BlockingIOError):
            flock(other, LOCK_EX | LOCK_NB)
        flock(other, LOCK_EX | LOCK_NB)


def test_who_never_gives_the_turn_back_keeps_nobody_from_writing(tmp_path: Path, other: int) -> None:
    flock(other, LOCK_EX)
    with closing(Database(tmp_path / "devidp.db")) as database:
        with database.transaction() as connection:
            connection.execute("CREATE TABLE written (id)")
        flock(other, LOCK_UN)
        assert database.rows("SELECT * FROM written", ()) == []


def test_a_folder_that_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    with closing(Turn(tmp_path / "gone")) as turn:
        turn.take()
        turn.give()
