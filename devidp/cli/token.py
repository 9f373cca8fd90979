"""``devidp token``: a token of a running devidp, without a flow."""

from __future__ import annotations

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, controls, pairs, show


@click.command(name="token")
@click.option(
    "--user", shell_complete=completion.users, metavar="NAME", help="The user; the first who may log in by default."
)
@click.option("--client", shell_complete=completion.clients, metavar="ID", help="The client.")
@click.option("--issuer", metavar="NAME", help="Name or URL of the issuer; the first one by default.")
@click.option("--audience", multiple=True, metavar="URI", help="The resource it is for; may be given again.")
@click.option("--scope", metavar="SCOPES", help="Scopes, separated by spaces.")
@click.option(
    "--fault",
    shell_complete=completion.faults,
    metavar="NAME",
    help="The one thing that is wrong with it; see `devidp faults`.",
)
@click.option("--type", "token_type", type=click.Choice(["access", "id", "refresh", "logout"]), help="Kind of token.")
@click.option("--lifetime", metavar="15m", help="How long it lives.")
@click.option("--not-before", metavar="10m", help="When it becomes valid, from now.")
@click.option("--claim", "claims", multiple=True, metavar="NAME=VALUE", help="A claim to set; the value may be JSON.")
@click.option("--drop", multiple=True, metavar="NAME", help="A claim to leave out.")
@click.option("--header", multiple=True, metavar="NAME=VALUE", help="A header parameter to set.")
@click.option("--key", type=click.Choice(["active", "retired", "unpublished", "foreign"]), help="The key that signs.")
@click.option("--json", "as_json", is_flag=True, help="Header, claims and explanation too.")
@controls
def command(
    remote: Remote, as_json: bool, claims: tuple[str, ...], header: tuple[str, ...], audience: tuple[str, ...],
    drop: tuple[str, ...], **parameters: str | None,
) -> None:  # fmt: skip
    """Print a token of a running devidp: sound, or with one fault.

    The token goes to stdout, what is wrong with it to stderr.

    \b
    Examples:
      devidp token --user alice --scope mcp:read
      devidp token --fault expired
      curl -H "Authorization: Bearer $(devidp token)" http://localhost:8000/mcp
    """
    minted = remote.post(
        "/tokens",
        claims=pairs(claims, "--claim"),
        header=pairs(header, "--header"),
        audience=list(audience) or None,
        drop=list(drop) or None,
        **parameters,
    )
    if as_json:
        show(minted)
        return
    click.echo(minted["token"])
    click.echo(minted["explanation"], err=True)
