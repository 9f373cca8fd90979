"""``devidp demo``: devidp and a protected MCP server in one command."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pkgutil import resolve_name
from typing import Any

import click

from devidp import seed
from devidp.cli.options import Port, WithoutArguments, port_option, seed_option, setting
from devidp.models import Client, IssuerSettings, Resource

TENANT_CLAIM = "tenant_id"


@click.command(name="demo", cls=WithoutArguments)
@seed_option()
@port_option()
@setting("--memory", is_flag=True, help="Keep keys and data in memory; nothing is stored.")
@setting("--tls", is_flag=True, help="Serve both over https, with a local CA.")
@setting("--auto-approve", metavar="USER", help="Log this user in and consent at once, without a page.")
@click.option("--mcp-port", default=8000, type=Port(0), show_default=True, metavar="PORT", help="Of the MCP server.")
@click.option(
    "--validation",
    default="both",
    type=click.Choice(["jwt", "introspection", "both"]),
    show_default=True,
    help="How the MCP server checks tokens.",
)
def command(**values: Any) -> None:
    """Start devidp and an MCP server that it protects.

    The server is http://localhost:8000/mcp, with eleven tools and their scopes. Tokens are
    for it when a client names no resource. Needs the MCP SDK: pip install 'mcp>=2.3'.

    \b
    Examples:
      devidp demo
      devidp demo --memory --auto-approve alice
      devidp demo --validation jwt --mcp-port 8001
    """
    try:
        launch = resolve_name("devidp.tools.demo.launch")
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"The demo needs {error.name}, which is not installed. Install it: pip install 'mcp>=2.3'"
        ) from error
    try:
        read = seed.load(*(values["seeds"] or [seed.shipped_path()]))
    except seed.SeedError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    issuers = {issuer.name: _trust(issuer) for issuer in read.issuers}
    unable = [name for name, trust in issuers.items() if not trust["client_id"]]
    if unable and values["validation"] != "jwt":
        raise click.UsageError(
            f"No client of the issuer {unable[0]} has a secret, and introspection needs one. "
            "Add such a client to the seed, or take --validation jwt."
        )
    shaped = [issuer.name for issuer in read.issuers if _has_shape(issuer, read.resources.values())]
    if shaped and values["validation"] != "introspection":
        raise click.UsageError(
            f"Access tokens of the issuer {shaped[0]} are not as RFC 9068 has them: the seed has access_token or "
            "access_token_format. The MCP server reads no others; take --validation introspection, which knows all."
        )
    owners = {sub: tenant for issuer in read.issuers for sub, tenant in _tenants(issuer).items()}
    plan = launch.Plan(_flags(values), values["tls"], values["mcp_port"], values["validation"], issuers, owners,
                       {"types": frozenset[str]()} if shaped else {})  # fmt: skip
    try:
        sys.exit(launch.run(plan))
    except launch.LaunchError as error:
        raise click.ClickException(str(error)) from error


def _flags(values: Mapping[str, Any]) -> list[str]:
    named = [*(("--seed", path) for path in values["seeds"]), ("--port", values["port"])]
    named += [("--auto-approve", values["auto_approve"])] if values["auto_approve"] else []
    flags = [part for name, value in named for part in (name, str(value))]
    return [*flags, *(flag for flag in ("--memory", "--tls") if values[flag.removeprefix("--")])]


def _trust(issuer: IssuerSettings) -> dict[str, Any]:
    """The tenants whose tokens are accepted, those of its users; and a client to introspect with."""
    secrets = ((client.client_id, client.secret) for client in issuer.clients.values() if client.secret)
    client_id, secret = next(secrets, ("", ""))
    tenants = frozenset(tenant for tenant in _tenants(issuer).values() if tenant)
    return {"tenants": tenants, "client_id": client_id, "client_secret": secret}


def _has_shape(issuer: IssuerSettings, resources: Iterable[Resource]) -> bool:
    """Whether its access tokens may differ from those of RFC 9068."""
    given: list[IssuerSettings | Client | Resource] = [issuer, *issuer.clients.values(), *resources]
    return any(each.access_token is not None or each.access_token_format == "opaque" for each in given)


def _tenants(issuer: IssuerSettings) -> dict[str, str]:
    """The tenant of each user; empty where a user has none."""
    return {user.sub: str(user.claims.get(TENANT_CLAIM, "")) for user in issuer.users.values()}
