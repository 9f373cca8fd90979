"""The users of a devidp, found by a part of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from devidp.models import User
from devidp.oauth.identifiers import comparable
from devidp.web.pages import Person, person, with_few_pictures
from devidp.web.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Row:
    """A user in the list."""

    person: Person
    email: str
    mfa: str
    issuers: tuple[str, ...]
    """The names of those that have the user."""


def find(runtime: Runtime, wanted: str) -> list[str]:
    """The names of those with ``wanted`` in what they are called, in the order of the seed."""
    part = comparable(wanted)
    found = {
        user.username: None
        for issuer in runtime.issuers
        for user in issuer.settings.users.values()
        if not part or _has(user, part)
    }
    return list(found)


def rows(runtime: Runtime, usernames: Iterable[str]) -> list[Row]:
    """The lines of a page, each as the first issuer has the user."""
    found = [
        {each.name: user for each in runtime.issuers if (user := each.settings.users.get(username)) is not None}
        for username in usernames
    ]
    users = [next(iter(each.values())) for each in found]
    persons = with_few_pictures(map(person, users))
    return [
        Row(shown, _email(user), user.mfa, tuple(at)) for shown, user, at in zip(persons, users, found, strict=True)
    ]


def _email(user: User) -> str:
    email = user.claims.get("email")
    return email if isinstance(email, str) else ""


def _has(user: User, part: str) -> bool:
    claims = user.claims
    texts = (user.username, user.sub, *(claims.get(name) for name in ("name", "email")))
    return any(part in comparable(text) for text in texts if isinstance(text, str))
