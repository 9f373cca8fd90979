"""``devidp decode``: a token explained, against the keys of a devidp that runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devidp import DevIdP
from devidp.faults.minting import mint, parse
from devidp.seed import profile
from devidp.web.runtime import Runtime
from tests.cli.running import run
from tests.flow import MCP

pytestmark = pytest.mark.slow


def decode(home: Path, runtime: Runtime, *arguments: str) -> tuple[int, str]:
    port = urlsplit(runtime.config.public_url).port
    ended = run(home, "decode", "--port", str(port), *arguments)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_a_good_token_is_explained_and_its_signature_checked(tmp_path: Path, live_runtime: Runtime) -> None:
    status, text = decode(tmp_path, live_runtime, mint(live_runtime.first(), parse({})).token)
    assert status == 0
    assert "signature  good" in text
    assert "verdict    Accepted" in text


def test_a_faulty_token_is_recognised(tmp_path: Path, live_runtime: Runtime) -> None:
    token = mint(live_runtime.first(), parse({"fault": "kid-of-another-key"})).token
    status, text = decode(tmp_path, live_runtime, "--json", token)
    said = json.loads(text)
    assert (status, said["signature"], said["looks_like"]) == (1, "bad", "signature-bad")


def test_claims_are_explained_one_by_one_with_who_accepts_that(tmp_path: Path, live_runtime: Runtime) -> None:
    token = mint(live_runtime.first(), parse({"fault": "exp-missing", "audience": MCP, "scope": "mcp:read"})).token
    wanted = ("--audience", MCP, "--scope", "mcp:read")
    status, text = decode(tmp_path, live_runtime, *wanted, f"Bearer {token}")
    assert status == 1
    assert "kind       an access token: " in text
    assert re.search(r"x exp +missing +\(when it stops being valid; RFC 7519 section 4.1.4\)", text)
    assert re.search(r'\+ aud +"http', text)
    assert "like       the fault exp-missing (RFC 9068 section 2.2)" in text
    assert re.search(r"accepted   by PyJWT, usual \d", text)
    said = json.loads(decode(tmp_path, live_runtime, "--json", *wanted, token)[1])
    assert said["kind"]["name"] == "access token"
    assert {each["name"]: each["standing"] for each in said["claim_members"]}["scope"] == "right"
    assert token not in json.dumps(said)


def test_the_issuer_of_a_foreign_token_is_not_asked(tmp_path: Path, live_runtime: Runtime) -> None:
    token = mint(live_runtime.first(), parse({"fault": "issuer-wrong"})).token
    assert "signature  not checked" in decode(tmp_path, live_runtime, token)[1]


def test_keys_that_cannot_be_had_are_said_to_be(tmp_path: Path) -> None:
    ended = run(tmp_path, "decode", "--issuer", "http://127.0.0.1:9/default", "a.b.c")
    assert "warning: the keys of http://127.0.0.1:9/default cannot be had" in ended.stderr
    assert ended.returncode == 1


@pytest.mark.parametrize("name", profile.names())
def test_a_token_is_compared_with_the_shape_of_a_profile(tmp_path: Path, name: str) -> None:
    with DevIdP(profile=name) as idp:
        sound = idp.token()
        port, is_opaque = str(urlsplit(idp.url).port), "." not in sound
        for_all = ("decode", "--port", port, "--profile", name)
        assert run(tmp_path, *for_all, sound).returncode == int(is_opaque)
        if not is_opaque:
            said = run(tmp_path, *for_all, "--json", idp.token(fault="sub-missing"))
            assert json.loads(said.stdout)["looks_like"] == "sub-missing"
