"""What pages show of records: never a password or secret."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any, Literal, NamedTuple
from zlib import crc32

from devidp.models import Client, User
from devidp.models.accounts import DocumentOrigin
from devidp.oauth.identifiers import comparable
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS, split
from devidp.web.pages.face import PICTURES, initials, picture

SEARCHED_FROM = 10
"""From how many users on a page offers to search them."""
HUES = 6
"""Number of ``hue-N`` classes in the stylesheet."""

_ABOUT = {
    "client_uri": "Home page",
    "policy_uri": "Privacy policy",
    "tos_uri": "Terms of service",
    "logo_uri": "Logo (not loaded)",
}
"""Metadata that a person should see before deciding (RFC 7591 section 2)."""

_FOLLOWED = ("client_uri", "policy_uri", "tos_uri")
"""What RFC 7591 section 2 wants to be displayed so that it can be followed."""


class Person(NamedTuple):
    """A user. ``hint`` is the role and tenant, ``hue`` the number of a colour."""

    username: str
    name: str
    initials: str
    picture: str
    """A ``data:`` address; empty where there is none to show."""
    hint: str
    hue: int
    disabled: bool


LISTED = 50
"""How many people or clients one page shows."""


class People(NamedTuple):
    """The users that a page shows; ``more`` are those that it does not."""

    shown: tuple[Person, ...]
    more: int
    searched: bool
    """Whether there are so many that they can be searched."""


class Application(NamedTuple):
    """A client. ``about`` pairs labels with the addresses that it gave of itself."""

    client_id: str
    name: str
    registered: bool
    unlisted: bool
    document: DocumentOrigin | None
    """For a client that a document describes: how that was had."""
    home: str
    """The host of that document."""
    public: bool
    grants: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    """Those of ``about`` that a person can follow."""


class Destination(NamedTuple):
    """Where the browser returns to: ``where`` is a host with port, or the scheme of an application's own links."""

    uri: str
    where: str
    kind: Literal["web", "loopback", "application", "device"]


def person(user: User) -> Person:
    name = _name(user.claims.get("name"), user.username)
    return Person(
        username=user.username,
        name=name,
        initials=initials(name),
        picture=picture(user.claims),
        hint=_hint(user.claims),
        hue=crc32(user.username.encode("utf-8", "replace")) % HUES,
        disabled=user.disabled,
    )


def people(users: Collection[User], wanted: str = "", first: User | None = None) -> People:
    """Those with ``wanted`` in their names or e-mail, ``first`` before the others."""
    found = [user for user in users if _has(user, comparable(wanted))] if wanted else list(users)
    if first is not None and first in found:
        found.remove(first)
        found.insert(0, first)
    shown = with_few_pictures(map(person, found[:LISTED]))
    return People(tuple(shown), len(found[LISTED:]), len(users) >= SEARCHED_FROM)


def with_few_pictures(persons: Iterable[Person]) -> Iterator[Person]:
    """The same, without pictures once there are as many as one page can hold."""
    left = PICTURES
    for each in persons:
        left -= len(each.picture)
        yield each._replace(picture="") if left < 0 and each.picture else each


def _has(user: User, wanted: str) -> bool:
    names = (user.username, user.claims.get("name"), user.claims.get("email"))
    return any(wanted in comparable(name) for name in names if isinstance(name, str))


def application(client: Client) -> Application:
    about = [(key, label, client.metadata.get(key)) for key, label in _ABOUT.items()]
    given = [(key, label, uri) for key, label, uri in about if isinstance(uri, str) and uri]
    document_url = split(client.client_id) if client.document else None
    return Application(
        client_id=client.client_id,
        name=_name(client.name, client.client_id),
        registered=client.registered,
        unlisted=client.unlisted,
        document=client.document,
        home=document_url.netloc if document_url else "",
        public=client.public,
        grants=tuple(sorted(client.grants)),
        about=tuple((label, uri) for _, label, uri in given),
        links=tuple((label, uri) for key, label, uri in given if key in _FOLLOWED and _is_web(uri)),
    )


def to_redirect_uri(redirect_uri: str) -> Destination:
    parts = split(redirect_uri)
    if parts is None or not parts.scheme:
        return Destination(redirect_uri, redirect_uri, "web")
    if parts.scheme not in ("http", "https"):
        return Destination(redirect_uri, f"{parts.scheme}:", "application")
    # what stands before an @ is not the host, and would be read as one
    where = parts.netloc.rpartition("@")[2]
    return Destination(redirect_uri, where, "loopback" if _is_this_machine(parts.hostname or "") else "web")


def to_device(user_code: str) -> Destination:
    """Nowhere in this browser: the device that shows ``user_code``."""
    return Destination(f"the device that shows {user_code}", user_code, "device")


def _is_this_machine(host: str) -> bool:
    if host in LOOPBACK_HOSTS or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_web(uri: str) -> bool:
    parts = split(uri)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def _name(name: object, fallback: str) -> str:
    text = name.strip() if isinstance(name, str) else ""
    return text or fallback


def _hint(claims: Mapping[str, Any]) -> str:
    roles = claims.get("roles") or claims.get("groups") or ()
    listed = [roles] if isinstance(roles, str) else roles if isinstance(roles, (list, tuple)) else ()
    tenant = claims.get("tenant_id") or claims.get("org_id")
    parts = [", ".join(str(role) for role in listed), tenant if isinstance(tenant, str) else ""]
    return " · ".join(part for part in parts if part)
