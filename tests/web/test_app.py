"""The application: the landing page, the health check, and what it shows of secrets."""

from __future__ import annotations

from typing import Any

import pytest

import devidp
from tests.shipped import Start


def test_the_landing_page_names_issuers_users_and_clients_and_no_secret(start: Start) -> None:
    flow = start(
        {"registration": {"initial_access_token": "initial-token"}}, users={"alice": {"password": "pass-word"}}
    )
    response = flow.http.get("/")
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for word in ("http://localhost:6749/default", "http://localhost:6749/enterprise", "alice", "bob", "web", "service"):
        assert word in response.text
    for secret in ("web-secret", "service-secret", "pass-word", "initial-token"):
        assert secret not in response.text


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_the_health_check_says_that_it_answers(start: Start, path: str) -> None:
    flow = start()
    response = flow.http.get(path)
    assert response.get_json() == {"status": "ok", "version": devidp.__version__}
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/health", "/health/ready"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_they_are_only_read(start: Start, path: str, method: str) -> None:
    answer = start().http.open(path, method=method)
    assert answer.status_code == 405
    assert f"{method} is not allowed at '{path}', expected GET" in answer.text


@pytest.mark.parametrize("issuer", [{}, {"grants": ["authorization_code"]}])
def test_the_line_that_yields_a_token_is_there_where_it_works(start: Start, issuer: dict[str, Any]) -> None:
    url = "https://idp.example"
    page = start(issuer, config={"public_url": url}).http.get("/", base_url=url).text
    assert ("grant_type=client_credentials" in page) == (issuer == {})
