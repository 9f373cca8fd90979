"""Clients of a realm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.oauth import names
from devidp.seed.imports.document import Document, present, table, tables, text, texts
from devidp.seed.imports.keycloak import addresses
from devidp.seed.imports.keycloak.mappers import shapes
from devidp.seed.imports.keycloak.roles import Roles, claims
from devidp.seed.imports.keycloak.scopes import ClientScopes
from devidp.seed.imports.lost import Losses

OWN = {"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
"""Clients that every realm has."""
GRANTS = {
    "standardFlowEnabled": names.AUTHORIZATION_CODE,
    "implicitFlowEnabled": names.AUTHORIZATION_CODE,
    "directAccessGrantsEnabled": names.PASSWORD,
    "serviceAccountsEnabled": names.CLIENT_CREDENTIALS,
}
MORE_GRANTS = {
    "oauth2.device.authorization.grant.enabled": names.DEVICE_CODE,
    "standard.token.exchange.enabled": names.TOKEN_EXCHANGE,
}
METHODS = {"client-secret": None, "client-jwt": names.PRIVATE_KEY_JWT, "client-secret-jwt": names.SECRET_JWT}
SAME = {
    "id.token.signed.response.alg": "id_token_signed_response_alg",
    "user.info.response.signature.alg": "userinfo_signed_response_alg",
    "request.object.signature.alg": "request_object_signing_alg",
    "backchannel.logout.url": "backchannel_logout_uri",
    "jwks.url": "jwks_uri",
}
"""Attributes that are keys of the seed."""
_LOST = {
    "authorizationServicesEnabled": "devidp has no UMA permissions",
    "authenticationFlowBindingOverrides": "the login pages are devidp's own",
}
_ATTRIBUTES = {
    "oidc.ciba.grant.enabled": "devidp has no CIBA",
    "access.token.signed.response.alg": "access tokens are signed as the issuer or the resource says",
    "tls.client.certificate.bound.access.tokens": "devidp does not bind tokens to certificates",
}


def clients(
    realm: Document, roles: Roles, scopes: ClientScopes, losses: Losses
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those that can get tokens, by client_id."""
    accounts = {str(user.get("serviceAccountClientId")): user for user in tables(realm, "users")}
    for entry in tables(realm, "clients"):
        client_id = text(entry, "clientId")
        name = f"clients.{client_id}"
        if not client_id or client_id in OWN or client_id.endswith("-realm"):
            continue
        if entry.get("protocol", "openid-connect") != "openid-connect":
            losses.note(name, "devidp has no SAML")
        elif entry.get("bearerOnly"):
            losses.note(name, "it gets no tokens: it is a resource of the seed")
        elif not (grants := _grants(entry)):
            losses.note(name, "no flow is enabled for it, so that it gets no tokens")
        else:
            yield (
                client_id,
                _client(name, entry, grants, losses)
                | _shapes(name, entry, scopes, roles, accounts.get(client_id), losses),
            )


def _grants(entry: Document) -> list[str]:
    attributes = table(entry, "attributes")
    # what the file does not say is on for the code flow alone
    found = [grant for key, grant in GRANTS.items() if entry.get(key, key == "standardFlowEnabled")]
    found += [grant for key, grant in MORE_GRANTS.items() if _is_on(attributes, key)]
    with_user = set(found) - {names.CLIENT_CREDENTIALS, names.TOKEN_EXCHANGE}
    if with_user and str(attributes.get("use.refresh.tokens", "true")).lower() == "true":
        found.append(names.REFRESH_TOKEN)
    # Keycloak ignores service accounts of clients that do not authenticate
    return [
        each for each in dict.fromkeys(found) if not (entry.get("publicClient") and each == names.CLIENT_CREDENTIALS)
    ]


def _is_on(attributes: Document, name: str) -> bool:
    return str(attributes.get(name)).lower() == "true"


