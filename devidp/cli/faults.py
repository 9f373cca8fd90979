"""``devidp faults``: the catalogue of faulty tokens."""

from __future__ import annotations

import click

from devidp.cli import completion
from devidp.cli.remote import show
from devidp.faults import FAULTS
from devidp.oauth.suggestion import did_you_mean


@click.command(name="faults")
@click.argument("group", required=False, shell_complete=completion.groups)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with sections.")
def command(group: str | None, as_json: bool) -> None:
    """List the faults that a token can have, or those of GROUP.

    \b
    Examples:
      devidp faults
      devidp faults time
    """
    groups = list(dict.fromkeys(each.group for each in FAULTS.values()))
    if group is not None and group not in groups:
        hint = did_you_mean(group, groups)
        raise click.UsageError(f"got {group!r}, expected one of the groups: {', '.join(groups)}. {hint}".rstrip())
    chosen = [each for each in FAULTS.values() if group in (None, each.group)]
    if as_json:
        names = ("name", "group", "description", "section", "status", "level", "evidence", "applies_to")
        show({"faults": [{name: getattr(each, name) for name in names} for each in chosen]})
        return
    for title in dict.fromkeys(each.group for each in chosen):
        click.echo(f"{title}:")
        for each in chosen:
            if each.group == title:
                click.echo(f"  {each.name:<32} {each.status}  {each.description}")
