"""What the buttons of the page of a user do, and the commands and calls that do the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from devidp.dashboard import calls
from devidp.dashboard.people import typed, user_form, user_page
from devidp.web.control.users import UserControl

Form = Mapping[str, str]


def _change(user: UserControl, issuer: str | None, form: Form) -> str:
    changes = user_form.changes(next(iter(user.find(issuer).values())), form)
    if not changes:
        return "Nothing was different"
    user.change(issuer=issuer, **changes)
    return f"Changed: {', '.join(changes)}"


def _change_claims(user: UserControl, issuer: str | None, form: Form) -> str:
    user.change(issuer=issuer, claims=typed.json_object(form.get("claims", ""), "claims"))
    return "Changed: claims. Tokens that exist still say what was true"


def _disable(user: UserControl, issuer: str | None, _: Form) -> str:
    user.disable(issuer=issuer)
    return f"{user.username} is disabled: refused everywhere, and the tokens are inactive"


def _enable(user: UserControl, issuer: str | None, _: Form) -> str:
    user.enable(issuer=issuer)
    return f"{user.username} can log in again"


def _revoke(user: UserControl, issuer: str | None, _: Form) -> str:
    return f"{user.username} is logged out everywhere; {user.revoke(issuer=issuer)} authorizations were revoked"


def _forget(user: UserControl, issuer: str | None, form: Form) -> str:
    forgotten = user.forget_consents(client=form.get("client") or None, issuer=issuer)
    return f"{forgotten} consents forgotten: {user.username} is asked again"


def _reset(user: UserControl, issuer: str | None, _: Form) -> str:
    user.reset(issuer=issuer)
    return f"{user.username} is as the seed has it"


def _delete(user: UserControl, issuer: str | None, _: Form) -> str:
    user.delete(issuer=issuer)
    return f"{user.username} was deleted, with all that the user had authorized"


ACTIONS: Final[Mapping[str, Callable[[UserControl, str | None, Form], str]]] = {
    "change": _change,
    "claims": _change_claims,
    "disable": _disable,
    "enable": _enable,
    "revoke": _revoke,
    "forget": _forget,
    "reset": _reset,
    "delete": _delete,
}
"""What each button of the page of a user does, and says then."""


def same_as(view: user_page.View) -> dict[str, tuple[str, str]]:
    """The command and the call for each button."""
    path, at = f"/users/{quote(view.username, safe='')}", {"issuer": view.issuer} if view.issuer else {}
    profile: dict[str, Any] = {"mfa": view.mfa, "scopes": view.scopes}
    keyed: dict[str, dict[str, Any]] = {
        "change": profile,
        "claims": {"claims": view.parsed_claims},
        "disable": {"disabled": True},
        "enable": {"disabled": False},
    }
    found = {
        action: (
            calls.command("users", "change", *calls.argument(view.username), *calls.keys(**keys, **at)),
            calls.call("PATCH", path, **keys, **at),
        )
        for action, keys in keyed.items()
    }
    for action, method, target in (
        ("revoke", "POST", f"{path}/revoke"),
        ("reset", "POST", f"{path}/reset"),
        ("delete", "DELETE", path),
    ):
        found[action] = (
            calls.command("users", action, *calls.argument(view.username), *calls.keys(**at)),
            calls.call(method, target, **at),
        )
    if view.consents:
        whose = {"client": view.consents[0][0].client, **at}
        found["forget"] = (
            calls.command("users", "forget", *calls.argument(view.username), *calls.keys(**whose)),
            calls.call("DELETE", f"{path}/consents", **whose),
        )
    switch = "enable" if view.disabled else "disable"
    stay = [found[each] for each in (switch, *(("reset",) if view.standing == "changed" else ()), "delete")]
    found["stay"] = "\n".join(cli for cli, _ in stay), "\n".join(http for _, http in stay)
    found["code"] = (
        calls.command("users", "code", *calls.argument(view.username)),
        calls.call("GET", f"{path}/authenticator"),
    )
    return found
