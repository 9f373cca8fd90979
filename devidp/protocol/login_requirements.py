"""What an authorization request requires of the login: who, how, how recent (OpenID Connect Core section 3.1.2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from devidp.issuer.issuer import Issuer
from devidp.models import Client, User
from devidp.oauth.claims_request import ClaimsRequest, RequestedClaim
from devidp.oauth.errors import InvalidRequest, UnmetAuthenticationRequirements, quoted
from devidp.oauth.parameters import Parameters

SECTION = "OpenID Connect Core section 3.1.2.1"
MAX_AGE_DIGITS = 12
PROMPTS = frozenset({"none", "login", "consent", "select_account"})


class LoginRequirements(NamedTuple):
    """``subs`` are the only subjects that will do; ``classes`` what is wanted, by preference, and its factors."""

    prompt: frozenset[str]
    max_age: int | None
    subs: frozenset[str] | None
    classes: Mapping[str, int]
    essential: bool
    """Whether a login that reaches none of the classes is refused (OpenID Connect Core section 5.5.1.1)."""

    def accepts(self, user: User) -> bool:
        """Whether ``user`` may answer (OpenID Connect Core section 3.1.2.2)."""
        return self.subs is None or user.sub in self.subs

    def too_old(self, age: float) -> bool:
        """Whether a login of ``age`` seconds ago is not good enough; a ``max_age`` of 0 asks for a new one."""
        return self.max_age is not None and (age > self.max_age or self.max_age == 0)

    def factors(self, most: int) -> int | None:
        """How many factors the login takes of a user who has ``most``; ``None``: more than that is essential."""
        within_reach = (needed for needed in self.classes.values() if needed <= most)
        return next(within_reach, None if self.essential else most if self.classes else 1)


def parse(issuer: Issuer, client: Client, parameters: Parameters, claims: ClaimsRequest) -> LoginRequirements:
    """The requirements in ``parameters``; raises InvalidRequest, UnmetAuthenticationRequirements."""
    claim = claims.requested("acr")
    return LoginRequirements(
        prompt=_prompt(parameters),
        max_age=_max_age(parameters, client),
        subs=_subs(issuer, client, parameters, claims),
        classes=_classes(issuer, client, parameters, claim),
        essential=claim.essential and bool(claim.values),
    )


def _prompt(parameters: Parameters) -> frozenset[str]:
    values = frozenset((parameters.get("prompt") or "").split())
    if "create" in values:
        raise InvalidRequest(
            "prompt holds 'create', but users of this issuer come from the seed",
            remedy="Add the user under 'users' in the seed, or send another prompt",
            section="Initiating User Registration via OpenID Connect section 4.1",
        )
    if unknown := values - PROMPTS:
        raise InvalidRequest(
            f"prompt holds {quoted(min(unknown))}, this issuer has: {' '.join(sorted(PROMPTS))}",
            remedy="Send one of these",
            section=SECTION,
            got=min(unknown),
            expected=sorted(PROMPTS),
        )
    if "none" in values and len(values) > 1:
        raise InvalidRequest(
            f"prompt is {quoted(parameters['prompt'])}: none cannot be combined",
            remedy="Send prompt=none alone",
            section=SECTION,
        )
    return values


def _max_age(parameters: Parameters, client: Client) -> int | None:
    text = parameters.get("max_age")
    if text is None:
        default: int | None = client.metadata.get("default_max_age")
        return default
    if not text.isascii() or not text.isdigit() or len(text) > MAX_AGE_DIGITS:
        raise InvalidRequest(
            f"max_age is {quoted(text)}, expected seconds", remedy="Send a number such as 3600", section=SECTION
        )
    return int(text)


def _subs(issuer: Issuer, client: Client, parameters: Parameters, claims: ClaimsRequest) -> frozenset[str] | None:
    """The subjects that ``id_token_hint`` and the claims parameter leave (OpenID Connect Core section 5.5.1)."""
    claim = claims.requested("sub")
    requested = _subjects(issuer, client, claim.texts) if claim.values else None
    hint = parameters.get("id_token_hint")
    if hint is None:
        return requested
    hinted = _subjects(issuer, client, [_hinted_subject(issuer, client, hint)])
    return hinted if requested is None else hinted & requested


def _subjects(issuer: Issuer, client: Client, known_as: Iterable[str]) -> frozenset[str]:
    """The subjects of the users that ``client`` knows by these."""
    users = (issuer.user_by_subject(subject, client) for subject in known_as)
    return frozenset(user.sub for user in users if user is not None)


def _hinted_subject(issuer: Issuer, client: Client, hint: str) -> str:
    hinted = issuer.read_id_token(hint)
    if hinted is None or hinted["aud"] != client.client_id:
        why = "is not an ID token that this issuer signed" if hinted is None else "was issued to another client"
        raise InvalidRequest(
            f"The id_token_hint {why}",
            remedy="Send an ID token that this client got here; it may have expired",
            section=SECTION,
        )
    subject: str = hinted["sub"]
    return subject


def _classes(issuer: Issuer, client: Client, parameters: Parameters, claim: RequestedClaim) -> dict[str, int]:
    """Of the classes that are asked for, those that this issuer has."""
    offered = issuer.settings.acr_values
    if claim.essential and claim.values and not set(claim.texts) & set(offered):
        raise UnmetAuthenticationRequirements(
            f"The claims parameter asks for acr {quoted(' '.join(str(value) for value in claim.values))}, "
            f"this issuer has: {' '.join(offered) or 'none'}",
            remedy="Ask for one of these, or add it to 'acr_values' of the issuer in the seed",
        )
    asked = claim.texts or (parameters.get("acr_values") or "").split()
    return {
        value: offered[value] for value in asked or client.metadata.get("default_acr_values", ()) if value in offered
    }
