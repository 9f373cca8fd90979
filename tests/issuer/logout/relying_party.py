"""A client that has registered for logout, and its user in a browser."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.flow import REDIRECT_URI, Flow

HOME = "http://localhost:5555/home"


class RelyingParty:
    """A client of ``flow`` with the logout metadata that is given."""

    def __init__(self, flow: Flow, **metadata: Any) -> None:
        self.flow = flow
        registered = flow.register(
            redirect_uris=[REDIRECT_URI],
            post_logout_redirect_uris=[HOME],
            grant_types=["authorization_code", "refresh_token"],
            **metadata,
        )
        assert registered.status_code == 201, registered.text
        self.client_id: str = registered.get_json()["client_id"]
        self.tokens: dict[str, Any] = {}

    def log_in(self, username: str = "alice", **changes: str | None) -> dict[str, Any]:
        self.tokens = self.flow.tokens(username, self.client_id, **changes)
        return self.tokens

    def log_out(self, **changes: str | None) -> TestResponse:
        """Send the browser to the end session endpoint; ``None`` leaves a parameter out."""
        parameters: dict[str, str | None] = {
            "id_token_hint": self.tokens.get("id_token"),
            "post_logout_redirect_uri": HOME,
            "state": "a state",
        }
        query = {name: value for name, value in {**parameters, **changes}.items() if value is not None}
        return self.flow.http.get(f"{self.flow.base}/logout", query_string=query)

    def is_logged_in(self) -> bool:
        """Whether the browser has a session that gives this client a code without a page."""
        response = self.flow.authorize(client_id=self.client_id, prompt="none")
        assert response.status_code == 303, response.text
        return "code=" in response.headers["Location"]
