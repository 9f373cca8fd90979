"""What devidp refuses to start with, and how it says so."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from devidp.server.address import default_public_url
from devidp.system.urls import base_url, public_base
from tests.cli.conftest import Start
from tests.cli.running import run


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "with SO_REUSEPORT"])
def test_a_port_that_another_program_has_is_named_with_the_remedy(tmp_path: Path, shared: bool) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shared)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run(tmp_path, "--memory", "--port", str(port))
    assert ended.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken by another program" in ended.stderr
    assert "--port 0" in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("first", [("--memory",), ("--data", "data", "--workers", "2")], ids=["one", "two workers"])
@pytest.mark.parametrize("second", [("--memory",), ("--data", "other", "--workers", "2")], ids=["one", "two workers"])
def test_a_port_that_another_devidp_has_is_not_shared(
    start: Start, tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    port = start(*first).issuer().split(":")[2].split("/")[0]
    ended = run(tmp_path, *second, "--port", port)
    assert ended.returncode == 1
    assert f"taken by another devidp (http://127.0.0.1:{port} " in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("--host", "nowhere.invalid"), 1, "--host nowhere.invalid: no such host."),
        (("--host", "192.0.2.1"), 1, "--host 192.0.2.1 is not an address of this machine."),
        (("--port", "65536"), 2, "got '65536', expected a port from 0 to 65535."),
        (("--port", "http"), 2, "got 'http', expected a port"),
        (("--prot", "80"), 2, "--port"),
        (("--control-token", "guess-me"), 2, "got 8 characters, expected 16 or more that nobody can guess"),
        (("--control-token", "a text of more words"), 2, "got a character that no bearer token has"),
        (("--default-audience", "two words"), 2, "or a name without colons and spaces, such as orders or a GUID"),
        (("--default-audience", "localhost:80/mcp"), 2, "its scheme is missing: it would be http://localhost:80/mcp"),
        (("--memory", "--data", "here"), 2, "--memory keeps nothing, --data keeps it in a folder"),
        (("--memory", "--workers", "2"), 2, "Use --data DIR, which all share, or --workers 1."),
        (
            ("--workers", "2"),
            2,
            "--port 0 without --data with --workers 2: each worker would have a memory of its own.",
        ),
        (("--seed", "a.yaml", "--seed-yaml", "a: b"), 2, "give one of them"),
        (("--public-url", "idp:9000"), 2, "Did you mean 'http://idp:9000'?"),
        (("--public-url", "http://bücher.example"), 2, "expected 'xn--bcher-kva.example'"),
        (("--backchannel-url", "http://bücher.example"), 2, "expected 'xn--bcher-kva.example'"),
        (("--allowed-host", "bücher.example"), 2, "expected 'xn--bcher-kva.example'"),
        *[
            (("--allowed-host", name), 2, f"{name!r} is no name of a host.")
            for name in ("http://idp.example", "idp.example:80", "*.example", ".example", "")
        ],
        (("--public-url", "http://idp/a/../b"), 2, "none of them empty, '.' or '..'"),
        (("--backchannel-url", "http://idp//b"), 2, "none of them empty, '.' or '..'"),
        (("--host", "bücher.example"), 1, "expected 'xn--bcher-kva.example'"),
        (("--ready-file", "absent/ready.json"), 1, "--ready-file absent/ready.json cannot be written"),
        (("--auto-approve", "alic", "--memory"), 1, "alic"),
        (("--log-format", "xml"), 2, "'text', 'json'"),
        (("heath",), 2, "No such command 'heath'. Did you mean 'health'?"),
        (("seed.yaml",), 2, "No such command 'seed.yaml'. Did you mean --seed seed.yaml?"),
        (("serve", "mine"), 2, "got 'mine', expected flags alone. Did you mean --seed mine?"),
        (("demo", "mine"), 2, "got 'mine', expected flags alone. Did you mean --seed mine?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_setting_is_one_clear_message(
    tmp_path: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    ended = run(tmp_path, *arguments, DEVIDP_PORT="0")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (ended.returncode, ended.stdout) == (status, "")


def test_every_mistake_of_the_seed_is_printed_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("issuers: {a: {}}\nuser: {}\nclients:\n  web: {secrt: x}\n")
    ended = run(tmp_path, "--memory", "--seed", "seed.yaml")
    assert ended.returncode == 2
    assert "seed.yaml:2: " in ended.stderr
    assert "seed.yaml:4: " in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://idp.test/", "https://idp.test"),
        ("HTTP://Idp.Test:9000", "http://idp.test:9000"),
        ("https://idp.test/Path/", "https://idp.test/Path"),
        ("http://[::1]:6749", "http://[::1]:6749"),
        ("http://[::FFFF]:80/", "http://[::ffff]"),
        ("http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"),
        ("http://idp:80", "http://idp"),
        ("https://idp:443/a", "https://idp/a"),
        ("http://idp:443", "http://idp:443"),
        ("https://idp:80", "https://idp:80"),
        ("https://idp:/", "https://idp"),
    ],
)
def test_a_base_url_is_as_every_url_library_writes_it(given: str, kept: str) -> None:
    assert base_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "idp",
        "ftp://idp",
        "http://",
        "http://idp/?a=b",
        "http://idp/#a",
        "http://a:b@idp",
        "http://i dp",
        "http://x:0",
        "http://x:99999",
        "http://x:abc",
        "http://[::1",
    ],
)
def test_an_invalid_base_url_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        base_url(given)


@pytest.mark.parametrize("path", ["/a/../b", "/./a", "/%2e%2E/a", "/.%2e", "//a", "/a//b", "/é", "/%zz", "/a\\b", '/"'])
def test_a_path_that_clients_write_in_another_way_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="which clients write in another way"):
        public_base(f"http://idp{path}")


@pytest.mark.parametrize("path", ["", "/idp", "/a.b/..c/%7Eme", "/a:b@c"])
def test_a_path_that_everybody_writes_alike_is_taken(path: str) -> None:
    assert public_base(f"http://idp{path}/") == f"http://idp{path}"


@pytest.mark.parametrize("given", ["http://bücher.example", "https://BÜCHER.example:80/a"])
def test_a_host_that_no_request_can_carry_is_refused_with_the_form_that_it_can(given: str) -> None:
    """RFC 5891."""
    with pytest.raises(ValueError, match=r"xn--bcher-kva\.example"):
        base_url(given)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost"),
        ("0.0.0.0", "http://localhost"),
        ("::", "http://localhost"),
        ("::1", "http://localhost"),
        ("192.168.0.7", "http://192.168.0.7"),
        ("fd00::7", "http://[fd00::7]"),
    ],
)
def test_the_public_url_is_localhost_unless_one_host_is_named(host: str, url: str) -> None:
    assert default_public_url(host, 80) == url
