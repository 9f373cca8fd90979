"""The keys of an issuer that does what the metadata of a provider says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from devidp.oauth import names, redirect_uri
from devidp.oauth.endpoints import DERIVED, MEMBERS, PATHS
from devidp.tools.recording.provider import Provider

Metadata = Mapping[str, Any]
Notes = list[str]
"""What is not carried over, a sentence each."""
ADDRESSES = {"issuer", *MEMBERS.values()}
ID_JAG = ("authorization_grant_profiles_supported", "identity_chaining_requested_token_types_supported")
SIGNING = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}


def _has(member: str) -> Callable[[Metadata], bool]:
    return lambda metadata: bool(metadata.get(member))


def _lists(member: str, *values: str) -> Callable[[Metadata], bool]:
    return lambda metadata: not set(values).isdisjoint(texts(metadata.get(member)))


def _response_types(metadata: Metadata, *, code: bool) -> bool:
    asked = [set(each.split()) for each in texts(metadata.get("response_types_supported"))]
    return any(len(each - {"none"}) > 1 if code else bool(each) for each in asked if ("code" in each) is code)


FEATURES: Mapping[str, Callable[[Metadata], bool]] = {
    names.USERINFO: _has("userinfo_endpoint"),
    names.INTROSPECTION: _has("introspection_endpoint"),
    names.REVOCATION: _has("revocation_endpoint"),
    names.REGISTRATION: _has("registration_endpoint"),
    names.PAIRWISE: _lists("subject_types_supported", "pairwise"),
    names.CLIENT_DOCUMENTS: _has("client_id_metadata_document_supported"),
    names.LOGOUT: _has("end_session_endpoint"),
    names.BACKCHANNEL_LOGOUT: _has("backchannel_logout_supported"),
    names.FRONTCHANNEL_LOGOUT: _has("frontchannel_logout_supported"),
    names.SECRET_JWT: _lists("token_endpoint_auth_methods_supported", names.SECRET_JWT),
    names.PRIVATE_KEY_JWT: _lists("token_endpoint_auth_methods_supported", names.PRIVATE_KEY_JWT),
    names.DPOP: _has("dpop_signing_alg_values_supported"),
    names.SIGNED_USERINFO: _has("userinfo_signing_alg_values_supported"),
    names.SIGNED_INTROSPECTION: _has("introspection_signing_alg_values_supported"),
    names.ID_JAG: lambda metadata: any(map(metadata.get, ID_JAG)),
    names.FORM_POST: _lists("response_modes_supported", "form_post"),
    names.WEB_MESSAGE: _lists("response_modes_supported", "web_message"),
    names.CLAIMS_PARAMETER: _has("claims_parameter_supported"),
    names.PUSHED_REQUESTS: _has("pushed_authorization_request_endpoint"),
    names.REQUIRE_PUSHED_REQUESTS: _has("require_pushed_authorization_requests"),
    names.REQUEST_OBJECTS: _has("request_parameter_supported"),
    names.REQUEST_URI: _has("request_uri_parameter_supported"),
    names.REQUIRE_REQUEST_OBJECTS: _has("require_signed_request_object"),
    names.UNSIGNED_REQUEST_OBJECTS: _lists("request_object_signing_alg_values_supported", "none"),
    names.IMPLICIT: lambda metadata: _response_types(metadata, code=False),
    names.HYBRID: lambda metadata: _response_types(metadata, code=True),
}
"""How the metadata says that a feature is on."""


def settings_of(provider: Provider, notes: Notes) -> dict[str, Any]:
    """Keys of an issuer that serves what ``provider`` says of itself; ``notes`` is told what these cannot say."""
    metadata = provider.metadata
    found: dict[str, Any] = {
        **_place(provider),
        "endpoints": dict(_endpoints(provider, notes)),
        **_keys(provider, notes),
        "grants": _grants(metadata, notes),
        "features": _features(metadata, provider),
        "pkce": _pkce(metadata),
        "acr_values": _acr_values(metadata, notes),
    }
    return {key: value for key, value in found.items() if value not in (None, {}, [])}


def _place(provider: Provider) -> dict[str, str]:
    path = urlsplit(provider.issuer).path
    return {"url": path} if path == "/" else {"path": path or "/"}


def _endpoints(provider: Provider, notes: Notes) -> Iterator[tuple[str, str]]:
    issuer = urlsplit(provider.issuer)
    members = {**{name: provider.metadata.get(member) for name, member in MEMBERS.items()}, **_documents(provider)}
    for name, address in members.items():
        parts = redirect_uri.split(address) if isinstance(address, str) else None
        if parts is None:
            continue
        if parts.netloc != issuer.netloc:
            notes.append(f"endpoints.{name}: it is at {parts.netloc}, another host than that of the issuer")
        if parts.query:
            notes.append(f"endpoints.{name}: its address has a query, {parts.query}")
        below = f"{issuer.path.rstrip('/')}/"
        if parts.path != below.rstrip("/") + PATHS[name]:
            yield name, parts.path.removeprefix(below)


def _documents(provider: Provider) -> dict[str, str]:
    """The address of the metadata, where it is not that of the issuer."""
    for name in ("openid-configuration", "oauth-authorization-server"):
        if name in provider.found_at:
            return {name: provider.found_at}
    return {}


def _keys(provider: Provider, notes: Notes) -> dict[str, Any]:
    signing = [key for key in provider.keys if key.get("use", "sig") == "sig" and str(key.get("kty")) in SIGNING]
    if not signing:
        notes.append(f"signing_algorithm: {provider.keys_problem}")
        return {}
    key = signing[0]
    algorithm = key.get("alg", SIGNING[key["kty"]])
    if algorithm not in names.SIGNING_ALGORITHMS:
        notes.append(f"signing_algorithm: {algorithm}, with which devidp does not sign")
        return {}
    size = _bits(key)
    found = {"signing_algorithm": algorithm} if algorithm != "RS256" else {}
    return {**found, "key_size": size} if size in names.RSA_KEY_SIZES[1:] else found


def _bits(key: Metadata) -> int:
    """Of an RSA modulus: base64url has six bits a character (RFC 7518 section 6.3.1.1)."""
    return len(key["n"].rstrip("=")) * 6 // 256 * 256 if isinstance(key.get("n"), str) else 0


def _grants(metadata: Metadata, notes: Notes) -> list[str] | None:
    if "grant_types_supported" not in metadata:
        notes.append("grants: the metadata names none, so these are devidp's own")
        return None
    named = texts(metadata["grant_types_supported"])
    unknown = [each for each in named if each not in (*names.GRANTS, "implicit")]
    if unknown:
        notes.append(f"grants: {', '.join(unknown)}, which devidp does not know")
    known = [each for each in names.GRANTS if each in named]
    return known if set(known) != set(names.DEFAULT_GRANTS) else None


def _features(metadata: Metadata, provider: Provider) -> dict[str, bool]:
    on = {name: reads(metadata) for name, reads in FEATURES.items()}
    on[names.X5C] = any("x5c" in key for key in provider.keys)
    needed = {
        name: value for name, value in on.items() if names.PART_OF.get(name) is None or on.get(names.PART_OF[name])
    }
    return {name: value for name, value in needed.items() if value is (name in names.OFF_BY_DEFAULT)}


def _pkce(metadata: Metadata) -> dict[str, bool]:
    methods = texts(metadata.get("code_challenge_methods_supported"))
    found = {} if methods else {"required": False}
    return {**found, "plain": True} if "plain" in methods else found


def _acr_values(metadata: Metadata, notes: Notes) -> list[str] | dict[str, int] | None:
    """Two are what one factor reaches and what a second one does."""
    values = texts(metadata.get("acr_values_supported"))
    if len(values) == 2:
        return values
    if values:
        notes.append("acr_values: the metadata does not say which of them a second factor reaches, here the last one")
    return {value: 2 if value == values[-1] and len(values) > 1 else 1 for value in values} or None


def members(theirs: Metadata, ours: Metadata, notes: Notes) -> Iterator[tuple[str, Any]]:
    """What makes our metadata look like theirs, where it says nothing of what devidp does.

    Addresses are those of the provider, and stay there.
    """
    yield from ((name, None) for name in ours if name not in theirs)
    other = {name: value for name, value in theirs.items() if ours.get(name) != value}
    for name, value in other.items():
        if name not in DERIVED and "://" in str(value):
            notes.append(f"metadata.{name}: it has an address of the provider")
        elif name not in DERIVED:
            yield name, value
    if does := [name for name in other if name in DERIVED and name not in ADDRESSES]:
        notes.append(f"metadata: devidp does, and says, something else in {', '.join(does)}")


def texts(value: object) -> list[str]:
    """What is text in a list; nothing where it is none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
