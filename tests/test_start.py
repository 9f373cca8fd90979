"""What a start loads: what most runs never use must not be paid for by all of them."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import flask
import pytest
from werkzeug.routing import Rule

from devidp.app import create_app
from devidp.models import Seed
from devidp.models.config import Config
from devidp.seed import SeedFiles

ROOT = Path(__file__).parents[1]
NEVER_AT_FIRST = {
    "authlib",
    "cryptography",
    "sqlite_utils",
    "filelock",
    "mcp",
    "psycopg",
    "trustme",
    "html.parser",
    "devidp.web.browser",
    "devidp.clients.metadata.model",
    *(f"devidp.{room}" for room in ("faults", "report", "probe", "judge", "connect", "dashboard", "tools")),
}
"""Loaded at their first use, or beside the first requests."""

OF_THE_SEED = {"pydantic", "yaml", "devidp.seed.reading"}
"""Loaded where a seed is read, which ``devidp serve`` does in a process of its own."""

STAGES = {
    "the import of the package": "import devidp",
    "the import of what a program uses": "from devidp import DevIdP",
    "the command line": "import devidp.cli.serve",
    "a variable that nothing reads": """
import os
import click
from devidp.cli.main import main
from devidp.cli.options import unknown_variables
os.environ["DEVIDP_SERVICE_HOST"] = "10.0.0.7"
assert unknown_variables(main.get_command(click.Context(main), "serve"))
""",
    "the worker of a server": "import devidp.server.worker",
    "a seed of one's own": """
from devidp.seed import loads
loads("users: {alice: {password: alice}}")
""",
    "a first discovery document": """
from devidp.app import create_app
from devidp.models.config import Config
http = create_app(Config("http://localhost:6749")).test_client()
assert http.get("/default/.well-known/openid-configuration").json["issuer"] == "http://localhost:6749/default"
""",
}


@pytest.mark.parametrize("stage", STAGES)
def test_loads_only_what_it_needs(stage: str) -> None:
    assert loaded_by(STAGES[stage]) & NEVER_AT_FIRST == set()


def test_a_program_needs_nothing_of_the_server_of_the_command_line() -> None:
    loaded = loaded_by("from devidp import DevIdP\nDevIdP().start().stop()")
    assert loaded & {"asyncio", "multiprocessing", "granian", "logging.config", "platformdirs", "devidp.cli"} == set()


def test_of_the_models_of_a_seed_only_the_whole_one_is_built() -> None:
    """Each that an entry stands in for is a part of it: to build thirteen of them once more was 3 ms."""
    script = """
from devidp.seed import loads
from devidp.seed.entries import Entry
from devidp.seed.schema import subclasses
loads("users: {alice: {password: alice}}")
print([model.__name__ for model in subclasses(Entry) if model.__pydantic_complete__])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "['Root']\n"


@pytest.mark.parametrize("stage", ["the import of what a program uses", "the worker of a server"])
def test_no_import_is_at_the_end_of_a_long_chain(stage: str) -> None:
    """Two thousand calls there had their frames mapped and unmapped, which was a twentieth of a start."""
    command = [sys.executable, "-X", "importtime", "-c", STAGES[stage]]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    names = [line.rpartition("|")[2] for line in done.stderr.splitlines() if line.startswith("import time:")]
    # how long the chains of other packages are is theirs to say, and differs with the version of Python
    depths = [(len(name) - len(name.lstrip())) // 2 for name in names if name.strip().startswith("devidp.")]
    assert max(depths) <= 12


@pytest.mark.parametrize("module", ["devidp.cli.serve", "devidp.server.worker"])
def test_what_serves_a_seed_needs_nothing_that_reads_one(module: str) -> None:
    assert loaded_by(f"import {module}") & OF_THE_SEED == set()


def test_the_parent_of_a_worker_needs_no_application() -> None:
    assert loaded_by("import devidp.cli.serve") & {"flask", "werkzeug", "jinja2", "sqlite3", "devidp.app"} == set()


def test_a_seed_that_another_process_has_read_is_watched_without_being_read(tmp_path: Path) -> None:
    seed = tmp_path / "seed.yaml"
    seed.write_text("users: {alice: }")
    files = SeedFiles(seed)
    assert isinstance(files.poll(), Seed)
    script = f"import pickle\nassert [pickle.loads({pickle.dumps(files)!r}).poll() for _ in range(3)] == [None] * 3"
    assert loaded_by(script) & OF_THE_SEED == set()


def test_a_data_folder_that_is_there_needs_no_more(tmp_path: Path) -> None:
    """Its keys are checked without being opened: cryptography was a twelfth of a start."""
    script = f"""
from pathlib import Path
from devidp.app import create_app
from devidp.models.config import Config
runtime = create_app(Config("http://localhost:6749", data_dir=Path({str(tmp_path)!r}))).runtime
"""
    assert "cryptography" in loaded_by(f"{script}runtime.first().keys.document()")
    assert loaded_by(script) & NEVER_AT_FIRST == {"filelock"}


def loaded_by(script: str) -> set[str]:
    script = f"{script}\nimport json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout))


def test_the_garbage_collector_looks_through_no_import() -> None:
    """It did so a dozen times, which was a tenth of a start; and it goes on as it was told to."""
    script = """
import gc
def report(phase, info):
    if phase == "stop" and info["generation"] == 2: print("looked through all")
gc.set_threshold(700, 10, 10)
gc.callbacks.append(report)
from devidp import DevIdP
print(len(gc.get_objects(2)) > 50_000, gc.isenabled(), gc.get_freeze_count(), gc.get_threshold())
gc.disable()
from devidp import LoginFailed
print(gc.isenabled())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines() == ["True True 0 (700, 10, 10)", "False"]


def test_requests_that_all_come_first_are_all_answered() -> None:
    """Each loads what it needs while others load theirs, and the key is made beside them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.first_requests"], capture_output=True, text=True, check=True, cwd=ROOT, timeout=99
    )
    answers = json.loads(done.stdout)
    assert answers.pop("/userinfo") == 401
    assert answers.pop("/register") == 201
    assert set(answers.values()) == {200}
    assert len(answers) == 10


def test_no_address_is_compiled_twice_nor_what_would_build_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both together were a seventh of a start."""
    compiled: list[tuple[str, str]] = []
    compile_rule = Rule.compile

    def count(rule: Rule) -> None:
        compiled.append((rule.endpoint, rule.rule))
        compile_rule(rule)

    def refuse(rule: Rule, *_: bool) -> None:
        raise AssertionError(f"nobody has asked for the URL of {rule}")

    monkeypatch.setattr(Rule, "compile", count)
    monkeypatch.setattr(Rule, "_compile_builder", refuse)
    create_app(Config("http://localhost:6749"))
    token = [each for each in compiled if each[0].endswith(".token")]
    assert ("default.token", "/default/token") in token
    assert len(token) == len(set(token))


def test_the_url_of_an_endpoint_can_be_asked_for_all_the_same() -> None:
    with create_app(Config("http://localhost:6749")).test_request_context():
        assert flask.url_for("default.token") == "/default/token"
        assert flask.url_for("elsewhere.token", issuer="enterprise") == "/enterprise/token"
