"""The sentence that comes with a minted token: what it is, what is wrong with it, and what the right answer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from devidp.faults import Fault, TokenType
from devidp.faults.minting.request import KeyName, MintRequest
from devidp.models import Authorization
from devidp.oauth import scope
from devidp.system import durations

NAMES: dict[TokenType, str] = {
    "access": "access token", "id": "ID token", "logout": "logout token", "id-jag": "ID-JAG",
    "client-assertion": "client assertion",
}  # fmt: skip
JUDGES: dict[TokenType, str] = {"id-jag": "authorization server", "client-assertion": "authorization server"}
"""Who has to refuse a faulty token, where that is neither a resource server nor a client."""


def sentence(
    granted: Authorization, request: MintRequest, faults: Sequence[Fault], token_type: TokenType, *, opaque: bool
) -> str:
    """What the token is, then what the faults and the request changed."""
    changes = _changes(request)
    name = f"{'' if faults or changes else 'valid '}{'opaque ' if opaque else ''}{NAMES[token_type]}"
    parts = [f"{'An' if name[0] in 'aIo' else 'A'} {name} for {owner(granted)}"]
    if token_type == "access":
        scopes = f"with scope {scope.join(granted.scope)}" if granted.scope else "without scope"
        parts[0] += f" at {' and '.join(granted.audience)} {scopes}"
    if changes:
        parts.append(f"Changed on request: {', '.join(changes)}")
    if faults:
        level = "must" if any(fault.level == "must" for fault in faults) else "should"
        status = min(fault.status for fault in faults)
        right = f"resource server {level} answer {status}"
        right = right if token_type == "access" else f"{JUDGES.get(token_type, 'client')} {level} refuse it"
        wrong = "; ".join(fault.description.removesuffix(".") for fault in faults)
        count = "One fault" if len(faults) == 1 else f"{len(faults)} faults"
        sections = ", ".join(dict.fromkeys(fault.section for fault in faults))
        parts += [f"{count}: {wrong}", f"A correct {right} ({sections})"]
    return ". ".join(parts) + "."


def owner(granted: Authorization) -> str:
    """The user and the client."""
    client = f"client {granted.client.client_id}"
    return f"user {granted.user.username} through {client}" if granted.user is not None else client


def _changes(request: MintRequest) -> list[str]:
    changes = []
    if request.lifetime is not None:
        changes.append(_when(request.lifetime, "it lives {}", "it expired {} before it was issued"))
    if request.not_before is not None:
        changes.append(_when(request.not_before, "it becomes valid in {}", "it was valid {} before it was issued"))
    changes += [f"{name} set" for name in request.claims]
    changes += [f"{name} left out" for name in request.drop]
    changes += [f"header {name} set" for name in request.header]
    changes += [f"header {name} left out" for name in request.drop_header]
    if request.key != "active":
        key = f"the {request.key} key" if request.key in get_args(KeyName) else "a key of your own"
        changes.append(f"signed with {key}, which is not in the JWK Set")
    if request.free:
        changes.append("taken as it stands, whatever the seed says")
    return changes


def _when(seconds: int, ahead: str, ago: str) -> str:
    return ahead.format(durations.words(seconds)) if seconds >= 0 else ago.format(durations.words(-seconds))
