"""What a shell offers: names of the catalogues, and names that the running devidp knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pkgutil import resolve_name
from typing import Any

import click
from click.shell_completion import CompletionItem

from devidp.cli.remote import Remote
from devidp.models.event import ASKED, FACTS
from devidp.oauth.errors import printable

SECONDS = 2.0
"""For the answer of devidp: somebody waits at a prompt."""
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _of(known: Callable[[click.Context], Mapping[str, str]]) -> Complete:
    """Offers the names in ``known``, each with its description."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [
            CompletionItem(name, help=printable(text) or None)
            for name, text in known(ctx).items()
            if name.startswith(incomplete)
        ]

    return complete


def _from_devidp(path: str, collection: str, key: str, text: str) -> Complete:
    """Names in an answer of the devidp that the line is for; none where it does not answer."""

    def known(ctx: click.Context) -> dict[str, str]:
        given = ctx.params
        remote = Remote(given.get("url"), given.get("port") or 0, given.get("control_token"), SECONDS)
        try:
            return {each[key]: str(each.get(text) or "") for each in remote.get(path)[collection]}
        except click.ClickException:
            return {}

    return _of(known)


def _faults(_: click.Context) -> dict[str, str]:
    return {each.name: each.description for each in resolve_name("devidp.faults:FAULTS").values()}


def _groups(_: click.Context) -> dict[str, str]:
    return _plain(each.group for each in resolve_name("devidp.faults:FAULTS").values())


def _places(_: click.Context) -> dict[str, str]:
    return _plain(resolve_name("devidp.web.failure_places:places")())


def _failures(ctx: click.Context) -> dict[str, str]:
    place = ctx.params.get("endpoint")
    catalogue: Mapping[str, Any] = resolve_name("devidp.faults.failures:FAILURES")
    return {each.name: each.description for each in catalogue.values() if not each.endpoints or place in each.endpoints}


def _endpoints(_: click.Context) -> dict[str, str]:
    return _plain([*resolve_name("devidp.web.endpoints:ENDPOINTS"), "landing", "health", "control", "unknown"])


def _connected(_: click.Context) -> dict[str, str]:
    return _plain(resolve_name("devidp.connect:CLIENTS"))


def _plain(names: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(names, "")


faults, groups = _of(_faults), _of(_groups)
places, failures, endpoints = _of(_places), _of(_failures), _of(_endpoints)
connected = _of(_connected)
criteria = _of(lambda _: {f"{name}=": text for name, text in (dict.fromkeys(FACTS, "") | ASKED).items()})
users = _from_devidp("/users", "users", "username", "sub")
clients = _from_devidp("/clients", "clients", "client_id", "client_name")
keys = _from_devidp("/keys", "keys", "kid", "state")
