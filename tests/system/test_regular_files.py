"""What is written for a user takes the place of the old file as a whole, or changes nothing."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from devidp.system.regular_files import expect_writable, replaced
from tests.system.test_files import mode_of


def test_the_old_file_is_whole_until_the_new_one_is(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("old")
    with replaced(path) as file:
        file.write("n\u00e9w\n")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_bytes() == "n\u00e9w\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_on_the_way_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), replaced(path) as file:
        file.write("new\udc00")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_a_disk_that_is_full_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"), replaced(path) as file:
            file.write("new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_the_umask(tmp_path: Path) -> None:
    kept, new, private = (tmp_path / name for name in ("kept", "new", "private"))
    for path in (kept, private):
        path.write_text("old")
        path.chmod(0o664)
    before = os.umask(0o027)
    try:
        for path, mode in ((kept, None), (new, None), (private, 0o600)):
            with replaced(path, mode) as file:
                file.write("new")
    finally:
        os.umask(before)
    assert [mode_of(path) for path in (kept, new, private)] == [0o664, 0o640, 0o600]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_leads_to_the_new_file(tmp_path: Path, there: bool) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    if there:
        target.write_text("old")
    link.symlink_to("folder/target")
    expect_writable(link)
    with replaced(link) as file:
        file.write("new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    with pytest.raises(FileExistsError), replaced(path, anew=True):
        path.write_text("of another")
    assert (path.read_text(), list(tmp_path.iterdir())) == ("of another", [path])


def test_what_cannot_be_written_is_told_before(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("gone/file", "there is no folder .*gone"), (".", "directory"), ("pipe", "this is a pipe")):
        with pytest.raises(OSError, match=words):
            expect_writable(tmp_path / name)
    expect_writable(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [tmp_path / "pipe"]
