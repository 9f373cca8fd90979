"""The sentence that comes with a minted token: what it is, what is wrong with it, and what the right answer is."""

from __future__ import annotations

from devidp.faults import Fault, TokenType
from devidp.faults.minting.request import MintRequest
from devidp.models import Authorization
from devidp.oauth import scope
from devidp.system import durations

NAMES: dict[TokenType, str] = {"access": "access token", "id": "ID token", "logout": "logout token"}


def sentence(granted: Authorization, request: MintRequest, fault: Fault | None, token_type: TokenType) -> str:
    """What the token is, then what the fault and the request changed."""
    changes = _changes(request)
    name = f"{'' if fault or changes else 'valid '}{NAMES[token_type]}"
    parts = [f"{'A' if name[0] in 'vl' else 'An'} {name} for {owner(granted)}"]
    if token_type == "access":
        scopes = f"with scope {scope.join(granted.scope)}" if granted.scope else "without scope"
        parts[0] += f" at {' and '.join(granted.audience)} {scopes}"
    if changes:
        parts.append(f"Changed on request: {', '.join(changes)}")
    if fault is not None:
        right = f"resource server {fault.level} answer {fault.status}"
        right = right if token_type == "access" else f"client {fault.level} refuse it"
        parts += [f"One fault: {fault.description.removesuffix('.')}", f"A correct {right} ({fault.section})"]
    return ". ".join(parts) + "."


def owner(granted: Authorization) -> str:
    """The user and the client."""
    client = f"client {granted.client.client_id}"
    return f"user {granted.user.username} through {client}" if granted.user is not None else client


def _changes(request: MintRequest) -> list[str]:
    changes = []
    if request.lifetime is not None:
        changes.append(f"it lives {durations.words(request.lifetime)}")
    if request.not_before is not None:
        changes.append(f"it becomes valid in {durations.words(request.not_before)}")
    changes += [f"{name} set" for name in request.claims]
    changes += [f"{name} left out" for name in request.drop]
    changes += [f"header {name} set" for name in request.header]
    if request.key != "active":
        changes.append(f"signed with the {request.key} key, which is not in the JWK Set")
    return changes
