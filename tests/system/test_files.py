"""Private files: only their owner may read them, and they are replaced as a whole."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from devidp.system import files
from devidp.system.files import PrivateFileError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    files.write_private(path, "first")
    files.write_private(path, "sécond")
    assert mode(path) == 0o600
    assert files.read_private(path) == "sécond"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    assert mode(files.private_folder(tmp_path / "a" / "b")) == 0o700


def test_a_folder_that_is_there_is_taken_as_it_is(tmp_path: Path) -> None:
    assert files.private_folder(tmp_path) == tmp_path


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert files.read_private(tmp_path / "missing") is None


@pytest.mark.parametrize("readable", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_file_that_others_may_read_is_refused_with_the_command_that_mends_it(tmp_path: Path, readable: int) -> None:
    path = tmp_path / "key"
    path.write_text("secret")
    path.chmod(readable)
    with pytest.raises(PrivateFileError, match=rf"has mode {readable:04o}: others may read it\. Run: chmod 600 {path}"):
        files.read_private(path)


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
    assert mode(path) == 0o600


@pytest.mark.parametrize("text", ["", "abcd", "not hexadecimal", "zz" * 32])
def test_a_damaged_secret_is_told(tmp_path: Path, text: str) -> None:
    files.write_private(tmp_path / "secret", text)
    with pytest.raises(
        PrivateFileError, match=r"secret is damaged\. Put the old one back, or delete it together with devidp\.db"
    ):
        files.private_secret(tmp_path / "secret")
