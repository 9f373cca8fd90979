"""Every fault that an assertion can have, and what a token endpoint has to check beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from devidp.faults import Fault
from devidp.keys.tokens import members
from devidp.probe import assertion_kinds as kinds
from devidp.probe.exchange import Answer
from devidp.probe.options import Credentials
from devidp.probe.receiver import Receiver
from devidp.probe.receiver_ground import gives_token
from devidp.probe.subject import Subject
from devidp.probe.trial import Level, Trial
from devidp.probe.verdict import broken, check, found
from devidp.report import Check, Finding, Kind
from devidp.web.api_client import ApiError

GROUP = "assertion"
REFUSED = "invalid_grant"
EXPECTED = f"expected 400 with error={REFUSED!r}"
ELSEWHERE = "https://devidp-probe.invalid/elsewhere"
RACERS = 4


def trials(receiver: Receiver) -> Iterator[Trial]:
    for fault in kinds.faults():
        yield Trial(fault.name, fault.group, fault.level, _of(receiver, partial(_fault, fault)))
    for name, (level, run) in OTHERS.items():
        yield Trial(name, GROUP, level, _of(receiver, partial(run, name)))


def _of(receiver: Receiver, run: Callable[[Receiver], Check]) -> Callable[[Subject], Check]:
    return lambda _: run(receiver)


def _fault(fault: Fault, receiver: Receiver) -> Check:
    if fault.group == "shape" and fault.name.startswith("typ-") and receiver.ground.token.get("header"):
        return Check(fault.name, fault.group, "skipped", note="the server takes assertions of a general type")
    try:
        assertion = receiver.mint(fault=fault.name)
    except ApiError as error:
        return Check(fault.name, fault.group, "skipped", note=str(error))
    answer = receiver.present(assertion.text)
    expected = f"{EXPECTED}: {assertion.explanation}"
    finding = _judged(receiver, fault.name, answer, kinds.accepted(fault), expected)
    return check(fault.name, fault.group, answer, finding)


def _judged(
    receiver: Receiver, name: str, answer: Answer, kind: Kind, expected: str, codes: tuple[str, ...] = (REFUSED,)
) -> Finding | None:
    """What is wrong with the answer to something that must be refused."""
    if gives_token(answer):
        return found(kind, name if kind is kinds.REPLAYED else "", answer, expected)
    if problem := broken(receiver, name, answer, expected):
        return problem
    if answer.status in (400, 401) and answer.members.get("error") in codes:
        return None
    return found(kinds.WRONG_ERROR, name, answer, f"error={answer.members.get('error')!r}, {expected}")


def _replay(name: str, receiver: Receiver) -> Check:
    assertion = receiver.mint().text
    receiver.present(assertion)
    answer = receiver.present(assertion)
    return check(name, GROUP, answer, _judged(receiver, name, answer, kinds.REPLAYED, EXPECTED))


def _race(name: str, receiver: Receiver) -> Check:
    """The same assertion several times at once."""
    assertion = receiver.mint().text
    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(receiver.present, [assertion] * RACERS))
    given = [answer for answer in answers if gives_token(answer)]
    if len(given) <= 1:
        return check(name, GROUP, answers[-1], note=f"{len(given)} of {RACERS} requests at once got a token")
    expected = f"and so did {len(given)} of {RACERS} requests at once; {EXPECTED} for all but one"
    return check(name, GROUP, given[-1], found(kinds.REPLAYED, name, given[-1], expected))


def _other_key(name: str, receiver: Receiver) -> Check:
    """What an assertion says, signed by another issuer of the same devidp, which the server may trust for others."""
    minted = receiver.ground.minted
    others = [each for each in receiver.issuer_side.issuers if minted and each != minted.claims.get("iss")]
    if minted is None or not others:
        return Check(name, GROUP, "skipped", note="devidp has no other issuer: the faults of keys stand for it")
    claims = {each: value for each, value in minted.claims.items() if each not in ("exp", "iat", "jti", "aud", "scope")}
    audience, scope = list(minted.audience), minted.claims.get("scope")
    wanted = {"audience": audience, "scope": scope, "claims": claims, "client": claims.get("client_id")}
    assertion = receiver.issuer_side.mint(
        **wanted, token_type=kinds.TYPE, issuer=others[0], user={"sub": str(claims["sub"])}, free=True
    )
    answer = receiver.present(assertion.text)
    return check(name, GROUP, answer, _judged(receiver, name, answer, kinds.OTHER_KEY, EXPECTED))


def _no_client(name: str, receiver: Receiver) -> Check:
    return _as(name, receiver, Credentials(""), kinds.WITHOUT_CLIENT)


def _wrong_secret(name: str, receiver: Receiver) -> Check:
    client = receiver.options.credentials
    if client is None or not client.secret:
        return Check(name, GROUP, "skipped", note="the client has no secret: --credentials ID:SECRET")
    return _as(name, receiver, Credentials(client.client_id, f"{client.secret}-not"), kinds.WRONG_SECRET)


def _as(name: str, receiver: Receiver, client: Credentials, kind: Kind) -> Check:
    answer = receiver.present(receiver.mint().text, credentials=client)
    codes = ("invalid_client", "invalid_request", REFUSED)
    expected = "expected 401 with error='invalid_client'"
    return check(name, GROUP, answer, _judged(receiver, name, answer, kind, expected, codes))


def _scope(name: str, receiver: Receiver) -> Check:
    """Ask for a scope that the server has, and the assertion does not."""
    minted = receiver.ground.minted
    held = str(minted.claims.get("scope", "")).split() if minted else []
    others = [each for each in receiver.server.scopes if each not in held]
    if not held or not others:
        return Check(name, GROUP, "skipped", note="the metadata of the server names no scope that the assertion lacks")
    answer = receiver.present(receiver.mint().text, scope=" ".join([*held, others[0]]))
    granted = _claims(answer).get("scope", answer.members.get("scope", ""))
    exceeded = gives_token(answer) and others[0] in str(granted).split()
    finding = found(kinds.MORE_SCOPE, "", answer, f"granted {granted}, the assertion has {' '.join(held)}")
    return check(name, GROUP, answer, finding if exceeded else broken(receiver, name, answer, EXPECTED))


def _resource(name: str, receiver: Receiver) -> Check:
    """Ask for a token for another resource than that of the assertion."""
    try:
        bound = receiver.mint(resource=list(receiver.options.resource) or [f"{ELSEWHERE}/bound"]).text
    except ApiError as error:
        return Check(name, GROUP, "skipped", note=str(error))
    answer = receiver.present(bound, resource=ELSEWHERE)
    audience = _claims(answer).get("aud", ())
    exceeded = gives_token(answer) and ELSEWHERE in ([audience] if isinstance(audience, str) else audience)
    finding = found(kinds.OTHER_RESOURCE, "", answer, f"the token is for {audience}; expected error='invalid_target'")
    return check(name, GROUP, answer, finding if exceeded else broken(receiver, name, answer, "expected 400"))


def _response(name: str, receiver: Receiver) -> Check:
    """What a successful answer says."""
    answer = receiver.ground.sound
    kept = "no-store" not in answer.header("cache-control").lower()
    cacheable = found(kinds.CACHEABLE, "", answer, "expected Cache-Control: no-store") if kept else None
    again = "refresh_token" in answer.members
    refreshable = found(kinds.REFRESHABLE, "", answer, "expected no refresh_token") if again else None
    return check(name, GROUP, answer, cacheable, refreshable)


def _claims(answer: Answer) -> dict[str, Any]:
    """Of the access token, where it can be read."""
    token = str(answer.members.get("access_token", ""))
    return (members(token.split(".")[1]) or {}) if token.count(".") == 2 else {}


OTHERS: dict[str, tuple[Level, Callable[[str, Receiver], Check]]] = {
    "replay": ("must", _replay),
    "replay-at-once": ("must", _race),
    "key-of-another-issuer": ("must", _other_key),
    "no-client": ("must", _no_client),
    "wrong-secret": ("must", _wrong_secret),
    "scope-exceeded": ("must", _scope),
    "resource-exceeded": ("must", _resource),
    "token-response": ("should", _response),
}
