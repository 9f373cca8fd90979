"""What is allowed in a seed and still deserves a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from devidp.oauth import names, redirect_uri
from devidp.oauth.suggestion import did_you_mean
from devidp.seed.client import ClientEntry
from devidp.seed.defaults import ISSUER
from devidp.seed.entries import ClientLifetimesEntry, UserEntry
from devidp.seed.issuer import IssuerEntry
from devidp.seed.problems import Finding, Place, join_names
from devidp.seed.root import Root
from devidp.system import durations

LONG_ACCESS = 3600
PASSWORD_GRANT = (
    "the grant password is on: applications see the passwords of users, and neither a second factor nor consent fits "
    "in; OAuth 2.1 has removed it (RFC 9700 section 2.4)"
)
ANY_CLIENT = (
    "whoever names any client_id has codes sent to any address; 'loopback' is enough for clients on this machine "
    "(OAuth 2.1 section 7.5.2)"
)
WEB = ("http", "https")

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


def findings(root: Root) -> Iterator[Finding]:
    yield from _resources(root)
    for name, issuer in root.issuers.items():
        place: Place = ("issuers", name)
        yield from _lifetimes(issuer.lifetimes, place)
        if names.PASSWORD in issuer.grants:
            yield (*place, "grants"), PASSWORD_GRANT
        if issuer.unknown_clients == "accept":
            yield (*place, "unknown_clients"), ANY_CLIENT
        yield from _users(issuer.users or {}, place)
        yield from _clients(issuer.clients or {}, {name: issuer}, place)
    yield from _users(root.users, ())
    sharing = {name: issuer for name, issuer in root.issuers.items() if issuer.clients is None}
    yield from _clients(root.clients, sharing, ())


def _resources(root: Root) -> Iterator[Finding]:
    for uri, entry in root.resources.items():
        place: Place = ("resources", uri)
        aliases = (((*place, "aliases", index), alias) for index, alias in enumerate(entry.aliases))
        for here, name in ((place, uri), *aliases):
            if "/" in name and ":" not in name:
                yield here, f"{name!r} is a name, since it has no scheme; write https://{name} if it is an address"


def _lifetimes(lifetimes: ClientLifetimesEntry, place: Place) -> Iterator[Finding]:
    seconds = lifetimes.access_token or ISSUER.lifetimes.access_token
    if seconds > LONG_ACCESS:
        yield (
            (*place, "lifetimes", "access_token"),
            f"access tokens live {durations.words(seconds)}; they are hard to revoke, 1 hour or less is usual",
        )


def _users(users: Mapping[str, UserEntry], place: Place) -> Iterator[Finding]:
    for name, user in users.items():
        if not (user.sub or name).isascii():
            yield (
                (*place, "users", name),
                "the subject is not ASCII, as OpenID Connect Core section 2 wants it; add a `sub` that is",
            )


def _clients(clients: Mapping[str, ClientEntry], issuers: Mapping[str, IssuerEntry], place: Place) -> Iterator[Finding]:
    for name, client in clients.items():
        here: Place = (*place, "clients", name)
        yield from _lifetimes(client.lifetimes, here)
        yield from _grants(client, issuers, here)
        for index, uri in enumerate(client.redirect_uris):
            if why := _about_redirect_uri(uri):
                yield (*here, "redirect_uris", index), f"{uri!r} {why}"
        if not _UNRESERVED.fullmatch(name + (client.client_secret or "")):
            yield (
                here,
                "the client_id or secret has other characters than A-Z a-z 0-9 - . _ ~, which not every client encodes",
            )


def _grants(client: ClientEntry, issuers: Mapping[str, IssuerEntry], place: Place) -> Iterator[Finding]:
    offered = {grant for issuer in issuers.values() for grant in issuer.grants}
    missing = [grant for grant in client.grants if grant not in offered]
    if issuers and missing:
        yield (
            (*place, "grants"),
            f"no issuer of this client supports {', '.join(missing)}; add it to `grants` of {join_names(issuers)}",
        )


def _about_redirect_uri(uri: str) -> str | None:
    if "*" in uri:
        return "has a *, which stands for itself: redirect URIs are compared exactly"
    if uri.startswith("http:") and not redirect_uri.is_loopback(uri):
        return "sends codes over http to another machine; use https there"
    scheme = uri.partition(":")[0]
    if scheme.lower() not in WEB and (hint := did_you_mean(scheme, WEB, "did you mean {}?")):
        return f"has the scheme {scheme!r}, which only an application on a desktop or phone can claim; {hint}"
    return None
