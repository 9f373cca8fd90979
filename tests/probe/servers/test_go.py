"""Servers in Go: the verifier of go-oidc, and oauth2-proxy before an API.

Not mod_auth_openidc of Apache: Debian, which has it built, keeps only its newest build, so that it cannot be pinned.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from devidp import DevIdP
from tests.frameworks.project import serving
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.program import built, conversing

BIN = "tests/probe/servers/go/bin"
API = "http://localhost:8000/mcp"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_go_oidc(idp: DevIdP, probed: Probed) -> None:
    with conversing([built(f"{BIN}/servers", "Go")]) as program:
        url = program.ask(serve="go-oidc", issuer=idp.issuer)["server"]
        check(probed(url, audience=url, scope="mcp:read"), "go-oidc")


def test_oauth2_proxy(idp: DevIdP, probed: Probed, tmp_path: Path) -> None:
    options = (
        f"--provider=oidc --oidc-issuer-url={idp.issuer} --client-id={API} --client-secret=service-secret "
        "--cookie-secret=0123456789abcdef --email-domain=* --skip-jwt-bearer-tokens --upstream=static://200"
    )
    proxy = built(f"{BIN}/oauth2-proxy", "Go")
    with serving(tmp_path, lambda port: f"{proxy} --http-address=127.0.0.1:{port} {options}") as url:
        check(probed(f"{url}/", audience=API, scope="mcp:read"), "oauth2-proxy")
