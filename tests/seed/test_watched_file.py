"""A seed file is noticed when it becomes another seed, however it is written."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from devidp.models import Seed
from devidp.seed import SeedError, SeedFiles, load


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "seed.yaml"
    write(path, "users: {alice: }")
    return path


@pytest.fixture
def watched(path: Path) -> SeedFiles:
    """A file whose present content is known."""
    file = SeedFiles(path, seed=load(path))
    assert file.poll() is None
    assert file.poll() is None
    return file


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def users(found: Seed | SeedError | None) -> list[str]:
    assert isinstance(found, Seed)
    return list(found.issuers[0].users)


def test_the_first_poll_reads_a_file_whose_seed_is_not_known(path: Path) -> None:
    file = SeedFiles(path)
    assert users(file.poll()) == ["alice"]
    assert file.poll() is None


def test_an_edit_between_loading_and_watching_is_not_missed(path: Path) -> None:
    seed = load(path)
    write(path, "users: {bob: }")
    assert users(SeedFiles(path, seed=seed).poll()) == ["bob"]


def test_a_pipe_in_its_place_is_told_and_not_waited_for(path: Path, watched: SeedFiles) -> None:
    path.unlink()
    os.mkfifo(path)
    assert "this is a pipe, expected a file" in str(watched.poll())
    path.unlink()
    write(path, "users: {bob: }")
    assert users(watched.poll()) == ["bob"]


def test_an_edit_is_told_once(path: Path, watched: SeedFiles) -> None:
    write(path, "users: {alice: , bob: }")
    assert users(watched.poll()) == ["alice", "bob"]
    assert [watched.poll() for _ in range(3)] == [None] * 3


def test_an_edit_of_the_same_size_at_the_same_time_is_noticed(path: Path) -> None:
    file = SeedFiles(path)
    before = path.stat()
    assert users(file.poll()) == ["alice"]
    write(path, "users: {carol: }")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert users(file.poll()) == ["carol"]


def test_a_comment_or_a_touch_is_no_other_seed(path: Path, watched: SeedFiles) -> None:
    write(path, "# who can log in\nusers: {alice: }")
    assert watched.poll() is None
    os.utime(path, ns=(1, 1))
    assert watched.poll() is None


def test_a_broken_edit_is_told_once_per_content(path: Path, watched: SeedFiles) -> None:
    write(path, "users: {alice: {x: 1}}")
    found = watched.poll()
    assert isinstance(found, SeedError)
    assert found.problems[0].path == "users.alice.x"
    os.utime(path, ns=(1, 1))
    assert [watched.poll() for _ in range(3)] == [None] * 3
    write(path, "users: {alice: {y: 1}}")
    assert isinstance(watched.poll(), SeedError)


def test_a_mended_edit_is_told_even_where_the_seed_is_the_old_one(path: Path, watched: SeedFiles) -> None:
    write(path, "users: [")
    assert isinstance(watched.poll(), SeedError)
    write(path, "users: {alice: }")
    assert users(watched.poll()) == ["alice"]


def test_a_file_that_goes_and_comes_back_is_told_both_times(path: Path, watched: SeedFiles) -> None:
    path.unlink()
    assert isinstance(watched.poll(), SeedError)
    assert [watched.poll() for _ in range(3)] == [None] * 3
    write(path, "users: {alice: }")
    assert users(watched.poll()) == ["alice"]
    assert watched.poll() is None


def test_a_file_that_is_replaced_by_a_rename_is_noticed(path: Path, watched: SeedFiles) -> None:
    before = path.stat()
    other = path.with_suffix(".new")
    write(other, "users: {carol: }")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert users(watched.poll()) == ["carol"]


def test_a_file_that_is_half_written_is_read_again_when_it_is_whole(path: Path, watched: SeedFiles) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("users: {alice: , ")
        file.flush()
        assert isinstance(watched.poll(), SeedError)
        file.write("bob: }")
    assert users(watched.poll()) == ["alice", "bob"]


def test_a_file_that_is_written_all_the_time_ends_as_its_last_content(path: Path, watched: SeedFiles) -> None:
    def edit() -> None:
        for number in range(300):
            write(path, f"users: {{{'padding: , ' * (number % 2)}last{number}: }}")

    editor = Thread(target=edit)
    editor.start()
    told = []
    while editor.is_alive():
        told.append(watched.poll())
    told += [watched.poll() for _ in range(3)]
    last = [found for found in told if found is not None][-1]
    assert users(last)[-1] == "last299"


def test_what_is_no_file_at_all_is_an_error_too(tmp_path: Path) -> None:
    assert isinstance(SeedFiles(tmp_path).poll(), SeedError)
    assert isinstance(SeedFiles(Path("a\0b")).poll(), SeedError)
