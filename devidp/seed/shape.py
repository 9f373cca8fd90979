"""The model of a shape: what tokens and UserInfo say otherwise than the specifications have it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from devidp.models import TokenShape
from devidp.models.shape import Condition, HeaderType, ShapeCase
from devidp.models.template import PLACEHOLDERS, USER, problem
from devidp.oauth.names import OPENID_SCOPES
from devidp.seed.claims import read_json
from devidp.seed.entries import Entry
from devidp.seed.fields import EMPTY, Also, Before, Flag, Maybe, Text, choice, text
from devidp.seed.problems import Finding, Place, Refused, describe, join_names, suggestion
from devidp.seed.references import AuthMethod, ClientName, GrantName, ResourceName, references

FIXED = {
    "iss": "it is the URL of the issuer (`url`, `path`)",
    "exp": "it follows from `lifetimes`",
    "iat": "it is when the token is issued",
    "cnf": "it is the key that the client has proven",
    "nonce": "it is what the client has sent",
}
"""Claims that no shape changes, and why."""
COMPUTED = FIXED | {
    "at_hash": "it is the hash of the access token",
    "c_hash": "it is the hash of the code",
    "act": "it is who acts for the user",
    "userinfo_claims": "it is what the request has named",
}
"""Claims that no shape sets."""
_NO_SHAPE_SETS = {
    name: f"no shape sets {name}: {why}; a wrong one is a fault (`devidp faults`)" for name, why in COMPUTED.items()
}
STANDARD = ("sub", "aud", "client_id", "jti", "scope", "auth_time", "acr", "amr", "sid", *COMPUTED)
"""Claims that tokens have by the specifications."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _scope_name(value: object, info: ValidationInfo) -> str:
    name, known = text(value), {*references(info).names["scopes"], *OPENID_SCOPES}
    if name not in known:
        raise Refused(f"{describe(name)}, but `scopes` has no scope of this name{suggestion(name, known)}")
    return name


def templated(value: object, expected: str, fixed: Mapping[str, str]) -> dict[str, Any]:
    """JSON by name, with templates in texts; raises Refused, also for a name in ``fixed``, which says why."""
    if not isinstance(value, dict):
        raise Refused(f"{describe(value)}, expected a mapping of {expected}")
    found: dict[str, Any]
    found, findings = read_json(value)
    findings += [((name,), fixed[name]) for name in found if name in fixed]
    for name, template in found.items():
        findings += _template_findings(template, (name,))
    if findings:
        raise Refused(*findings)
    return found


def _claims(value: object) -> dict[str, Any]:
    return templated(value, 'claims, such as `azp: "{client_id}"`', _NO_SHAPE_SETS)


