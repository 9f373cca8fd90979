"""The code of a remedy, pasted as it is, refuses every fault that it is for and lets a sound token in."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.probe.fault_kinds import accepted
from devidp.report import remedies
from tests.real_clients.program import ROOT, Program, conversing, python_of

AUDIENCE = "http://localhost:8000/mcp"
ENVIRONMENTS = {"pyjwt": "", "authlib": "", "mcp-python": "", "fastmcp": ".venv-fastmcp", "django": ".venv-vendors"}
"""Empty: the one of the tests."""
NODE = ("jose", "mcp-typescript", "express-oauth2-jwt-bearer")
BEYOND = {"express-oauth2-jwt-bearer": {"payload-not-utf8"}}
"""What no knob of the stack refuses: it decodes leniently, after the signature has held."""
PACKAGES = ROOT / "tests" / "probe" / "servers" / "node" / "node_modules"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as running:
        yield running


@pytest.fixture(scope="module")
def tokens(idp: DevIdP) -> dict[str, str]:
    """A sound one under no name, and one for each fault that shows in it."""
    wish = {"audience": AUDIENCE, "scope": "mcp:read"}
    faults = [each for each in FAULTS.values() if "access" in each.applies_to and each.evidence == "token"]
    more = {"cnf-missing": {"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}}
    found = {each.name: idp.token(fault=each.name, claims=more.get(each.name), **wish) for each in faults}
    return {"": idp.token(**wish), **found}


def content(stack: str, idp: DevIdP) -> dict[str, Any]:
    """Of the file, with the addresses of this devidp and of this audience."""
    text = (remedies.FOLDER / f"{stack}.toml").read_text(encoding="utf-8")
    text = text.replace("http://localhost:6749/default", idp.issuer)
    return tomllib.loads(re.sub(r"http://localhost:(?:8000|3000)/notes", AUDIENCE, text))


def check(program: Program, stack: str, idp: DevIdP, tokens: dict[str, str], folder: Path) -> None:
    read = content(stack, idp)
    code = {**read["code"], "issuer": idp.issuer, "audience": AUDIENCE}
    answer = program.ask(stack=stack, code=code, tokens=list(tokens.values()), folder=str(folder))
    verdicts = dict(zip(tokens, answer["verdicts"], strict=True))
    assert verdicts.pop("") == "accepts"
    assert {name: each for name, each in verdicts.items() if each not in ("accepts", "refuses")} == {}
    let_in = [FAULTS[name] for name, each in verdicts.items() if each == "accepts"]
    topics = {topic for topic, entry in read["topics"].items() if entry.get("code") not in (None, "scope", "tool")}
    missed = {each.name for each in let_in if each.level == "must" and accepted(each).topic in topics - {"scope"}}
    assert missed == BEYOND.get(stack, set())


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_python(stack: str, idp: DevIdP, tokens: dict[str, str], tmp_path: Path) -> None:
    python = python_of(ENVIRONMENTS[stack]) if ENVIRONMENTS[stack] else sys.executable
    with conversing([python, "-W", "ignore", "-m", "tests.report.programs.python_remedy"]) as program:
        check(program, stack, idp, tokens, tmp_path)


@pytest.mark.parametrize("stack", NODE)
def test_node(stack: str, idp: DevIdP, tokens: dict[str, str], tmp_path: Path) -> None:
    assert PACKAGES.exists(), f"{PACKAGES} is missing: run `make test-setup`"
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    with conversing(["node", ROOT / "tests" / "report" / "programs" / "node_remedy.mjs"]) as program:
        check(program, stack, idp, tokens, tmp_path)


def test_a_server_of_nothing_but_remedies_has_no_finding_of_weight(idp: DevIdP) -> None:
    """It was careless, and its author pasted what `--stack pyjwt` shows."""
    resource = "http://localhost:8000/notes"
    metadata = {"resource": resource, "authorization_servers": [idp.issuer], "scopes_supported": ["mcp:read"]}
    code = content("pyjwt", idp)["code"]
    names: dict[str, Any] = {}
    exec(f"{code['verify']}\n{code['bearer']}".replace("/mcp", "/notes"), names)

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/.well-known/oauth-protected-resource/notes":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(metadata).encode()]
        sent = [environ["HTTP_AUTHORIZATION"]] if "HTTP_AUTHORIZATION" in environ else []
        try:
            claims = names["caller"](sent, names["verified"], "mcp:read")
        except names["Refused"] as refused:
            start_response(f"{refused.status} Refused", [("WWW-Authenticate", refused.challenge)])
            return [b""]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(claims["sub"]).encode()]

    report = idp.probe(app, url=resource, skip=["rotation", "outage"])
    assert report.cause == ""
    report.assert_clean("medium")


def test_a_careless_server_has_many(idp: DevIdP) -> None:
    """The same, without what the remedies add: the test above is not one of a probe that finds nothing."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        found = token.count(".") == 2 and scheme == "Bearer"
        start_response("200 OK" if found else "401 Unauthorized", [("Content-Type", "text/plain")])
        return [b"alice" if found else b""]

    report = idp.probe(app, audience=AUDIENCE, scope="mcp:read", only=["signature", "time", "audience"])
    with pytest.raises(AssertionError, match=r"findings, expected none of severity medium and above"):
        report.assert_clean("medium")
