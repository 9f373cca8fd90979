"""The tables of a seed: entries by name, and what a name may be."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from devidp.oauth import scope
from devidp.seed.client import ClientEntry
from devidp.seed.entries import ResourceEntry, ScopeEntry, UserEntry
from devidp.seed.fields import NULL, Also, nothing_is_empty
from devidp.seed.problems import Refused, describe
from devidp.seed.references import ResourceUri

_CLIENT_ID = re.compile(r"[\x20-\x7e]{1,255}")


def _client_id(value: str) -> str:
    if not _CLIENT_ID.fullmatch(value):
        raise Refused(f"{describe(value)} as a client_id, expected 1 to 255 printable ASCII characters "
                      "(RFC 6749 appendix A.1)")  # fmt: skip
    return value


def _username(value: str) -> str:
    if value != value.strip() or not value.isprintable():
        raise Refused(f"{describe(value)} as a user name, expected printable text without spaces around it")
    return value


def _scope_name(value: str) -> str:
    if not scope.is_valid(value):
        raise Refused(f"{describe(value)} as a scope, expected ASCII without spaces, quotes and backslashes "
                      "(RFC 6749 section 3.3)")  # fmt: skip
    return value


Bare = BeforeValidator(nothing_is_empty)
"""For an entry or a table that may be written without anything in it."""

Users = dict[Annotated[str, AfterValidator(_username)], Annotated[UserEntry, Bare, Also(NULL)]]
Clients = dict[Annotated[str, AfterValidator(_client_id)], Annotated[ClientEntry, Bare]]
Scopes = dict[Annotated[str, AfterValidator(_scope_name)], Annotated[ScopeEntry, Bare, Also({"type": "string"}, NULL)]]
Resources = dict[ResourceUri, Annotated[ResourceEntry, Bare, Also(NULL)]]
