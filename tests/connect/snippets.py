"""The snippets of ``devidp connect``, one at a time."""

from __future__ import annotations

from devidp.connect import CLIENTS, Target


def snippet_of(client: str, target: Target, kind: str) -> str:
    """The first thing to paste or run of this kind."""
    return next(each.text for each in CLIENTS[client].snippets(target) if each.kind == kind)
