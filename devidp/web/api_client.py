"""The control API of a running devidp, as a program calls it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlencode

from devidp.system import http_client

PREFIX = "/_devidp/api"
SECONDS = 30
"""For an answer."""
VERSION = "Devidp-Version"
"""The header by which an answer is known to be one of devidp."""


class ApiError(Exception):
    """devidp refused; the message says why."""


class Gone(ApiError):
    """It cannot answer at this moment."""


class Unreachable(Gone):
    """Nothing answers."""


class Stranger(ApiError):
    """Something else answers."""


class ApiClient:
    """Of the devidp at ``url``, as this machine reaches it; every call raises ApiError. ``tls`` says whom to trust."""

    def __init__(
        self,
        url: str,
        control_token: str | None = None,
        *,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.url = url
        self._tls = tls
        self._token = control_token
        self._seconds = seconds

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.send("GET", with_query(path, query))

    def post(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("POST", path, {name: value for name, value in members.items() if value is not None})

    def patch(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("PATCH", path, members)

    def delete(self, path: str, **query: Any) -> dict[str, Any]:
        return self.send("DELETE", with_query(path, query))

    def send(self, method: str, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {} if members is None else {"Content-Type": "application/json"}
        with self.open(method, path, None if members is None else json.dumps(members), headers) as response:
            try:
                return http_client.read_object(response)
            except ValueError as error:
                raise Stranger(f"{self.url} answered, but not as devidp does: {error}") from None

    @contextmanager
    def open(
        self, method: str, path: str, body: str | None, headers: dict[str, str], seconds: float | None = None
    ) -> Iterator[HTTPResponse]:
        """The answer of devidp, to be read in the context; ``seconds`` for all of it."""
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        address, limit = f"{self.url}{PREFIX}{path}", seconds or self._seconds
        options: dict[str, Any] = {"timeout": limit, "tls": self._tls, "in_all": True}
        try:
            with http_client.request(method, address, body=body, headers=headers, **options) as response:
                if VERSION not in response.headers:
                    raise Stranger(
                        f"{self.url} answered {response.status}, but not as devidp does: another server is there"
                    )
                if response.status >= 300:
                    refused = Gone if response.status == 503 else ApiError
                    raise refused(str(http_client.read_object(response)["error_description"]))
                yield response
        except http_client.NoAnswer as error:
            raise Unreachable(f"no devidp answers at {self.url}: {error}") from error


def with_query(path: str, query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path
