"""``devidp decode``: a token explained, against the keys of a devidp that runs."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devidp import DevIdP
from devidp.faults.minting import mint, parse
from devidp.seed import profile
from devidp.web.runtime import Runtime
from tests.cli.running import run

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
