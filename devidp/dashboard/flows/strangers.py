"""Hosts other than this machine, in a text that leaves it: each gets a number in place of its name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from devidp.models import Event
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS
from devidp.system.hosts import THIS_MACHINE, is_loopback

_URL = re.compile(r"(?<=://)(?:[^/\s?#'\"<>|)@]*@)?(\[[0-9A-Fa-f:.]+\]|[^/\s:?#'\"<>|)@,;`]+)")
_ADDRESS = re.compile(r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
"""The host of an e-mail address."""


class Strangers:
    """Replaces the hosts that ``events`` name by ``host-1``, ``host-2`` and so on."""

    def __init__(self, events: Iterable[Event], public_url: str) -> None:
        found: dict[str, None] = {}
        for text in (public_url, *(text for event in events for text in _texts(event))):
            found.update(dict.fromkeys(filter(_is_elsewhere, [*_URL.findall(text), *_ADDRESS.findall(text)])))
        for event in events:
            found.update(dict.fromkeys(filter(_is_elsewhere, _bare(event))))
        self._names = {name: f"host-{number}" for number, name in enumerate(found, 1)}
        longest_first = sorted(map(re.escape, found), key=len, reverse=True)
        self._known = re.compile(rf"(?<![\w.-])(?:{'|'.join(longest_first)})(?![\w-])") if found else None

    def hide(self, text: str) -> str:
        """``text`` without their names."""
        return text if self._known is None else self._known.sub(lambda match: self._names[match[0]], text)


def _texts(event: Event) -> Iterable[str]:
    yield from (event.client, event.user, event.detail, event.outcome, event.reason, event.remedy)
    yield from event.asked.values()
    yield from event.answered.values()
    yield from (event.got, *event.expected)


def _bare(event: Event) -> Iterable[str]:
    """Hosts that stand alone: the caller's, and those of a Host header that was refused."""
    yield event.asked.get("address", "")
    if event.status == 421:
        yield from (event.got, *event.expected)


def _is_elsewhere(host: str) -> bool:
    name = host.strip("[]").lower()
    return bool(name) and not (name in LOOPBACK_HOSTS or name in THIS_MACHINE or is_loopback(name))
