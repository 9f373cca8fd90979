"""nanoidp: the two files of its configuration, settings.yaml and users.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from devidp.seed.imports.document import Document, items, present, table, tables, texts
from devidp.seed.imports.lost import Losses
from devidp.seed.problems import format_place, places

LOOPBACK = ["http://localhost/callback", "http://127.0.0.1/callback"]
GRANTS = ["authorization_code", "refresh_token", "client_credentials", "device_code", "password"]
CLAIMS = ("identity_class", "entitlements", "roles", "groups", "tenant", "source_acl", "attributes")
"""Keys of a user that are claims of the same name in its tokens."""
PREFIXES = {"roles": "ROLE_", "groups": "GROUP_", "identity_class": "IDENTITY_", "entitlements": "ENT_"}
"""What goes before the claims that ``authorities`` is made of, where the settings say nothing else."""
HERE = {
    "saml": "devidp has no SAML",
    "hooks": "devidp runs no programs of yours",
    "plugins": "devidp has no plugins",
    "session": "what signs the cookies is in the data folder of devidp",
    "logging": "see `devidp --help`",
    "runtime": "what changes at run time is in the data folder of devidp",
    "config_validation": "devidp always refuses what it does not know",
    "cors_allowed_origins": "every origin may call the endpoints that applications in a browser need",
}
"""Sections of the settings that a seed has no place for, and what there is instead."""
SHOWN = ("background_color", "header_color", "footer_color", "show_client_id", "show_description", "layout")


def recognises(document: Document) -> bool:
    """Whether it is one of the two files: either has sections of names that no other tool has."""
    users = [each for each in table(document, "users").values() if isinstance(each, dict)]
    return (
        any(name in document for name in ("authority_prefixes", "allowed_identity_classes"))
        or "clients" in table(document, "oauth")
        or "default_user" in document
        or any(name in user for user in users for name in ("identity_class", "source_acl", "attributes"))
    )


def carry(documents: Sequence[Document], losses: Losses) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for each in documents:
        settings.update(each)
    oauth = table(settings, "oauth")
    for name, reason in HERE.items():
        if settings.get(name):
            losses.note(name, reason)
    for place, value in places(settings):
        if isinstance(value, str) and "${" in value:
            losses.note(format_place(place), "a variable is text here; seeds have ${NAME} and ${NAME:-default}")
    audience = str(oauth.get("audience") or "default")
    scopes = texts(oauth, "scopes_supported") or ["openid", "profile", "email", "offline_access"]
    asked = [name for client in tables(oauth, "clients") for name in texts(client, "allowed_resources")]
    return present(
        {
            "issuers": {"default": _issuer(settings, oauth, audience, losses)},
            "scopes": {name: name for name in scopes},
            "resources": dict.fromkeys([audience, *asked]),
            "users": dict(_users(settings, losses)),
            "clients": dict(_clients(oauth, losses)),
        }
    )


def _issuer(settings: Document, oauth: Document, audience: str, losses: Losses) -> dict[str, Any]:
    where = urlsplit(str(oauth.get("issuer") or "http://localhost:8000"))
    losses.note("oauth.issuer", f"start devidp with --public-url {where.scheme}://{where.netloc} if your applications "
                                "compare the issuer")  # fmt: skip
    for name in ("issuer_from_request", "issuer_allowlist", "issuer_from_proxy_headers"):
        if oauth.get(name):
            losses.note(f"oauth.{name}", "the issuer of this seed has one URL; docs/seed.md says what follows a host")
    minutes, refresh = oauth.get("token_expiry_minutes"), oauth.get("refresh_token_expiry_minutes")
    device, strict = table(settings, "device_flow"), settings.get("security_profile") == "oauth21"
    key = table(settings, "jwt", "external_keys").get("private_key")
    if not key:
        losses.note("jwt.keys_dir", "devidp makes a key of its own; name a file as signing_key_file to keep yours")
    algorithm = str(table(settings, "jwt").get("algorithm") or "RS256")
    if algorithm != "RS256":
        losses.note("jwt.algorithm", f"nanoidp signs with RS256, whatever this says ({algorithm})")
    return present(
        {
            "path": where.path.rstrip("/") or "/",
            "grants": [name for name in GRANTS if name != "password" or not strict],
            "lifetimes": present(
                {
                    "access_token": f"{minutes}m" if minutes else "60m",
                    "id_token": f"{minutes}m" if minutes else "60m",
                    "refresh_token": f"{refresh}m" if refresh else "7d",
                    "device_code": device.get("code_expiry_seconds"),
                }
            ),
            "device_interval": device.get("polling_interval"),
            "pkce": None if strict or oauth.get("require_pkce") else {"required": False, "plain": True},
            "features": {
                "registration": bool(table(oauth, "dynamic_registration").get("enabled")),
                "client_id_metadata_documents": bool(table(oauth, "client_id_metadata_documents").get("enabled")),
            },
            "default_audience": audience,
            "unknown_resources": "accept",
            "signing_key_file": key,
            "access_token_claims": [*CLAIMS, "authorities"],
            "access_token": {"typ": "JWT", "claims": {"token_use": "access", "nbf": "{now}"}},
            "id_token": {"claims": {"token_use": "id"}},
        }
    )


def _clients(oauth: Document, losses: Losses) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in tables(oauth, "clients"):
        client_id = str(entry.get("client_id") or "")
        name, method = f"oauth.clients.{client_id}", entry.get("token_endpoint_auth_method")
        public = method == "none"
        redirects = texts(entry, "redirect_uris")
        if not redirects:
            losses.note(f"{name}.redirect_uris", "none is registered, which nanoidp takes for any; the seed has "
                                                 f"{' and '.join(LOOPBACK)}, on any port")  # fmt: skip
        if entry.get("allowed_resources"):
            losses.note(f"{name}.allowed_resources", "every client may name every resource of the seed")
        if shown := [each for each in SHOWN if each in entry]:
            losses.note(f"{name}.{shown[0]}", "the pages of devidp look alike for every client")
        audiences = texts(entry, "additional_audiences")
        yield (
            client_id,
            present(
                {
                    "name": entry.get("description"),
                    "secret": None if public else entry.get("client_secret"),
                    "public": public or None,
                    "auth_method": None if public else method,
                    "grants": [each for each in GRANTS if not public or each != "client_credentials"],
                    "redirect_uris": redirects or LOOPBACK,
                    "scopes": texts(entry, "allowed_scopes"),
                    "rotate_refresh_tokens": bool(public or oauth.get("refresh_token_rotation")),
                    "id_token": {"claims": {"aud": ["{client_id}", *audiences]}} if audiences else None,
                }
            ),
        )


def _users(settings: Document, losses: Losses) -> Iterator[tuple[str, dict[str, Any]]]:
    prefixes = {**PREFIXES, **table(settings, "authority_prefixes")}
    second_factor = table(settings, "login").get("totp")
    for username, entry in table(settings, "users").items():
        user, name = entry if isinstance(entry, dict) else {}, f"users.{username}"
        password = user.get("password")
        if isinstance(password, str) and password.startswith("$2"):
            losses.note(f"{name}.password", "it is a hash (bcrypt), of which no password comes; the user logs in by "
                                            "the button on the login page, or give one")  # fmt: skip
            password = None
        if user.get("totp_secret"):
            losses.note(f"{name}.totp_secret", "devidp simulates the second factor and takes any code of six digits")
        if user.get("description"):
            losses.note(f"{name}.description", "the login page shows names and claims")
        claims = {each: user.get(each) for each in CLAIMS} | {"tenant": user.get("tenant") or "default"}
        claims["roles"] = items(user, "roles") if "roles" in user else ["USER"]
        own = {key: value for key, value in user.items() if key not in _OF_A_USER}
        claims["attributes"] = {**own, **table(user, "attributes")}
        email = user.get("email") or f"{username}@example.org"
        yield (
            str(username),
            present(
                {
                    "password": None if password is None else str(password),
                    "mfa": "totp" if second_factor and user.get("totp_secret") else None,
                    "claims": present(
                        {
                            "name": str(username),
                            "preferred_username": str(username),
                            "email": email,
                            **claims,
                            "authorities": _authorities(claims, prefixes),
                        }
                    ),
                }
            ),
        )
    if settings.get("default_user"):
        losses.note("default_user", "what a client gets for itself speaks for no user here (RFC 6749 section 4.4)")


_OF_A_USER = {"password", "email", "description", "totp_secret", *CLAIMS}


def _authorities(claims: Mapping[str, Any], prefixes: Mapping[str, Any]) -> list[str]:
    """What nanoidp makes of the other claims, for Spring Security."""
    found = []
    for name in PREFIXES:
        values = (str(value) for value in items(claims, name))
        found += [f"{prefixes[name]}{value.upper() if name in ('roles', 'groups') else value}" for value in values]
    found += texts(claims, "source_acl")
    attributes = table(claims, "attributes")
    return found + [
        f"{prefixes[name]}{value}" for name in attributes if name in prefixes for value in items(attributes, name)
    ]
