"""What can be asked for: the endpoints, the operations of the control API, and what is served beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devidp.web.api import PREFIX
from devidp.web.api.table import OPERATIONS
from devidp.web.endpoints import ENDPOINTS


@dataclass(frozen=True, slots=True)
class Target:
    """``members`` are those of its JSON, or of its query; parts of ``path`` in braces are to be filled in."""

    name: str
    path: str
    methods: Sequence[str]
    page: bool = False
    """Whether it answers people, and so may answer with HTML."""
    members: Sequence[str] = ()


AT_ISSUERS = [Target(each.name, each.path, each.methods, each.page) for each in ENDPOINTS.values()]
CONTROL = [
    Target(each.name, f"{PREFIX}{each.path}", (each.method,), members=tuple(each.takes.model_fields))
    for each in OPERATIONS
] + [
    Target("openapi", f"{PREFIX}/openapi.json", ("GET",)),
    Target("stream", f"{PREFIX}/events/stream", ("GET",)),
    Target("home", "/", ("GET",), page=True),
    Target("health", "/health", ("GET",)),
]
