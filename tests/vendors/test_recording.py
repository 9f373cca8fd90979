"""``devidp profile record`` at a provider that we did not write: node-oidc-provider, a certified one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import urlopen

import jwt
import pytest

from devidp import DevIdP
from devidp.tools.recording import Recording, record
from tests.tools.recording.test_recording import metadata, settings
from tests.vendors.node import program_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def provider() -> Iterator[dict[str, str]]:
    """Its issuer, and an access token of a client of it."""
    line = program_line("oidc_provider")
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        yield json.loads(process.stdout.readline())
        process.kill()


@pytest.fixture(scope="module")
def recorded(provider: dict[str, str]) -> Recording:
    return record(provider["issuer"], provider["token"])


def test_its_addresses_and_members_are_those_of_the_profile(provider: dict[str, str], recorded: Recording) -> None:
    with urlopen(f"{provider['issuer']}/.well-known/openid-configuration", timeout=60) as answer:
        theirs = json.load(answer)
    with DevIdP(recorded.text) as idp:
        ours = metadata(idp)
    assert ours.keys() <= theirs.keys()
    addresses = [name for name in ours if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) > 6
    assert [urlsplit(ours[name]).path for name in addresses] == [urlsplit(theirs[name]).path for name in addresses]


def test_its_token_has_the_claims_of_the_profiles(provider: dict[str, str], recorded: Recording) -> None:
    with DevIdP(recorded.text) as idp:
        ours = idp.token(client="service", user=None, scope="api:read")
    claims = [jwt.decode(each, options={"verify_signature": False}) for each in (ours, provider["token"])]
    assert claims[0].keys() == claims[1].keys()
    assert jwt.get_unverified_header(ours)["typ"] == jwt.get_unverified_header(provider["token"])["typ"]


def test_no_value_of_its_token_is_in_the_profile(provider: dict[str, str], recorded: Recording) -> None:
    claims = jwt.decode(provider["token"], options={"verify_signature": False})
    header = jwt.get_unverified_header(provider["token"])
    values = {str(claims[name]) for name in ("jti", "aud", "exp", "iat")} | {header["kid"]}
    assert [value for value in values if value in recorded.text] == []
    assert settings(recorded)["path"] == "/"
