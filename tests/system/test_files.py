"""Private files: only their owner may read them, and they are replaced as a whole."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from devidp.system import files
from devidp.system.files import PrivateFileError


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    files.write_private(path, "first")
    files.write_private(path, "sécond")
    assert mode_of(path) == 0o600
    assert files.read_private(path) == "sécond"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    assert mode_of(files.private_folder(tmp_path / "a" / "b")) == 0o700


def test_a_folder_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    assert files.private_folder(tmp_path) == tmp_path


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert files.read_private(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("mode", "verbs"),
    [(0o640, "read"), (0o604, "read"), (0o660, "read and write"), (0o644, "read"), (0o610, "read"), (0o602, "write")],
)
@pytest.mark.parametrize("use", [files.read_private, files.private_file, files.private_secret])
def test_a_file_that_others_may_read_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, mode: int, verbs: str, use: Callable[[Path], object]
) -> None:
    path = tmp_path / "a key"
    files.private_secret(path)
    path.chmod(mode)
    with pytest.raises(PrivateFileError, match=rf"has mode {mode:04o}: others may {verbs} it\. ") as refused:
        use(path)
    run = str(refused.value).partition("Run: ")[2].partition(". To share")[0]
    assert run == f"chmod 600 '{path}'"
    subprocess.run(run, shell=True, check=True)
    use(path)


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o770, 0o777, 0o711])
def test_a_folder_that_others_may_use_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(PrivateFileError, match=rf"has mode {mode:04o}: .*Run: chmod 700 {folder}"):
        files.private_folder(folder)
    folder.chmod(0o700)
    assert files.private_folder(folder) == folder


def test_the_group_may_share_what_it_is_given(tmp_path: Path) -> None:
    folder = files.private_folder(tmp_path / "shared", group=True)
    files.write_private(folder / "text", "text", group=True)
    files.private_file(folder / "empty", group=True)
    assert mode_of(folder) == 0o770
    assert {mode_of(path) for path in folder.iterdir()} == {0o660}
    assert files.read_private(folder / "text", group=True) == "text"
    for use in (files.read_private, files.private_file):
        with pytest.raises(PrivateFileError, match=r"chmod 600 .*/text\. To share it .* with --data-group"):
            use(folder / "text")
    (folder / "text").chmod(0o664)
    with pytest.raises(PrivateFileError, match=r"others may read it\. Run: chmod 660 .*/text$"):
        files.read_private(folder / "text", group=True)
    folder.chmod(0o2775)
    with pytest.raises(PrivateFileError, match=r"mode 2775: .*Run: chmod 770 .*/shared$"):
        files.private_folder(folder, group=True)


@pytest.mark.parametrize("use", [files.read_private, files.private_file, files.private_secret])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, use: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PrivateFileError, match="this is a pipe, expected a file"):
        use(tmp_path / "pipe")


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (link := tmp_path / "link").symlink_to("gone")
    with pytest.raises(PrivateFileError, match="this is a link to gone, which does not exist"):
        files.private_secret(link)
    with pytest.raises(PrivateFileError, match="cannot be created: this is a link to gone, which does not exist"):
        files.private_folder(link)


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PrivateFileError, match="cannot be read: Is a directory"):
        files.read_private(tmp_path)
    with pytest.raises(PrivateFileError, match="cannot be written: Is a directory"):
        files.private_file(tmp_path)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(PrivateFileError, match=r"cannot be written: .*Check the disk"):
        files.write_private(tmp_path / "taken", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PrivateFileError, match=r"cannot be created: .*--data, or keep everything in memory"):
        files.private_folder(tmp_path / "file" / "data")


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    secret = files.private_secret(path)
    assert len(secret) == 32
    assert files.private_secret(path) == secret
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("text", ["", "abcd", "not hexadecimal", "zz" * 32])
def test_a_damaged_secret_is_told(tmp_path: Path, text: str) -> None:
    files.write_private(tmp_path / "secret", text)
    with pytest.raises(
        PrivateFileError, match=r"secret is damaged\. Put the old one back, or delete it together with devidp\.db"
    ):
        files.private_secret(tmp_path / "secret")
