"""What the buttons of the page of a client do, and the commands and calls that do the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from devidp.dashboard import calls
from devidp.dashboard.people import client_page, typed
from devidp.web.control.clients import ClientControl
from devidp.web.control.errors import ControlError

Form = Mapping[str, str]


def _change(client: ClientControl, issuer: str | None, form: Form) -> str:
    record = next(iter(client.find(issuer).values()))
    changes: dict[str, Any] = {}
    if (name := form.get("name", "").strip()) != record.name:
        changes["name"] = name or None
    if (uris := form.get("redirect_uris", "").split()) != list(record.redirect_uris):
        changes["redirect_uris"] = uris
    if form.get("secret"):
        changes["secret"] = form["secret"]
    return _apply(client, issuer, changes)


def _change_entry(client: ClientControl, issuer: str | None, form: Form) -> str:
    before = client_page.said(next(iter(client.find(issuer).values())))
    after = typed.json_object(form.get("entry", ""), "settings")
    if "secret" in after:
        raise ControlError("settings: got a secret, which has a field of its own; type it there")
    gone = {key: None for key in before if key not in after}
    return _apply(client, issuer, gone | {key: value for key, value in after.items() if value != before.get(key)})


def _apply(client: ClientControl, issuer: str | None, changes: dict[str, Any]) -> str:
    if not changes:
        return "Nothing was different"
    client.change(issuer=issuer, **changes)
    return f"Changed: {', '.join(changes)}"


def _disable(client: ClientControl, issuer: str | None, _: Form) -> str:
    client.disable(issuer=issuer)
    return f"{client.client_id} is disabled: refused everywhere, and its tokens are inactive"


def _enable(client: ClientControl, issuer: str | None, _: Form) -> str:
    client.enable(issuer=issuer)
    return f"{client.client_id} is answered again"


def _reset(client: ClientControl, issuer: str | None, _: Form) -> str:
    client.reset(issuer=issuer)
    return f"{client.client_id} is as it was before anything was changed"


def _delete(client: ClientControl, issuer: str | None, _: Form) -> str:
    client.delete(issuer=issuer)
    return f"{client.client_id} was deleted"


ACTIONS: Final[Mapping[str, Callable[[ClientControl, str | None, Form], str]]] = {
    "change": _change,
    "entry": _change_entry,
    "disable": _disable,
    "enable": _enable,
    "reset": _reset,
    "delete": _delete,
}
"""What each button of the page of a client does, and says then."""


def same_as(view: client_page.View) -> dict[str, tuple[str, str]]:
    """The command and the call for each button."""
    path, at = f"/clients/{quote(view.client_id, safe='')}", {"issuer": view.issuer} if view.issuer else {}
    word = calls.argument(view.client_id)

    def change(action: str, **keys: Any) -> tuple[str, str]:
        words = calls.keys(**at) if action != "change" else calls.keys(**keys, **at)
        return calls.command("clients", action, *word, *words), calls.call("PATCH", path, **keys, **at)

    stay = [change("enable", disabled=False) if view.disabled else change("disable", disabled=True)]
    if view.standing == "changed":
        stay.append((calls.command("clients", "reset", *word, *calls.keys(**at)),
                     calls.call("POST", f"{path}/reset", **at)))  # fmt: skip
    if not view.client.document:
        deletion = calls.command("clients", "delete", *word, *calls.keys(**at))
        stay.append((deletion, calls.call("DELETE", path, **at)))
    return {
        "change": change("change", name=view.client.name, redirect_uris=list(view.redirect_uris)),
        "entry": change("change", **view.entry),
        "stay": ("\n".join(cli for cli, _ in stay), "\n".join(http for _, http in stay)),
    }
