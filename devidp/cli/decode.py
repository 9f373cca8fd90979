"""``devidp decode``: what a token says, whether its signature holds, and what a strict resource server would answer."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from joserfc.jwk import KeySet

from devidp.cli.options import Profile, host_option, json_option, port_option
from devidp.faults.decoding import Explanation, explain
from devidp.faults.decoding.expected import RFC_9068, of
from devidp.models.shape import TokenShape
from devidp.seed import load, shipped_path
from devidp.server.address import local_url
from devidp.system import http_client
from devidp.system.clock import Clock
from devidp.tools import published_keys


@click.command(name="decode")
@click.argument("token")
@click.option(
    "--issuer", metavar="URL", help="Issuer whose keys verify it. Default: that of the token, where it is local."
)
@click.option(
    "--profile",
    type=Profile(),
    metavar="NAME|FILE",
    help="What its shape is compared with, in place of RFC 9068.",
)
@json_option
@host_option()
@port_option(1, "")
def command(token: str, issuer: str | None, profile: str | None, as_json: bool, host: str, port: int) -> None:
    """Explain TOKEN; `-` reads it from standard input.

    \b
    Examples:
      devidp decode eyJhbGciOi...
      curl ... | jq -r .access_token | devidp decode -
      devidp decode --issuer http://localhost:6749/default eyJhbGciOi...
      devidp decode --profile okta eyJhbGciOi...

    Exit status: 0 a strict resource server could accept it, 1 it would not.
    """
    text = sys.stdin.read() if token == "-" else token
    named = issuer or _local_issuer(text, local_url(host, port))
    keys = None if named is None else _keys(named)
    clock = Clock()
    expected = RFC_9068 if profile is None else of(load(shipped_path(profile)).issuers[0].access_token or TokenShape())
    said = explain(text, keys, clock.now(), named if keys else None, expected)
    click.echo(json.dumps({**asdict(said), "looks_like": said.looks_like}, indent=2) if as_json else _text(said))
    sys.exit(1 if said.findings else 0)


def _local_issuer(token: str, base: str) -> str | None:
    """The issuer that the token names, where it is this devidp: no other is contacted."""
    named = explain(token, None, 0).claims.get("iss")
    port = base.rpartition(":")[2]
    local = (base, f"http://localhost:{port}", f"http://127.0.0.1:{port}")
    return named if isinstance(named, str) and any(f"{named}/".startswith(f"{each}/") for each in local) else None


def _keys(issuer: str) -> KeySet | None:
    """The published keys of ``issuer``; ``None``, and a warning on stderr, where they cannot be fetched."""
    try:
        return published_keys.of(issuer)
    except (http_client.NoAnswer, ValueError) as error:
        click.echo(f"warning: the keys of {issuer} cannot be had, so the signature is not checked: {error}", err=True)
        return None


def _text(said: Explanation) -> str:
    lines = [
        f"header     {json.dumps(dict(said.header), indent=2)}",
        f"claims     {json.dumps(dict(said.claims), indent=2)}",
        f"signature  {said.signature}",
    ]
    if said.ages:
        lines.append(f"time       {', '.join(said.ages)}")
    lines.append(f"verdict    {click.style(said.verdict, fg='red' if said.findings else 'green')}")
    if said.looks_like:
        lines.append(f"like       the fault {said.looks_like}")
    return "\n".join(lines)
