"""The landing page: what a running devidp says of itself."""

from __future__ import annotations

from devidp import __version__
from devidp.web import pages
from devidp.web.endpoints import ENDPOINTS
from devidp.web.first_token import first_token
from devidp.web.runtime import Runtime


def page(runtime: Runtime) -> str:
    """The landing page at ``/``: issuers, users and clients, and no secret."""
    first = runtime.first()
    discovery, jwks = (ENDPOINTS[name].path for name in ("openid-configuration", "jwks"))
    issuers = [server.issuer for server in runtime.servers.values()]
    users = {user.username: user for issuer in issuers for user in issuer.settings.users.values()}
    clients = {client.client_id: client for issuer in issuers for client in issuer.settings.clients.values()}
    return pages.home(
        version=__version__,
        issuers=[
            pages.HomeIssuer(each.name, each.url, f"{each.url}{discovery}", f"{each.url}{jwks}") for each in issuers
        ],
        users=list(users.values()),
        clients=list(clients.values()),
        curl=first_token(first.settings, first.url, secrets=False) or "",
    )
