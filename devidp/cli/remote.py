"""A running devidp, as the commands that control it call its API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from devidp.cli.options import BASE_URL, Port, by_flag, setting
from devidp.oauth import name_value
from devidp.system.clock import pause
from devidp.web.api_client import SECONDS, ApiClient, ApiError, Gone, Stranger, Unreachable, with_query

STREAM_SECONDS = 60
"""For a stream of events, which devidp ends before that, so that it is opened again."""
RETRY_SECONDS = 0.2


url_option = setting("--url", type=BASE_URL, metavar="URL", help="Base URL of the running devidp, in place of --port.")


class Remote(ApiClient):
    """The API of a running devidp; a refusal ends the command with its reason."""

    def __init__(self, url: str | None, port: int, control_token: str | None, seconds: float = SECONDS) -> None:
        super().__init__(url or f"http://127.0.0.1:{port}", control_token, seconds=seconds)

    def send(self, method: str, path: str, members: dict[str, Any] | None = None) -> dict[str, Any]:
        with explained():
            return super().send(method, path, members)

    def follow(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """The data of a stream of server-sent events; where it ends, also by a restart, it is opened again."""
        with explained():
            yield from self._follow(with_query(path, query))

    def _follow(self, path: str) -> Iterator[dict[str, Any]]:
        last, reached, missed = "", False, 0
        retry = RETRY_SECONDS
        while True:
            try:
                headers = {"Last-Event-ID": last} if last else {}
                with self.open("GET", path, None, headers, STREAM_SECONDS) as response:
                    reached, missed = True, 0
                    # the last line may be cut off
                    for raw in (line for line in response if line.endswith(b"\n")):
                        name, _, value = raw.decode().rstrip("\r\n").partition(": ")
                        last = value if name == "id" else last
                        retry = int(value) / 1000 if name == "retry" else retry
                        if name == "data":
                            yield json.loads(value)
            except Gone:
                if not reached:
                    raise
                missed += 1
                if missed == 2:  # the first may be the end of a stream
                    click.echo(f"devidp at {self.url} has ended. Waiting for the next, until Ctrl-C", err=True)
            pause(retry)


@contextmanager
def explained() -> Iterator[None]:
    """What is refused ends the command; where nothing answers, or something else, it is said what to change."""
    try:
        yield
    except Unreachable as error:
        hint = "Start one with `devidp`, or say where it is with --url"
        raise click.ClickException(f"{error}. {hint}") from error
    except Stranger as error:
        raise click.ClickException(f"{error}. Say where devidp is with --url or --port") from error
    except ApiError as error:
        raise click.ClickException(str(error)) from error


def pairs(values: tuple[str, ...], option: str) -> dict[str, Any] | None:
    """``name=value`` texts, or JSON objects, as members; a value that is JSON is taken as that, any other as text."""
    try:
        return name_value.members(values) or None
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


def texts(values: tuple[str, ...], option: str) -> dict[str, str]:
    """``name=value`` texts by name; raises UsageError, also for a name that comes twice."""
    try:
        return name_value.texts(values)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


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
        url_option,
    ):
        with_remote = option(with_remote)
    return with_remote
