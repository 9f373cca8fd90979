"""The ground at a token endpoint: a sound assertion is exchanged. Otherwise nothing can be concluded, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from devidp.probe import evidence
from devidp.probe.assertion_kinds import MADE_UP_ASSERTION
from devidp.probe.call import Call
from devidp.probe.diagnosis import Diagnosis, NoGround, answered
from devidp.probe.exchange import Answer, Request
from devidp.probe.ground import MADE_UP
from devidp.probe.receiver import TYPES, Receiver, Server
from devidp.report import Check, Finding
from devidp.web.api_client import ApiError

WELL_KNOWN = ("oauth-authorization-server", "openid-configuration")
TOKEN_REFUSED = "invalid_client"
REMEDIES = {
    "invalid_client": "Name a client of the target that may exchange assertions: --credentials ID:SECRET",
    "unauthorized_client": "Let the client use the grant jwt-bearer at the target, or name another: --credentials",
    "unsupported_grant_type": "Name the token endpoint of a server that takes assertions",
    "invalid_scope": "Name scopes that the target has: --scope",
    "invalid_target": "Name a resource of the target: --resource",
    "invalid_grant": (
        "Let the target trust the issuer and its JWK Set; name what it expects: --audience (its issuer identifier), "
        "--user, --resource, --credentials (whose id is client_id of the assertion)"
    ),
}


def prepare(receiver: Receiver) -> None:
    """Find out what a sound assertion is; afterwards ``receiver.ground`` is complete."""
    receiver.call = Call(receiver.url, "POST", (("Accept", "application/json"),))
    try:
        receiver.note(without=answered(receiver.present(None), "without an assertion"))
        receiver.server = find_server(receiver)
        receiver.note(token=_parameters(receiver))
        receiver.note(made_up=answered(receiver.present(MADE_UP), "with a made-up assertion"))
        _exchange(receiver)
    except ApiError as error:
        cause = f"devidp has no assertion for it: {error}"
        receiver.note(cause=cause, remedy="Name --issuer, --client, --user or --scope")
    except NoGround as error:
        receiver.note(cause=error.diagnosis.cause, remedy=error.diagnosis.remedy)


def find_server(receiver: Receiver) -> Server:
    """By the metadata of the issuers that can have this token endpoint; without any it is unknown."""
    for url in _metadata_urls(receiver.url):
        found = receiver.send(Request("GET", url, (("Accept", "application/json"),)))
        members = found.members if found.status == 200 else {}
        if members.get("token_endpoint") == receiver.url and isinstance(members.get("issuer"), str):
            scopes = members.get("scopes_supported")
            return Server(members["issuer"], tuple(scopes) if isinstance(scopes, list) else ())
    return Server()


def _metadata_urls(url: str) -> Iterator[str]:
    """Of every path above the endpoint, the longest first: inserted (RFC 8414), and appended (OpenID Discovery)."""
    parts = urlsplit(url)
    segments = parts.path.strip("/").split("/")[:-1]
    for length in range(len(segments), -1, -1):
        path = "".join(f"/{each}" for each in segments[:length])
        for name in WELL_KNOWN:
            for place in dict.fromkeys((f"/.well-known/{name}{path}", f"{path}/.well-known/{name}")):
                yield parts._replace(path=place, query="", fragment="").geturl()


def _parameters(receiver: Receiver) -> dict[str, Any]:
    """Of a sound assertion."""
    options, server = receiver.options, receiver.server
    audience = list(options.audience) or ([server.issuer] if server.issuer else None)
    if audience is None:
        cause = f"the target does not say which issuer it is: no metadata near {receiver.url} has this token endpoint"
        raise NoGround(Diagnosis(cause, "Name its issuer identifier: --audience"))
    wanted = {
        "token_type": "id-jag",
        "issuer": options.issuer,
        "client": options.client,
        "user": options.user,
        "scope": options.scope,
        "resource": list(options.resource) or None,
        "audience": audience,
        "claims": {"client_id": options.credentials.client_id} if options.credentials else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _exchange(receiver: Receiver) -> None:
    """Present a sound assertion, in each way that a receiver may expect; raises NoGround where none is taken."""
    refusals: list[Answer] = []
    for header_type in TYPES:
        header = None if header_type is None else {"typ": header_type}
        receiver.note(token={**receiver.ground.token, "header": header})
        receiver.note(minted=receiver.mint(), sound=answered(receiver.sound(), "with a sound assertion"))
        if receiver.ground.sound.members.get("error") == TOKEN_REFUSED and not receiver.in_body:
            receiver.in_body = True
            receiver.note(sound=answered(receiver.sound(), "with a sound assertion"))
        if gives_token(receiver.ground.sound):
            return
        refusals.append(receiver.ground.sound)
    receiver.note(token={**receiver.ground.token, "header": None}, sound=refusals[0])
    raise NoGround(_refused(receiver, refusals[0]))


def gives_token(answer: Answer) -> bool:
    return answer.status == 200 and isinstance(answer.members.get("access_token"), str)


def _refused(receiver: Receiver, answer: Answer) -> Diagnosis:
    claims = receiver.ground.minted.claims if receiver.ground.minted else {}
    tried = ", ".join(
        f"{name} {claims[name]}" for name in ("iss", "aud", "sub", "client_id", "scope") if name in claims
    )
    said = " ".join(answer.text.split())[:300]
    remedy = REMEDIES.get(str(answer.members.get("error")), "Look into the log of the target for what it does not like")
    return Diagnosis(f"it answers {answer.status} to a sound assertion: {said}. Tried: {tried}", remedy)


CHECKS = ("made-up-assertion", "sound-assertion")


def checks(receiver: Receiver) -> Iterator[Check]:
    """What the ground says itself."""
    found, group = receiver.ground, "ground"
    holds = gives_token(found.sound)
    if not holds:
        yield Check("made-up-assertion", group, "inconclusive", note=found.cause)
        yield Check("sound-assertion", group, "inconclusive", note=found.cause)
        return
    if gives_token(found.made_up):
        shown = Finding(MADE_UP_ASSERTION, "", "answered 200, expected 400", (evidence.exchange(found.made_up),))
        yield Check("made-up-assertion", group, "failed", (shown,), seconds=found.made_up.seconds)
    else:
        yield Check("made-up-assertion", group, "passed", note=f"answered {found.made_up.status}")
    claims = found.minted.claims if found.minted else {}
    described = ", ".join(f"{name} {claims[name]}" for name in ("iss", "aud", "scope") if claims.get(name))
    note = f"{receiver.url} answered {found.sound.status} to an assertion with {described}"
    yield Check("sound-assertion", group, "passed", note=note, seconds=found.sound.seconds)
