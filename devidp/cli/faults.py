"""``devidp faults``: the catalogue of faulty tokens."""

from __future__ import annotations

import click

from devidp.app import configured_seed
from devidp.cli import completion
from devidp.cli.options import profile_option
from devidp.cli.remote import show
from devidp.faults import FAULTS
from devidp.faults.possible import inapplicable
from devidp.models.config import Config
from devidp.oauth.suggestion import did_you_mean
from devidp.seed import SeedError
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError


@click.command(name="faults")
@click.argument("group", required=False, shell_complete=completion.groups)
@profile_option("Leave out the faults that no token of this profile can have.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with sections.")
def command(group: str | None, profile: str | None, as_json: bool) -> None:
    """List the faults that a token can have, or those of GROUP.

    \b
    Examples:
      devidp faults
      devidp faults time
      devidp faults --profile cognito
    """
    groups = list(dict.fromkeys(each.group for each in FAULTS.values()))
    if group is not None and group not in groups:
        hint = did_you_mean(group, groups)
        raise click.UsageError(f"got {group!r}, expected one of the groups: {', '.join(groups)}. {hint}".rstrip())
    named = [each for each in FAULTS.values() if group in (None, each.group)]
    without = {} if profile is None else _inapplicable(profile)
    chosen = [each for each in named if each.name not in without]
    if as_json:
        names = ("name", "group", "description", "section", "status", "level", "evidence", "applies_to")
        left_out = {each.name: without[each.name] for each in named if each.name in without}
        listed = {"faults": [{name: getattr(each, name) for name in names} for each in chosen]}
        show(listed if profile is None else {**listed, "inapplicable": left_out})
        return
    for title in dict.fromkeys(each.group for each in chosen):
        click.echo(f"{title}:")
        for each in chosen:
            if each.group == title:
                click.echo(f"  {each.name:<32} {each.status}  {each.description}")
    if len(chosen) < len(named):
        click.echo(f"No token of this profile can have {len(named) - len(chosen)} more; --json says why.", err=True)


def _inapplicable(profile: str) -> dict[str, str]:
    """Why tokens of the profile, with its example, cannot have a fault, by name."""
    config = Config("http://localhost:6749", profile=profile)
    try:
        runtime = Runtime(config, configured_seed(config))
        runtime.open()
    except (SeedError, StartError) as error:
        raise click.UsageError(str(error)) from error
    try:
        return inapplicable(runtime.issuers)
    finally:
        runtime.close()
