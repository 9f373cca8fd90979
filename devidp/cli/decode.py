"""``devidp decode``: what a token says, whether its signature holds, and what a strict resource server would answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click
from joserfc.jwk import KeySet

from devidp.cli.options import Profile, host_option, json_option, port_option
from devidp.faults import FAULTS
from devidp.faults.decoding import Explanation, document, explain
from devidp.faults.decoding.expected import RFC_9068, of
from devidp.faults.decoding.members import Member
from devidp.faults.verifiers import verdicts
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
@click.option("--audience", metavar="URI", help="Who takes the token: what its aud has to name.")
@click.option("--scope", metavar="SCOPES", help="What a request needs, separated by spaces.")
@json_option
@host_option()
@port_option(1, "")
def command(
    token: str, issuer: str | None, profile: str | None, audience: str | None, scope: str | None, as_json: bool,
    host: str, port: int,
) -> None:  # fmt: skip
    """Explain TOKEN, claim by claim; `-` reads it from standard input.

    It may be a whole header or token response, and have line breaks in it.

    \b
    Examples:
      devidp decode eyJhbGciOi...
      curl ... | jq -r .access_token | devidp decode -
      devidp decode --issuer http://localhost:6749/default eyJhbGciOi...
      devidp decode --profile okta eyJhbGciOi...
      devidp decode --audience http://localhost:8000/mcp --scope mcp:read eyJhbGciOi...

    Exit status: 0 a strict resource server could accept it, 1 it would not.
    """
    text = sys.stdin.read() if token == "-" else token
    named = issuer or _local_issuer(text, local_url(host, port))
    keys = None if named is None else _keys(named)
    clock = Clock()
    expected = RFC_9068 if profile is None else of(load(shipped_path(profile)).issuers[0].access_token or TokenShape())
    said = explain(text, keys, clock.now(), named if keys else None, expected, audience=audience, scope=scope)
    if as_json:
        click.echo(json.dumps(document(said), indent=2))
    else:
        _print(said)
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


def _print(said: Explanation) -> None:
    for line in _lines(said):
        # a token may hold what a terminal takes for a command
        shown = "".join(letter if letter.isprintable() else "?" for letter in line)
        is_verdict = shown.startswith("verdict")
        click.echo(click.style(shown, fg="red" if said.findings else "green") if is_verdict else shown)


def _lines(said: Explanation) -> Iterator[str]:
    yield from (f"note       {note}" for note in said.notes)
    yield f"kind       {said.kind.article} {said.kind.name}: {said.kind.purpose}"
    for title, members, values in (
        ("header", said.header_members, said.header), ("claims", said.claim_members, said.claims)
    ):  # fmt: skip
        for place, member in enumerate(members):
            yield f"{'' if place else title:<10} {_member(member, values)}"
    yield f"signature  {said.signature}"
    if said.ages:
        yield f"time       {', '.join(said.ages)}"
    yield f"verdict    {said.verdict}"
    if said.own_verdict:
        yield f"itself     {said.own_verdict}"
    if said.looks_like:
        yield f"like       the fault {said.looks_like} ({FAULTS[said.looks_like].section})"
        if said.alike:
            yield f"{'':<10} or one that looks the same: {', '.join(said.alike)}"
        by = [f"{each.verifier} {each.version}" for each in verdicts(said.looks_like) if each.answer == "accepts"]
        yield from (f"accepted   by {each}" for each in by)


def _member(member: Member, values: Mapping[str, Any]) -> str:
    """Its sign, name, value and meaning: wrong and missing ones are to be seen at once."""
    sign = {"right": "+", "wrong": "x", "missing": "x", "unchecked": " "}[member.standing]
    value = json.dumps(values[member.name]) if member.name in values else "missing"
    about = "; ".join(filter(None, (member.age, member.meaning, member.section)))
    return f"{sign} {member.name:<12} {value}{f'  ({about})' if about else ''}"
