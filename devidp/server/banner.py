"""What devidp prints when it answers: where it is, who can log in, which clients exist, and a first token."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devidp.models import Client, IssuerSettings, Seed, User
from devidp.server.readiness import Endpoints
from devidp.web.landing import first_token

SHOWN = 12
"""Users and clients listed; a seed may hold thousands."""


@dataclass(frozen=True, slots=True)
class Started:
    """A devidp that answers."""

    version: str
    public_url: str
    first: Endpoints
    seed: Seed
    shipped: bool
    """Whether the seed is the one of the package: its secrets are public and may be printed."""
    data_dir: Path | None
    control_token: str | None = None
    """With which the control API may be called from other machines."""
    authority: Path | None = None
    """The certificate of the authority that clients have to trust."""


def banner(started: Started) -> str:
    """Several lines, the first of which other programs wait for."""
    lines = [f"devidp {started.version} ready: {started.first.issuer}", ""]
    for issuer in started.seed.issuers:
        lines.append(_row("Issuer", f"{started.public_url}{issuer.path}"))
        lines.append(_row("  discovery", f"{started.public_url}{issuer.path}/.well-known/openid-configuration"))
    for title, issuer in _distinct(started.seed.issuers):
        lines += ["", f"Users{title}", *_rows(_user(user, started.shipped) for user in issuer.users.values())]
        lines += ["", f"Clients{title}", *_rows(_client(client, started.shipped) for client in issuer.clients.values())]
    lines += ["", _row("Data", str(started.data_dir) if started.data_dir else "in memory, gone when devidp stops")]
    if started.authority is not None:
        trusted = shlex.quote(str(started.authority))
        lines += ["Trust it", _row("  Node", f"export NODE_EXTRA_CA_CERTS={trusted}")]
        lines += [_row("  Python, Go", f"export SSL_CERT_FILE={trusted}"), _row("  curl", f"curl --cacert {trusted}")]
    if started.control_token is not None:
        lines.append(_row("Control", f"from other machines with the bearer token {started.control_token}"))
    lines += [_row("A token", _first_token(started)), _row("Stop", "Ctrl-C")]
    return "\n".join(lines) + "\n"


def _row(name: str, text: str) -> str:
    return f"{name:<12} {text}"


def _rows(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(entries)
    for name, text in listed[:SHOWN]:
        yield _row(f"  {name}", text)
    if not listed:
        yield "  none"
    if len(listed) > SHOWN:
        yield f"  … and {len(listed) - SHOWN} more"


def _distinct(issuers: tuple[IssuerSettings, ...]) -> Iterator[tuple[str, IssuerSettings]]:
    """Issuers with a heading each, or the first alone where all have the same users and clients."""
    first = issuers[0]
    if all(issuer.users == first.users and issuer.clients.keys() == first.clients.keys() for issuer in issuers):
        yield "", first
    else:
        yield from ((f" of {issuer.name}", issuer) for issuer in issuers)


def _user(user: User, shipped: bool) -> tuple[str, str]:
    if user.disabled:
        return user.username, "disabled"
    if not user.has_password:
        return user.username, "no password, one click"
    return user.username, f"password {user.password}" if shipped else "password as in the seed"


def _client(client: Client, shipped: bool) -> tuple[str, str]:
    facts = "public" if client.public else "confidential"
    if client.secret is not None and shipped:
        facts += f", secret {client.secret}"
    return client.client_id, f"{facts}: {' '.join(sorted(client.grants))}"


def _first_token(started: Started) -> str:
    """A command, or where to begin where no client can have a token by itself."""
    url = started.first.issuer
    command = first_token(started.seed.issuers[0], url, secrets=started.shipped)
    if command is not None and started.authority is not None:
        return command.replace("curl", f"curl --cacert {shlex.quote(str(started.authority))}", 1)
    return command or f"point an OpenID client at {url}; no client here has the client_credentials grant"
