"""What is said of the seed of a running devidp: in force or not, its files, and its mistakes, on every surface."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from devidp import DevIdP
from devidp.app import create_app
from devidp.cli.main import main
from devidp.models.config import Config
from devidp.seed import shipped_path
from devidp.web.housekeeping import Housekeeper
from tests.serving import wsgi_served

CLIENT = "clients: {app: {public: true, redirect_uris: ['http://localhost/cb']}}"
GOOD = f"users: {{zoe: {{}}}}\n{CLIENT}\n"


@contextmanager
def served(*files: Path, **config: Any) -> Iterator[tuple[str, Housekeeper]]:
    """A devidp that reads ``files``, and what watches them."""
    with wsgi_served(lambda url: create_app(Config(url, seed_paths=files, **config))) as (url, app):
        yield url, Housekeeper(app.extensions["devidp"])


def asked(url: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.get(f"{url}/_devidp/api/seed").raise_for_status().json()
    return answer


def overview(url: str) -> str:
    return httpx.get(f"{url}/_devidp/controls").raise_for_status().text


def typed(url: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["seed", "--url", url])
    return done.exit_code, done.output


def test_a_file_that_was_broken_is_not_in_force_and_says_where(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(GOOD)
    with served(seed) as (url, watcher):
        found = asked(url)
        assert (found["in_force"], found["origin"], found["problems"]) == (True, "files", [])
        assert found["files"] == [{"path": str(seed), "role": "seed", "there": True}]
        assert typed(url) == (0, f"{seed}\nin force\n")
        seed.write_text(f"users: {{zoe: {{}}}}\n{CLIENT}\nclientz: {{}}\n")
        watcher.look()
        found = asked(url)
        assert not found["in_force"]
        assert "the last edit is not in force" in overview(url)
        (problem,) = found["problems"]
        assert (problem["file"], problem["line"], problem["path"]) == (str(seed), 3, "clientz")
        code, said = typed(url)
        assert code == 2
        assert f"{seed}:3: clientz: " in said
        assert "not in force, the seed that was read before is" in said
        seed.write_text(GOOD.replace("zoe", "zack"))
        assert not asked(url)["in_force"], "it is good, and nobody has read it yet"
        watcher.look()
        watcher.look()
        assert asked(url)["in_force"]
        assert "the last edit is not in force" not in overview(url)


def test_a_seed_that_cannot_be_served_says_why(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("users: {zoe: {}}\n")
    with served(seed, auto_approve="zoe") as (url, _):
        seed.write_text("users: {zack: {}}\n")
        found = asked(url)
        assert (found["in_force"], found["problems"]) == (False, [])
        assert "'zoe', who is to be approved at once, is unknown" in found["refused"]
        httpx.post(f"{url}/_devidp/api/users", json={"username": "zack", "sub": "same"}).raise_for_status()
        seed.write_text("users: {zoe: {sub: same}}\n")
        assert "It does not go with what was changed at run time" in asked(url)["refused"]
        assert "It does not go with what was changed at run time" in typed(url)[1]


def test_every_file_is_named_and_none_that_holds_a_secret_is_a_seed(tmp_path: Path) -> None:
    first, second, secret = (tmp_path / name for name in ("a.yaml", "b.yaml", "secret.txt"))
    first.write_text("clients: {web: {secret_file: secret.txt, redirect_uris: ['http://localhost/cb']}}\n")
    second.write_text("issuers: {default: {profile: okta}}\n")
    secret.write_text("hunter\n")
    with served(first, second) as (url, _):
        roles = {Path(file["path"]).name: file["role"] for file in asked(url)["files"]}
        assert roles == {"a.yaml": "seed", "b.yaml": "seed", "secret.txt": "named", "okta.yaml": "profile"}
        secret.unlink()
        found = asked(url)
        assert {Path(file["path"]).name: file["there"] for file in found["files"]} == {
            "a.yaml": True,
            "b.yaml": True,
            "secret.txt": False,
            "okta.yaml": True,
        }
        assert [problem["path"] for problem in found["problems"]] == ["clients.web.secret_file"]
        assert "hunter" not in str(found)


@pytest.mark.parametrize(
    ("seed", "origin", "files"),
    [
        (None, "files", [str(shipped_path())]),
        ({"users": {"zoe": {}}}, "program", []),
        ("users: {zoe: {}}", "variable", []),
        (["users: {zoe: {}}", {"users": {"zack": {}}}], "program", []),
    ],
)
def test_a_program_says_where_its_seed_comes_from(seed: Any, origin: str, files: list[str]) -> None:
    with DevIdP(seed) as idp:
        found = idp.control.seed.examine()
        assert (found.origin, [file.path for file in found.files]) == (origin, files)
        assert (found.in_force, found.watched) == (True, False)
        assert asked(idp.url)["origin"] == origin


def test_a_program_with_files_names_them(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(GOOD)
    with DevIdP(seed) as idp:
        assert [file.path for file in idp.control.seed.examine().files] == [str(seed)]
        seed.write_text(GOOD.replace("zoe", "zack"))
        assert not idp.control.seed.examine().in_force


def test_a_user_that_was_changed_is_no_other_seed(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text(GOOD)
    with DevIdP(seed) as idp:
        idp.users["zoe"].disable()
        assert idp.control.seed.examine().in_force


def test_variables_are_read_as_devidp_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("users: {zoe: {password: '${WORD_OF_ZOE}'}}\n")
    monkeypatch.setitem(os.environ, "WORD_OF_ZOE", "hunter")
    with DevIdP(seed) as idp:
        assert idp.control.seed.examine().in_force
        assert "hunter" not in str(asked(idp.url))
