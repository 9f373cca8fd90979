"""Secrets in files of their own, as containers get them: read with the seed, and watched with it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from devidp import DevIdP, seed
from devidp.models import Seed
from devidp.seed import SeedError, SeedFiles
from devidp.web.control.errors import ControlError

SEED = """\
issuers:
  default:
    registration: {initial_access_token_file: token}
    introspection: {bearer_token_file: token}
users:
  alice: {password_file: password}
clients:
  job: {secret_file: secret, grants: [client_credentials], auth_method: client_secret_jwt}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A seed with every key that names a file with a secret, each of which says which one it is."""
    for name in ("token", "password", "secret"):
        (tmp_path / name).write_text(f"{name}-{'x' * 32}\n", encoding="utf-8")
    (tmp_path / "seed.yaml").write_text(SEED, encoding="utf-8")
    return tmp_path / "seed.yaml"


def secrets(found: object) -> tuple[object, ...]:
    assert isinstance(found, Seed)
    (issuer,) = found.issuers
    assert issuer.introspection_token == issuer.initial_access_token
    return issuer.initial_access_token, issuer.users["alice"].password, issuer.clients["job"].secret


def problem(path: Path) -> str:
    with pytest.raises(SeedError) as caught:
        seed.load(path)
    (only,) = caught.value.problems
    return f"{only.line}: {only.path}: {only.message}"


def test_each_is_the_text_in_its_file_without_the_end_of_the_line(path: Path) -> None:
    x = "x" * 32
    assert secrets(seed.load(path)) == (f"token-{x}", f"password-{x}", f"secret-{x}")
    (path.parent / "password").write_bytes(b" two\nlines\r\n")
    assert secrets(seed.load(path))[1] == " two\nlines"


def test_a_client_logs_in_with_the_secret_in_the_file(path: Path) -> None:
    path.write_text(SEED.replace(", auth_method: client_secret_jwt", ""))
    with DevIdP(seed=path) as idp:
        for secret, status in ((f"secret-{'x' * 32}", 200), ("secret", 401)):
            answer = httpx.post(f"{idp.issuer}/token", data={"grant_type": "client_credentials"}, auth=("job", secret))
            assert answer.status_code == status


def test_a_path_may_come_from_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETS", str(path.parent))
    path.write_text(SEED.replace("password_file: password", "password_file: '${SECRETS}/token'"))
    assert str(secrets(seed.load(path))[1]).startswith("token-")


def test_a_file_that_is_missing_or_empty_is_named_with_its_line(path: Path) -> None:
    (path.parent / "password").write_text("\n")
    assert (
        problem(path)
        == f"6: users.alice.password_file: the file {path.parent / 'password'} is empty; write the value into it"
    )
    (path.parent / "password").unlink()
    assert problem(path).startswith(f"6: users.alice.password_file: {path.parent / 'password'}: there is no such file")


@pytest.mark.parametrize("key", ["secret", "password", "initial_access_token", "bearer_token"])
def test_a_value_beside_its_file_is_refused(path: Path, key: str) -> None:
    path.write_text(SEED.replace(f"{key}_file:", f"{key}: {'twice' * 8}, {key}_file:"))
    assert problem(path).endswith(f".{key}_file: got a second value beside `{key}`; remove one of them")


def test_a_secret_in_a_file_is_a_secret(path: Path) -> None:
    """With one a client is not public, needs no keys, and signs if it is long enough."""
    path.write_text(SEED.replace("grants:", "public: true, grants:"))
    assert "the client has a secret and is public" in problem(path)
    (path.parent / "secret").write_text("short")
    path.write_text(SEED)
    assert "the secret has 5 bytes" in problem(path)


def test_a_new_secret_in_the_file_is_noticed(path: Path) -> None:
    watched = SeedFiles(path, seed=seed.load(path))
    assert [watched.poll() for _ in range(3)] == [None] * 3
    (path.parent / "password").write_text("rotated")
    assert secrets(watched.poll())[1] == "rotated"
    (path.parent / "password").unlink()
    assert "no such file" in str(watched.poll())
    (path.parent / "password").write_text("back")
    assert secrets(watched.poll())[1] == "back"
    assert watched.poll() is None


def test_a_new_signing_key_in_its_file_is_noticed(tmp_path: Path) -> None:
    def write() -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "key.pem").write_bytes(pem)
        return pem.decode()

    write()
    path = tmp_path / "seed.yaml"
    path.write_text("issuers: {default: {signing_key_file: key.pem}}")
    watched = SeedFiles(path, seed=seed.load(path))
    assert [watched.poll(), watched.poll()] == [None, None]
    again = write()
    found = watched.poll()
    assert isinstance(found, Seed)
    assert found.issuers[0].signing_key == again


def test_only_a_seed_may_name_a_file() -> None:
    """Whoever may call the control API of a devidp need not be allowed to read the files of its machine."""
    with DevIdP() as idp:
        with pytest.raises(ControlError, match=r"users\.zoe\.password_file: .* only a seed may name a file"):
            idp.users.add("zoe", password_file="/etc/hostname")
        with pytest.raises(ControlError, match=r"clients\.web\.secret_file: .* only a seed may name a file"):
            idp.clients["web"].change(secret_file="/etc/hostname")
