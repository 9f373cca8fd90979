"""Models of what an issuer makes of tokens and assertions that it is handed."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from devidp.models.settings import SubjectMatch
from devidp.seed.entries import Entry
from devidp.seed.fields import NULL, Also, Flag, Maybe, choice
from devidp.seed.jwk_set import JwkSet
from devidp.seed.references import WebAddress
from devidp.seed.tables import Bare


class TokenExchangeEntry(Entry):
    """What clients with the grant may do by token exchange (RFC 8693)."""

    impersonation: Flag = True
    """Exchange a token without saying who acts."""
    delegation: Flag = True
    """Exchange a token by an actor, who is named in the new one."""


class TrustedIssuerEntry(Entry):
    """Another issuer: one of this seed by its name, any other by its URL with `jwks` or `jwks_uri`."""

    jwks: Maybe[JwkSet] = None
    """Its public keys, as a JWK Set."""
    jwks_uri: Maybe[WebAddress] = None
    """Where its public keys are."""
    match: Annotated[SubjectMatch, BeforeValidator(choice(("sub", "username", "email")))] = "sub"
    """How its users are found here: by `sub`, by the user name that its `sub` is, or by `email`."""


TrustedIssuers = dict[str, Annotated[TrustedIssuerEntry, Bare, Also(NULL)]]