def _template_findings(value: object, place: Place) -> Iterator[Finding]:
    """What is wrong with the templates in a value."""
    if isinstance(value, dict):
        name = next(iter(value), "")
        if [*value.items()] == [(name, None)] and problem(f"{{{name}}}") is None:
            yield place, f'got a mapping; put the template in quotes: "{{{name}}}"'
            return
        for name, each in value.items():
            yield from _template_findings(name, (*place, name))
            yield from _template_findings(each, (*place, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _template_findings(each, (*place, index))
    elif isinstance(value, str) and (wrong := problem(value)):
        part, why = wrong
        hint = f", expected one of: {join_names(PLACEHOLDERS)} {USER}CLAIM{suggestion(part, PLACEHOLDERS)}"
        yield place, f"{describe(value)}, where {part!r} is {why}{hint if 'brace' not in why else ''}"


GrantedScope = Annotated[str, BeforeValidator(_scope_name)]


class WhenEntry(Entry):
    """Of which tokens a case is one: each key that is given has to hold; a list holds if one of its items does."""

    grant: Maybe[Annotated[list[GrantName], Before(_listed), Also({"type": "string"})]] = None
    """The grant by which the token was requested, such as client_credentials."""
    scope: Maybe[Annotated[list[GrantedScope], Before(_listed), Also({"type": "string"})]] = None
    """A granted scope."""
    client: Maybe[Annotated[list[ClientName], Before(_listed), Also({"type": "string"})]] = None
    """The client."""
    auth_method: Maybe[Annotated[list[AuthMethod], Before(_listed), Also({"type": "string"})]] = None
    """How the client authenticates: none for a public one."""
    resource: Maybe[Annotated[list[ResourceName], Before(_listed), Also({"type": "string"})]] = None
    """The resource that the token is for."""
    user: Maybe[Flag] = None
    """Whether it speaks for a user, or for the client itself."""


class ChangesEntry(Entry):
    """What becomes of claims."""

    drop: list[Text] = Field(default=[])
    """Claims to leave out; one that the token lacks is no mistake."""
    rename: dict[str, Text] = Field(default={})
    """New names of claims, by their old names."""
    claims: Annotated[dict[str, Any], Before(_claims)] = Field(default={})
    """Claims to set, last of all: any JSON, with templates such as `{client_id}` in texts; null leaves one out."""

    @field_validator("drop")
    @classmethod
    def _may_go(cls, value: list[str]) -> list[str]:
        if found := [((index,), _kept(name)) for index, name in enumerate(value) if name in FIXED]:
            raise Refused(*found)
        return value

    @field_validator("rename")
    @classmethod
    def _may_be_called_so(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        dropped = info.data.get("drop", ())
        found: list[Finding] = []
        for name, new in value.items():
            if name in FIXED:
                found.append(((name,), _kept(name)))
            elif name in dropped:
                found.append(((name,), "`drop` leaves this claim out; remove one of the two"))
            elif new in STANDARD and new not in value and new not in dropped:
                found.append(((name,), f"{describe(new)}, a claim that tokens have; drop or rename that, too"))
            elif [*value].index(name) > [*value.values()].index(new):
                found.append(((name,), f"{describe(new)}, the new name of another claim, too"))
        if found:
            raise Refused(*found)
        return value

    @field_validator("claims")
    @classmethod
    def _are_set_once(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        dropped, renamed = info.data.get("drop", ()), info.data.get("rename", {}).values()
        found = [((name,), "`drop` leaves this claim out; remove one of the two") for name in value if name in dropped]
        found += [((name,), "`rename` sets this claim already; remove one") for name in value if name in renamed]
        if found:
            raise Refused(*found)
        return value


def _kept(name: str) -> str:
    return f"every token keeps {name}: {FIXED[name]}; one without it is a fault (`devidp faults`)"


class CaseEntry(ChangesEntry):
    """What becomes of the claims of some tokens."""

    model_config = ConfigDict(json_schema_extra={"required": ["when"]})

    when: WhenEntry = EMPTY
    """Of which."""

    @field_validator("when")
    @classmethod
    def _says_when(cls, value: WhenEntry) -> WhenEntry:
        if not value.model_fields_set:
            raise Refused(f"got nothing, expected a mapping with keys of: {join_names(WhenEntry.model_fields)}")
        return value


class ShapeEntry(ChangesEntry):
    """How the answer of UserInfo differs from that of the specifications."""

    cases: list[CaseEntry] = Field(default=[])
    """What is different for some; each that applies is applied, one after the other."""


class TokenShapeEntry(ShapeEntry):
    """How a token differs from that of the specifications."""

    typ: Maybe[Annotated[HeaderType, Before(choice(get_args(HeaderType)))]] = None
    """`typ` in its header: at+jwt, JWT, or none for a header without one."""


class UserinfoShapeEntry(ShapeEntry):
    """How the answer of UserInfo differs from that of the specifications."""

    @field_validator("cases")
    @classmethod
    def _know_the_grant(cls, value: list[CaseEntry]) -> list[CaseEntry]:
        if found := [((index, "when", "grant"), "UserInfo does not know the grant of the token that it is asked with")
                     for index, case in enumerate(value) if case.when.grant is not None]:  # fmt: skip
            raise Refused(*found)
        return value


def _no_lifetime(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str | int):
        keys = join_names(TokenShapeEntry.model_fields)
        raise Refused(f"{describe(value)}, expected a mapping with keys of: {keys}; did you mean "
                      f"'lifetimes.{info.field_name}'?")  # fmt: skip
    return value


TokenShapeOrNone = Maybe[Annotated[TokenShapeEntry, BeforeValidator(_no_lifetime)]]


def build_shape(entry: ShapeEntry | None) -> TokenShape | None:
    if entry is None:
        return None
    cases = tuple(
        ShapeCase(tuple(case.drop), case.rename, case.claims, Condition(**_condition(case.when)))
        for case in entry.cases
    )
    typ = entry.typ if isinstance(entry, TokenShapeEntry) else None
    shape = TokenShape(tuple(entry.drop), entry.rename, entry.claims, typ, cases)
    return None if shape == TokenShape() else shape


def _condition(when: WhenEntry) -> dict[str, Any]:
    said = when.model_dump(exclude_none=True)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
