"""Flows: each attempt of a client, from its first request to its last token."""

from devidp.dashboard.flows import again_pages, exports, views
from devidp.dashboard.flows.views import blueprint

__all__ = ["again_pages", "blueprint", "exports", "views"]
