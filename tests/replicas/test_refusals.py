"""What replicas need and do not get: one message that says what to change, without the password."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import psycopg
import pytest

from devidp.system import replicas
from devidp.web.environment import config_from
from tests.cli.conftest import Start, start
from tests.cli.running import Running, run
from tests.postgres import Server
from tests.replicas.replicas import SECRET

__all__ = ["start"]
pytestmark = pytest.mark.slow
PASSWORD = "hunter2hunter2"
NOBODY = f"postgresql://devidp:{PASSWORD}@127.0.0.1:9/devidp"


def refused(home: Path, database: str, **variables: str) -> tuple[int, str]:
    """The exit status, and what was said."""
    done = run(home, "serve", "--port", "0", "--database", database, **variables)
    assert PASSWORD not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_without_a_secret(tmp_path: Path) -> None:
    status, said = refused(tmp_path, NOBODY)
    assert (status, "--database needs DEVIDP_SECRET" in said) == (2, True), said


def test_with_a_short_secret(tmp_path: Path) -> None:
    status, said = refused(tmp_path, NOBODY, DEVIDP_SECRET="short")
    assert (status, "got 5 characters, expected 32 or more" in said) == (2, True), said


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://devidp:{PASSWORD}@db.example/devidp",
        f"postgresql://devidp:{PASSWORD}@db.example",
        f"postgresql://devidp:{PASSWORD}@db.example:port/devidp",
        f"postgresql://devidp:{PASSWORD}@db.example/devidp?sslmod=require",
        f"postgresql://devidp@db.example/devidp?passwort={PASSWORD}",
        f"host=db.example password={PASSWORD}",
        f"postgresql://devidp:{PASSWORD}%zz@db.example/devidp",
        f"postgresql://devidp:/{PASSWORD}@db.example/devidp",
    ],
)
def test_a_malformed_url(tmp_path: Path, url: str) -> None:
    status, said = refused(tmp_path, url, DEVIDP_SECRET=SECRET)
    assert (status, "expected a database such as postgresql://" in said) == (2, True), said
    assert "sslmod" not in url or 'invalid URI query parameter: "sslmod"' in said


def test_a_url_of_several_hosts_is_none_of_them() -> None:
    url = f"postgresql://devidp:{PASSWORD}@a.example:5432,[::1]:5433/devidp?target_session_attrs=read-write"
    assert replicas.shown(replicas.database_url(url)) == "postgresql://a.example:5432,[::1]:5433/devidp"


def test_a_url_that_asks_for_a_standby(tmp_path: Path) -> None:
    status, said = refused(tmp_path, f"{NOBODY}?target_session_attrs=any", DEVIDP_SECRET=SECRET)
    assert (status, "got target_session_attrs=any" in said) == (2, True), said
    assert "expected read-write or primary" in said


def test_no_server_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    url = f"postgresql://devidp:{PASSWORD}@127.0.0.1:{port}/devidp"
    status, said = refused(tmp_path, url, DEVIDP_SECRET=SECRET)
    assert (status, f"The database postgresql://127.0.0.1:{port}/devidp cannot be used" in said) == (1, True), said
    assert "refused" in said, "it says why"
    assert "Check that it runs" in said


def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes connections, as one whose processes stand
        url = f"postgresql://devidp:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/devidp"
        status, said = refused(tmp_path, url, DEVIDP_SECRET=SECRET)
    assert (status, "cannot be used" in said, "timeout" in said) == (1, True, True), said


def test_no_such_database(tmp_path: Path, postgres_server: Server) -> None:
    url = postgres_server.url("nothing").replace("devidp@", f"devidp:{PASSWORD}@")
    status, said = refused(tmp_path, url, DEVIDP_SECRET=SECRET)
    assert (status, 'database "nothing" does not exist' in said) == (1, True), said


def test_no_driver(tmp_path: Path) -> None:
    """As an installation without it: an import of the driver fails."""
    blocked = "import sys; sys.modules['psycopg'] = None; from devidp.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", blocked, "serve", "--port", "0", "--database", NOBODY, "--secret", SECRET],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "Install it: pip install" in done.stderr) == (1, True), done.stderr
    assert PASSWORD not in done.stderr


def test_another_secret(tmp_path: Path, postgres_server: Server) -> None:
    """Its keys are not to be thrown away for it."""
    url = postgres_server.new_database()
    first = Running(tmp_path, "serve", "--port", "0", "--database", url, DEVIDP_SECRET=SECRET)
    try:
        issuer = first.issuer()
    finally:
        first.end()
        first.kill()
    assert issuer
    status, said = refused(tmp_path, url, DEVIDP_SECRET=SECRET[::-1])
    assert (status, "DEVIDP_SECRET" in said) == (1, True), said
    with closing(psycopg.connect(url)) as connection:
        assert connection.execute("SELECT count(*) FROM schemas").fetchone() == (2,)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "--secret (DEVIDP_SECRET) seals what is in --database"),
        ({"DEVIDP_DATABASE": NOBODY, "DEVIDP_DATA": "data"}, "--database keeps all of it, --data"),
        ({"DEVIDP_DATABASE": NOBODY, "DEVIDP_MEMORY": "1"}, "--database keeps all of it, --memory"),
    ],
)
def test_variables_that_contradict_each_other(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = run(tmp_path, "serve", "--port", "0", DEVIDP_SECRET=SECRET, **variables)
    assert done.returncode == 2
    assert said in done.stderr
    with pytest.raises(ValueError, match="DEVIDP_DATABASE"):
        config_from({"DEVIDP_SECRET": SECRET, **variables})


def test_a_flag_is_over_the_variable_of_the_database(start: Start) -> None:
    running = start("serve", "--memory", DEVIDP_DATABASE=NOBODY, DEVIDP_SECRET=SECRET, DEVIDP_DATA="")
    assert httpx.get(f"{running.issuer()}/.well-known/jwks.json").status_code == 200


@pytest.mark.parametrize("keeper", [("--memory",), ("--database", NOBODY, "--secret", SECRET), ()])
def test_a_flag_for_a_folder_is_refused_where_nothing_is_kept_in_one(tmp_path: Path, keeper: tuple[str, ...]) -> None:
    done = run(tmp_path, "serve", "--port", "0", "--data-group", *keeper)
    assert done.returncode == 2
    assert "--data-group shares the data folder, and nothing is kept in one" in done.stderr


def test_a_variable_of_the_image_says_how_a_folder_is_shared_if_there_is_one(start: Start) -> None:
    assert start("serve", DEVIDP_MEMORY="1", DEVIDP_DATA_GROUP="1").issuer()
    config = config_from({"DEVIDP_DATABASE": NOBODY, "DEVIDP_SECRET": SECRET, "DEVIDP_DATA_GROUP": "1"})
    assert (config.database, config.data_dir, config.is_durable) == (NOBODY, None, True)
