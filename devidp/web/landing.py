"""The landing page, and the command on it and in the console that yields a first token."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from devidp import __version__
from devidp.models import Client, IssuerSettings
from devidp.models.addresses import addresses, own_hosts
from devidp.oauth import names
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS
from devidp.web import pages
from devidp.web.runtime import Runtime


def page(runtime: Runtime) -> str:
    """The landing page at ``/``: issuers, users and clients, and no secret."""
    users = {user.username: user for issuer in runtime.issuers for user in issuer.settings.users.values()}
    clients = {client.client_id: client for issuer in runtime.issuers for client in issuer.settings.clients.values()}
    return pages.home(
        version=__version__,
        issuers=[
            pages.HomeIssuer(each.name, each.url, each.addresses.of("openid-configuration"), each.addresses.of("jwks"))
            for each in runtime.issuers
        ],
        users=list(users.values()),
        clients=list(clients.values()),
        curl=_curl(runtime),
        needs_secret=not _is_local(runtime),
    )


def _curl(runtime: Runtime) -> str:
    """By the control API, which needs no secret; elsewhere as a client, whose secret no page shows."""
    if _is_local(runtime):
        url = f"{runtime.config.public_url}/_devidp/api/tokens"
        return f"curl -s {url} -H 'Content-Type: application/json' -d '{{}}'"
    first = runtime.first()
    return first_token(first.settings, runtime.config.public_url, secrets=False) or ""


def _is_local(runtime: Runtime) -> bool:
    return urlsplit(runtime.config.public_url).hostname in LOOPBACK_HOSTS


def first_token(settings: IssuerSettings, base: str, *, secrets: bool) -> str | None:
    """A command for a shell, or ``None`` where no client of the issuer may get a token without a user.

    It calls devidp at ``base``: nobody need know the host of an issuer that has one. Without ``secrets`` the secret
    is left to a variable of the shell.
    """
    if names.CLIENT_CREDENTIALS not in settings.grants:
        return None
    for client in settings.clients.values():
        if client.secret is not None and names.CLIENT_CREDENTIALS in client.grants:
            return (
                f"curl -s {_credentials(client, secrets)} -d grant_type=client_credentials {_reached(settings, base)}"
            )
    return None


def _reached(settings: IssuerSettings, base: str) -> str:
    url = addresses(settings, base).of("token")
    parts = urlsplit(url)
    if parts.hostname not in own_hosts(settings):
        return url
    return f"-H 'Host: {parts.netloc}' {base.removesuffix(urlsplit(base).path)}{parts.path}"


def _credentials(client: Client, secrets: bool) -> str:
    secret = shlex.quote(client.secret or "") if secrets else '"$SECRET"'
    name = shlex.quote(client.client_id)
    if names.SECRET_BASIC in client.auth_methods:
        return f"-u {name}:{secret}"
    return f"--data-urlencode client_id={name} --data-urlencode client_secret={secret}"
