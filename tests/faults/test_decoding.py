"""Explaining a token that somebody has: the same verdict as a strict verifier, in words, and never an exception."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devidp.faults import FAULTS, Fault
from devidp.faults.decoding import Explanation, explain
from devidp.faults.minting import mint, parse
from devidp.store.overrides import NOTHING
from devidp.web.runtime import Runtime
from tests.faults.conftest import pair
from tests.faults.reasons import expected

SAME_NAME = {"exp": "exp", "nbf": "nbf", "iat": "iat", "iss": "iss", "kid": "kid", "typ": "typ", "crit": "crit"}
PARTS = {**SAME_NAME, "signature": "signature", "algorithm": "alg", "shape": "shape", "duplicate": "shape"}
VISIBLE = [
    fault
    for fault in FAULTS.values()
    if fault.group in ("time", "issuer", "signature", "key", "algorithm", "shape") and fault.name != "oversized"
]


def explain_token(shared: Runtime, token: str) -> Explanation:
    issuer = shared.first()
    return explain(token, issuer.keys.key_set(), issuer.clock.now(), issuer.url)


def test_nothing_is_wrong_with_a_good_token_and_its_ages_are_in_words(shared: Runtime) -> None:
    said = explain_token(shared, mint(shared.first(), parse({})).token)
    assert (said.signature, said.findings, said.looks_like) == ("good", (), None)
    assert said.ages == ("issued 0 seconds ago", "expires in 1 hour")
    assert said.verdict.startswith("Accepted, if the audience")
    unchecked = explain(mint(shared.first(), parse({})).token, None, shared.first().clock.now(), None)
    assert unchecked.verdict.startswith("Accepted, if the signature is good, and ")


@pytest.mark.parametrize("fault", VISIBLE, ids=lambda fault: fault.name)
def test_what_can_be_seen_without_knowing_the_resource_server_is_found(shared: Runtime, fault: Fault) -> None:
    said = explain_token(shared, pair(shared.first(), fault.name)[1].token)
    parts = {PARTS[reason] for reason in expected(fault)}
    assert {finding.part for finding in said.findings} == parts
    assert said.verdict.startswith("401 invalid_token: ")


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_that_a_finding_names_is_in_the_catalogue(shared: Runtime, fault: str) -> None:
    said = explain_token(shared, pair(shared.first(), fault)[1].token)
    shared.control(lambda overrides: NOTHING)
    assert {finding.fault for finding in said.findings} <= set(FAULTS)


@pytest.mark.parametrize(
    "name",
    [
        "expired", "expired-30s", "exp-missing", "exp-milliseconds", "issuer-trailing-slash", "issuer-host-case",
        "audience-client-id", "audience-missing", "signature-bad", "kid-unknown", "kid-missing", "alg-none",
        "alg-rs384", "segments-two", "payload-not-json", "payload-array", "claims-duplicate", "typ-wrong",
        "sub-missing", "scope-missing", "crit-unknown",
    ],
)  # fmt: skip
def test_a_fault_is_recognised(shared: Runtime, name: str) -> None:
    assert explain_token(shared, pair(shared.first(), name)[1].token).looks_like == name


def test_the_age_of_an_expired_token_is_in_words(shared: Runtime) -> None:
    said = explain_token(shared, mint(shared.first(), parse({"fault": "expired"})).token)
    assert "expired 1 day ago" in said.ages
    assert "It expired 1 day ago" in said.verdict


def test_an_age_that_no_clock_can_show_is_said(shared: Runtime) -> None:
    said = explain_token(shared, mint(shared.first(), parse({"claims": {"exp": 10**400}})).token)
    assert "exp is not a number of seconds" in said.verdict


def test_without_keys_the_signature_is_not_checked(shared: Runtime) -> None:
    assert explain(mint(shared.first(), parse({})).token, None, shared.clock.now()).signature == "not checked"


def test_a_whole_authorization_header_is_accepted(shared: Runtime) -> None:
    assert explain_token(shared, f"Bearer {mint(shared.first(), parse({})).token}\n").signature == "good"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(text=st.text() | st.lists(st.text(alphabet="abcXYZ019-_=."), min_size=3, max_size=3).map(".".join))
def test_any_text_can_be_explained(shared: Runtime, text: str) -> None:
    assert explain_token(shared, text).verdict
