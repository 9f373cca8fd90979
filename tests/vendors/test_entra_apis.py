"""The profiles entra and entra-v1: APIs that were written for Entra ID take their tokens, unchanged."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import requests

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.web.control.errors import FaultNotApplicable
from tests.vendors.entra import NODE, PYTHON, READ, TASKS, TENANT, WEB, program, seed
from tests.vendors.proxy import proxy

pytestmark = pytest.mark.slow
CATALOGUE = [
    fault.name
    for fault in FAULTS.values()
    if fault.applies_to[0] == "access" and fault.evidence == "token" and fault.name != "cnf-missing"
]
"""Every fault that a token shows which is bound to no key."""
SEEN_BY_ALL = {"expired", "audience-wrong", "issuer-wrong", "signature-bad"}
IN_ALL = frozenset(
    {
        "claims-duplicate", "client-id-missing", "exp-milliseconds", "jti-missing", "kid-duplicate",
        "lifetime-30-days", "oversized", "sub-empty", "token-use-id",
    }
)  # fmt: skip
LET_IN = {
    "fastapi-azure-auth": IN_ALL | {"base64-padded", "exp-string", "iat-string", "nbf-string", "typ-logout-token"},
    "passport-azure-ad": IN_ALL | {
        "alg-ps256", "client-id-number", "crit-empty", "crit-unknown", "exp-infinite", "iat-future", "iat-missing",
        "iat-string", "payload-not-utf8", "sub-missing", "sub-null", "sub-number",
    },
    "jose": IN_ALL | {
        "audience-array-mixed", "audience-array-with-others", "base64-padded", "client-id-number", "exp-infinite",
        "exp-missing", "iat-future", "iat-missing", "kid-missing", "sub-missing", "sub-null", "sub-number",
        "typ-logout-token",
    },
}  # fmt: skip
"""Faults that an API with the package does not see, where it is set up as Microsoft and the package document it."""


UNCAUGHT = {"passport-azure-ad": {"scope-array", "scope-number", "scp-array"}}
"""Faults at which the package throws where nobody can catch it, which ends the process of an API."""


def verdicts(idp: DevIdP, package: str, tokens: list[str], app_id: str = TASKS, **where: str) -> list[str]:
    """Why the API refuses each of the tokens; empty where it lets one in."""
    asked: dict[str, Any] = {"tokens": tokens, "app_id": app_id, "issuer": idp.issuer, "scope": "Tasks.Read", **where}
    if package == "fastapi-azure-auth":
        with program(idp, PYTHON) as libraries:
            answers = libraries.ask(do="api", ca=str(idp.ca_file), **asked)["answer"]
        return ["" if status == 200 else f"{status}" for status, _ in answers]
    asked["jwks"] = requests.get(idp.discovery_url, verify=str(idp.ca_file), timeout=60).json()["jwks_uri"]
    with program(idp, NODE) as libraries:
        found: list[str] = libraries.ask(do=package.partition("-")[0], **asked)["answer"]
    return found


@pytest.mark.parametrize("package", LET_IN)
def test_an_api_takes_a_sound_token_and_refuses_the_catalogue_but_for_what_it_does_not_see(
    idp: DevIdP, package: str
) -> None:
    faulty = {}
    for name in CATALOGUE:
        with contextlib.suppress(FaultNotApplicable):
            faulty[name] = idp.token(scope=READ, client=WEB, fault=name)
    sound, *others = verdicts(idp, package, [idp.token(scope=READ, client=WEB), *faulty.values()])
    assert sound == ""
    uncaught = {name for name, why in zip(faulty, others, strict=True) if why.startswith("uncaught")}
    assert uncaught == UNCAUGHT.get(package, set())
    let_in = {name for name, why in zip(faulty, others, strict=True) if not why}
    assert let_in == LET_IN[package]
    assert faulty.keys() - let_in >= SEEN_BY_ALL


def test_an_api_that_has_the_host_of_entra_built_in_takes_tokens_of_an_issuer_that_the_seed_puts_there() -> None:
    there = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    with DevIdP(seed("entra", url=there), tls=True) as idp, proxy(idp.local_url, "login.microsoftonline.com") as by:
        tokens = [
            idp.token(scope=READ, client=WEB, fault=fault)
            for fault in ((), "expired", "audience-wrong", "issuer-wrong", "signature-bad")
        ]
        with program(idp, PYTHON, HTTPS_PROXY=by) as libraries:
            asked = {"app_id": TASKS, "scope": "Tasks.Read", "tenant": TENANT, "issuer": there}
            answers = libraries.ask(do="api", tokens=tokens, ca=str(idp.ca_file), **asked)["answer"]
    assert [status for status, _ in answers] == [200, 401, 401, 401, 401]
    assert answers[0][1]["tid"] == TENANT


@pytest.mark.parametrize("package", LET_IN)
def test_apis_take_tokens_of_version_1(v1: DevIdP, package: str) -> None:
    faults = ((), "expired", "audience-wrong", "issuer-wrong", "issuer-trailing-slash", "signature-bad")
    tokens = [v1.token(scope=READ, client=WEB, fault=fault) for fault in faults]
    sound, *refused = verdicts(v1, package, tokens)
    assert sound == ""
    assert all(refused)
