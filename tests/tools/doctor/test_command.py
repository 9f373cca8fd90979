"""``devidp doctor`` on the command line, at devidp itself and at what is not there."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from devidp.cli.doctor import command
from devidp.server.local import DevIdP
from devidp.tools.demo.app import create_app
from devidp.tools.demo.settings import Settings, TrustedIssuer
from tests.real_clients.asgi import asgi_served
from tests.tools.doctor.world import world


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_devidp_and_the_demo_server_are_well_and_the_client_of_the_doctor_is_gone() -> None:
    with DevIdP() as idp:
        settings = (TrustedIssuer(url=idp.issuer),)
        served = asgi_served(
            lambda base_url: create_app(Settings(resource=f"{base_url}/mcp", issuers=settings), idp.clock.now)
        )
        with served as base_url:
            printed = doctor(f"{base_url}/mcp")
        assert printed.exit_code == 0, printed.output
        assert "0 failed, 0 warnings" in printed.output
        assert idp.events("client-configuration", status=204)


def test_a_failure_is_printed_with_remedy_and_clients_and_in_the_exit_status() -> None:
    with world() as served:
        served.metadata["issuer"] += "/"
        printed = doctor(served.server)
        machine = json.loads(doctor("--json", served.server).output)
    assert printed.exit_code == 1
    assert "FAIL  issuer-identical: " in printed.output
    assert "      remedy: Write the issuer alike" in printed.output
    assert "      fails for: MCP Python SDK" in printed.output
    failed = [finding["check"] for finding in machine["findings"] if finding["verdict"] == "fail"]
    assert failed[0] == "issuer-identical"


def test_an_unreachable_server_is_a_finding_and_an_invalid_url_an_error() -> None:
    assert doctor("http://127.0.0.1:9/mcp").exit_code == 1
    assert doctor("localhost:8000/mcp").exit_code == 2
