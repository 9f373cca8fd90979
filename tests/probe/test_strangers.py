"""What is sound elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import jwt
import pytest

from devidp import DevIdP
from devidp.report import Report
from tests.probe import targets

AUDIENCE = "http://localhost:8000/mcp"


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, verify: targets.Verify) -> Report:
    report = idp.probe(targets.guarded(verify), url="http://localhost:8000/orders", only=["strangers"])
    assert not report.cause
    return report


def test_a_strict_server_lets_no_stranger_in(idp: DevIdP) -> None:
    report = idp.probe(targets.strict(idp), url="http://localhost:8000/orders", only=["strangers"])
    outcomes = {check.name: check.outcome for check in report.checks if check.group == "strangers"}
    assert outcomes == dict.fromkeys(("stranger-logout", "stranger-id-jag", "stranger-of-enterprise"), "passed")


def test_a_server_that_looks_at_the_signature_alone_lets_in_what_is_for_others(idp: DevIdP) -> None:
    keys = jwt.PyJWKClient(idp.jwks_uri)

    def verify(token: str) -> object:
        return jwt.decode(token, keys.get_signing_key_from_jwt(token), ["RS256"], {"verify_aud": False})

    found = [finding.id for finding in probed(idp, verify).findings]
    assert found == ["accepted-stranger:stranger-logout", "accepted-stranger:stranger-id-jag"]


def test_a_server_that_takes_any_issuer_of_the_host_is_found_out(idp: DevIdP) -> None:
    def verify(token: str) -> object:
        issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
        if not issuer.startswith(idp.url):
            raise jwt.InvalidIssuerError("another host")
        keys = jwt.PyJWKSet.from_dict(httpx.get(f"{issuer}/.well-known/jwks.json").json())
        return jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], ["RS256"], audience=AUDIENCE)

    assert [finding.id for finding in probed(idp, verify).findings] == ["accepted-stranger:stranger-of-enterprise"]
