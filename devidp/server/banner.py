"""What devidp prints when it is ready: its issuers, users, clients, and how to get a first token."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from devidp import __version__
from devidp.models import Client, IssuerSettings, Seed, User
from devidp.models.addresses import addresses
from devidp.models.config import Config
from devidp.models.first_token import first_token
from devidp.system import replicas
from devidp.system.hosts import dashboard_url

SHOWN = 12
"""Users and clients listed; a seed may hold thousands."""


def banner(config: Config, seed: Seed, ca_file: Path | None) -> str:
    """Several lines; other programs wait for the first. Clients have to trust ``ca_file``."""
    shipped = config.shows_secrets
    at = [addresses(issuer, config.public_url) for issuer in seed.issuers]
    lines = [f"devidp {__version__} ready: {at[0].url}", ""]
    for each, issuer in zip(at, seed.issuers, strict=True):
        lines += [_row("Issuer", each.url), _row("  discovery", each.of("openid-configuration"))]
        lines += [_row("  profile", profile)] if (profile := issuer.profile or config.profile) else []
    if dashboard := dashboard_url(config):
        lines.append(_row("Dashboard", dashboard))
    for title, issuer in _distinct(seed.issuers):
        lines += ["", f"Users{title}", *_rows(_user(user, shipped) for user in issuer.users.values())]
        lines += ["", f"Clients{title}", *_rows(_client(client, shipped) for client in issuer.clients.values())]
    lines += ["", _row("Data", _place(config))]
    curl = "curl"
    if ca_file is not None:
        trusted = shlex.quote(str(ca_file))
        curl = f"curl --cacert {trusted}"
        lines += ["Trust it", _row("  Node", f"export NODE_EXTRA_CA_CERTS={trusted}")]
        lines += [_row("  Python, Go", f"export SSL_CERT_FILE={trusted}"), _row("  curl", curl)]
    if config.control_token is not None:
        lines.append(_row("Control", f"from other machines with the bearer token {config.control_token}"))
    token = first_token(seed.issuers[0], config.public_url, secrets=shipped)
    token = token and token.replace("curl", curl, 1)
    token = token or f"point an OpenID client at {at[0].url}; no client here has the client_credentials grant"
    return "\n".join([*lines, _row("A token", token), _row("Stop", "Ctrl-C")]) + "\n"


def _place(config: Config) -> str:
    if config.database is not None:
        return f"in PostgreSQL, {replicas.shown(config.database)}"
    return str(config.data_dir) if config.data_dir else "in memory, gone when devidp stops"


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
