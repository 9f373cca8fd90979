"""Secrets are nowhere: a whole run on a real server, then every file and every line that it wrote is searched."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from devidp.oauth import names
from tests.cli.running import Running
from tests.durability.client import Client

SEED = """
scopes: {openid: {}, "mcp:read": {}}
resources: {"http://localhost:8000/mcp": {}}
users:
  alice: {password: a-password-of-alice}
clients:
  service: {secret: a-secret-of-service, grants: [client_credentials]}
"""


@pytest.fixture
def run(tmp_path: Path) -> tuple[set[str], bytes]:
    """Every secret of a run, and everything that was written meanwhile."""
    (tmp_path / "seed.yaml").write_text(SEED)
    server = Running(
        tmp_path, "serve", "--port", "0", "--data", str(tmp_path / "data"), "--seed", str(tmp_path / "seed.yaml")
    )
    try:
        issuer = server.issuer()
        told = {"username": "carol", "password": "a-password-of-carol"}
        assert httpx.post(f"{issuer.removesuffix('/default')}/_devidp/api/users", json=told).status_code == 201
        with closing(Client(issuer)) as client:
            secrets = everything(client)
        server.end(signal.SIGTERM)
    finally:
        server.kill()
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    written = b"\n".join(path.read_bytes() for path in files) + server.errors().encode()
    while line := server.line():
        written += line.encode()
    return secrets, written


def everything(client: Client) -> set[str]:
    """Register, log in, consent, exchange, refresh, replay, introspect, revoke, and fail at each; the secrets met."""
    told = client.register()
    code = client.authorize(told, password="a-password-of-alice")
    first = client.exchange(told, code)[1]
    second = client.refresh(told, first["refresh_token"])[1]
    client.is_active(told, second["access_token"])
    client.json("/introspect", client_id=told.client_id, client_secret="a-wrong-secret", token=second["access_token"])
    client.ask("GET", "/userinfo", bearer=second["access_token"])
    client.ask("GET", "/userinfo", bearer=f"{second['access_token']}x")
    client.ask("GET", f"/userinfo?access_token={second['access_token']}")
    client.ask("GET", f"/logout?id_token_hint={quote(second['id_token'])}")
    client.refresh(told, first["refresh_token"])
    client.exchange(told, code)
    client.forget()
    assert client.authorize(told, "carol", "a-password-of-carol")
    client.revoke(told, second["access_token"])
    client.json("/token", grant_type=names.CLIENT_CREDENTIALS, client_id="service", client_secret="a-secret-of-service")
    tokens = {answer[name] for answer in (first, second) for name in ("access_token", "id_token", "refresh_token")}
    known = {
        told.secret,
        told.access_token,
        code,
        "a-password-of-alice",
        "a-password-of-carol",
        "a-secret-of-service",
        "a-wrong-secret",
    }
    return tokens | known | client.secrets()


def test_nothing_that_was_written_holds_a_secret(run: tuple[set[str], bytes]) -> None:
    secrets, written = run
    assert len(secrets) > 12
    assert b"default/token" in written, "the log was searched"
    assert b"SQLite format 3" in written, "and the database"
    assert [secret for secret in secrets if secret.encode() in written] == []


def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    server = Running(tmp_path, "serve", "--port", "0", "--data", str(tmp_path / "data"))
    with closing(Client(server.issuer())) as client:
        client.register()
        client.ask("GET", "/.well-known/jwks.json")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").rglob("*") if path.is_file()}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert {"secret", "devidp.db"} <= set(modes)
    assert set(modes.values()) == {0o600}
    server.kill()
