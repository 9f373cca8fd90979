"""What the examples of docs/languages.md talk to: the demo, with devidp and the server that it protects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tools.demo.running import demo_running, mcp_server


@pytest.fixture(scope="module")
def demo_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with demo_running(tmp_path_factory.mktemp("home")) as demo:
        devidp = demo.issuer().removesuffix("/default")
        yield devidp, mcp_server(demo).removesuffix("/mcp")


@pytest.fixture(scope="module")
def devidp_url(demo_urls: tuple[str, str]) -> str:
    return demo_urls[0]


@pytest.fixture(scope="module")
def api_url(demo_urls: tuple[str, str]) -> str:
    """The base URL of the MCP server."""
    return demo_urls[1]
