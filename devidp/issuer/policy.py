"""Which scopes a token gets: requested, and allowed to the client, the user, the resource and by the policy.

A requested scope is never dropped silently: each withheld one comes with its reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from devidp.models import Client, IssuerSettings, PolicyRule, Resource, Seed, User
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidScope, quoted
from devidp.oauth.suggestion import did_you_mean

MAX_LISTED = 20


class Decision(NamedTuple):
    """The scopes granted, in the order requested, and those withheld with the reason of each."""

    granted: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...] = ()

    def limited_to(self, asked: Collection[str]) -> Decision:
        """The same for a request of only these scopes: no other can be withheld from it."""
        return self._replace(withheld=tuple(each for each in self.withheld if each[0] in asked))

    def explanation(self) -> str:
        """The withheld scopes and reasons in one line; empty where nothing was withheld."""
        return "; ".join(f"{name} withheld: {why}" for name, why in self.withheld)


def parse_request(text: str | None, seed: Seed, settings: IssuerSettings) -> tuple[str, ...]:
    """The requested scopes; raises InvalidScope for one that the seed does not have."""
    requested = scope.parse(text)
    unknown = [name for name in requested if name not in seed.scopes]
    if not unknown:
        return requested
    if settings.unknown_scopes == "ignore" and all(scope.is_valid(name) for name in unknown):
        return tuple(name for name in requested if name in seed.scopes)
    known = " ".join(list(seed.scopes)[:MAX_LISTED])
    raise InvalidScope(
        f"The scope {quoted(unknown[0])} is not in the seed, which has: {known}",
        remedy=f"{did_you_mean(unknown[0], seed.scopes)}Add it under 'scopes' in the seed, "
        "or set 'unknown_scopes: ignore' for the issuer",
        got=unknown[0],
        expected=seed.scopes,
    )


def decide(
    requested: Iterable[str], seed: Seed, client: Client, user: User | None, resources: Iterable[Resource]
) -> Decision:
    """Requested scopes that client, user, resources and policy allow."""
    rules = [
        rule
        for rule in seed.policy
        if (rule.clients is None or client.client_id in rule.clients)
        and (rule.users is None or (user is not None and user.username in rule.users))
    ]
    known = tuple(resources)
    reasons = {name: _why_not(name, client, user, known, rules) for name in requested}
    granted = tuple(name for name, why in reasons.items() if not why)
    return Decision(granted, tuple((name, why) for name, why in reasons.items() if why))


def default_scopes(
    seed: Seed, settings: IssuerSettings, client: Client, resources: Iterable[Resource]
) -> tuple[str, ...]:
    """What a client gets that names no scope (RFC 6749 section 3.3): its own default, the issuer's, the resource's."""
    own = settings.default_scopes if client.default_scopes is None else client.default_scopes
    if own is not None:
        # a client may have registered a scope that the seed no longer has
        return tuple(name for name in own if name in seed.scopes)
    known = tuple(resources)
    return tuple(name for name in seed.scopes if name not in names.OPENID_SCOPES and _fits(name, known))


def every_scope(seed: Seed, client: Client, resources: Iterable[Resource]) -> tuple[str, ...]:
    """All that ``client`` may have at ``resources``; what is about a user it gets wherever it is."""
    known = tuple(resources)
    allowed = seed.scopes if client.scopes is None else client.scopes
    return tuple(
        name for name in seed.scopes if name in allowed and name not in names.OPENID_SCOPES and _fits(name, known)
    )


def _why_not(
    name: str, client: Client, user: User | None, resources: tuple[Resource, ...], rules: Collection[PolicyRule]
) -> str:
    """Why the scope is withheld; empty where it is granted."""
    about_user = name in names.OPENID_SCOPES
    if client.scopes is not None and name not in client.scopes:
        return f"client {client.client_id} may not have it"
    if user is None and about_user:
        return "it is about a user, and the client acts for itself"
    if user is not None and user.scopes is not None and name not in user.scopes:
        return f"user {user.username} may not have it"
    if not about_user and not _fits(name, resources):
        return f"resource {' '.join(resource.uri for resource in resources)} does not have it"
    allowing = [rule.allow for rule in rules if rule.allow is not None]
    if allowing and not any(name in allow for allow in allowing):
        return "the policy does not allow it"
    return "the policy denies it" if any(name in rule.deny for rule in rules) else ""


def _fits(name: str, resources: tuple[Resource, ...]) -> bool:
    return not resources or any(resource.scopes is None or name in resource.scopes for resource in resources)
