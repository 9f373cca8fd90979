"""What is at the URL of an issuer: a page for who opens it in a browser, and JSON for programs if the seed has some."""

from __future__ import annotations

import json
from base64 import b64encode

from devidp.issuer.issuer import Issuer
from devidp.models.issuer_document import filled
from devidp.oauth import names
from devidp.protocol import Server
from devidp.web import pages
from devidp.web.context import Context
from devidp.web.endpoints import discovery
from devidp.web.errors import wants_page
from devidp.web.request import JSON_TYPE
from devidp.web.response import Response, document_response, page_response


def issuer_page(server: Server, context: Context) -> Response:
    if server.issuer.settings.issuer_document and not wants_page(context.request):
        return _document(server.issuer, context)
    return _page(server, context)


def _document(issuer: Issuer, context: Context) -> Response:
    key = issuer.keys.active.jwk.as_der(private=False)
    values = {"issuer": issuer.url, "name": issuer.name, "public_key": b64encode(key).decode()}
    context.facts.outcome = "issuer document"
    body = json.dumps(filled(issuer.settings.issuer_document, values)).encode()
    return document_response(body, context.request, JSON_TYPE)


def _page(server: Server, context: Context) -> Response:
    issuer = server.issuer
    document = discovery.metadata(server)
    context.facts.outcome = "issuer page"
    html = pages.issuer(
        name=issuer.name,
        url=issuer.url,
        home=issuer.addresses.home,
        documents=documents(issuer),
        endpoints={name: url for name, url in document.items() if name.endswith("_endpoint")},
        grants=document["grant_types_supported"],
    )
    return page_response(html)


def documents(issuer: Issuer) -> dict[str, str]:
    """What can be opened in a browser, by what it is."""
    found = {
        "OpenID Connect Discovery": issuer.addresses.of("openid-configuration"),
        "Authorization server metadata (RFC 8414)": issuer.addresses.of("oauth-authorization-server"),
        "Public keys (JWK Set)": issuer.addresses.of("jwks"),
    }
    if issuer.supports(names.DEVICE_CODE) or names.DEVICE_CODE in issuer.settings.grants:
        found["Connect a device"] = issuer.addresses.of("device")
    return found
