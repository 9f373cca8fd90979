"""The landing page."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp import __version__
from devidp.models.first_token import first_token
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