def _client(name: str, entry: Document, grants: list[str], losses: Losses) -> dict[str, Any]:
    attributes, public = table(entry, "attributes"), bool(entry.get("publicClient"))
    for key, reason in _LOST.items():
        if entry.get(key):
            losses.note(f"{name}.{key}", reason)
    for key, reason in _ATTRIBUTES.items():
        if attributes.get(key) not in (None, "", "false"):
            losses.note(f"{name}.attributes.{key}", reason)
    if entry.get("fullScopeAllowed") is False:
        losses.note(f"{name}.fullScopeAllowed", "a user has the same roles at every client here")
    method = text(entry, "clientAuthenticatorType") or "client-secret"
    if not public and method not in METHODS:
        losses.note(f"{name}.clientAuthenticatorType", f"devidp does not know {method}; the client has a secret here")
    redirects = addresses.redirect_uris(name, entry, losses) if names.AUTHORIZATION_CODE in grants else []
    lifespan = str(attributes.get("access.token.lifespan"))
    return present(
        {
            "name": None if str(entry.get("name", "")).startswith("${") else entry.get("name"),
            "public": public or None,
            "secret": None if public or method == "client-jwt" else _secret(name, entry, losses),
            "auth_method": None if public else METHODS.get(method),
            "grants": grants,
            "response_types": _response_types(entry),
            "redirect_uris": redirects,
            "post_logout_redirect_uris": addresses.after_logout(name, attributes, redirects, losses),
            "frontchannel_logout_uri": attributes.get("frontchannel.logout.url")
            if entry.get("frontchannelLogout")
            else None,
            "lifetimes": {"access_token": int(lifespan)} if lifespan.isdigit() else None,
            "pkce": {"required": True} if attributes.get("pkce.code.challenge.method") else None,
            "dpop_bound": _is_on(attributes, "dpop.bound.access.tokens") or None,
            "consent": "remembered" if entry.get("consentRequired") else "skipped",
            "disabled": entry.get("enabled") is False or None,
            **{key: _same(attributes.get(attribute)) for attribute, key in SAME.items()},
        }
    )


def _same(value: Any) -> Any:
    return None if value in ("", "any", "not required", "unsigned") else value


def _secret(name: str, entry: Document, losses: Losses) -> str:
    secret = entry.get("secret")
    if isinstance(secret, str) and secret.strip("*"):
        return secret
    losses.note(f"{name}.secret", "the export does not show it; the seed has the client_id in its place")
    return str(entry.get("clientId"))


def _response_types(entry: Document) -> list[str] | None:
    if not entry.get("implicitFlowEnabled"):
        return None
    implicit = ["id_token", "token", "id_token token"]
    code = ["code", "code id_token", "code token", "code id_token token"]
    return [*code, *implicit] if entry.get("standardFlowEnabled", True) else implicit


def _shapes(
    name: str, entry: Document, scopes: ClientScopes, roles: Roles, account: Document | None, losses: Losses
) -> dict[str, Any]:
    """What its mappers, and those of the scopes that it always has, say of its tokens."""
    found = scopes.always(texts(entry, "defaultClientScopes"))
    for place, own in shapes(name, entry, losses).items():
        found[place] = {**found.get(place, {}), **own}
    result: dict[str, Any] = {}
    access = dict(found.pop("access_token", {}))
    if origins := addresses.origins(entry):
        access["allowed-origins"] = origins
    audience = access.pop("aud", [])
    if len(audience) == 1:
        result["default_audience"] = audience[0]
    elif audience:
        access["aud"] = audience
    shape: dict[str, Any] = {"claims": access} if access else {}
    if account is not None:
        shape["cases"] = [{"when": {"user": False}, "claims": _of_itself(account, roles)}]
    if shape:
        result["access_token"] = shape
    return result | {place: {"claims": own} for place, own in found.items()}


def _of_itself(account: Mapping[str, Any], roles: Roles) -> dict[str, Any]:
    held = claims(roles.of(account))
    return present(
        {
            "sub": account.get("id"),
            "preferred_username": account.get("username"),
            "realm_access": {"roles": held["roles"]} if held["roles"] else None,
            "resource_access": held["resource_access"],
        }
    )
