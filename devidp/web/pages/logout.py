"""The pages of a logout: the question, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from devidp.models import Client, User
from devidp.web.pages.environment import render
from devidp.web.pages.views import application, destination, person


def confirm_logout(
    *, issuer: str, action: str, transaction: str, client: Client | None, target: str | None, user: User
) -> str:
    """Posts ``transaction`` and ``decision`` (logout, stay). ``target`` is where the browser goes after a logout."""
    return render(
        "logout.html",
        issuer=issuer,
        action=action,
        transaction=transaction,
        client=client and application(client),
        destination=target and destination(target),
        user=person(user),
    )


def signed_out(*, issuer: str, client: Client | None, target: str | None, frames: Sequence[str], stayed: bool) -> str:
    """``frames`` are addresses that the browser loads unseen, so that clients forget the user."""
    return render(
        "signed_out.html",
        issuer=issuer,
        client=client and application(client),
        destination=target and destination(target),
        frames=frames,
        stayed=stayed,
    )
