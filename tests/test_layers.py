"""The rooms of devidp: each imports only from those above it, at the top of the file, and minds its own business."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import devidp

LAYERS = """
oauth
models
system
store seed
keys clients
issuer
protocol faults
web
report
probe judge connect
dashboard
app
server
tools
cli pytest_plugin
"""
"""The rooms of devidp; those of one line know nothing of each other. A new one gets its place here."""

PACKAGE = Path(devidp.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
RANK = {name: rank for rank, line in enumerate(LAYERS.strip().splitlines()) for name in line.split()}
OWNERS = {
    "time": "system",
    "sqlite3": "store",
    "sqlite_utils": "store",
    "psycopg": "store",
    "psycopg_pool": "store",
    "filelock": "system",
    "authlib": "protocol",
    "jinja2": "web",
    "yaml": "seed",
    "click": "cli",
    "granian": "server",
}
"""The one place that may import each of these."""

EXAMPLE = "tools/demo/"
"""To be copied out of devidp: it reads its own files, and knows nothing of devidp but the clock."""

CALLS_OF_TIME = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


SEAMS: set[str] = {
    "oauth/jwk_set.py:parse",  # joserfc, with cryptography: an eighth of a start, and few seeds hold keys
    "protocol/server.py:engine",  # Authlib and the grants: a tenth of a start, and no document needs them
    "store/sealed.py:_cipher",  # cryptography again: a start only checks what is sealed
    "store/sqlite_schema.py:_upgrade",  # sqlite_utils: a fifth of a start, and almost no start has an upgrade to do
    "system/data_folder.py:_acquire",  # filelock: loads asyncio, and who keeps everything in memory locks nothing
}
"""Functions that import, ``module:function``: at most five, each with its reason beside it."""


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def room(module: str) -> str:
    """The name of ``module`` in LAYERS: ``seed`` for ``seed/text.py``."""
    return module.split("/")[0].removesuffix(".py")


def imported(parsed: ast.AST) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def resolved(parsed: ast.AST) -> Iterator[str]:
    """What is imported by its name in a string; of an f-string, the part before its first value."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "resolve_name":
            (target,) = node.args
            text = target.values[0] if isinstance(target, ast.JoinedStr) else target
            assert isinstance(text, ast.Constant), "the name begins in the call"
            yield str(text.value).partition(":")[0].rstrip(".")


def own_imports(module: str) -> set[str]:
    return own(module, imported(tree(module)))


def own(module: str, names: Iterable[str]) -> set[str]:
    """The modules of devidp among ``names``, without ``module``, as MODULES names them."""
    found = set()
    for name in names:
        parts = name.split(".")
        if parts[0] != "devidp" or name == "devidp.__version__":
            continue
        # what is imported from a module is not a module: the longest prefix that is one counts
        for end in range(len(parts), 0, -1):
            path = "/".join(parts[1:end])
            candidates = (f"{path}.py", f"{path}/__init__.py" if path else "__init__.py")
            known = next((each for each in candidates if each in MODULES), None)
            if known is not None:
                found.add(known)
                break
    return found - {module}


def test_every_module_is_in_a_room() -> None:
    assert {room(module) for module in MODULES} - {"__init__", "__main__"} == set(RANK)


def test_modules_import_only_from_the_rooms_above_them() -> None:
    below = {
        module: {
            each
            for each in own(module, [*imported(tree(module)), *resolved(tree(module))])
            if room(each) != room(module) and RANK.get(room(each), 0) >= RANK[room(module)]
        }
        for module in MODULES
        if room(module) in RANK
    }
    assert {module: names for module, names in below.items() if names} == {}


def test_no_modules_import_each_other_in_a_circle() -> None:
    # a package that re-exports its own modules is no circle: they do not import the package
    graph = {module: own_imports(module) for module in MODULES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_functions_import_only_at_the_seams() -> None:
    functions = (
        (module, node)
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert {f"{module}:{node.name}" for module, node in functions if list(imported(node))} == SEAMS
    assert len(SEAMS) <= 5


@pytest.mark.parametrize(("library", "owner"), OWNERS.items())
def test_what_has_an_owner_is_imported_by_nobody_else(library: str, owner: str) -> None:
    importing = {module for module in MODULES if library in {name.split(".")[0] for name in imported(tree(module))}}
    assert {room(module) for module in importing if not module.startswith(EXAMPLE)} == {owner}


def test_only_the_engine_knows_which_database_it_is() -> None:
    """Another one is one more module beside it."""
    libraries = {"sqlite3", "sqlite_utils"}
    knowing = {each for each in MODULES if libraries & {name.split(".")[0] for name in imported(tree(each))}}
    assert knowing == {"store/sqlite.py", "store/sqlite_schema.py"}
    words = re.compile(r"\b(PRAGMA|BEGIN IMMEDIATE|INSERT OR|rowid|json_extract|sqlite_master)\b")
    saying = {each for each in MODULES if words.search((PACKAGE / each).read_text(encoding="utf-8"))}
    assert saying == knowing


def test_only_the_clock_reads_the_time() -> None:
    """Of a clock it may be asked: ``clock.now()``; of ``datetime``, ``date`` and ``time`` it may not."""
    calls = ((module, node.func) for module in MODULES for node in ast.walk(tree(module)) if isinstance(node, ast.Call))
    asked = [(module, func) for module, func in calls if isinstance(func, ast.Attribute) and func.attr in CALLS_OF_TIME]
    wrong = [(module, ast.unparse(func)) for module, func in asked if not ast.unparse(func.value).endswith("clock")]
    assert {module for module, _ in wrong} == {"system/clock.py"}


def test_the_vocabulary_knows_neither_the_web_nor_a_database() -> None:
    vocabulary = [module for module in MODULES if room(module) == "oauth"]
    libraries = {name.split(".")[0] for module in vocabulary for name in imported(tree(module))}
    assert not libraries & {"flask", "werkzeug", "authlib", "sqlite3", "pydantic", "logging", "threading", "os"}


def test_the_example_knows_nothing_but_the_clock() -> None:
    own = [module for module in MODULES if module.startswith(EXAMPLE)]
    known = {each for module in own for each in own_imports(module) - {"__init__.py"} if not each.startswith(EXAMPLE)}
    assert known == {"system/clock.py"}


def test_every_package_says_what_it_is() -> None:
    packages = [module for module in MODULES if module.endswith("__init__.py")]
    assert [module for module in packages if not ast.get_docstring(tree(module))] == []
