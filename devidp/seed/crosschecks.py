"""What no single entry can know: addresses and subjects that are taken twice, and who is approved automatically.

Looks at the seed as it was written, so that these mistakes are reported beside those inside the entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.oauth import resource
from devidp.oauth.identifiers import composed
from devidp.seed import address_conflicts
from devidp.seed.fields import flag
from devidp.seed.problems import Finding, Place, Refused, describe, join_names, suggestion
from devidp.seed.values import mapping


def findings(data: Mapping[str, Any]) -> Iterator[Finding]:
    issuers = {name: mapping(settings) for name, settings in mapping(data.get("issuers")).items()}
    yield from _names(issuers)
    yield from address_conflicts.findings(data, issuers)
    yield from _resources(mapping(data.get("resources")))
    yield from subjects(mapping(data.get("users")), ("users",))
    for name, settings in issuers.items():
        yield from subjects(mapping(settings.get("users")), ("issuers", name, "users"))
        if isinstance(approved := settings.get("auto_approve"), str) and approved:
            own = settings.get("users") is not None
            table = mapping(settings["users"] if own else data.get("users"))
            users = {composed(user): entry for user, entry in table.items()}
            yield from _approved(composed(approved), users, ("issuers", name, "auto_approve"))


def _names(issuers: Mapping[str, Any]) -> Iterator[Finding]:
    names: dict[str, str] = {}
    for name in issuers:
        if other := names.get(name.lower()):
            yield ("issuers", name), f"{describe(name)} beside {other!r}; names must differ in more than their case"
        names.setdefault(name.lower(), name)


def _resources(resources: Mapping[str, Any]) -> Iterator[Finding]:
    """Aliases that are another resource as well."""
    taken = {resource.comparable(uri): uri for uri in resources}
    for uri, entry in resources.items():
        aliases = mapping(entry).get("aliases")
        for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
            if not isinstance(alias, str):
                continue
            owner = taken.setdefault(resource.comparable(alias), uri)
            if owner != uri or resource.comparable(alias) == resource.comparable(uri):
                yield (
                    ("resources", uri, "aliases", index),
                    f"{describe(alias)}, which names the resource {owner!r} already; remove it",
                )


def subjects(users: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    """Users whose name or subject another one has already."""
    taken: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, user in users.items():
        if (same := names.setdefault(composed(name), name)) != name:
            yield (*place, name), f"{describe(name)}, the same name as {same!r} in other code points (NFC); remove one"
            continue
        sub = mapping(user).get("sub", name)
        if not isinstance(sub, str):
            continue
        if other := taken.get(sub):
            yield (
                (*place, name, "sub"),
                f"{describe(sub)}, which is the subject of {other!r} already; give each its own",
            )
        taken.setdefault(sub, name)


def _approved(name: str, users: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    if name not in users:
        yield (
            place,
            f"{describe(name)}, no user of the issuer, expected one of: {join_names(users)}{suggestion(name, users)}",
        )
        return
    try:
        disabled = flag(mapping(users[name]).get("disabled", False))
    except Refused:
        return
    if disabled:
        yield place, f"{describe(name)}, who is disabled; name another user, or remove `disabled` there"
