"""``devidp profile``: what there is to start from, and how two of them differ."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from devidp.cli.main import main
from devidp.seed import load, profile


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["profile", *arguments])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text("issuers: {main: {profile: okta, lifetimes: {access_token: 5m}, grants: [password]}}")
    return file


def test_list_names_every_profile_with_what_it_is_like() -> None:
    lines = run("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == profile.names()
    assert "cognito    Amazon Cognito" in lines


@pytest.mark.parametrize("name", profile.names())
def test_what_show_prints_is_the_profile(name: str, tmp_path: Path) -> None:
    (tmp_path / "shown.yaml").write_text(run("show", name).stdout)
    assert load(tmp_path / "shown.yaml") == load(profile.find(name, Path()))


def test_diff_shows_what_two_profiles_do_not_have_in_common(mine: Path) -> None:
    result = run("diff", "okta", str(mine))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- okta", f"+++ {mine}"]
    assert {"+grants: [password]", "+lifetimes.access_token: 5m"} <= set(lines)
    assert not any(line.startswith(("-profile", "+profile")) for line in lines)


def test_diff_of_a_profile_with_itself_is_nothing() -> None:
    result = run("diff", "okta", "okta")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("arguments", [("show", "oktaa"), ("diff", "okta", "oktaa")])
def test_a_name_that_is_none_is_refused(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "did you mean 'okta'?" in result.stderr


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    for content, told in (("issuers: {a: , b: }", "this one has 2"), ("issuers: [", "this is not YAML")):
        (tmp_path / "none.yaml").write_text(content)
        result = run("diff", "okta", str(tmp_path / "none.yaml"))
        assert result.exit_code == 2
        assert told in result.stderr
