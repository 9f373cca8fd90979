"""What a running devidp says of itself: the landing page, and the line that yields a first token."""

from __future__ import annotations

import shlex

from devidp import __version__, pages
from devidp.endpoints.discovery import OPENID_PATH
from devidp.installation import Installation
from devidp.issuer import Issuer
from devidp.oauth import names


def page(installation: Installation) -> str:
    """The landing page at ``/``: issuers, users and clients, and no secret."""
    issuers = [server.issuer for server in installation.servers.values()]
    users = {user.username: user for issuer in issuers for user in issuer.settings.users.values()}
    clients = {client.client_id: client for issuer in issuers for client in issuer.settings.clients.values()}
    return pages.home(
        version=__version__,
        issuers=[
            pages.HomeIssuer(each.name, each.url, f"{each.url}{OPENID_PATH}", f"{each.url}/.well-known/jwks.json")
            for each in issuers
        ],
        users=list(users.values()),
        clients=list(clients.values()),
        curl=first_token_command(installation.first()) or "",
    )


def first_token_command(issuer: Issuer, *, secret: bool = False) -> str | None:
    """A curl command that yields a token, or ``None`` where no client may get one without a user.

    With ``secret`` it can be run as it is; without, the secret is left to the shell.
    """
    if names.CLIENT_CREDENTIALS not in issuer.grants():
        return None
    for client in issuer.settings.clients.values():
        if names.SECRET_BASIC in client.auth_methods and names.CLIENT_CREDENTIALS in client.grants:
            shown = shlex.quote(client.client_id) + (shlex.quote(f":{client.secret}") if secret else ":$SECRET")
            return f"curl -s -u {shown} -d grant_type=client_credentials {issuer.url}/token"
    return None
