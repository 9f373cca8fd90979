"""``devidp probe``: the command, with a devidp that runs and with one of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp import DevIdP
from devidp.report import baseline
from devidp.seed import shipped_path
from devidp.web.control.errors import ControlError
from tests.cli.running import run
from tests.probe import targets
from tests.serving import wsgi_served


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probe(home: Path, *arguments: str) -> tuple[int, str, str]:
    ended = run(home, "probe", *arguments)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_running_devidp_is_used(idp: DevIdP, tmp_path: Path) -> None:
    with wsgi_served(lambda _: targets.strict(idp)) as (base, _):
        status, _, err = probe(tmp_path, f"{base}/orders", "--url", idp.local_url, "--only", "ground")
    assert (status, err) == (0, "")


def test_with_a_seed_one_is_started_where_the_target_looks_for_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    issuer = f"http://localhost:{port}/default"
    app = targets.strict_of(issuer, f"{issuer}/.well-known/jwks.json")
    with wsgi_served(lambda _: app) as (base, _):
        arguments = ["--seed", str(shipped_path()), "--port", str(port), "--only", "ground"]
        ended = run(tmp_path, "probe", f"{base}/orders", *arguments, DEVIDP_URL="http://localhost:2")
        status, err = ended.returncode, ended.stderr
    assert (status, err) == (0, f"devidp for this probe: {issuer}\n")


def test_the_call_is_an_http_message(idp: DevIdP, tmp_path: Path) -> None:
    message = tmp_path / "create.http"
    message.write_text('POST /orders HTTP/1.1\nContent-Type: application/json\n\n{"item": "tea"}\n')
    with wsgi_served(lambda _: targets.strict(idp)) as (base, _):
        status, _, err = probe(tmp_path, base, "--url", idp.local_url, "--request", str(message), "--only", "ground")
    assert (status, err) == (0, "")


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (b"", "got '' as the first line, expected a method and a path"),
        (b"/orders", "got '/orders' as the first line"),
        (b"\xff\xfe", "as the first line, expected a method and a path"),
        (b"POST /orders\nno header\n\n", "got 'no header', expected a header"),
        (b"GET http://elsewhere.example/\n", "expected an address of the target"),
    ],
)
def test_what_is_no_call_is_refused_with_what_came(idp: DevIdP, tmp_path: Path, message: bytes, problem: str) -> None:
    (tmp_path / "call.http").write_bytes(message)
    status, _, err = probe(tmp_path, "http://localhost:1", "--url", idp.local_url, "--request", "call.http")
    assert status == 2
    assert problem in err


def test_why_nothing_can_be_concluded_is_said(idp: DevIdP, tmp_path: Path) -> None:
    with wsgi_served(lambda _: targets.always(401)) as (base, _):
        status, out, err = probe(tmp_path, base, "--url", idp.local_url)
    assert status == 1
    assert "it answers 401 to everything" in out + err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["https://api.example"], "api.example is not this machine"),
        (["http://localhost:1", "--url", "http://localhost:2"], "no devidp answers at http://localhost:2"),
        (["http://localhost:1", "--seed", "s.yaml", "--url", "http://localhost:2"], "--url names one that runs"),
        (["http://localhost:1", "--request", "-", "--path", "/a"], "--request and --path both describe the call"),
        (["http://localhost:1", "--tool", "add", "--path", "/a"], "--tool and --path both describe the call"),
        (
            ["http://localhost:1", "--tool", "add", "--body", "[1]"],
            "expected the arguments of the tool as a JSON object",
        ),
        (["http://localhost:1", "--tool", "add", "--body", "{"], "expected the arguments of the tool as JSON"),
        (["http://localhost:1", "--body", "@none"], "'none' cannot be read"),
        (["http://localhost:1", "--request", "gone.http"], "--request: 'gone.http' cannot be read: No such file"),
        (["http://localhost:1", "--header", "X"], "got 'X', expected a header"),
        (["http://localhost:1", "--header", "Authorization: Bearer x"], "expected none: the probe sends tokens"),
        (["ftp://localhost"], "does not begin with http://"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(tmp_path: Path, arguments: list[str], problem: str) -> None:
    status, _, err = probe(tmp_path, *arguments)
    assert status == (1 if "no devidp" in problem else 2)
    assert problem in err


def test_an_unknown_word_is_refused_by_name(idp: DevIdP, tmp_path: Path) -> None:
    with wsgi_served(lambda _: targets.strict(idp)) as (base, _):
        status, _, err = probe(tmp_path, f"{base}/orders", "--url", idp.local_url, "--only", "gruond")
    assert status == 2
    assert "got 'gruond', expected a name, a group" in err
    assert "Did you mean ground?" in err


def test_an_unknown_word_is_refused_where_nothing_can_be_concluded_too(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match=r"got 'expried', expected a name, .* Did you mean expired"):
        idp.probe(targets.always(401), only=["expried"])
    assert idp.probe(targets.always(401), only=["tool-look"]).cause


@pytest.mark.parametrize(("chosen", "said"), [((), True), (("--skip", "state"), False)])
def test_what_is_accepted_and_not_found_again_is_said_where_all_was_tried(
    idp: DevIdP, tmp_path: Path, chosen: tuple[str, ...], said: bool
) -> None:
    known = tmp_path / "known.json"
    known.write_text(baseline.text({"accepted-expired": "ticket 7", "accepted-jti-missing": "nobody looks at it"}))
    with wsgi_served(lambda _: targets.strict(idp)) as (base, _):
        whole = f"{base}/orders", "--url", idp.local_url, "--patience", "0", "--baseline", str(known)
        _, _, err = probe(tmp_path, *whole, *chosen)
    line = "accepted-expired is in the baseline, and was not found: take it out, if it is mended\n"
    assert err == (line if said else "")


def test_credentials_in_the_address_are_refused_and_not_repeated(idp: DevIdP) -> None:
    with pytest.raises(ControlError, match="with credentials") as refused:
        idp.probe("http://alice:hunter2@localhost:8000/orders")
    assert "hunter2" not in str(refused.value)
