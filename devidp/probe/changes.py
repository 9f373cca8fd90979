"""What a trial changes in devidp, each undone when its context ends: also after an exception and Ctrl-C."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from devidp.probe.subject import Subject
from devidp.system.interruption import uninterrupted
from devidp.web.api_client import ApiError


@contextmanager
def rotated(subject: Subject, *, overlap: bool = True) -> Iterator[None]:
    """Another key signs; without ``overlap`` the old one is retired. Raises ApiError for a key of the seed."""
    before = _keys(subject)
    changed = {} if overlap else {"overlap": False}
    with ExitStack() as undo:
        with uninterrupted():
            after = _keys(subject, action="rotate", **changed)
            undo.callback(_rotated_back, subject, before, after)
        yield


def _rotated_back(subject: Subject, before: dict[str, str], after: dict[str, str]) -> None:
    old = next(kid for kid, state in before.items() if state == "active" != after.get(kid))
    # others may rotate as well: what signs now is ours
    fresh = next(kid for kid, state in after.items() if state == "active" and kid not in before)
    with uninterrupted():
        with suppress(ApiError):  # another probe, which had made it, may have taken it back
            _keys(subject, action="activate", kid=old)
        _keys(subject, action="delete", kid=fresh)


@contextmanager
def failing(subject: Subject, endpoint: str, failure: str, **options: Any) -> Iterator[None]:
    """Every answer of the endpoint goes wrong."""
    api, always = subject.issuer_side.api, {"times": None}
    wanted = {"endpoint": endpoint, "failure": failure, "issuer": subject.issuer, **always, **options}
    with ExitStack() as undo:
        with uninterrupted():
            entry = api.send("POST", "/failures", wanted)
            undo.callback(api.delete, f"/failures/{entry['id']}")
        yield


def _keys(subject: Subject, **change: Any) -> dict[str, str]:
    """States of the keys by kid, after a change where one is named."""
    api, issuer = subject.issuer_side.api, subject.issuer
    answer = api.post("/keys", issuer=issuer, **change) if change else api.get("/keys", issuer=issuer)
    return {key["kid"]: key["state"] for key in answer["keys"]}
