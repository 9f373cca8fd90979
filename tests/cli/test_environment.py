"""Every setting by environment: precedence, mistakes, misspellings."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from devidp.cli.main import main
from devidp.cli.options import OF_OTHER_COMMANDS, variables_of
from tests.cli.conftest import Start
from tests.cli.running import fetch, run

OWN_SEED = "issuers: {own: {}}\nusers: {}\nclients: {}\n"


@pytest.mark.slow
def test_settings_come_from_the_environment(start: Start, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_SEED)
    running = start(DEVIDP_PORT="0", DEVIDP_MEMORY="1", DEVIDP_SEED="own.yaml", DEVIDP_PUBLIC_URL="http://idp.test")
    assert running.issuer() == "http://idp.test/own"


@pytest.mark.slow
def test_the_whole_seed_can_be_a_variable(start: Start) -> None:
    assert start("--memory", DEVIDP_SEED_YAML=OWN_SEED).issuer().endswith("/own")


@pytest.mark.slow
def test_a_flag_is_over_its_variable(start: Start, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_SEED)
    running = start("--seed", "own.yaml", "--data", "kept", DEVIDP_MEMORY="yes", DEVIDP_SEED_YAML="issuers: {}")
    assert running.issuer().endswith("/own")
    assert (tmp_path / "kept").is_dir()


@pytest.mark.slow
def test_an_empty_variable_is_as_none(start: Start) -> None:
    assert start("--memory", DEVIDP_PUBLIC_URL="", DEVIDP_SEED="").issuer().endswith("/default")


@pytest.mark.slow
def test_a_misspelt_variable_is_warned_of_with_the_right_name(start: Start) -> None:
    running = start("--memory", DEVIDP_PROT="8000")
    running.issuer()
    running.end()
    assert "devidp knows no environment variable DEVIDP_PROT. Did you mean DEVIDP_PORT?" in running.errors()


def test_no_variable_of_another_command_is_warned_of() -> None:
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    read = {name: variables_of(command) for name, command in commands.items() if command is not None}
    assert set().union(*read.values()) - read["serve"] == OF_OTHER_COMMANDS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "high"),
        ("MEMORY", "maybe"),
        ("WORKERS", "0"),
        ("PUBLIC_URL", "idp"),
        ("CONTROL_TOKEN", "short"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    ended = run(tmp_path, **{f"DEVIDP_{name}": value})
    assert ended.returncode == 2
    assert f"the environment variable DEVIDP_{name}" in ended.stderr


@pytest.mark.parametrize("pair", [("DATA", "MEMORY"), ("SEED", "SEED_YAML")], ids=" and ".join)
def test_two_variables_that_contradict_each_other_are_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    ended = run(tmp_path, **{f"DEVIDP_{name}": "1" for name in pair})
    assert ended.returncode == 2
    assert "one of them" in ended.stderr


def test_the_port_that_kubernetes_sets_for_a_service_is_explained(tmp_path: Path) -> None:
    assert "enableServiceLinks" in run(tmp_path, DEVIDP_PORT="tcp://10.0.0.7:6749").stderr


@pytest.mark.slow
def test_health_reads_the_same_variables(start: Start, tmp_path: Path) -> None:
    port = start("--memory", DEVIDP_PORT="0").issuer().split(":")[2].split("/")[0]
    assert run(tmp_path, "health", DEVIDP_PORT=port, DEVIDP_HOST="0.0.0.0").returncode == 0
    assert fetch(f"http://127.0.0.1:{port}", "/health")[0] == 200


@pytest.mark.slow
def test_several_seeds_come_from_flags_or_from_one_variable(start: Start, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_SEED)
    (tmp_path / "over.yaml").write_text("issuers: {own: {path: other}}")
    both = os.pathsep.join(["own.yaml", "over.yaml"])
    assert start("--memory", DEVIDP_SEED=both).issuer().endswith("/other")
    assert start("--memory", "--seed", "over.yaml", "--seed", "own.yaml").issuer().endswith("/other")
