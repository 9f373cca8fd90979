"""Load by wrk, which costs little itself: single requests, and by its scripts whole flows."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from bench.served import Served
from tests.durability.client import SCOPE, Client
from tests.flow import CHALLENGE, MCP, REDIRECT_URI, VERIFIER

SECONDS = 4
TOKEN = "grant_type=client_credentials"
SCRIPTS = Path(__file__).parent
_SCRIPT = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = "Basic c2VydmljZTpzZXJ2aWNlLXNlY3JldA=="
wrk.body = "%s"
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests or flows a second, and the CPU seconds of the workers for each."""

    per_second: float
    cpu: float
    done: int
    """How many there were."""


def wrk(server: Served, path: str, connections: int, body: str | None = None) -> Rate:
    """Requests over keep-alive connections; every answer must be a success."""
    script = None if body is None else _SCRIPT % body
    said, spent = _run(server, path, 1, connections, script)
    assert "Non-2xx" not in said, said
    total, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec: +([\d.]+)", said)
    assert total, said
    assert rate, said
    return _rate(float(rate[1]), spent, int(total[1]))


def token(server: Served) -> str:
    """One by client credentials."""
    request = Request(
        f"{server.issuer}/token", TOKEN.encode(), {"Authorization": "Basic c2VydmljZTpzZXJ2aWNlLXNlY3JldA=="}
    )
    with urlopen(request) as answer:
        issued: str = json.load(answer)["access_token"]
        return issued


def introspections(server: Served, connections: int) -> Rate:
    return wrk(server, "/introspect", connections, f"token={token(server)}")


def flows(server: Served, connections: int) -> Rate:
    """Code flows with PKCE, each of a new browser, which logs in and agrees."""
    with closing(Client(server.issuer)) as client:
        told = client.register()
    query = {
        "response_type": "code", "client_id": told.client_id, "redirect_uri": REDIRECT_URI, "scope": SCOPE,
        "state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "resource": MCP,
        "prompt": "consent",
    }  # fmt: skip
    token = {
        "grant_type": "authorization_code", "client_id": told.client_id, "client_secret": told.secret,
        "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER,
    }  # fmt: skip
    return _steps(server, connections, "flow.lua", {"QUERY": urlencode(query), "TOKEN": urlencode(token)})


def rotations(server: Served, connections: int, scope: str) -> Rate:
    """Rotations of refresh tokens, in a family for each connection; the scope ``openid`` adds an ID token to each."""
    with closing(Client(server.issuer)) as client:
        told = client.register()
        tokens = [
            client.exchange(told, client.authorize(told, scope=scope))[1]["refresh_token"] for _ in range(connections)
        ]
    token = {"grant_type": "refresh_token", "client_id": told.client_id, "client_secret": told.secret}
    return _steps(server, connections, "rotation.lua", {"TOKEN": urlencode(token), "TOKENS": tokens})


def _steps(server: Served, connections: int, name: str, values: Mapping[str, str | list[str]]) -> Rate:
    parts = urlsplit(server.issuer)
    known = {**values, "ISSUER": parts.path, "HOST": parts.netloc}
    given = "\n".join(f"{key} = {_lua(value)}" for key, value in known.items())
    script = f"{given}\n{(SCRIPTS / name).read_text()}"
    said, spent = _run(server, "", connections, connections, script)
    assert "FAILED" not in said, said
    found, lasted = re.search(r"STEPS (\d+)", said), re.search(r"requests in ([\d.]+)s", said)
    assert found, said
    assert lasted, said
    done = int(found[1])
    return _rate(done / float(lasted[1]), spent, done)


def _rate(per_second: float, spent: float, done: int) -> Rate:
    assert done, f"the machine is too busy: nothing was answered in {SECONDS} s"
    return Rate(per_second, spent / done, done)


def _lua(value: str | list[str]) -> str:
    return json.dumps(value) if isinstance(value, str) else "{" + ", ".join(map(json.dumps, value)) + "}"


def _run(server: Served, path: str, threads: int, connections: int, script: str | None) -> tuple[str, float]:
    """What wrk said, and the CPU seconds of the workers meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{SECONDS}s", f"{server.issuer}{path}"]
        if script is not None:
            file = Path(folder) / "script.lua"
            file.write_text(script)
            command += ["-s", str(file)]
        before = server.cpu()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return said, server.cpu() - before
