"""Client scopes of a realm, and what their mappers set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from devidp.seed.imports.document import Document, table, tables, texts
from devidp.seed.imports.keycloak.mappers import PLACES, Shapes, shapes
from devidp.seed.imports.lost import Losses

OWN = {
    "openid", "profile", "email", "address", "phone", "offline_access", "roles", "web-origins", "acr", "basic",
    "microprofile-jwt", "organization", "service_account", "role_list", "saml_organization",
}  # fmt: skip
"""Client scopes that every realm has: the profile keycloak does what they do."""
REQUESTED = ("openid", "profile", "email", "address", "phone", "offline_access")


class ClientScopes:
    """The scopes that a realm has of its own."""

    def __init__(self, realm: Document, losses: Losses) -> None:
        self.descriptions: dict[str, str] = {}
        self._shapes: dict[str, Shapes] = {}
        self._default = texts(realm, "defaultDefaultClientScopes")
        for scope in tables(realm, "clientScopes"):
            name = str(scope.get("name"))
            if name in OWN or scope.get("protocol", "openid-connect") != "openid-connect":
                continue
            shown = table(scope, "attributes").get("consent.screen.text")
            text = next((each for each in (shown, scope.get("description")) if each and "${" not in str(each)), name)
            self.descriptions[name] = str(text)
            self._shapes[name] = shapes(f"clientScopes.{name}", scope, losses)

    def always(self, names: Iterable[str]) -> Shapes:
        """What the scopes set that a client has without asking."""
        found: Shapes = {}
        for name in names or self._default:
            for place, claims in self._shapes.get(name, {}).items():
                found.setdefault(place, {}).update(claims)
        return found

    def cases(self) -> dict[str, list[dict[str, Any]]]:
        """What each sets when it is asked for, by the shape."""
        return {
            place: [
                {"when": {"scope": [name]}, "claims": found[place]}
                for name, found in self._shapes.items()
                if place in found
            ]
            for place in PLACES
        }
