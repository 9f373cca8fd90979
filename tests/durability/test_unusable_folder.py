"""A data folder that cannot be used for a while: every surface says so, and devidp goes on when it is back."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.cli.running import DEADLINE, PYTHON, Running, run
from tests.dashboard.visitor import FORM_TOKEN
from tests.durability.kill import free_port
from tests.durability.test_bad_surroundings import AS_OTHERS_ARE, full_disk
from tests.flow import CHALLENGE, MCP, REDIRECT_URI, Form
from tests.fuzz.targets import CONTROL

pytestmark = pytest.mark.slow
API = "/_devidp/api"
SENTENCE = "devidp cannot use its data at this moment. Try again; its log says what is wrong."
AUTHORIZE = urlencode(
    {
        "response_type": "code", "client_id": "web", "redirect_uri": REDIRECT_URI, "scope": "openid mcp:read",
        "resource": MCP, "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }
)  # fmt: skip
Trouble = Callable[[Running, Path], AbstractContextManager[None]]


@contextmanager
def moved_away(_: Running, data: Path) -> Iterator[None]:
    data.rename(away := data.with_name("away"))
    try:
        yield
    finally:
        away.rename(data)


def no_room(server: Running, _: Path) -> AbstractContextManager[None]:
    return full_disk(server)


WRITES: dict[str, tuple[str, str, dict[str, object]]] = {
    "registration": ("POST", "/default/register", {"redirect_uris": ["http://localhost:5555/callback"]}),
    "a user is added": ("POST", f"{API}/users", {"username": "zoe"}),
    "a user is changed": ("PATCH", f"{API}/users/bob", {"disabled": True}),
    "all of a user is revoked": ("POST", f"{API}/users/alice/revoke", {}),
    "a client is added": (
        "POST",
        f"{API}/clients",
        {"client_id": "app", "public": True, "redirect_uris": [REDIRECT_URI]},
    ),
    "the clock is moved": ("POST", f"{API}/clock", {"advance": "1s"}),
    "a key is made": ("POST", f"{API}/keys", {"action": "rotate"}),
    "a fault is armed": ("POST", f"{API}/arm", {"fault": "expired"}),
    "a failure is scripted": ("POST", f"{API}/failures", {"endpoint": "jwks", "failure": "keys-empty"}),
    "everything is reset": ("POST", f"{API}/reset", {}),
}


def unavailable(response: httpx.Response) -> None:
    assert response.status_code == 503, response.text
    assert int(response.headers["Retry-After"]) > 0
    assert "devidp cannot use its data at this moment" in response.text


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("trouble", [no_room, moved_away], ids=["full disk", "moved away"])
def test_every_surface_says_so_and_all_work_again_afterwards(tmp_path: Path, trouble: Trouble, workers: str) -> None:
    server = Running(tmp_path, "serve", "--port", "0", "--data", "data", "--workers", workers)
    try:
        base = server.issuer().removesuffix("/default")
        with httpx.Client(base_url=base, timeout=DEADLINE) as http:
            assert http.get("/default/.well-known/jwks.json").status_code == 200
            assert http.post(f"{API}/tokens", json={"user": "alice"}).status_code == 200  # one that can be revoked
            page = Form(http.get(f"/default/authorize?{AUTHORIZE}").text)
            login = {**page.hidden, "username": "alice", "password": "alice"}
            (token, *_) = FORM_TOKEN.findall(http.get("/_devidp/controls/clock").text)
            with trouble(server, tmp_path / "data"):
                for method, path, body in WRITES.values():
                    answer = http.request(method, path, json=body)
                    unavailable(answer)
                    assert answer.json()["error_description"] == SENTENCE
                unavailable(refused := http.post(page.action, data=login))
                assert refused.headers["Content-Type"].startswith("text/html")
                frozen = {"form_token": token, "action": "freeze"}
                unavailable(refused := http.post("/_devidp/controls/clock", data=frozen))
                assert "That did not work" in refused.text
                for each in CONTROL:
                    if "GET" in each.methods and each.name != "stream":
                        answer = http.get(each.path)
                        assert answer.status_code < 500 or answer.status_code == 503, answer.text
                done = run(tmp_path, "users", "disable", "bob", "--url", base)
                assert (done.returncode, done.stderr) == (1, f"Error: {SENTENCE}\n")
            for name, (method, path, body) in WRITES.items():
                assert http.request(method, path, json=body).status_code in (200, 201), name
        assert server.end(signal.SIGTERM) == 0
        said = server.errors()
        assert f"The database {tmp_path}/data/devidp.db cannot be used" in said
        assert "Traceback" not in said, said
    finally:
        server.kill()


def test_a_folder_that_may_not_be_written_is_said_by_another_server_until_it_may(tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir(mode=0o500)
    port = free_port()
    flask = (PYTHON, "-m", "flask", "--app", "devidp.app", "run", "--port", str(port))
    server = Running(tmp_path, command=(PYTHON, "-c", AS_OTHERS_ARE, *flask), DEVIDP_DATA=str(data))
    try:
        server.error("Running on")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=DEADLINE) as http:
            for path in ("/", "/default/.well-known/jwks.json", f"{API}/users", "/default/authorize"):
                unavailable(http.get(path))
            assert f"{data}/owner.lock cannot be written: Permission denied" in server.error("cannot be written")
            data.chmod(0o700)
            for path in ("/", "/default/.well-known/jwks.json", f"{API}/users"):
                assert http.get(path).status_code == 200
    finally:
        server.kill()
