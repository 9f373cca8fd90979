"""``devidp schema``: the seed's JSON Schema."""

from __future__ import annotations

import json

import click

from devidp.seed.schema import json_schema


@click.command(name="schema")
def command() -> None:
    """Print the JSON Schema of the seed, with which editors complete and check it.

    \b
    Example:
      devidp schema > seed.schema.json
    and as first line of the seed:
      # yaml-language-server: $schema=seed.schema.json
    """
    click.echo(json.dumps(json_schema(), indent=2))
