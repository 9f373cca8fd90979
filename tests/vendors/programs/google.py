"""google-auth, unchanged: what it says of ID tokens."""

# mypy: ignore-errors
from __future__ import annotations

from google.auth.transport.requests import Request
from google.oauth2 import id_token

from tests.real_clients.programs import lines


def verdict(token: str, audience: str) -> dict[str, object]:
    """The claims of a good token, or why it is refused."""
    try:
        return {"claims": id_token.verify_oauth2_token(token, Request(), audience)}
    except Exception as refused:  # noqa: BLE001 - any of its errors is a refusal
        return {"refused": f"{type(refused).__name__}: {refused}"}


for command in lines.commands():
    lines.answer(verdicts={name: verdict(token, command["audience"]) for name, token in command["tokens"].items()})
