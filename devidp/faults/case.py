"""A case: the draft that a fault spoils, with its issuer and authorization."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

from devidp.faults.refusal import NotApplicable
from devidp.issuer.issuer import Issuer
from devidp.keys import SigningKey, tokens
from devidp.keys.tokens import Draft
from devidp.models import Authorization, IssuerSettings, User
from devidp.oauth.errors import quoted

TENANT_CLAIMS = ("tenant_id", "tid", "org_id", "custom:tenant_id", "custom:tenant", "tenant")
SAID_AGAIN = ("scope", "client_id")
"""Claims that a verifier may read in any of the places where a token says them: a fault is in all of these."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Case:
    """One token before its signature. Every method that changes something returns a new draft."""

    draft: Draft
    issuer: Issuer
    authorization: Authorization
    fault: str = ""
    """The one that is tried, for the words in which it is refused."""

    @property
    def now(self) -> int:
        return self.issuer.clock.seconds()

    def places(self, name: str) -> tuple[str, ...]:
        """The claims of the token that say the one of the specifications with this name; none where nothing does."""
        shaping = self.draft.shaping
        named = (name,) if shaping is None else dict.fromkeys((name, *shaping.places(name)))
        found = tuple(place for place in named if place in self.draft.claims)
        return found if name in SAID_AGAIN else found[:1]

    def claim(self, name: str, kind: type[Value]) -> Value:
        """The claim of this name; raises MintRefused where it is missing or of another kind."""
        place = self._places(name)[0]
        value = self.draft.claims[place]
        if isinstance(value, kind):
            return value
        got = f"the claim {place} is {quoted(json.dumps(value))}"
        raise self.not_applicable(got, f"Leave {place} as it is, or choose another fault")

    def _places(self, name: str) -> tuple[str, ...]:
        if found := self.places(name):
            return found
        raise self.not_applicable(f"there is no {name} in this token", "Choose another fault, or let the token have it")

    def asymmetric_key(self) -> SigningKey:
        """The key of the draft; raises MintRefused where it is a secret."""
        if self.draft.key.algorithm == "HS256":
            raise self.not_applicable("a secret signs it, and has no public half", "Send a private key as key")
        return self.draft.key

    def audience(self) -> str:
        """The first audience of the draft."""
        match self.claim("aud", object):
            case [str(first), *_]:
                return first
        return self.claim("aud", str)

    def tenant_claim(self) -> str:
        """The name of the claim that says the tenant; raises MintRefused for a token that has none."""
        for name in TENANT_CLAIMS:
            if self.places(name):
                return name
        raise self.not_applicable(
            f"the token has no tenant claim ({', '.join(TENANT_CLAIMS)})",
            "Give the user one of these claims in the seed, or mint for a user who has one",
        )

    def other_issuer(self) -> IssuerSettings | None:
        """Another issuer of this devidp; ``None`` where the seed has just one."""
        return next((each for each in self.issuer.seed.issuers if each.name != self.issuer.settings.name), None)

    def not_applicable(self, why: str, remedy: str) -> NotApplicable:
        return NotApplicable(f"The fault {quoted(self.fault)} does not apply: {why}", remedy=remedy)

    def user_sub(self) -> str:
        """The subject; raises MintRefused where the client acts for itself."""
        if self.authorization.user is None:
            raise self.not_applicable("it needs a user, and the client acts for itself", "Name a user")
        return self.issuer.subject(self.authorization.user, self.authorization.client)

    def other_user(self) -> User:
        """Another user who may log in; raises MintRefused where there is none."""
        own = self.user_sub()
        users, client = self.issuer.settings.users.values(), self.authorization.client
        others = (user for user in users if not user.disabled and self.issuer.subject(user, client) != own)
        if (found := next(others, None)) is None:
            raise self.not_applicable("the seed has no other user", "Add a second user to the seed")
        return found

    def with_claim(self, name: str, value: Any) -> Draft:
        """With another value where the token says this claim; raises MintRefused where it does not."""
        return self._with(dict.fromkeys(self._places(name), value))

    def with_new_claim(self, name: str, value: Any) -> Draft:
        """With a claim that the token need not have."""
        return self._with({name: value})

    def _with(self, claims: dict[str, Any]) -> Draft:
        return self.draft._replace(claims={**self.draft.claims, **claims})

    def without_claim(self, name: str) -> Draft:
        """Without this claim, wherever the token says it; raises MintRefused where it does not."""
        places = self._places(name)
        return self.draft._replace(claims={key: value for key, value in self.draft.claims.items() if key not in places})

    def with_header(self, **members: Any) -> Draft:
        return self.draft._replace(header={**self.draft.header, **members})

    def without_header(self, name: str) -> Draft:
        return self.draft._replace(header={key: value for key, value in self.draft.header.items() if key != name})

    def with_key(self, key: SigningKey, **members: Any) -> Draft:
        """Signed by ``key``, with ``members`` in the header, which still names the former key unless they change it."""
        return self.draft._replace(header={**self.draft.header, **members}, key=key)

    def header_bytes(self) -> bytes:
        return tokens.json_bytes(self.draft.header)

    def payload_bytes(self) -> bytes:
        return tokens.json_bytes(self.draft.claims)

    def sign(self, *, header: bytes | None = None, payload: bytes | None = None) -> str:
        """The valid twin, signed, or a token with other bytes as its header or payload."""
        header, payload = header or self.header_bytes(), payload or self.payload_bytes()
        return tokens.sign_bytes(header, payload, self.draft.key)

    def unsecured(self, alg: str) -> str:
        return tokens.unsecured_token(tokens.json_bytes(self.with_header(alg=alg).header), self.payload_bytes())
