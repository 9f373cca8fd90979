"""What pages show of records: never a password or secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal
from zlib import crc32

from devidp.models import Client, User
from devidp.models.accounts import DocumentOrigin
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS, split

HUES = 6
"""Number of ``hue-N`` classes in the stylesheet."""

_ABOUT = {
    "client_uri": "Home page",
    "policy_uri": "Privacy policy",
    "tos_uri": "Terms of service",
    "logo_uri": "Logo (not loaded)",
}
"""Metadata that a person should see before deciding (RFC 7591 section 2)."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user. ``hint`` is the role and tenant, ``hue`` the number of a colour."""

    username: str
    name: str
    initial: str
    hint: str
    hue: int
    disabled: bool


@dataclass(frozen=True, slots=True)
class Application:
    """A client. ``about`` pairs labels with the addresses that it gave of itself."""

    client_id: str
    name: str
    registered: bool
    document: DocumentOrigin | None
    """For a client that a document describes: how that was had."""
    home: str
    """The host of that document."""
    public: bool
    grants: tuple[str, ...]
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the browser returns to: ``where`` is a host with port, or the scheme of an application's own links."""

    uri: str
    where: str
    kind: Literal["web", "loopback", "application", "device"]


def person(user: User) -> Person:
    name = _name(user.claims.get("name"), user.username)
    return Person(
        username=user.username,
        name=name,
        initial=next((char.upper() for char in name if char.isalnum()), "?")[:1],
        hint=_hint(user.claims),
        hue=crc32(user.username.encode("utf-8", "replace")) % HUES,
        disabled=user.disabled,
    )


def application(client: Client) -> Application:
    about = {label: client.metadata.get(key) for key, label in _ABOUT.items()}
    document_url = split(client.client_id) if client.document else None
    return Application(
        client_id=client.client_id,
        name=_name(client.name, client.client_id),
        registered=client.registered,
        document=client.document,
        home=document_url.netloc if document_url else "",
        public=client.public,
        grants=tuple(sorted(client.grants)),
        about=tuple((label, uri) for label, uri in about.items() if isinstance(uri, str) and uri),
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


def _name(name: object, fallback: str) -> str:
    text = name.strip() if isinstance(name, str) else ""
    return text or fallback


def _hint(claims: Mapping[str, Any]) -> str:
    roles = claims.get("roles") or claims.get("groups") or ()
    listed = [roles] if isinstance(roles, str) else roles if isinstance(roles, (list, tuple)) else ()
    tenant = claims.get("tenant_id") or claims.get("org_id")
    parts = [", ".join(str(role) for role in listed), tenant if isinstance(tenant, str) else ""]
    return " · ".join(part for part in parts if part)
