"""A file that cannot be a seed is refused with the reason; a key file is found beside the seed."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devidp import seed
from devidp.seed import Problem, SeedError

PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"
NOBODY = 65534


@contextmanager
def without_privileges() -> Iterator[None]:
    """The superuser may read everything, so that it steps down here."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(user)


def refusal(path: Path) -> Problem:
    with pytest.raises(SeedError) as caught:
        seed.load(path)
    (problem,) = caught.value.problems
    assert problem.file == str(path)
    return problem


def test_a_missing_file_is_named_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("{}", encoding="utf-8")
    assert str(tmp_path / "seed.yaml") in refusal(tmp_path / "seed.yml").message
    assert "no such file" in refusal(tmp_path / "none" / "seed.yml").message


def test_a_directory_is_called_one(tmp_path: Path) -> None:
    assert "directory" in refusal(tmp_path).message


def test_a_file_below_a_file_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("{}", encoding="utf-8")
    assert refusal(tmp_path / "seed.yaml" / "x").line is None


def test_a_name_that_no_file_can_have_is_refused() -> None:
    assert refusal(Path("a\0b")).message
    assert refusal(Path("x" * 5000)).message


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("{}", encoding="utf-8")
    path.chmod(0)
    with without_privileges():
        problem = refusal(path)
    assert "may not be read" in problem.message


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_bytes("users: {}\n# caf\xe9\n".encode("latin-1"))
    problem = refusal(path)
    assert (problem.line, "0xe9" in problem.message) == (2, True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le-sig"])
def test_a_file_of_another_unicode_encoding_says_which(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "seed.yaml"
    path.write_bytes(
        "\ufeffusers: {}".encode("utf-16-le") if encoding.endswith("sig") else "users: {}".encode(encoding)
    )
    assert "UTF-16" in refusal(path).message


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\x7fELF\x02", b"users: {}\n\x1b[0m", bytes(range(128))])
def test_a_binary_file_is_called_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seed.yaml"
    path.write_bytes(content)
    assert "binary" in refusal(path).message


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert "4 MiB" in refusal(path).message


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would hold up its reader until somebody writes into it."""
    os.mkfifo(pipe := tmp_path / "pipe.yaml")
    assert "this is a pipe, expected a file" in refusal(pipe).message
    assert "this is a device, expected a file" in refusal(Path("/dev/zero")).message
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path := tmp_path / "s"))
        assert "this is a socket, expected a file" in refusal(path).message


def test_a_key_in_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.pem")
    (tmp_path / "seed.yaml").write_text("issuers: {default: {signing_key_file: key.pem}}")
    assert "this is a pipe, expected a file" in refusal(tmp_path / "seed.yaml").message


def test_a_link_that_leads_nowhere_says_where_to(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.symlink_to("moved.yaml")
    assert refusal(path).message == "this is a link to moved.yaml, which does not exist"


def test_a_text_that_is_too_long_or_no_text_is_refused() -> None:
    for text in ("#" * 5_000_000, "users: {a: \udcff}", "a\0"):
        with pytest.raises(SeedError):
            seed.loads(text)


def test_a_byte_order_mark_and_line_ends_of_windows_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_bytes(b"\xef\xbb\xbfusers:\r\n  alice:\r\n    password: x\r\n")
    assert seed.load(path).issuers[0].users["alice"].password == "x"


def test_a_key_file_is_found_beside_the_seed(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "a.pem").write_text(PEM, encoding="utf-8")
    path = tmp_path / "seed.yaml"
    path.write_text("issuers: {a: {signing_key_file: keys/a.pem}}", encoding="utf-8")
    assert seed.load(path).issuers[0].signing_key == PEM


def test_a_key_file_of_a_seed_that_is_no_file_is_found_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pem").write_text(PEM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert seed.loads("issuers: {a: {signing_key_file: a.pem}}").issuers[0].signing_key == PEM
    made = seed.from_mapping({"issuers": {"a": {"signing_key_file": tmp_path / "a.pem"}}})
    assert made.issuers[0].signing_key == PEM


def test_a_key_file_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text("issuers:\n  a:\n    signing_key_file: none.pem", encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        seed.load(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (3, "issuers.a.signing_key_file")
    assert str(tmp_path / "none.pem") in problem.message


def test_a_key_can_stand_in_the_seed_as_pem_or_jwk() -> None:
    block = "\n".join(f"      {line}" for line in PEM.splitlines())
    found = seed.loads(f"issuers:\n  a:\n    signing_key: |\n{block}\n  b:\n    signing_key: {{kty: OKP, d: 0123}}")
    assert found.issuers[0].signing_key == PEM
    assert found.issuers[1].signing_key == '{"kty": "OKP", "d": "0123"}'
