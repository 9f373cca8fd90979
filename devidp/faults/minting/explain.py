"""The sentence that comes with a minted token: what it is, what is wrong with it, and what the right answer is."""

from __future__ import annotations

from devidp.faults import Case, Fault, TokenType
from devidp.faults.minting.request import MintRequest
from devidp.models import Authorization
from devidp.oauth import scope
from devidp.system import durations

NAMES: dict[TokenType, str] = {"access": "access token", "id": "ID token", "logout": "logout token"}


def sentence(case: Case, request: MintRequest, fault: Fault | None, token_type: TokenType) -> str:
    """What the token is, then what the fault and the request changed."""
    granted, changes = case.authorization, _changes(request)
    sound = "valid " if fault is None and not changes else ""
    name = f"{sound}{NAMES[token_type]}"
    parts = [f"{'A' if name[0] in 'vl' else 'An'} {name} for {_whom(granted)}{_purpose(granted, token_type)}"]
    if changes:
        parts.append(f"Changed on request: {', '.join(changes)}")
    if fault is not None:
        parts += [f"One fault: {fault.description.removesuffix('.')}", _verdict(fault, token_type)]
    return ". ".join(parts) + "."


def refresh_sentence(granted: Authorization) -> str:
    return f"A valid refresh token for {_whom(granted)}."


def _whom(granted: Authorization) -> str:
    client = f"client {granted.client.client_id}"
    return f"user {granted.user.username} through {client}" if granted.user is not None else client


def _purpose(granted: Authorization, token_type: TokenType) -> str:
    if token_type != "access":
        return ""
    scopes = f" with scope {scope.join(granted.scope)}" if granted.scope else " without scope"
    return f" at {' and '.join(granted.audience)}{scopes}"


def _verdict(fault: Fault, token_type: TokenType) -> str:
    reader, answer = (
        ("resource server", f"answer {fault.status}") if token_type == "access" else ("client", "refuse it")
    )
    return f"A correct {reader} {fault.level} {answer} ({fault.section})"


def _changes(request: MintRequest) -> list[str]:
    changes = []
    if request.lifetime is not None:
        changes.append(f"it lives {durations.words(request.lifetime)}")
    if request.not_before is not None:
        changes.append(f"it begins in {durations.words(request.not_before)}")
    changes += [f"{name} set" for name in request.claims]
    changes += [f"{name} left out" for name in request.drop]
    changes += [f"header {name} set" for name in request.header]
    if request.key != "active":
        changes.append(f"signed with the {request.key} key, which is not in the JWK Set")
    return changes
