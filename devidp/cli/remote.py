"""A running devidp, as the commands that control it call its API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlencode

import click

from devidp.cli.options import BASE_URL, Port, setting
from devidp.system import http_client

PREFIX = "/_devidp/api"
TIMEOUT = 130
"""Seconds; the longest that a scripted delay lasts, and a little more."""


class Remote:
    """The API of a running devidp; a refusal ends the command with its reason."""

    def __init__(self, url: str | None, port: int, control_token: str | None) -> None:
        self._url = url or f"http://127.0.0.1:{port}"
        self._token = control_token

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        given = {name: value for name, value in query.items() if value is not None}
        return self.send("GET", f"{path}?{urlencode(given)}" if given else path)

    def post(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("POST", path, {name: value for name, value in members.items() if value is not None})

    def patch(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("PATCH", path, members)

    def delete(self, path: str) -> dict[str, Any]:
        return self.send("DELETE", path)

    def follow(self, path: str) -> Iterator[str]:
        """The lines of a stream of server-sent events, which is opened again where it ends."""
        last = ""
        while True:
            with self._request("GET", path, None, {"Last-Event-ID": last} if last else {}) as response:
                for raw in response:
                    line = raw.decode(errors="replace").rstrip("\r\n")
                    if line.startswith("id:"):
                        last = line[3:].strip()
                    yield line

    def send(self, method: str, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {} if members is None else {"Content-Type": "application/json"}
        with self._request(method, path, None if members is None else json.dumps(members), headers) as response:
            answer: dict[str, Any] = json.loads(response.read())
        return answer

    @contextmanager
    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Iterator[HTTPResponse]:
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        url = f"{self._url}{PREFIX}{path}"
        try:
            with http_client.request(method, url, timeout=TIMEOUT, body=body, headers=headers) as response:
                if response.status >= 300:
                    raise click.ClickException(_reason(response))
                yield response
        except http_client.NoAnswer as error:
            raise click.ClickException(
                f"no devidp answers at {self._url}: {error}. Start one with `devidp`, or say where it is with --url"
            ) from error


def _reason(response: HTTPResponse) -> str:
    try:
        return str(json.loads(response.read())["error_description"])
    except (ValueError, KeyError, TypeError):
        return f"it answered {response.status}, but not as devidp does"


def pairs(values: tuple[str, ...], option: str) -> dict[str, Any] | None:
    """``name=value`` texts as members; a value that is JSON is taken as that, any other as text."""
    members = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{option}: got {text!r}, expected NAME=VALUE")
        try:
            members[name] = json.loads(value)
        except ValueError:
            members[name] = value
    return members or None


def show(answer: Any) -> None:
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def controls(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say which devidp is meant, and hands it to the command as its first argument."""

    @wraps(command)
    def with_remote(url: str | None, port: int, control_token: str | None, **values: Any) -> None:
        command(Remote(url, port, control_token), **values)

    for option in (
        setting(
            "--control-token", metavar="TOKEN", help="Bearer token that devidp prints when other machines can reach it."
        ),
        setting("--port", default=6749, type=Port(1), metavar="PORT", help="Port on this machine where it listens."),
        setting("--url", type=BASE_URL, metavar="URL", help="Base URL of the running devidp, in place of --port."),
    ):
        with_remote = option(with_remote)
    return with_remote
