"""What every refusal must be, and the part of it that a test is about."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from tests.flow import answer

_DESCRIPTION = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")
"""RFC 6749 section 5.2."""


def refusal(response: TestResponse) -> tuple[int, str]:
    """Status and error code of a refusal in JSON, once its form has been checked."""
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = response.get_json()
    assert set(body) == {"error", "error_description"}
    assert _DESCRIPTION.fullmatch(body["error_description"]), body
    return response.status_code, body["error"]


def description(response: TestResponse) -> str:
    text: str = response.get_json()["error_description"]
    return text


def page(response: TestResponse) -> int:
    """The status of a refusal for people, once it has been checked to be a page that goes nowhere."""
    assert response.content_type == "text/html; charset=utf-8"
    assert "Location" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code


def redirected(response: TestResponse) -> dict[str, str]:
    """The parameters of an answer that a redirect brings to the client."""
    assert response.status_code == 303, response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    return answer(response.headers["Location"])
