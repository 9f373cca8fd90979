"""The demo server refuses every faulty access token of the catalogue, and takes its valid twin."""

from __future__ import annotations

import pytest

from devidp.faults import FAULTS, Fault
from devidp.tools.demo.settings import Mode
from devidp.web.control.controller import Controller
from tests.tools.demo.caller import text_of
from tests.tools.demo.conftest import Serve

NOT_SEEN = {"cnf-missing"}
"""A server of bearer tokens takes none that is bound, so it sees none that has lost its binding."""
FAULTS_OF_ACCESS = [fault for fault in FAULTS.values() if "access" in fault.applies_to and fault.name not in NOT_SEEN]
ONLY_INTROSPECTION_TELLS = {fault.name for fault in FAULTS_OF_ACCESS if fault.group == "state"}
"""Their tokens are good in every character: a server that goes by the signature takes them until they expire."""
NO_SCOPE_AS_STRING = {
    "scope-missing",
    "scope-null",
    "scope-array",
    "scope-number",
    "scp-string",
    "scp-array",
    "scope-in-roles",
}
"""Introspection calls such a token inactive, so that it is refused as a token, and not for what it may do."""
ALICE = {"user": "alice", "client": "web", "scope": "mcp:read"}


@pytest.mark.parametrize("mode", ["jwt", "introspection", "both"])
@pytest.mark.parametrize("fault", FAULTS_OF_ACCESS, ids=lambda fault: fault.name)
def test_a_faulty_token_is_refused_with_the_status_of_its_fault(
    idp: Controller, serve: Serve, mode: Mode, fault: Fault
) -> None:
    server = serve(mode)
    faulty = idp.mint(**ALICE, audience=server.url, fault=fault.name).token
    tool = "who_am_i" if fault.group == "authentication" else "read_user_data"
    answer = server.call(tool, faulty, user_id="alice")
    assert answer.status_code == expected(fault, mode), answer.text


@pytest.mark.parametrize("mode", ["jwt", "introspection", "both"])
def test_the_valid_twin_is_accepted(idp: Controller, serve: Serve, mode: Mode) -> None:
    server = serve(mode)
    valid = idp.mint(**ALICE, audience=server.url).token
    assert text_of(server.call("read_user_data", valid, user_id="alice")) == "alice has 0 entries"
    assert text_of(server.call("who_am_i", valid)) == "alice, logged in with acr 1"


def expected(fault: Fault, mode: Mode) -> int:
    if mode == "jwt":
        return 200 if fault.name in ONLY_INTROSPECTION_TELLS else fault.status
    return 401 if fault.name in NO_SCOPE_AS_STRING else fault.status
