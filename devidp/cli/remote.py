"""A running devidp, as the commands that control it call its API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlencode

import click

from devidp.cli.options import BASE_URL, Port, by_flag, setting
from devidp.system import http_client
from devidp.system.clock import pause

PREFIX = "/_devidp/api"
SECONDS = 30
"""For an answer."""
STREAM_SECONDS = 60
"""For a stream of events, which devidp ends before that, so that it is opened again."""
RETRY_SECONDS = 0.2
VERSION = "Devidp-Version"
"""The header by which an answer is known to be one of devidp."""


class Gone(click.ClickException):
    """Nothing answers, or it cannot at this moment."""


class Remote:
    """The API of a running devidp; a refusal ends the command with its reason."""

    def __init__(self, url: str | None, port: int, control_token: str | None, seconds: float = SECONDS) -> None:
        self._url = url or f"http://127.0.0.1:{port}"
        self._token = control_token
        self._seconds = seconds

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.send("GET", _with_query(path, query))

    def post(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("POST", path, {name: value for name, value in members.items() if value is not None})

    def patch(self, path: str, **members: Any) -> dict[str, Any]:
        return self.send("PATCH", path, members)

    def delete(self, path: str) -> dict[str, Any]:
        return self.send("DELETE", path)

    def follow(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The data of a stream of server-sent events; where it ends, also by a restart, it is opened again."""
        last, reached, missed = "", False, 0
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self._request("GET", _with_query(path, query), None, headers, STREAM_SECONDS) as response:
                    reached, missed = True, 0
                    # the last line may be cut off
                    for raw in (line for line in response if line.endswith(b"\n")):
                        name, _, value = raw.decode().rstrip("\r\n").partition(": ")
                        last = value if name == "id" else last
                        if name == "data":
                            yield json.loads(value)
            except Gone:
                if not reached:
                    raise
                missed += 1
                if missed == 2:  # the first may be the end of a stream
                    click.echo(f"devidp at {self._url} has ended. Waiting for the next, until Ctrl-C", err=True)
                pause(RETRY_SECONDS)

    def send(self, method: str, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {} if members is None else {"Content-Type": "application/json"}
        with self._request(method, path, None if members is None else json.dumps(members), headers) as response:
            try:
                return http_client.read_object(response)
            except ValueError as error:
                raise click.ClickException(f"{self._url} answered, but not as devidp does: {error}") from None

    @contextmanager
    def _request(
        self, method: str, path: str, body: str | None, headers: dict[str, str], seconds: float | None = None
    ) -> Iterator[HTTPResponse]:
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        url = f"{self._url}{PREFIX}{path}"
        try:
            limit = seconds or self._seconds
            with http_client.request(method, url, timeout=limit, body=body, headers=headers, in_all=True) as response:
                if VERSION not in response.headers:
                    raise click.ClickException(
                        f"{self._url} answered {response.status}, but not as devidp does: another server is there. "
                        "Say where devidp is with --url or --port"
                    )
                if response.status >= 300:
                    refused = Gone if response.status == 503 else click.ClickException
                    raise refused(str(http_client.read_object(response)["error_description"]))
                yield response
        except http_client.NoAnswer as error:
            raise Gone(
                f"no devidp answers at {self._url}: {error}. Start one with `devidp`, or say where it is with --url"
            ) from error


def _with_query(path: str, query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def pairs(values: tuple[str, ...], option: str) -> dict[str, Any] | None:
    """``name=value`` texts as members; a value that is JSON is taken as that, any other as text."""
    members: dict[str, Any] = {}
    for name, value in texts(values, option).items():
        try:
            members[name] = json.loads(value)
        except ValueError:
            members[name] = value
    return members or None


def texts(values: tuple[str, ...], option: str) -> dict[str, str]:
    """``name=value`` texts by name; raises UsageError, also for a name that comes twice."""
    found: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"{option}: got {text!r}, expected NAME=VALUE")
        if name in found:
            raise click.UsageError(f"{option}: got {name!r} twice, expected one value for it")
        found[name] = value
    return found


def show(answer: Any) -> None:
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def report(as_json: bool, answer: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Print the whole ``answer``, or what people read of it."""
    if as_json:
        show(answer)
        return
    for line in lines:
        # a name may hold what a terminal takes for a command
        click.echo("".join(letter if letter.isprintable() else "?" for letter in line))


def chosen_url(url: str | None) -> str | None:
    """``url``, unless a flag names the place otherwise; raises UsageError for two flags that do."""
    context = click.get_current_context()
    others = [name for name in ("port", "host", "tls") if by_flag(context, name)]
    if not others:
        return url
    if by_flag(context, "url"):
        raise click.UsageError(f"--url and --{others[0]} both say where devidp is; give one of them")
    return None


def controls(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that say which devidp is meant, and hands it to the command as its first argument."""

    @wraps(command)
    def with_remote(url: str | None, port: int, control_token: str | None, **values: Any) -> None:
        command(Remote(chosen_url(url), port, control_token), **values)

    for option in (
        setting(
            "--control-token", metavar="TOKEN", help="Bearer token that devidp prints when other machines can reach it."
        ),
        setting("--port", default=6749, type=Port(1), metavar="PORT", help="Port on this machine where it listens."),
        setting("--url", type=BASE_URL, metavar="URL", help="Base URL of the running devidp, in place of --port."),
    ):
        with_remote = option(with_remote)
    return with_remote
