"""``devidp profile``: what there is to start from, and how two of them differ."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from devidp import DevIdP
from devidp.cli.main import main
from devidp.faults import FAULTS
from devidp.seed import load, profile
from devidp.web.control.errors import ControlError


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
    shown, kept = tmp_path / "shown.yaml", profile.find(name, Path())
    shown.write_text(run("show", name).stdout)
    assert replace(load(shown), warnings=()) == replace(load(kept), warnings=())


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


def test_check_says_what_an_issuer_takes_of_its_profile_and_what_the_seed_has_instead(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("""
        issuers:
          any:
            lifetimes: {access_token: 5m, id_token: 1m}
            default_audience: orders
            registration: {initial_access_token: hush-hush}
        resources: {orders: }
    """)
    (tmp_path / "seed.yaml").write_text("""
        issuers:
          main: {profile: ./base.yaml, lifetimes: {id_token: 2m}, default_audience: }
          plain:
    """)
    told = CliRunner().invoke(main, ["check", str(tmp_path / "seed.yaml")])
    assert told.stdout.splitlines()[1:] == [
        f"issuers.main starts from the profile ./base.yaml ({tmp_path / 'base.yaml'}):",
        "  lifetimes.access_token: 5m",
        "  lifetimes.id_token: 1m    here 2m",
        "  default_audience: orders    here taken away",
        "  registration.initial_access_token: …",
        "  resources: orders",
    ]
    as_json = CliRunner().invoke(main, ["check", "--json", str(tmp_path / "seed.yaml")])
    (use,) = json.loads(as_json.stdout)["profiles"]
    assert (use["issuer"], use["instead"]) == ("main", {"lifetimes.id_token": "2m", "default_audience": None})


def test_check_explains_a_profile_for_all_issuers(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("users: {carol: }")
    told = CliRunner().invoke(main, ["check", str(tmp_path / "seed.yaml"), "--profile", "okta"])
    assert "issuers.default starts from the profile okta (" in told.stdout


OPAQUE = """
issuers: {any: {access_token_format: opaque, grants: [client_credentials]}}
clients: {service: {secret: s, grants: [client_credentials]}}
"""
NARROW = """
issuers: {any: {access_token: {drop: [aud, acr], claims: {}}, grants: [client_credentials]}}
clients: {service: {secret: s, grants: [client_credentials]}}
"""


def faults(tmp_path: Path, content: str, *arguments: str) -> Result:
    (tmp_path / "mine.yaml").write_text(content)
    return CliRunner().invoke(main, ["faults", *arguments, "--profile", str(tmp_path / "mine.yaml")])


def test_faults_of_a_profile_are_those_that_its_tokens_can_have(tmp_path: Path) -> None:
    told = faults(tmp_path, NARROW, "--json")
    found = json.loads(told.stdout)
    left, without = {each["name"] for each in found["faults"]}, found["inapplicable"]
    assert left | set(without) == set(FAULTS)
    assert {"expired", "signature-bad", "issuer-missing"} <= left
    assert {"audience-missing", "acr-missing", "id-nonce-missing"} <= set(without)
    assert "No flow gives a token with token_type=id" in without["id-nonce-missing"]


def test_what_a_profile_cannot_have_cannot_be_armed_either(tmp_path: Path) -> None:
    without = json.loads(faults(tmp_path, NARROW, "audience", "--json").stdout)["inapplicable"]
    assert without
    with DevIdP(profile=tmp_path / "mine.yaml") as idp:
        for name in without:
            with pytest.raises(ControlError):
                idp.arm(name)


def test_faults_of_a_profile_with_opaque_tokens_are_none_of_a_jwt(tmp_path: Path) -> None:
    told = faults(tmp_path, OPAQUE, "signature")
    assert (told.exit_code, told.stdout) == (0, "")
    assert "No token of this profile can have" in told.stderr
    assert "revoked" in faults(tmp_path, OPAQUE, "state").stdout


def test_tokens_of_cognito_have_no_audience_and_none_of_its_faults() -> None:
    told = CliRunner().invoke(main, ["faults", "audience", "--profile", "cognito", "--json"])
    found = json.loads(told.stdout)
    assert found["faults"] == []
    assert "audience-missing" in found["inapplicable"]
