"""Addresses of clients, as far as they can be compared character by character."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.seed.imports.document import Document, texts
from devidp.seed.imports.lost import Losses

WILDCARD = "a redirect URI is compared in full here, and '*' is no part of one"


def redirect_uris(name: str, entry: Document, losses: Losses) -> list[str]:
    root, found = str(entry.get("rootUrl") or "").rstrip("/"), []
    for written in texts(entry, "redirectUris"):
        uri = f"{root}{written}" if written.startswith("/") else written
        if "*" in uri or uri.startswith("/"):
            stem = uri.partition("*")[0]
            usable = stem if "://" in stem and urlsplit(stem).hostname else None
            instead = f"the seed has {usable}; add the others" if usable else "add those that it uses"
            losses.note(f"{name}.redirectUris", f"{written}: {WILDCARD}; {instead}")
            uri = usable or ""
        found.append(uri)
    found = [uri for uri in found if uri]
    if not found:
        losses.note(
            f"{name}.redirectUris", "there is none that can be compared; the seed has http://localhost/callback"
        )
    return found or ["http://localhost/callback"]


def after_logout(name: str, attributes: Document, redirects: list[str], losses: Losses) -> list[str]:
    found: list[str] = []
    for uri in str(attributes.get("post.logout.redirect.uris") or "").split("##"):
        if uri == "+":
            found += redirects
        elif "*" in uri:
            losses.note(f"{name}.attributes.post.logout.redirect.uris", f"{uri}: {WILDCARD}; add those that it uses")
        elif uri not in ("", "-"):
            found.append(uri)
    return found


def origins(entry: Document) -> list[str]:
    """``webOrigins``, which tokens have as allowed-origins; '+' are those of the redirect URIs."""
    found: list[str] = []
    for origin in texts(entry, "webOrigins"):
        if origin != "+":
            found.append(origin.rstrip("/"))
            continue
        parts = map(urlsplit, texts(entry, "redirectUris"))
        found += [f"{each.scheme}://{each.netloc}" for each in parts if each.scheme in ("http", "https")]
    return list(dict.fromkeys(found))
