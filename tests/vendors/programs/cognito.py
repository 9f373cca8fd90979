"""cognitojwt, unchanged: what it says of tokens of a user pool, with the keys of Cognito's host."""

# mypy: ignore-errors
from __future__ import annotations

import cognitojwt

from tests.real_clients.programs import lines


def verdict(token: str, options: dict[str, str]) -> dict[str, object]:
    """The claims of a good token, or why it is refused."""
    try:
        return {"claims": cognitojwt.decode(token, **options)}
    except Exception as refused:  # noqa: BLE001 - any of its errors is a refusal
        return {"refused": f"{type(refused).__name__}: {refused}"}


for command in lines.commands():
    lines.answer(verdicts={name: verdict(token, command["options"]) for name, token in command["tokens"].items()})
