"""The line to copy that yields a first token, for the console and the landing page."""

from __future__ import annotations

import shlex

from devidp.models import Client, IssuerSettings
from devidp.oauth import names


def first_token(settings: IssuerSettings, url: str, *, secrets: bool) -> str | None:
    """A command for a shell, or ``None`` where no client of the issuer at ``url`` may get a token without a user.

    Without ``secrets`` the secret is left to a variable of the shell.
    """
    if names.CLIENT_CREDENTIALS not in settings.grants:
        return None
    for client in settings.clients.values():
        if client.secret is not None and names.CLIENT_CREDENTIALS in client.grants:
            return f"curl -s {_credentials(client, secrets)} -d grant_type=client_credentials {url}/token"
    return None


def _credentials(client: Client, secrets: bool) -> str:
    secret = shlex.quote(client.secret or "") if secrets else '"$SECRET"'
    name = shlex.quote(client.client_id)
    if names.SECRET_BASIC in client.auth_methods:
        return f"-u {name}:{secret}"
    return f"--data-urlencode client_id={name} --data-urlencode client_secret={secret}"
