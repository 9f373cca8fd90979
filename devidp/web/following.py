"""By which name an issuer that follows the host is called."""

from __future__ import annotations

from urllib.parse import urlsplit

from devidp.models import IssuerSettings
from devidp.models.addresses import follows
from devidp.system.urls import is_at
from devidp.web.runtime import Runtime


def base_called(runtime: Runtime, settings: IssuerSettings, origin: str, path: str = "") -> str | None:
    """The base below which a request for ``path`` at ``origin`` calls the issuer; ``None``: the public URL."""
    # a proxy that ends TLS passes the name on, and not the scheme
    if not (settings.follow_host and origin) or is_at(runtime.config.public_url, urlsplit(origin).netloc):
        return None
    below = runtime.home.rstrip("/")
    base = f"{origin}{below}" if f"{below}/" in path else origin
    return base if follows(settings, base) else None
