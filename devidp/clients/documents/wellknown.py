"""Documents that are built in: those of widely used MCP clients, so that these work without a network.

One file a document in ``builtin/``. Where ``client_id`` and ``redirect_uris`` hold ``{id}``, the file stands for all
URLs that have one path segment in its place.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "builtin"
ID = "{id}"


@cache
def _documents() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json")))


def exact() -> dict[str, dict[str, Any]]:
    """The documents of one URL each."""
    return {document["client_id"]: document for document in _documents() if ID not in document["client_id"]}


def by_pattern(url: str) -> dict[str, Any] | None:
    """What a document at ``url`` says, where URLs of its form are known."""
    for document in _documents():
        before, placed, after = str(document["client_id"]).partition(ID)
        if placed and (found := re.fullmatch(f"{re.escape(before)}([A-Za-z0-9_-]+){re.escape(after)}", url)):
            text = json.dumps(document).replace(ID, found.group(1))
            filled: dict[str, Any] = json.loads(text)
            return filled
    return None
