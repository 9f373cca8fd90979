"""The layers of devidp: each imports only from those above it, at the top of the file, and minds its own business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import devidp

LAYERS = """
oauth durations clock config files later waiting
messages
records identifiers event_file event_ring hosts jose fetch failures
recorder policy seed store client_metadata pages documents first_token passwords
controls keys backchannel client_documents
accounts tokens
faults decoding
directory
issuer
registrar protocol logout
minting
installation
endpoints
failing home soon
housekeeping serving wsgi
control
api
app
server local demo connect doctor
cli pytest_plugin
"""
"""Modules and packages of devidp; those of one line know nothing of each other. A new one gets its place here."""

PACKAGE = Path(devidp.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
RANK = {name: rank for rank, line in enumerate(LAYERS.strip().splitlines()) for name in line.split()}
OWNERS = {
    "time": "clock",
    "sqlite3": "store",
    "sqlite_utils": "store",
    "authlib": "protocol",
    "jinja2": "pages",
    "yaml": "seed",
    "click": "cli",
    "httptools": "server",
}
"""The one place that may import each of these."""

EXAMPLES = {"demo"}
"""To be copied out of devidp: it reads its own files, and knows nothing of devidp but the clock."""

CALLS_OF_TIME = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def layer(module: str) -> str:
    """The name of ``module`` in LAYERS: ``seed`` for ``seed/text.py``, ``clock`` for ``clock.py``."""
    return module.split("/")[0].removesuffix(".py")


def imported(parsed: ast.AST) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(module: str) -> set[str]:
    """The layers that ``module`` imports, apart from its own."""
    names = (name.split(".") for name in imported(tree(module)))
    found = {parts[1] for parts in names if parts[0] == "devidp" and len(parts) > 1}
    return found - {"__version__", layer(module)}


def test_every_module_has_its_layer() -> None:
    assert {layer(module) for module in MODULES} - {"__init__", "__main__"} == set(RANK)


def test_modules_import_only_from_the_layers_above_them() -> None:
    ranked = [module for module in MODULES if layer(module) in RANK]
    below = {
        module: {name for name in own_imports(module) if RANK.get(name, 0) >= RANK[layer(module)]} for module in ranked
    }
    assert {module: names for module, names in below.items() if names} == {}


def called(parsed: ast.AST, name: str) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(parsed) if isinstance(node, ast.Call))
    yield from (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name)


def test_what_is_loaded_later_is_an_import_to_every_reader() -> None:
    """So the layers hold for it too."""
    wrong = {}
    for module in set(MODULES) - {"later.py"}:
        named = {ast.literal_eval(call.args[0]) for call in called(tree(module), "later")}
        wrong[module] = named - set(imported(tree(module)))
    assert {module: names for module, names in wrong.items() if names} == {}


def test_modules_are_loaded_by_name_in_the_places_made_for_it_alone() -> None:
    found = {module for module in MODULES for name in ("import_module", "loaded") if list(called(tree(module), name))}
    assert found == {"later.py", "__init__.py", "cli/main.py", "cli/demo.py", "pytest_plugin.py"}


def test_no_function_imports() -> None:
    functions = (
        (module, node)
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert [(module, node.name) for module, node in functions if list(imported(node))] == []


@pytest.mark.parametrize(("library", "owner"), OWNERS.items())
def test_what_has_an_owner_is_imported_by_nobody_else(library: str, owner: str) -> None:
    importing = {module for module in MODULES if library in {name.split(".")[0] for name in imported(tree(module))}}
    assert {layer(module) for module in importing} - EXAMPLES == {owner}


def test_only_the_clock_reads_the_time() -> None:
    """Of a clock it may be asked: ``clock.now()``; of ``datetime``, ``date`` and ``time`` it may not."""
    calls = ((module, node.func) for module in MODULES for node in ast.walk(tree(module)) if isinstance(node, ast.Call))
    asked = [(module, func) for module, func in calls if isinstance(func, ast.Attribute) and func.attr in CALLS_OF_TIME]
    wrong = [(module, ast.unparse(func)) for module, func in asked if not ast.unparse(func.value).endswith("clock")]
    assert {module for module, _ in wrong} == {"clock.py"}


def test_the_vocabulary_knows_neither_the_web_nor_a_database() -> None:
    vocabulary = [module for module in MODULES if layer(module) == "oauth"]
    libraries = {name.split(".")[0] for module in vocabulary for name in imported(tree(module))}
    assert not libraries & {"flask", "werkzeug", "authlib", "sqlite3", "pydantic", "logging", "threading", "os"}


def test_the_examples_know_nothing_but_the_clock() -> None:
    own = [module for module in MODULES if layer(module) in EXAMPLES]
    assert set().union(*(own_imports(module) for module in own)) == {"clock"}


def test_every_package_says_what_it_is() -> None:
    packages = [module for module in MODULES if module.endswith("__init__.py")]
    assert [module for module in packages if not ast.get_docstring(tree(module))] == []
