"""Managing a registration (RFC 7592): read, replace, delete, each with the newest registration access token."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import Start

pytestmark = pytest.mark.contract

URI = "http://localhost:5555/callback"


def manage(flow: Flow, client: dict[str, Any], method: str, token: str | None = None, **body: Any) -> TestResponse:
    address = urlsplit(client["registration_client_uri"])
    bearer = client["registration_access_token"] if token is None else token
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return flow.app.test_client().open(
        address.path,
        method=method,
        query_string=address.query,
        headers=headers,
        json=body if method == "PUT" else None,
    )


@pytest.fixture
def client(flow: Flow) -> dict[str, Any]:
    body: dict[str, Any] = flow.register(redirect_uris=[URI], client_name="Notes").get_json()
    return body


def test_a_client_reads_what_it_registered(flow: Flow, client: dict[str, Any]) -> None:
    response = manage(flow, client, "GET")
    assert response.status_code == 200
    assert response.get_json() == client


def test_a_replacement_replaces_everything_and_the_token(flow: Flow, client: dict[str, Any]) -> None:
    response = manage(
        flow, client, "PUT", client_id=client["client_id"], client_secret=client["client_secret"], redirect_uris=[URI]
    )
    changed = response.get_json()
    assert response.status_code == 200
    assert "client_name" not in changed
    assert changed["client_secret"] == client["client_secret"]
    assert changed["registration_access_token"] != client["registration_access_token"]
    assert refusal(manage(flow, client, "GET")) == (401, "invalid_token")
    assert manage(flow, changed, "GET").get_json() == changed


def test_a_replacement_without_the_secret_gives_a_new_one_and_ends_the_old(flow: Flow, client: dict[str, Any]) -> None:
    response = manage(
        flow, client, "PUT", client_id=client["client_id"], redirect_uris=[URI], grant_types=["client_credentials"]
    )
    changed = response.get_json()
    assert changed["client_secret"] != client["client_secret"]
    name = client["client_id"]
    assert refusal(flow.token(name, grant_type="client_credentials")) == (401, "invalid_client")
    flow.secrets[name] = changed["client_secret"]
    assert flow.token(name, grant_type="client_credentials", scope="mcp:read").status_code == 200


@pytest.mark.parametrize("token", ["", "another"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_without_the_token_nothing_is_told(flow: Flow, client: dict[str, Any], method: str, token: str) -> None:
    response = manage(flow, client, method, token, client_id=client["client_id"], redirect_uris=[URI])
    assert refusal(response) == (401, "invalid_token")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert manage(flow, client, "GET").status_code == 200


def test_a_token_is_good_for_its_own_client_only(flow: Flow, client: dict[str, Any]) -> None:
    other = flow.register(redirect_uris=[URI]).get_json()
    assert refusal(manage(flow, client, "GET", other["registration_access_token"])) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("registration_access_token", "x"),
        ("registration_client_uri", "http://localhost"),
        ("client_secret_expires_at", 0),
        ("client_id_issued_at", 1),
        ("client_id", "another"),
        ("client_secret", "chosen by the client"),
        ("redirect_uris", []),
    ],
)
def test_a_replacement_may_not_say_what_the_issuer_says(
    flow: Flow, client: dict[str, Any], field: str, value: object
) -> None:
    body = {"client_id": client["client_id"], "redirect_uris": [URI], field: value}
    response = manage(flow, client, "PUT", **body)
    assert refusal(response)[0] == 400
    assert field in description(response)
    assert manage(flow, client, "GET").get_json() == client


def test_a_deleted_client_takes_its_codes_and_tokens_along(flow: Flow, client: dict[str, Any]) -> None:
    name = client["client_id"]
    tokens = flow.tokens(client=name)
    code = flow.redirect(client_id=name)["code"]
    assert manage(flow, client, "DELETE").status_code == 204
    assert not flow.is_active(tokens["access_token"])
    assert refusal(flow.userinfo(tokens["access_token"])) == (401, "invalid_token")
    assert refusal(flow.exchange(code, name)) == (401, "invalid_client")
    assert flow.authorize(client_id=name).status_code == 400
    assert refusal(manage(flow, client, "GET")) == (401, "invalid_token")
    assert refusal(manage(flow, client, "DELETE")) == (401, "invalid_token")


def test_of_thirty_two_replacements_at_once_one_wins(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path)
    client = flow.register(redirect_uris=[URI], token_endpoint_auth_method="none").get_json()

    def replace(number: int) -> TestResponse:
        return manage(flow, client, "PUT", client_id=client["client_id"], redirect_uris=[URI], client_name=str(number))

    with ThreadPoolExecutor(32) as threads:
        responses = list(threads.map(replace, range(32)))
    won = [response.get_json() for response in responses if response.status_code == 200]
    assert len(won) == 1
    assert {response.status_code for response in responses} == {200, 401}
    assert manage(flow, won[0], "GET").get_json() == won[0]


def test_registration_access_tokens_are_not_in_the_database(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path)
    client = flow.register(redirect_uris=[URI]).get_json()
    written = repr(flow.runtime.database.rows("SELECT * FROM clients")).encode()
    flow.runtime.close()
    written += b"".join(file.read_bytes() for file in tmp_path.glob("devidp.db*"))
    assert client["client_id"].encode() in written
    assert client["registration_access_token"].encode() not in written
    assert client["client_secret"].encode() not in written


def test_where_management_is_off_registrations_come_without_it(start: Start) -> None:
    flow = start({"features": {"registration_management": False}})
    body = flow.register(redirect_uris=[URI]).get_json()
    assert "registration_access_token" not in body
    assert "registration_client_uri" not in body
    response = flow.http.get(f"/default/register/client?client_id={body['client_id']}")
    assert refusal(response) == (404, "not_found")
