"""What the checks look at, gathered once: the addresses that a client would ask, in its order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from devidp.oauth import well_known
from devidp.tools.doctor import web
from devidp.tools.doctor.web import Response

RESOURCE = "oauth-protected-resource"
OAUTH, OPENID = "oauth-authorization-server", "openid-configuration"
REDIRECT = "http://127.0.0.1:43117/callback"
NOT_ASKED = Response("")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "devidp doctor", "version": "1"},
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """An MCP server, and what it says of itself."""

    url: str
    unauthorized: Response
    garbage: Response
    challenge: dict[str, str]
    documents: dict[str, Response]
    """Protected-resource metadata by where it was looked for: challenge, path, root."""

    @property
    def metadata(self) -> dict[str, Any]:
        return next((answer.members for answer in self.documents.values() if _is_document(answer)), {})

    @property
    def issuers(self) -> list[str]:
        named = self.metadata.get("authorization_servers")
        return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []

    @property
    def scopes(self) -> list[str]:
        """What clients are told to ask for, in the challenge or the metadata."""
        named = self.metadata.get("scopes_supported")
        return [*self.challenge.get("scope", "").split(), *map(str, named if isinstance(named, list) else ())]


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """An issuer, its metadata, and what it answers to a client that registers and asks."""

    url: str
    documents: dict[str, Response]
    registration: Response | None = None
    """``None``: there is no endpoint."""
    without_proof: Response = NOT_ASKED
    foreign_redirect: Response = NOT_ASKED
    other_port: Response = NOT_ASKED
    token_error: Response | None = None
    token_preflight: Response | None = None
    jwks: Response | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def server_facts(url: str) -> ServerFacts:
    unauthorized = web.post_json(url, INITIALIZE)
    challenge = challenge_of(unauthorized)
    addresses = {
        "challenge": challenge.get("resource_metadata", ""),
        "path": well_known.before_path(RESOURCE, url),
        "root": urlsplit(url)._replace(path=f"/.well-known/{RESOURCE}", query="").geturl(),
    }
    documents = {where: web.get(address) for where, address in addresses.items() if address}
    garbage = web.post_json(url, INITIALIZE, Authorization="Bearer garbage")
    return ServerFacts(url, unauthorized, garbage, challenge, documents)


def issuer_documents(url: str) -> dict[str, Response]:
    """The metadata of ``url`` at each address at which clients look for it."""
    before, after = well_known.before_path, well_known.after_path
    addresses = (before(OAUTH, url), before(OPENID, url), after(OPENID, url))
    return {address: web.get(address) for address in dict.fromkeys(addresses)}


def issuer_facts(url: str) -> IssuerFacts:
    documents = issuer_documents(url)
    metadata = next((answer.members for answer in documents.values() if _is_document(answer)), {})
    endpoint = {name: value for name, value in metadata.items() if isinstance(value, str)}
    registration = register(endpoint["registration_endpoint"]) if "registration_endpoint" in endpoint else None
    client = str(registration.members.get("client_id", "")) if registration else ""
    authorize, token = endpoint.get("authorization_endpoint"), endpoint.get("token_endpoint")
    answers: dict[str, Response] = {}
    if authorize and client:
        asked = {"response_type": "code", "client_id": client, "redirect_uri": REDIRECT, "state": "doctor"}
        proof = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
        answers["without_proof"] = web.get_with(authorize, asked)
        foreign = {**asked, **proof, "redirect_uri": "https://attacker.example/callback"}
        answers["foreign_redirect"] = web.get_with(authorize, foreign)
        other = {**asked, **proof, "redirect_uri": REDIRECT.replace("43117", "43118")}
        answers["other_port"] = web.get_with(authorize, other)
    if token:
        form = {"grant_type": "authorization_code", "code": "none", "client_id": client or "none"}
        answers["token_error"] = web.post_form(token, {**form, "redirect_uri": REDIRECT, "code_verifier": "v" * 43})
        answers["token_preflight"] = web.preflight(token)
    if "jwks_uri" in endpoint:
        answers["jwks"] = web.get(endpoint["jwks_uri"])
    if registration:
        unregister(registration)
    return IssuerFacts(url, documents, registration, metadata=metadata, **answers)


def register(endpoint: str) -> Response:
    client = {
        "client_name": "devidp doctor",
        "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }
    return web.post_json(endpoint, client)


def unregister(registration: Response) -> None:
    """Leave nothing behind, where the server says how (RFC 7592 section 2.3)."""
    address, token = (
        registration.members.get(name) for name in ("registration_client_uri", "registration_access_token")
    )
    if isinstance(address, str) and isinstance(token, str):
        web.send("DELETE", address, headers={"Authorization": f"Bearer {token}"})


def challenge_of(answer: Response) -> dict[str, str]:
    """The parameters of a Bearer challenge; empty where there is none."""
    scheme, _, parameters = answer.headers.get("www-authenticate", "").partition(" ")
    if scheme.lower() != "bearer":
        return {}
    return {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', parameters)}


def _is_document(answer: Response) -> bool:
    return answer.status == 200 and bool(answer.members)
