"""The names that a seed defines, read ahead of its validation, so that a reference can be checked where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from devidp import models
from devidp.oauth import names, redirect_uri, resource
from devidp.oauth.identifiers import composed
from devidp.seed.defaults import ISSUER_NAME, OPENID_SCOPES
from devidp.seed.fields import Before, choice, count, text
from devidp.seed.problems import Refused, describe, join_names, suggestion
from devidp.seed.values import mapping


class References(NamedTuple):
    """What references may name, by section, and the files that were looked for."""

    names: Mapping[str, tuple[str, ...]]
    files: set[Path]


def look_ahead(data: Mapping[str, Any], files: set[Path]) -> References:
    """The names in ``data``, whatever else is wrong with it."""
    scopes = OPENID_SCOPES if data.get("scopes") is None else mapping(data["scopes"])
    sections = {
        "scopes": tuple(scopes),
        "resources": tuple(mapping(data.get("resources"))),
        "users": tuple(map(composed, _of_every_table(data, "users"))),
        "clients": _of_every_table(data, "clients"),
        "issuers": tuple(mapping(data.get("issuers"))) or (ISSUER_NAME,),
    }
    return References(sections, files)


def _of_every_table(data: Mapping[str, Any], section: str) -> tuple[str, ...]:
    owners = (data, *(mapping(settings) for settings in mapping(data.get("issuers")).values()))
    return tuple(dict.fromkeys(name for owner in owners for name in mapping(owner.get(section))))


def references(info: ValidationInfo) -> References:
    assert isinstance(info.context, References)
    return info.context


def _name_in(section: str) -> BeforeValidator:
    def check(value: object, info: ValidationInfo) -> str:
        name, known = text(value), references(info).names[section]
        if name not in known:
            raise Refused(f"{describe(name)}, but `{section}` has no {section[:-1]} of this name, "
                          f"expected one of: {join_names(known)}{suggestion(name, known)}")  # fmt: skip
        return name

    return BeforeValidator(check)


def _grant(value: object) -> str:
    full = names.SHORT_GRANTS.get(value, value) if isinstance(value, str) else ""
    return full if full in names.GRANTS else choice([*names.GRANTS, *names.SHORT_GRANTS])(value)


def _redirect_uri(value: str) -> str:
    if why := redirect_uri.problem(value):
        raise Refused(f"{describe(value)}, but {why}; a redirect URI is an absolute URI without a fragment")
    return value


def _key_size(value: object) -> int:
    size = count(value)
    if size not in names.RSA_KEY_SIZES:
        raise Refused(f"{describe(value)}, expected one of: {join_names(map(str, names.RSA_KEY_SIZES))}")
    return size


def _other_issuer(value: object, info: ValidationInfo) -> str:
    name, issuers = text(value), references(info).names["issuers"]
    if name not in issuers and redirect_uri.web_problem(name):
        raise Refused(f"{describe(name)}, neither an issuer of this seed nor the URL of another one, "
                      f"expected a URL, or one of: {join_names(issuers)}{suggestion(name, issuers)}")  # fmt: skip
    return name


def _web_address(value: str) -> str:
    if why := redirect_uri.web_problem(value):
        raise Refused(f"{describe(value)}, but {why}; expected an https URL, or http on this machine")
    return value


def _request_uri(value: str) -> str:
    # its fragment may be the hash of what is there (OpenID Connect Core section 6.2)
    _web_address(value.partition("#")[0])
    return value


def _resource_uri(value: str) -> str:
    try:
        return resource.checked(value)
    except ValueError as error:
        raise Refused(str(error)) from None


ScopeName = Annotated[str, _name_in("scopes")]
ResourceName = Annotated[str, _name_in("resources")]
UserName = Annotated[str, _name_in("users"), Before(lambda value: composed(value) if isinstance(value, str) else value)]
OtherIssuer = Annotated[str, BeforeValidator(_other_issuer)]
ClientName = Annotated[str, _name_in("clients")]
GrantName = Annotated[
    str, Before(_grant), WithJsonSchema({"type": "string", "enum": [*names.GRANTS, *names.SHORT_GRANTS]})
]
RedirectUri = Annotated[str, Before(text), AfterValidator(_redirect_uri)]
SigningAlgorithm = Annotated[models.SigningAlgorithm, Before(choice(names.SIGNING_ALGORITHMS))]
KeySize = Annotated[int, Before(_key_size), WithJsonSchema({"enum": list(names.RSA_KEY_SIZES)})]
AuthMethod = Annotated[
    Literal["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"],
    Before(choice(names.AUTH_METHODS)),
]
AccessTokenFormat = Annotated[models.AccessTokenFormat, Before(choice(("jwt", "opaque")))]
RefreshTokenFormat = Annotated[models.RefreshTokenFormat, Before(choice(("opaque", "jwt")))]
WebAddress = Annotated[str, Before(text), AfterValidator(_web_address)]
RequestUri = Annotated[str, Before(text), AfterValidator(_request_uri)]
ResourceUri = Annotated[str, Before(text), AfterValidator(_resource_uri)]
