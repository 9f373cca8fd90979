"""What the page of a user shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from devidp.dashboard.controls import instants, state
from devidp.dashboard.people import typed, user_form
from devidp.dashboard.people.user_form import Profile
from devidp.dashboard.size import fits
from devidp.models import User
from devidp.web.control.controller import Controller
from devidp.web.control.users import Authenticator, UserConsent
from devidp.web.pages import Person, person

LARGEST_CLAIMS = 20_000
"""Bytes of claims that are edited on a page."""


@dataclass(frozen=True, slots=True)
class View:
    """A user at all issuers that have it, or at the one that was chosen."""

    username: str
    person: Person
    issuer: str | None
    issuers: tuple[str, ...]
    """All that have the user."""
    standing: Literal["added", "changed", "seeded"]
    disabled: bool
    has_password: bool
    profile: Profile
    claims: str
    """As JSON; empty where they do not fit into a page."""
    parsed_claims: dict[str, Any]
    mfa: str
    scopes: list[str] | None
    authenticator: Authenticator | None
    consents: list[tuple[UserConsent, str]]
    """Each with its date."""
    sessions: int
    authorizations: int


def view(control: Controller, username: str, issuer: str | None) -> View:
    """Raises UnknownName where there is no such user."""
    user = control.users[username]
    found = user.find(issuer)
    record = next(iter(found.values()))
    claims = typed.written(dict(record.claims))
    return View(
        username=record.username,
        person=person(record),
        issuer=issuer,
        issuers=tuple(each.name for each in user.find()),
        standing=_standing(control, record),
        disabled=record.disabled,
        has_password=record.has_password,
        profile=user_form.shown(record),
        claims=claims if fits(claims, LARGEST_CLAIMS) else "",
        parsed_claims=dict(record.claims),
        mfa=record.mfa,
        scopes=None if record.scopes is None else sorted(record.scopes),
        authenticator=user.authenticator(issuer=issuer) if record.mfa == "totp" else None,
        consents=[(each, instants.date(each.granted_at)) for each in user.consents(issuer=issuer)],
        sessions=control.sessions.count(record.username, issuer=issuer),
        authorizations=control.authorizations.count(record.username, issuer=issuer),
    )


def _standing(control: Controller, user: User) -> Literal["added", "changed", "seeded"]:
    changes = state.changes(control, "users")
    if user.username in changes.added:
        return "added"
    return "changed" if user.username in changes.changed else "seeded"
