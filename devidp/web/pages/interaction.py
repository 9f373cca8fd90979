"""The pages on which a person acts: login, consent and logout. A form is posted to ``action``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from devidp.models import Client, User
from devidp.web.pages.developer import Developer
from devidp.web.pages.environment import render, render_form
from devidp.web.pages.views import Destination, People, application, people, person, to_redirect_uri

Standing = Literal["new", "granted", "kept"]
"""Of a scope: new to the user; granted before and asked for again; granted before, and kept without being asked for."""

DeviceOutcome = Literal["allowed", "denied", "expired"]


class ConsentScope(NamedTuple):
    """A scope on offer. ``claims`` are those that it releases; the page names the ones that the user has."""

    name: str
    description: str = ""
    claims: tuple[str, ...] = ()
    standing: Standing = "new"

    @property
    def fixed(self) -> bool:
        """Granted with any consent, without a choice: without ``openid`` there is no login to report."""
        return self.name == "openid"


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Who is shown on a login page, made when it is shown: as many users as there may be are compared as one object."""

    users: Mapping[str, User]
    find: str = ""
    expected: User | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listed) and self.users is other.users

    def __hash__(self) -> int:
        return id(self.users)

    def people(self) -> People:
        return people(self.users.values(), self.find, self.expected)


def login(
    *,
    issuer: str,
    action: str,
    transaction: str,
    client: Client,
    destination: Destination,
    users: Mapping[str, User],
    developer: Developer,
    anybody: bool = False,
    expected: User | None = None,
    find: str = "",
    username: str = "",
    problem: str = "",
) -> str:
    """Posts ``transaction``, and ``login_as``, or ``find`` and ``search``, or ``username`` and ``password``.

    ``anybody`` may log in under any name; ``expected`` is shown first; ``find`` is what was searched for.
    """
    # what somebody typed is kept for nobody else
    show = render if username or problem or find or expected else render_form
    return show(
        "login.html",
        transaction=transaction,
        places=developer.places(),
        developer=developer,
        issuer=issuer,
        action=action,
        client=application(client),
        destination=destination,
        listed=Listed(users, find, expected),
        anybody=anybody,
        find=find,
        username=username,
        problem=problem,
    )


def consent(
    *,
    issuer: str,
    action: str,
    transaction: str,
    client: Client,
    destination: Destination,
    user: User,
    developer: Developer,
    scopes: Sequence[ConsentScope],
    resources: Sequence[str],
    claims: Sequence[str] = (),
    withheld: Sequence[tuple[str, str]] = (),
) -> str:
    """Posts ``transaction``, ``decision`` (allow, deny, switch) and one ``scope`` for each that is ticked or fixed.

    ``claims`` are asked for by name, beside the scopes; ``withheld`` are pairs of a scope that was asked for and why it
    cannot be had.
    """
    return render_form(
        "consent.html",
        transaction=transaction,
        places=developer.places(),
        developer=developer,
        issuer=issuer,
        action=action,
        client=application(client),
        destination=destination,
        user=person(user),
        scopes=tuple(scopes),
        again=any(scope.standing != "new" for scope in scopes),
        held=frozenset(user.claims),
        resources=tuple(resources),
        claims=tuple(claims),
        withheld=tuple(withheld),
    )


def second_factor(
    *,
    issuer: str,
    action: str,
    transaction: str,
    client: Client,
    user: User,
    authenticator: tuple[str, str, str] | None,
    answers: str,
    developer: Developer,
    problem: str = "",
) -> str:
    """Posts ``transaction`` and ``code`` or ``shown_code``; ``give_up`` where the user does not go on.

    ``authenticator`` is its code, secret and address; without one, ``answers`` is where a push is answered.
    """
    shown, secret, uri = authenticator or ("", "", "")
    return render(
        "second_factor.html",
        issuer=issuer,
        action=action,
        transaction=transaction,
        client=application(client),
        user=person(user),
        shown=shown,
        secret=secret,
        uri=uri,
        answers=answers,
        developer=developer,
        places=developer.places(),
        problem=problem,
    )


def device_done(*, issuer: str, client: Client, outcome: DeviceOutcome) -> str:
    return render("device_done.html", issuer=issuer, client=application(client), outcome=outcome)


def confirm_logout(
    *,
    issuer: str,
    action: str,
    transaction: str,
    client: Client | None,
    target: str | None,
    user: User,
    developer: Developer,
) -> str:
    """Posts ``transaction`` and ``decision`` (logout, stay). ``target`` is where the browser goes after a logout."""
    return render(
        "logout.html",
        developer=developer,
        places=developer.places(),
        issuer=issuer,
        action=action,
        transaction=transaction,
        client=client and application(client),
        destination=target and to_redirect_uri(target),
        user=person(user),
    )


def signed_out(*, issuer: str, client: Client | None, target: str | None, frames: Sequence[str], stayed: bool) -> str:
    """``frames`` are addresses that the browser loads unseen, so that clients forget the user."""
    return render(
        "signed_out.html",
        issuer=issuer,
        client=client and application(client),
        destination=target and to_redirect_uri(target),
        frames=frames,
        stayed=stayed,
    )
