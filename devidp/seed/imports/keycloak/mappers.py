"""Protocol mappers of clients and client scopes, as claims of shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from devidp.seed.imports.document import Document, table, tables, text
from devidp.seed.imports.lost import Losses
from devidp.seed.imports.templates import literal

PROPERTIES = {
    "username": "{username}", "email": "{user.email}", "emailVerified": "{user.email_verified}", "id": "{sub}",
    "firstName": "{user.given_name}", "lastName": "{user.family_name}",
}  # fmt: skip
"""Properties of a user, as the users of the seed have them."""
BUILT_IN = {
    "oidc-allowed-origins-mapper", "oidc-acr-mapper", "oidc-sub-mapper", "oidc-audience-resolve-mapper",
    "oidc-usersessionmodel-note-mapper", "oidc-amr-mapper", "oidc-session-state-mapper",
    "oidc-nonce-backwards-compatible-mapper",
}  # fmt: skip
"""What the profile keycloak does for every token, or does not model."""
PLACES = {"access_token": "access.token.claim", "id_token": "id.token.claim", "userinfo": "userinfo.token.claim"}
"""The shapes, and the switches of a mapper for them."""
Shapes = dict[str, dict[str, Any]]
_PART = re.compile(r"(?<!\\)\.")


def shapes(name: str, holder: Document, losses: Losses) -> Shapes:
    """The claims that the mappers of ``holder`` set, by the key of the seed for it."""
    found: Shapes = {place: {} for place in PLACES}
    for mapper in tables(holder, "protocolMappers"):
        kind, config = str(mapper.get("protocolMapper")), table(mapper, "config")
        if kind in BUILT_IN or mapper.get("protocol", "openid-connect") != "openid-connect":
            continue
        if kind == "oidc-audience-mapper":
            audience = text(config, "included.client.audience") or text(config, "included.custom.audience")
            found["access_token"].setdefault("aud", []).append(literal(audience))
            continue
        make = _VALUES.get(kind)
        value = make(config) if make is not None else None
        claim = text(config, "claim.name") or _CLAIMS.get(kind)
        if value is None or not claim:
            losses.note(f"{name}.protocolMappers.{mapper.get('name')}", f"there is no template for {kind} set so")
            continue
        for place, switch in PLACES.items():
            if _is_on(config, switch, default=place != "userinfo" or _is_on(config, "id.token.claim", default=True)):
                _set(found[place], claim, value)
    return {place: claims for place, claims in found.items() if claims}


def _is_on(config: Document, switch: str, *, default: bool) -> bool:
    return str(config.get(switch, default)).lower() == "true"


def _set(claims: dict[str, Any], name: str, value: Any) -> None:
    """The claim ``a.b`` is ``b`` inside ``a``; a dot after a backslash is one."""
    *above, last = (part.replace("\\.", ".") for part in _PART.split(name))
    for part in above:
        claims = claims.setdefault(part, {})
    claims[last] = value


def _attribute(config: Document) -> str | None:
    name = config.get("user.attribute")
    return PROPERTIES.get(str(name), f"{{user.{name}}}") if name else None


def _hardcoded(config: Document) -> Any:
    value = config.get("claim.value")
    if config.get("jsonType.label", "String") == "String" or not isinstance(value, str):
        return literal(value)
    try:
        return literal(json.loads(value))
    except ValueError:
        return literal(value)


def _groups(config: Document) -> str:
    return "{user.groups}" if _is_on(config, "full.path", default=True) else "{user.group_names}"


def _client_roles(config: Document) -> str | None:
    """Those of one client under a name of its own would have to be looked up; a template does not look up."""
    everywhere = not config.get("usermodel.clientRoleMapping.clientId")
    usual = str(config.get("claim.name", "")).startswith("resource_access")
    return "{user.resource_access}" if everywhere and usual else None


_VALUES: Mapping[str, Callable[[Document], Any]] = {
    "oidc-usermodel-attribute-mapper": _attribute,
    "oidc-usermodel-property-mapper": lambda config: PROPERTIES.get(str(config.get("user.attribute"))),
    "oidc-full-name-mapper": lambda _: "{user.name}",
    "oidc-hardcoded-claim-mapper": _hardcoded,
    "oidc-usermodel-realm-role-mapper": lambda _: "{user.roles}",
    "oidc-usermodel-client-role-mapper": _client_roles,
    "oidc-group-membership-mapper": _groups,
}
_CLAIMS = {"oidc-full-name-mapper": "name"}
"""Mappers whose claim has one name."""
