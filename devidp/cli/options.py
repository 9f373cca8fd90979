"""Options that can also be set by environment variables, --host and --port among them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from devidp.oauth import resource
from devidp.oauth.suggestion import did_you_mean
from devidp.system import replicas
from devidp.system.control_token import control_token
from devidp.system.hosts import host_name
from devidp.system.urls import base_url, normal_url, public_base

PREFIX = "DEVIDP_"
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class WithoutArguments(click.Command):
    """A command that takes a seed by its flag, where many servers take the file alone."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            ctx.fail(f"got {rest[0]!r}, expected flags alone. Did you mean --seed {rest[0]}?")
        return rest


class Setting(click.Option):
    """An option with an environment variable, which is named where its value is wrong."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        try:
            return super().process_value(ctx, value)
        except click.BadParameter as error:
            if ctx.get_parameter_source(self.name or "") is ParameterSource.ENVIRONMENT:
                error.param_hint = f"the environment variable {self.envvar}"
            raise


class Port(click.IntRange):
    """A TCP port."""

    name = "port"

    def __init__(self, lowest: int) -> None:
        super().__init__(lowest, 65535)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if str(value).startswith("tcp://"):
            self.fail(
                f"got {value!r}, expected a port. Kubernetes sets this variable for a service named devidp: "
                "set enableServiceLinks: false, or name the port with --port.",
                param,
                ctx,
            )
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"got {value!r}, expected a port from {self.min} to {self.max}.", param, ctx)


class Checked(click.ParamType):  # type: ignore[type-arg] # generic since click 8.4 only
    """A text that ``read`` takes, or refuses with a ValueError that says what to change."""

    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Profile(Checked):
    """A profile by its name or by its file; the seed's reader is imported where one is given."""

    def __init__(self) -> None:
        super().__init__("profile", lambda named: str(resolve_name("devidp.seed.profile:checked")(named)))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        known: list[str] = resolve_name("devidp.seed.profile:names")()
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


BASE_URL = Checked("url", base_url)
PUBLIC_URL = Checked("url", public_base)
WEB_URL = Checked("url", normal_url)
HOST_NAME = Checked("name", host_name)
RESOURCE = Checked("audience", resource.checked)
DATABASE = Checked("url", replicas.database_url)
SECRET = Checked("text", replicas.secret)
CONTROL_TOKEN = Checked("token", control_token)


def setting(flag: str, *names: str, variable: str | None = None, **options: Any) -> Callable[[Decorated], Decorated]:
    """An option whose environment variable is its name with DEVIDP_ before it."""
    named = variable or PREFIX + flag.removeprefix("--").replace("-", "_").upper()
    return click.option(flag, *names, cls=Setting, envvar=named, show_envvar=True, show_default=True, **options)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def seed_option() -> Callable[[Decorated], Decorated]:
    return setting(
        "--seed",
        "seeds",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The seed file: issuers, users, clients. Given again, a file is laid over those before it. "
        "Default: the shipped one.",
    )


def host_option() -> Callable[[Decorated], Decorated]:
    return setting("--host", default="127.0.0.1", metavar="HOST", help="Address or name to listen on.")


def port_option(lowest: int = 0, more: str = " 0 picks a free one.") -> Callable[[Decorated], Decorated]:
    return setting("--port", default=6749, type=Port(lowest), metavar="PORT", help=f"Port to listen on.{more}")


def profile_option(
    words: str = "What issuers of the seed start from that name no profile; without a seed, it comes with an example.",
) -> Callable[[Decorated], Decorated]:
    return setting("--profile", type=Profile(), metavar="NAME|FILE", help=words)


def data_group_option() -> Callable[[Decorated], Decorated]:
    return setting("--data-group", is_flag=True, help="Share the data folder with its group, as volumes may need.")


def given_together(ctx: click.Context, first: str, second: str) -> bool:
    """Whether both are set at the same level, so that neither overrides the other."""
    sources = {ctx.get_parameter_source(first), ctx.get_parameter_source(second)}
    return sources in ({ParameterSource.COMMANDLINE}, {ParameterSource.ENVIRONMENT})


def by_flag(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def variables_of(command: click.Command) -> set[str]:
    return {parameter.envvar for parameter in command.params if isinstance(parameter.envvar, str)}


OF_OTHER_COMMANDS = frozenset({"DEVIDP_URL", "DEVIDP_PROBE_CREDENTIALS"})
"""What ``serve`` does not read. To ask each command would import all of them, which is half a start; and in Kubernetes
a service of the name devidp brings several that nothing reads."""


def unknown_variables(command: click.Command) -> list[str]:
    """A sentence for each DEVIDP_ variable that neither ``command`` nor another reads, such as a misspelt one."""
    known = variables_of(command) | OF_OTHER_COMMANDS
    there = f"It knows: {', '.join(sorted(known))}."
    return [
        f"devidp knows no environment variable {name}. {did_you_mean(name, known, 'Did you mean {}?') or there}"
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    ]
