"""The ``devidp`` command: imports the command that is called, and no other."""

from __future__ import annotations

import sys
from contextlib import suppress
from pkgutil import resolve_name
from typing import Any

import click

from devidp import __version__
from devidp.cli import output
from devidp.cli.registry import COMMANDS, DEFAULT, module
from devidp.oauth.suggestion import did_you_mean
from devidp.system.collector import paused
from devidp.system.terminal import colors_asked_for


class LazyGroup(click.Group):
    """The commands of the registry; without a command name, the default one."""

    def main(self, *args: Any, **extra: Any) -> Any:
        output.escape_what_cannot_be_encoded()
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if not output.is_lost(error):
                raise
            output.discard()
            with suppress(OSError):
                click.echo(f"Error: the output cannot be written: {error.strerror}", err=True)
            sys.exit(1)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        return super().make_context(*args, **{"color": colors_asked_for(), **extra})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {name for option in self.get_params(ctx) for name in option.opts}
        # a shell that asks for completion may still get the name of a command
        bare = not args and not ctx.resilient_parsing
        if bare or (args and args[0].startswith("-") and args[0] not in own):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with paused():
            command: click.Command = resolve_name(f"devidp.cli.{module(cmd_name)}:command")
        command.short_help = COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS:
            is_seed = args[0].endswith((".yaml", ".yml"))
            near = f"Did you mean --seed {args[0]}?" if is_seed else did_you_mean(args[0], COMMANDS)
            hint = near or f"There are: {', '.join(COMMANDS)}."
            ctx.fail(f"No such command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`devidp COMMAND --help` shows the flags of a command and examples.",
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def main() -> None:
    """An OAuth 2.1 and OpenID provider for development and tests.

    \b
    Examples:
      devidp                        start with the shipped seed on port 6749
      devidp --port 0 --memory      a free port, nothing kept
      devidp init && devidp --seed seed.yaml
    """
