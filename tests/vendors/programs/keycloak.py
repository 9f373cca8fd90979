"""python-keycloak, unchanged: calls a method of its KeycloakOpenID, and says what comes of it."""

# mypy: ignore-errors
from __future__ import annotations

from functools import cache
from typing import Any

from keycloak import KeycloakOpenID
from keycloak.exceptions import KeycloakError

from tests.real_clients.programs import lines


@cache
def client(**server: str | None) -> KeycloakOpenID:
    return KeycloakOpenID(**server)


def call(server: dict[str, Any], method: str, arguments: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": getattr(client(**server), method)(*arguments, **named)}
    except KeycloakError as error:
        return {"status": error.response_code, "error": str(error.error_message)}
    except Exception as error:  # noqa: BLE001 - of jwcrypto, whatever is wrong with a token
        return {"refused": f"{type(error).__name__}: {error}"}


for command in lines.commands():
    lines.answer(**call(**command))
