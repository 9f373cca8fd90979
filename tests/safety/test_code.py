"""What the code itself promises: secrets are compared in constant time, and one module asks other servers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import devidp

PACKAGE = Path(devidp.__file__).parent
SECRET = re.compile(r"(?:^|[_.])(?:secret|password|signature|mac|access_token|refresh_token|registration_token)$")
CLIENTS = {"http.client", "urllib.request", "socket", "ssl", "httpx", "httpx2", "requests", "aiohttp"}
ASKS_ITSELF = (
    "cli/", "tools/", "server/", "probe/", "judge/", "faults/failures/",
    "system/http_client.py", "system/http_server.py", "web/api_client.py", "web/browser.py",
)  # fmt: skip
"""Programs beside the server, what listens itself, and what names the socket that a request came by."""


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in PACKAGE.rglob("*.py"):
        yield path.relative_to(PACKAGE), ast.parse(path.read_text(encoding="utf-8"))


def test_secrets_are_compared_in_constant_time() -> None:
    found = [
        f"{path}: {ast.unparse(node)}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        for side in (node.left, *node.comparators)
        if SECRET.search(ast.unparse(side).removesuffix(".encode()"))
        and not any(isinstance(each, ast.Constant) for each in (node.left, *node.comparators))
    ]
    assert found == []


def test_one_module_of_the_server_asks_other_servers() -> None:
    """Whatever a client names is asked by devidp.fetch, with its limits."""
    found = {
        str(path)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        if name in CLIENTS and not path.as_posix().startswith(ASKS_ITSELF)
    }
    assert found == {"system/fetch.py", "system/time_limit.py"}
