"""The layers of devidp: each imports only from those above it, at the top of the file, and minds its own business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import devidp

LAYERS = """
oauth durations clock config files
records event_file jose fetch
recorder policy seed store client_metadata pages documents first_token
controls keys
accounts tokens
faults decoding
issuer
registrar minting protocol
installation
endpoints housekeeping control
home
app
server local
cli
"""
"""Modules and packages of devidp; those of one line know nothing of each other. A new one gets its place here."""

PACKAGE = Path(devidp.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
RANK = {name: rank for rank, line in enumerate(LAYERS.strip().splitlines()) for name in line.split()}
OWNERS = {
    "time": {"clock.py"},
    "sqlite3": {"store"},
    "sqlite_utils": {"store"},
    "authlib": {"protocol"},
    "jinja2": {"pages"},
    "yaml": {"seed"},
    "click": {"cli"},
    "granian": {"server"},
}
"""The one place that may import each of these."""

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


@pytest.mark.parametrize("module", [module for module in MODULES if layer(module) in RANK])
def test_a_module_imports_only_from_the_layers_above_it(module: str) -> None:
    own = RANK[layer(module)]
    assert {name for name in own_imports(module) if RANK[name] >= own} == set()


@pytest.mark.parametrize("module", MODULES)
def test_no_function_imports(module: str) -> None:
    functions = (node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    assert [name for function in functions for name in imported(function)] == []


@pytest.mark.parametrize("module", MODULES)
def test_what_has_an_owner_is_imported_by_nobody_else(module: str) -> None:
    libraries = {name.split(".")[0] for name in imported(tree(module))}
    assert {name for name in libraries if module.split("/")[0] not in OWNERS.get(name, {module.split("/")[0]})} == set()


@pytest.mark.parametrize("module", [module for module in MODULES if module != "clock.py"])
def test_only_the_clock_reads_the_time(module: str) -> None:
    """Of a clock it may be asked: ``clock.now()``; of ``datetime``, ``date`` and ``time`` it may not."""
    calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    asked = [func for func in calls if isinstance(func, ast.Attribute) and func.attr in CALLS_OF_TIME]
    assert [ast.unparse(func) for func in asked if not ast.unparse(func.value).endswith("clock")] == []


@pytest.mark.parametrize("module", [module for module in MODULES if layer(module) == "oauth"])
def test_the_vocabulary_knows_neither_the_web_nor_a_database(module: str) -> None:
    libraries = {name.split(".")[0] for name in imported(tree(module))}
    assert not libraries & {"flask", "werkzeug", "authlib", "sqlite3", "pydantic", "logging", "threading", "os"}


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("__init__.py")])
def test_every_package_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree(module))
