"""The command on the landing page and in the console that yields a first token."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

from devidp.models.accounts import Client
from devidp.models.addresses import addresses, own_hosts
from devidp.models.settings import IssuerSettings
from devidp.oauth import names


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
