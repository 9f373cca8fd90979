"""A realm: an issuer with the profile keycloak, its users and its clients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from devidp.oauth import names
from devidp.seed.imports.document import Document, present, table, tables, text
from devidp.seed.imports.keycloak.clients import OWN, clients
from devidp.seed.imports.keycloak.roles import Roles
from devidp.seed.imports.keycloak.scopes import REQUESTED, ClientScopes
from devidp.seed.imports.keycloak.users import users
from devidp.seed.imports.lost import Losses

LIFETIMES = {
    "access_token": "accessTokenLifespan",
    "id_token": "accessTokenLifespan",
    "refresh_token": "ssoSessionIdleTimeout",
    "session": "ssoSessionMaxLifespan",
    "authorization_code": "accessCodeLifespan",
    "device_code": "oauth2DeviceCodeLifespan",
}
_LOST = {
    "identityProviders": "devidp sends nobody to another provider",
    "clientPolicies": "devidp has no client policies",
    "organizations": "devidp knows no organizations; claims of users say them",
    "scopeMappings": "a user has the same roles at every client here",
    "clientScopeMappings": "a user has the same roles at every client here",
    "requiredCredentials": "",
}
_ALPHABET = re.compile(r"[^A-Za-z0-9._~-]+")


def recognises(document: Document) -> bool:
    return "realm" in document and any(
        name in document for name in ("users", "clients", "roles", "enabled", "clientScopes")
    )


def carry(documents: Sequence[Document], losses: Losses) -> dict[str, Any]:
    realms: dict[str, dict[str, Any]] = {}
    for document in documents:  # a folder has the users of a realm in files of their own
        realm = realms.setdefault(str(document.get("realm")), {})
        for name, value in document.items():
            both = isinstance(value, list) and isinstance(realm.get(name), list)
            realm[name] = [*realm[name], *value] if both else value
    seed: dict[str, Any] = {"issuers": {}, "scopes": {}, "resources": {}}
    for name, realm in realms.items():
        issuer = _ALPHABET.sub("-", name).strip("-.") or "realm"
        prefix = f"{name}." if len(realms) > 1 else ""
        own = _realm(realm, seed, _Prefixed(losses, prefix) if prefix else losses)
        own |= {} if issuer == name else {"path": f"/realms/{name}"}
        # several realms have users and clients of their own
        seed["issuers"][issuer] = own if prefix else {key: own[key] for key in own if key not in ("users", "clients")}
        seed.update({} if prefix else {key: own[key] for key in ("users", "clients")})
    return present(seed)


class _Prefixed(Losses):
    """What was lost of one realm of several."""

    def __init__(self, losses: Losses, prefix: str) -> None:
        super().__init__(losses.found)
        self._prefix = prefix

    def note(self, name: str, reason: str) -> None:
        super().note(f"{self._prefix}{name}", reason)


def _realm(realm: Document, seed: dict[str, Any], losses: Losses) -> dict[str, Any]:
    _note_lost(realm, losses)
    roles, scopes = Roles(realm), ClientScopes(realm, losses)
    found = dict(clients(realm, roles, scopes, losses))
    seed["scopes"] |= {each: each for each in REQUESTED} | scopes.descriptions
    audiences = [each["default_audience"] for each in found.values() if "default_audience" in each]
    bearers = [text(each, "clientId") for each in tables(realm, "clients") if each.get("bearerOnly")]
    seed["resources"] |= dict.fromkeys(["account", *audiences, *(each for each in bearers if each and each not in OWN)])
    grants = {grant for each in found.values() for grant in each["grants"]}
    implicit = any("response_types" in each for each in found.values())
    access, inside, shown = (scopes.cases()[place] for place in ("access_token", "id_token", "userinfo"))
    return present(
        {
            "profile": "keycloak",
            "lifetimes": present({key: realm.get(said) for key, said in LIFETIMES.items()}),
            "device_interval": realm.get("oauth2DevicePollingInterval"),
            "signing_algorithm": _algorithm(realm, losses),
            "grants": [grant for grant in names.GRANTS if grant in grants],
            "features": {"implicit": True, "hybrid": True} if implicit else None,
            "refresh_grace": 0 if realm.get("revokeRefreshToken") else None,
            "failed_logins": _failed_logins(realm),
            "access_token": present({"claims": {"realm_access": {"roles": "{user.roles}"}}, "cases": access}),
            "id_token": present({"cases": inside}),
            "userinfo": present({"cases": shown}),
        }
    ) | {"users": dict(users(realm, roles, losses)), "clients": found}


def _note_lost(realm: Document, losses: Losses) -> None:
    for key, reason in _LOST.items():
        if realm.get(key) and reason:
            losses.note(key, reason)
    flows = [str(flow.get("alias")) for flow in tables(realm, "authenticationFlows") if not flow.get("builtIn")]
    if flows:
        losses.note("authenticationFlows", f"the login pages are devidp's own: {', '.join(flows)}")
    components = table(realm, "components")
    for kind in components:
        if kind.endswith("UserStorageProvider"):
            losses.note("components", "devidp asks no other directory; export the users into files")
        if kind.endswith("KeyProvider"):
            losses.note("components", "devidp makes keys of its own; name a file as signing_key_file to keep yours")
    if realm.get("enabled") is False:
        losses.note("enabled", "a disabled realm is an issuer like any other here")
    if realm.get("registrationAllowed"):
        losses.note("registrationAllowed", "nobody makes an account here; add users to the seed or at run time")
    if "acr.loa.map" in table(realm, "attributes"):
        losses.note("attributes.acr.loa.map", "acr_values of the issuer says what one factor reaches, and what two")


def _algorithm(realm: Document, losses: Losses) -> str | None:
    algorithm = text(realm, "defaultSignatureAlgorithm")
    if algorithm in ("", *names.SIGNING_ALGORITHMS):
        return algorithm or None
    losses.note("defaultSignatureAlgorithm", f"devidp does not sign with {algorithm}")
    return None


def _failed_logins(realm: Document) -> dict[str, Any] | None:
    if not realm.get("bruteForceProtected"):
        return None
    return present({"limit": realm.get("failureFactor"), "within": realm.get("maxDeltaTimeSeconds")}) or None
