"""``devidp token``: a token of a running devidp, without a flow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from devidp.cli import completion
from devidp.cli.remote import Remote, controls, pairs, show

TYPES = ("access", "id", "refresh", "logout", "id-jag", "client-assertion")
KEYS = ("active", "retired", "unpublished", "foreign")


@click.command(name="token")
@click.option(
    "--user",
    shell_complete=completion.users,
    metavar="NAME",
    help="The user, or claims as JSON; the first who may log in by default.",
)
@click.option("--client", shell_complete=completion.clients, metavar="ID", help="The client.")
@click.option("--issuer", metavar="NAME", help="Name or URL of the issuer; the first one by default.")
@click.option("--audience", multiple=True, metavar="AUDIENCE", help="The resource it is for; may be given again.")
@click.option("--resource", multiple=True, metavar="URI", help="What an ID-JAG is good for; else as --audience.")
@click.option("--scope", metavar="SCOPES", help="Scopes, separated by spaces.")
@click.option("--free", is_flag=True, default=None, help="Take all these as they stand, whatever the seed says.")
@click.option(
    "--fault",
    multiple=True,
    shell_complete=completion.faults,
    metavar="NAME",
    help="What is wrong with it; see `devidp faults`.",
)
@click.option("--type", "token_type", type=click.Choice(TYPES), help="Kind of token.")
@click.option("--lifetime", metavar="15m", help="How long it lives; -15m has passed.")
@click.option("--not-before", metavar="10m", help="When it becomes valid, from now.")
@click.option(
    "--claim", "claims", multiple=True, metavar="NAME=VALUE", help="A claim to set; the value or all may be JSON."
)
@click.option("--drop", multiple=True, metavar="NAME", help="A claim to leave out.")
@click.option("--header", multiple=True, metavar="NAME=VALUE", help="A header parameter to set.")
@click.option("--drop-header", multiple=True, metavar="NAME", help="A header parameter to leave out.")
@click.option("--key", metavar="KEY", help="What signs: active, retired, unpublished, foreign, or a file with a key.")
@click.option("--json", "as_json", is_flag=True, help="Header, claims and explanation too.")
@controls
def command(
    remote: Remote, as_json: bool, user: str | None, key: str | None, claims: tuple[str, ...],
    header: tuple[str, ...], **parameters: Any,
) -> None:  # fmt: skip
    """Print a token of a running devidp: sound, or faulty.

    The token goes to stdout, what is wrong with it to stderr.

    \b
    Examples:
      devidp token --user alice --scope mcp:read
      devidp token --fault expired --fault audience-wrong
      devidp token --user '{"sub": "zoe", "roles": ["admin"]}' --audience api --free --lifetime -1h
      devidp token --type client-assertion --client app --key app.pem
      curl -H "Authorization: Bearer $(devidp token)" http://localhost:8000/mcp
    """
    minted = remote.post(
        "/tokens",
        user=_user(user),
        key=_key(key),
        claims=pairs(claims, "--claim"),
        header=pairs(header, "--header"),
        **{name: list(value) or None if isinstance(value, tuple) else value for name, value in parameters.items()},
    )
    if as_json:
        show(minted)
        return
    click.echo(minted["token"])
    click.echo(minted["explanation"], err=True)


def _user(text: str | None) -> Any:
    """A name, or claims as JSON."""
    if text is None or not text.startswith("{"):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.UsageError(f"--user: got {text[:40]!r}, expected a name or a JSON object: {error}") from None


def _key(text: str | None) -> str | None:
    """A name, or what is in the file."""
    if text is None or text in KEYS:
        return text
    try:
        return Path(text).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise click.UsageError(
            f"--key: got {text!r}, expected {', '.join(KEYS)}, or a file with a private key: {reason}"
        ) from None
