"""Armed faults: those that wait for the tokens of real flows, and what could never happen to any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import islice, product

from devidp.faults import FAULTS, find
from devidp.faults.case import Case
from devidp.faults.combination import spoil
from devidp.faults.refusal import MintRefused
from devidp.faults.registry import Fault
from devidp.issuer import authentication, policy
from devidp.issuer.issuer import Issuer
from devidp.keys.tokens import Draft, IssuedType
from devidp.models import Authorization, Client, User
from devidp.oauth import names
from devidp.oauth.errors import quoted
from devidp.oauth.identifiers import new_grant
from devidp.store.overrides import Match, Scripted

ISSUED: tuple[IssuedType, ...] = ("access", "id", "logout", "id-jag")
"""What an issuer signs in a flow, and an armed fault can meet."""
AMR = ("pwd",)
SPECIMENS = 2_000
"""How many combinations of users, clients and audiences are tried before a fault is taken on trust."""
ELSEWHERE = "https://resources.example"
"""The issuer that the ID-JAG of a specimen is for."""
WITH_STATE = (names.AUTHORIZATION_CODE, names.REFRESH_TOKEN, names.IMPLICIT)


def spoilt(
    waiting: Sequence[Scripted], case: Case, token_type: IssuedType, take: Callable[[Scripted], bool]
) -> str | None:
    """The token with all faults that wait for it and apply to it; ``None`` where there are none.

    ``take`` uses one up, and says whether it was still there.
    """
    taken: list[Fault] = []
    result: Draft | str = case.draft
    for each in waiting:
        fault = FAULTS[each.name]
        if not _targets(each, token_type) or not each.happens():
            continue
        try:
            attempt = spoil(case, [*taken, fault])
        except MintRefused:
            continue  # it waits for a token that it applies to
        if take(each):
            taken.append(fault)
            result = attempt
    if not taken:
        return None
    return case.issuer.finish(result) if isinstance(result, Draft) else case.issuer.keep(result, case.draft)


def _targets(armed: Scripted, token_type: IssuedType) -> bool:
    """Whether the fault is meant for this token: the one in ``access_token``, unless it or the test says otherwise."""
    applies_to = FAULTS[armed.name].applies_to
    if armed.token_type:
        return armed.token_type == token_type
    return token_type == applies_to[0] or (token_type == "id-jag" and token_type in applies_to)


def check(issuers: Sequence[Issuer], armed: Scripted, waiting: Sequence[Scripted]) -> None:
    """Raise MintRefused where the fault of ``armed`` can never happen, or hides one that waits for the same token."""
    fault = find(armed.name)
    if armed.token_type and armed.token_type not in set(ISSUED) & set(fault.applies_to):
        possible = [each for each in fault.applies_to if each in ISSUED]
        raise MintRefused(
            f"The fault {quoted(fault.name)} happens to {' and '.join(possible)} tokens of real flows, not to "
            f"{armed.token_type}",
            remedy="Leave token_type out, name one of these, or mint the token",
        )
    _specimen(issuers, armed, [fault])
    for other in waiting:
        both = _both(armed.match, other.match)
        if both is None or not any(_targets(armed, each) and _targets(other, each) for each in ISSUED):
            continue
        try:
            _specimen(issuers, replace(armed, match=both), [FAULTS[other.name], fault])
        except MintRefused as refusal:
            if other.name != armed.name and "cannot be in one token" not in refusal.reason:
                continue  # no token can match both
            raise MintRefused(
                f"{quoted(other.name)} (id {other.id}) waits for the same token. {refusal.reason}",
                remedy="Clear it, match another client, user or state, or arm one fault with more times",
            ) from None


def _both(one: Match, other: Match) -> Match | None:
    """What matches both; ``None`` where nothing can."""
    merged = {}
    for name in (each.name for each in fields(Match)):
        values = {getattr(one, name), getattr(other, name)} - {None}
        if len(values) > 1:
            return None
        merged[name] = next(iter(values), None)
    return Match(**merged)


def _specimen(issuers: Sequence[Issuer], armed: Scripted, faults: Sequence[Fault]) -> None:
    """Try ``faults`` on what could match; raises the refusal of the first one where none of them can have them."""
    first: MintRefused | None = None
    tried = 0
    for issuer in issuers:
        if armed.match.issuer not in (None, issuer.name):
            continue
        for case in islice(_cases(issuer, armed), SPECIMENS):
            tried += 1
            try:
                spoil(case, faults)
                return
            except MintRefused as refusal:
                # the combination is refused for what it is, whatever else a specimen lacks
                if first is None or "cannot be in one token" in refusal.reason:
                    first = refusal
        if tried >= SPECIMENS:
            return
    raise first or _nothing_matches(armed)


def _nothing_matches(armed: Scripted) -> MintRefused:
    wanted = {each.name: getattr(armed.match, each.name) for each in fields(Match)}
    wanted["token_type"] = armed.token_type or FAULTS[armed.name].applies_to[0]
    said = " ".join(f"{name}={value}" for name, value in wanted.items() if value)
    return MintRefused(
        f"No flow gives a token with {said}", remedy="Match less, or give the client and the issuer what it needs"
    )


def _cases(issuer: Issuer, armed: Scripted) -> Iterator[Case]:
    """One token of each kind that the flows of ``issuer`` can give and ``armed`` matches."""
    match, users = armed.match, list(_users(issuer, armed.match))
    for client, kind in product(_clients(issuer, match), ISSUED):
        if not _targets(armed, kind):
            continue
        for grant in sorted(_grants(issuer, client, kind)):
            if match.grant not in (None, grant) or (match.state is not None and grant not in WITH_STATE):
                continue
            audiences = [issuer.audience(client, ()), *((each.uri,) for each in issuer.seed.resources.values())]
            owners: list[User | None] = [*users]
            if grant == names.CLIENT_CREDENTIALS:
                owners = [None] if match.user is None else []
            for user, audience in product(owners, audiences):
                yield _case(issuer, kind, client, user, grant, audience)


def _users(issuer: Issuer, match: Match) -> Iterator[User]:
    """The users who are meant; where others can come, one who is like them."""
    if match.user is None:
        yield from issuer.settings.users.values()
    if found := issuer.user(match.user or "anybody"):
        yield found


def _clients(issuer: Issuer, match: Match) -> Iterator[Client]:
    """The clients that are meant; where others can come, one that is like them."""
    if match.client is None:
        yield from issuer.settings.clients.values()
        feature = names.REGISTRATION
    elif "://" in match.client:
        feature = names.CLIENT_DOCUMENTS  # what a document says is not fetched to find out
    else:
        found = issuer.find_client(match.client)
        yield from () if found is None else (found,)
        return
    if issuer.supports(feature) or (match.client is None and issuer.settings.unknown_clients != "refuse"):
        yield Client(match.client or "a-registered-client", "", grants=issuer.settings.grants)


def _grants(issuer: Issuer, client: Client, kind: IssuedType) -> set[str]:
    """The grants by which ``client`` gets a token of this kind."""
    grants = set(client.grants & issuer.settings.grants)
    if kind == "logout":
        return {""} if client.backchannel_logout_uri and issuer.supports(names.BACKCHANNEL_LOGOUT) else set()
    if kind == "id-jag":
        return grants & {names.TOKEN_EXCHANGE} if issuer.supports(names.ID_JAG) else set()
    if client.response_types - {"code"}:
        grants.add(names.IMPLICIT)
    return grants - {names.CLIENT_CREDENTIALS, names.TOKEN_EXCHANGE} if kind == "id" else grants


def _case(
    issuer: Issuer, kind: IssuedType, client: Client, user: User | None, grant: str, audience: tuple[str, ...]
) -> Case:
    resources = issuer.audience_resources(audience)
    scope = policy.decide(tuple(issuer.seed.scopes), issuer.seed, client, user, resources).granted
    granted = Authorization(
        client,
        grant,
        scope,
        audience,
        user=user,
        grant_id=None if user is None else new_grant(),
        nonce="n",
        auth_time=issuer.clock.seconds(),
        jkt="a key" if issuer.supports(names.DPOP) else None,
        acr=authentication.acr(issuer.settings, AMR),
        amr=AMR,
    )
    if user is None or kind == "access":
        return Case(issuer.access_draft(granted), issuer, granted)
    if kind == "id":
        return Case(issuer.id_draft(granted, "an access token"), issuer, granted)
    if kind == "logout":
        return Case(issuer.logout_draft(user, client, "a session"), issuer, granted)
    return Case(issuer.id_jag_draft(replace(granted, audience=(ELSEWHERE,))), issuer, granted)
