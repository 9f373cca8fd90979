"""Roles of a realm and its clients, as tokens have them: with what is in composite ones, and what groups give."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.seed.imports.document import Document, table, tables, texts

Role = tuple[str, str]
"""Of which client, or empty for the realm; and its name."""


class Roles:
    """The roles of one realm, and its groups by their paths."""

    def __init__(self, realm: Document) -> None:
        self._inside: dict[Role, set[Role]] = {}
        self._of_group: dict[str, set[Role]] = {}
        roles = table(realm, "roles")
        for role in tables(roles, "realm"):
            self._add("", role)
        for client in table(roles, "client"):
            for role in tables(table(roles, "client"), client):
                self._add(client, role)
        for group in tables(realm, "groups"):
            self._add_group(group, "", set())
        default = table(realm, "defaultRole").get("name")
        self.default: set[Role] = {("", default)} if isinstance(default, str) else named(realm, "defaultRoles", "")

    def _add(self, client: str, role: Document) -> None:
        inside = table(role, "composites")
        self._inside[client, str(role.get("name"))] = named(inside, "realm", "") | of_clients(table(inside, "client"))

    def _add_group(self, group: Document, above: str, held: set[Role]) -> None:
        path = str(group.get("path") or f"{above}/{group.get('name')}")
        self._of_group[path] = held | named(group, "realmRoles", "") | of_clients(table(group, "clientRoles"))
        for below in tables(group, "subGroups"):
            self._add_group(below, path, self._of_group[path])

    def of(self, holder: Document) -> set[Role]:
        """All that a user has: its own, those of its groups, those of the realm, and what is in them."""
        held = named(holder, "realmRoles", "") | of_clients(table(holder, "clientRoles")) | self.default
        for path in texts(holder, "groups"):
            held |= self._of_group.get(path, set())
        return self._expanded(held)

    def _expanded(self, held: Iterable[Role]) -> set[Role]:
        found: set[Role] = set()
        waiting = list(held)
        while waiting:
            if (role := waiting.pop()) not in found:
                found.add(role)
                waiting += self._inside.get(role, ())
        return found


def named(holder: Document, name: str, client: str) -> set[Role]:
    return {(client, each) for each in texts(holder, name)}


def of_clients(holder: Document) -> set[Role]:
    return {role for client in holder for role in named(holder, client, client)}


def claims(roles: Iterable[Role]) -> dict[str, object]:
    """The claims ``roles``, of the realm, and ``resource_access``."""
    ordered = sorted(roles)
    access: dict[str, dict[str, list[str]]] = {}
    for client, name in ordered:
        if client:
            access.setdefault(client, {"roles": []})["roles"].append(name)
    return {"roles": [name for client, name in ordered if not client], "resource_access": access}
