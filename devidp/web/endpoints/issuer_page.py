"""The page at the URL of an issuer: what it is, and its addresses, for who opens it in a browser."""

from __future__ import annotations

from devidp.oauth import names
from devidp.protocol import Server
from devidp.web import pages
from devidp.web.context import Context
from devidp.web.endpoints import discovery
from devidp.web.response import Response, page_response


def issuer_page(server: Server, context: Context) -> Response:
    issuer = server.issuer
    document = discovery.metadata(server)
    documents = {
        "OpenID Connect Discovery": issuer.addresses.of("openid-configuration"),
        "Authorization server metadata (RFC 8414)": issuer.addresses.of("oauth-authorization-server"),
        "Public keys (JWK Set)": issuer.addresses.of("jwks"),
    }
    if issuer.supports(names.DEVICE_CODE) or names.DEVICE_CODE in issuer.settings.grants:
        documents["Connect a device"] = issuer.addresses.of("device")
    context.facts.outcome = "issuer page"
    html = pages.issuer(
        name=issuer.name,
        url=issuer.url,
        home=issuer.addresses.home,
        documents=documents,
        endpoints={name: url for name, url in document.items() if name.endswith("_endpoint")},
        grants=document["grant_types_supported"],
    )
    return page_response(html)
