"""navikt's mock-oauth2-server: its ``JSON_CONFIG``, with the claims of its token callbacks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from devidp.oauth import names
from devidp.seed.imports.document import Document, present, table, tables
from devidp.seed.imports.lost import Losses
from devidp.seed.imports.templates import filled, from_dollars

AUDIENCE = "default"
"""What its tokens are for when nothing else is said."""
USER, CLIENT = "alice", "app"
SETTINGS = ("tokenCallbacks", "interactiveLogin", "httpServer", "tokenProvider", "rotateRefreshToken", "loginPagePath",
            "staticAssetsPath")  # fmt: skip
PLACEHOLDERS = {
    "clientId": "client_id", "client_id": "client_id", "scope": "scope", "grant_type": "grant",
    "subject": "username", "username": "username", "audience": "aud", "resource": "aud",
}  # fmt: skip
CONDITIONS = {"scope": "scope", "client_id": "client", "grant_type": "grant", "audience": "resource",
              "resource": "resource"}  # fmt: skip
"""Parameters of a token request, and the condition of a case that asks the same."""
GIVEN = {
    "code": names.AUTHORIZATION_CODE,
    "code_verifier": names.AUTHORIZATION_CODE,
    "refresh_token": names.REFRESH_TOKEN,
    "assertion": names.JWT_BEARER,
    "requested_token_use": names.JWT_BEARER,
    "subject_token": names.TOKEN_EXCHANGE,
    "password": names.PASSWORD,
}
"""Parameters that only requests of one grant have."""
PEOPLE = ("subject", "username")
ANYTHING = ("*", ".*", ".+")
_LITERALS = re.compile(r"[^\\^$*+?()\[\]{}|]+(?:\|[^\\^$*+?()\[\]{}|]+)*")


def recognises(document: Document) -> bool:
    return any(name in document for name in ("tokenCallbacks", "interactiveLogin", "tokenProvider"))


def carry(documents: Sequence[Document], losses: Losses) -> dict[str, Any]:
    config = {name: value for document in documents for name, value in document.items()}
    for name in config:
        if name not in SETTINGS:
            losses.note(name, "devidp does not know this setting")
    for name in ("loginPagePath", "staticAssetsPath"):
        if config.get(name):
            losses.note(name, "the pages are devidp's own")
    if "ssl" in table(config, "httpServer"):
        losses.note("httpServer.ssl", "start devidp with --tls")
    if table(config, "tokenProvider").get("systemTime"):
        losses.note("tokenProvider.systemTime", "set the clock when devidp runs: `devidp clock --set`")
    found = _Found()
    issuers = {str(each.get("issuerId") or "default"): _issuer(config, each, found, losses)
               for each in tables(config, "tokenCallbacks")}  # fmt: skip
    rotate = bool(config.get("rotateRefreshToken"))
    return {
        "issuers": issuers or {"default": _issuer(config, {}, found, losses)},
        "scopes": {name: name for name in ("openid", "profile", "email", "offline_access", *found.scopes)},
        "resources": dict.fromkeys([AUDIENCE, *found.resources]),
        "users": {USER: None} | found.users,
        "clients": {client_id: _client(client_id, rotate) for client_id in dict.fromkeys([CLIENT, *found.clients])},
    }


class _Found:
    """What the mappings name."""

    def __init__(self) -> None:
        self.scopes: list[str] = []
        self.resources: list[str] = []
        self.clients: list[str] = []
        self.users: dict[str, Any] = {}


def _client(client_id: str, rotate: bool) -> dict[str, Any]:
    return {
        "secret": f"{client_id}-secret",
        "grants": [name for name in names.GRANTS if name != names.DEVICE_CODE],
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
        "rotate_refresh_tokens": rotate,
        "consent": "skipped",
    }


def _issuer(config: Document, callback: Document, found: _Found, losses: Losses) -> dict[str, Any]:
    name = f"tokenCallbacks.{callback.get('issuerId', 'default')}"
    expiry, provider = callback.get("tokenExpiry"), table(config, "tokenProvider", "keyProvider")
    mappings = tables(callback, "requestMappings")
    always: dict[str, Any] = {}
    cases, extra = [], set[str]()
    for index, mapping in enumerate(mappings):
        case = _case(f"{name}.requestMappings[{index}]", mapping, found, extra, losses)
        if case is not None and not case["when"]:
            always = case["claims"]
            if mappings[index + 1 :]:
                losses.note(
                    f"{name}.requestMappings[{index}]", "it matches everything, so that those after it never count"
                )
            break
        cases += [] if case is None else [case]
    if len(cases) > 1:
        losses.note(f"{name}.requestMappings", "of several that match, only the first counts there; here all do, the "
                                               "first one last, so that its claims win")  # fmt: skip
    types = {str(mapping.get("typeHeader") or "JWT") for mapping in mappings} or {"JWT"}
    if len(types) > 1:
        losses.note(f"{name}.requestMappings", f"typeHeader is the same for all tokens of an issuer here: JWT, not "
                                               f"{' or '.join(sorted(types))}")  # fmt: skip
    cases.reverse()  # the first mapping wins
    if any("aud" in each for each in (always, *(case["claims"] for case in cases))):
        losses.note(name, "the aud of mappings is that of access tokens; ID tokens are for their client")
    keys = provider.get("initialKeys")
    # who asks for no scope gets none there, and no case for one
    return {"default_scopes": []} | present(
        {
            "lifetimes": {"access_token": expiry, "id_token": expiry} if expiry else None,
            "signing_algorithm": provider.get("algorithm"),
            "signing_key": json.loads(keys) if isinstance(keys, str) and keys.startswith("{") else None,
            "grants": list(names.GRANTS),
            "pkce": {"required": False, "plain": True},
            "client_authentication": "lenient",
            "unknown_clients": "accept",
            "unknown_users": "accept",
            "unknown_scopes": "ignore",
            "unknown_resources": "accept",
            "default_audience": AUDIENCE,
            "auto_approve": None if config.get("interactiveLogin", True) else USER,
            "access_token_claims": sorted(extra) or None,
            "claims_in_id_token": True,
            "access_token": {"typ": "JWT" if len(types) > 1 else types.pop(), "claims": always, "cases": cases},
            "id_token": _of(always, cases, lambda claim: claim != "aud"),
            # what UserInfo has to say alike (OpenID Connect Core section 5.3.2)
            "userinfo": _of(always, cases, lambda claim: claim == "sub"),
        }
    )


def _of(always: Document, cases: Sequence[Document], wanted: Callable[[str], bool]) -> dict[str, Any]:
    """The shape with those claims only that are ``wanted``."""
    some = [{"when": case["when"], "claims": _only(case["claims"], wanted)} for case in cases]
    return present({"claims": _only(always, wanted), "cases": [case for case in some if case["claims"]]})


def _only(claims: Document, wanted: Callable[[str], bool]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if wanted(name)}


def _case(name: str, mapping: Document, found: _Found, extra: set[str], losses: Losses) -> dict[str, Any] | None:
    parameter, match = str(mapping.get("requestParam")), str(mapping.get("match"))
    written = table(mapping, "claims")
    if parameter in PEOPLE and match not in ANYTHING and _LITERALS.fullmatch(match):
        for username in match.split("|"):
            claims = dict(_claims(name, written, losses, dict.fromkeys(PEOPLE, username)))
            extra.update(claims)
            own = _only(claims, lambda claim: claim not in ("sub", "aud"))
            found.users[username] = present({"sub": claims.get("sub"), "claims": own})
        return None
    when = _condition(parameter, match)
    if when is None:
        losses.note(name, f"a case asks for scope, client, grant, resource or user, and not whether {parameter} is "
                          f"{match!r}")  # fmt: skip
        return None
    found.scopes += [each for each in when.get("scope", ()) if each not in found.scopes]
    found.resources += [each for each in when.get("resource", ()) if each not in found.resources]
    found.clients += [each for each in when.get("client", ()) if each not in found.clients]
    return {"when": when, "claims": dict(_claims(name, written, losses))}


def _condition(parameter: str, match: str) -> dict[str, Any] | None:
    """The condition that is true of the same requests; ``None`` where there is none."""
    anything = match in ANYTHING
    if parameter in GIVEN and (anything or parameter == "requested_token_use"):
        return {"grant": [GIVEN[parameter]]}
    if parameter in PEOPLE and anything:
        return {"user": True}
    if parameter not in CONDITIONS:
        return None
    if anything:
        return {}
    return {CONDITIONS[parameter]: match.split("|")} if _LITERALS.fullmatch(match) and " " not in match else None


def _claims(
    name: str, claims: Document, losses: Losses, values: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Any]]:
    """Those that can be: as templates, or with ``values`` in place of the parameters."""
    for claim, value in claims.items():
        if claim == "iss":
            losses.note(f"{name}.claims.iss", "the issuer of a token is the one that signs it")
            continue
        try:
            yield claim, from_dollars(value, PLACEHOLDERS) if values is None else filled(value, values)
        except KeyError as unknown:
            losses.note(f"{name}.claims.{claim}", f"nothing stands for the parameter {unknown.args[0]} of the request")
