"""Every verifier against every fault of access tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version

from devidp.faults import FAULTS
from devidp.faults.minting import parse, twins
from devidp.store.overrides import NOTHING
from devidp.web.runtime import Runtime
from tests.faults.conftest import WISHES
from tests.faults.verifiers import Server, Verdict, with_authlib, with_joserfc, with_node, with_pyjwt
from tests.flow import MCP

VERIFIERS = (*with_pyjwt.VERIFIERS, *with_joserfc.VERIFIERS, *with_authlib.VERIFIERS)
NAMES = [fault.name for fault in FAULTS.values() if fault.applies_to[0] == "access"]
VALID = "the valid twin"


def server_of(runtime: Runtime) -> Server:
    issuer = runtime.first()
    return Server(issuer.url, MCP, json.loads(issuer.keys.document()))


def tokens(runtime: Runtime) -> dict[str, str]:
    """A token for each fault, and a valid one."""
    minted: dict[str, str] = {}
    for name in NAMES:
        wishes = {"user": "alice", "client": "web", "scope": "mcp:read", "fault": name, **WISHES.get(name, {})}
        valid, faulty = twins(runtime.first(), parse(wishes))
        minted |= {VALID: valid.token, name: faulty.token}
        runtime.control(lambda overrides: NOTHING)
    return minted


def run(runtime: Runtime) -> dict[str, dict[str, Verdict]]:
    """The verdicts by the name of the verifier and of the fault."""
    server, minted = server_of(runtime), tokens(runtime)
    verdicts = {
        each.name: {fault: each.verdict(token, server) for fault, token in minted.items()} for each in VERIFIERS
    }
    node = with_node.verdicts(list(minted.values()), server)
    return verdicts | {f"jose, {name}": dict(zip(minted, node[name], strict=True)) for name in with_node.VARIANTS}


def versions() -> dict[str, str]:
    """The versions at hand, by library."""
    return {name: version(name) for name in ("PyJWT", "joserfc", "Authlib")} | {"jose": with_node.version()}


def record(verdicts: Mapping[str, Mapping[str, Verdict]]) -> str:
    """The text of the record: what is not refused, and by which versions."""
    found = {
        verifier: {kind: [fault for fault in NAMES if by[fault] == kind] for kind in ("accepts", "crashes")}
        for verifier, by in verdicts.items()
    }
    return json.dumps({"versions": versions(), "verdicts": found}, indent=1) + "\n"
