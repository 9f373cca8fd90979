"""A case: the draft that a fault is to spoil, and the issuer and authorization that it came of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from devidp.faults.refusal import MintRefused
from devidp.issuer.issuer import Issuer
from devidp.keys import SigningKey, tokens
from devidp.keys.tokens import Draft
from devidp.models import Authorization, IssuerSettings, User
from devidp.oauth import names
from devidp.oauth.errors import quoted

TENANT_CLAIMS = ("tenant_id", "tid", "org_id", "custom:tenant_id")


@dataclass(frozen=True, slots=True)
class Case:
    """One token on its way to a signature. Every method that changes something answers a new draft."""

    draft: Draft
    issuer: Issuer
    authorization: Authorization

    # what there is

    @property
    def now(self) -> int:
        return self.issuer.clock.seconds()

    @property
    def header(self) -> Mapping[str, Any]:
        return self.draft.header

    @property
    def claims(self) -> Mapping[str, Any]:
        return self.draft.claims

    def number(self, name: str) -> int:
        """The whole number in a claim; raises MintRefused where something else is there."""
        value = self.claims.get(name)
        if not isinstance(value, int):
            raise self._changed(name)
        return value

    def text(self, name: str) -> str:
        """The string in a claim; raises MintRefused where something else is there."""
        value = self.claims.get(name)
        if not isinstance(value, str):
            raise self._changed(name)
        return value

    def _changed(self, name: str) -> MintRefused:
        why = (
            f"the claim {name} is {quoted(json.dumps(self.claims.get(name)))}"
            if name in self.claims
            else f"there is no {name}"
        )
        return self.not_applicable(why, f"Leave {name} as it is, or choose another fault")

    def audience(self) -> str:
        """The first audience of the draft."""
        audience = self.claims.get("aud")
        first = audience[0] if isinstance(audience, list) and audience else audience
        if not isinstance(first, str):
            raise self._changed("aud")
        return first

    def tenant_claim(self) -> str:
        """The name of the claim that says the tenant; raises MintRefused for a token that has none."""
        for name in TENANT_CLAIMS:
            if name in self.claims:
                return name
        raise self.not_applicable(
            f"the token has no tenant claim ({', '.join(TENANT_CLAIMS)})",
            "Give the user one of these claims in the seed, or mint for a user who has one",
        )

    def other_issuer(self) -> IssuerSettings | None:
        """Another issuer of this devidp; ``None`` where the seed has just one."""
        return next((each for each in self.issuer.seed.issuers if each.name != self.issuer.settings.name), None)

    def not_applicable(self, why: str, remedy: str) -> MintRefused:
        return MintRefused(f"The fault does not apply: {why}", remedy=remedy)

    def user_sub(self) -> str:
        """The subject; raises MintRefused where the client acts for itself."""
        if self.authorization.user is None:
            raise self.not_applicable("it is one of a user's token, and the client acts for itself", "Name a user")
        return self.issuer.subject(self.authorization.user, self.authorization.client)

    def other_user(self) -> User:
        """Another user who may log in; raises MintRefused where there is none."""
        own = self.user_sub()
        users = self.issuer.settings.users.values()
        client = self.authorization.client
        others = (user for user in users if not user.disabled and self.issuer.subject(user, client) != own)
        found = next(others, None)
        if found is None:
            raise self.not_applicable("the seed has no other user", "Add a second user to the seed")
        return found

    def without_user(self) -> Authorization:
        """The same client acting for itself."""
        return replace(
            self.authorization, user=None, auth_time=None, grant_type=names.CLIENT_CREDENTIALS, refresh_token=None
        )

    # what can be changed

    def with_claim(self, name: str, value: Any) -> Draft:
        return replace(self.draft, claims={**self.draft.claims, name: value})

    def without_claim(self, name: str) -> Draft:
        return replace(self.draft, claims={key: value for key, value in self.draft.claims.items() if key != name})

    def with_header(self, **members: Any) -> Draft:
        return replace(self.draft, header={**self.draft.header, **members})

    def without_header(self, name: str) -> Draft:
        return replace(self.draft, header={key: value for key, value in self.draft.header.items() if key != name})

    def with_key(self, key: SigningKey, **members: Any) -> Draft:
        """Signed by ``key``, with ``members`` in the header; the header names the key of before unless they say so."""
        return replace(self.draft, header={**self.draft.header, **members}, key=key)

    # what the signature covers, as bytes

    def header_bytes(self) -> bytes:
        return tokens.json_bytes(self.draft.header)

    def payload_bytes(self) -> bytes:
        return tokens.json_bytes(self.draft.claims)

    def token(self) -> str:
        """The valid twin, signed."""
        return tokens.sign(self.draft)
