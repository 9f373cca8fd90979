"""The model of a whole seed."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from devidp.oauth import scope
from devidp.seed.addresses import issuer_name
from devidp.seed.client import Clients
from devidp.seed.defaults import ISSUER_NAME, OPENID_SCOPES
from devidp.seed.entries import Entry, RuleEntry, ScopeEntry, Users
from devidp.seed.fields import NULL, Also, Bare
from devidp.seed.issuer import IssuerEntry
from devidp.seed.problems import Refused, describe
from devidp.seed.references import ResourceUri
from devidp.seed.resource import ResourceEntry


def _scope_name(value: str) -> str:
    if not scope.is_valid(value):
        raise Refused(f"{describe(value)} as a scope, expected ASCII without spaces, quotes and backslashes "
                      "(RFC 6749 section 3.3)")  # fmt: skip
    return value


Scopes = dict[Annotated[str, AfterValidator(_scope_name)], Annotated[ScopeEntry, Bare, Also({"type": "string"}, NULL)]]
Resources = dict[ResourceUri, Annotated[ResourceEntry, Bare, Also(NULL)]]
Issuers = dict[Annotated[str, AfterValidator(issuer_name)], Annotated[IssuerEntry, Bare, Also(NULL)]]
EXTENSION = "x-"
"""Keys at the top that begin so are left alone: a place for anchors."""


class Root(Entry):
    """Who can log in at devidp, which clients exist, and what they may ask for."""

    model_config = ConfigDict(json_schema_extra={"patternProperties": {f"^{EXTENSION}": True}})

    issuers: Annotated[Issuers, Also(NULL)] = Field(default_factory=dict)
    """Issuers by name; the first is the one that devidp names when it starts. One named `default` by default."""
    scopes: Annotated[Scopes, Also(NULL)] = Field(default_factory=dict)
    """Scopes by name, each with its sentence on the consent page; the OpenID scopes by default."""
    resources: Annotated[Resources, Also(NULL)] = Field(default_factory=dict)
    """Protected resources by URI, or by name: the audiences of access tokens."""
    users: Annotated[Users, Also(NULL)] = Field(default_factory=dict)
    """Users by user name, shared by the issuers that have none of their own."""
    clients: Annotated[Clients, Also(NULL)] = Field(default_factory=dict)
    """Clients by client_id, shared by the issuers that have none of their own."""
    policy: Annotated[list[RuleEntry], Also(NULL)] = Field(default=[])
    """Which user may get which scopes through which client; every rule that matches counts."""

    @model_validator(mode="before")
    @classmethod
    def _sections(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        # a section whose entries are all commented out is as good as absent
        sections = {
            name: content for name, content in value.items() if content is not None and not name.startswith(EXTENSION)
        }
        if sections.get("issuers", {}) == {}:
            sections["issuers"] = {ISSUER_NAME: {}}
        return {"scopes": {name: {} for name in OPENID_SCOPES}, **sections}
