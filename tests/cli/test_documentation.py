"""docs/cli.md has every command, every flag and every variable, and no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from devidp.cli.main import main
from devidp.cli.registry import COMMANDS, module

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def _command(name: str) -> click.Command:
    command: click.Command = import_module(f"devidp.cli.{module(name)}").command
    return command


def _actions(name: str) -> Mapping[str, click.Command]:
    command = _command(name)
    return command.commands if isinstance(command, click.Group) else {}


def _options(name: str) -> list[click.Option]:
    return [
        each
        for found in (_command(name), *_actions(name).values())
        for each in found.params
        if isinstance(each, click.Option)
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_flag_is_documented(name: str) -> None:
    assert f"`devidp {name}" in TEXT
    for option in _options(name):
        assert f"`{option.opts[0]}" in TEXT


def test_every_variable_is_documented_and_no_other() -> None:
    known = {option.envvar for name in COMMANDS for option in _options(name) if option.envvar}
    assert set(re.findall(r"`(DEVIDP_[A-Z_]+)", TEXT)) == known


def test_every_documented_flag_exists() -> None:
    known = {flag for name in COMMANDS for option in _options(name) for flag in option.opts}
    assert set(re.findall(r"`(--[a-z-]+)", TEXT)) <= known | {"--version", "--help"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_console_can_show_the_help(name: str) -> None:
    for arguments in [(name,), *((name, action) for action in _actions(name))]:
        assert CliRunner().invoke(main, [*arguments, "--help"]).output.isascii()
