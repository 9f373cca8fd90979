"""Each fault: its twin is accepted by a strict verifier, and it is refused, for its own reason only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

import pytest

from devidp import seed
from devidp.faults import FAULTS, GROUPS, Fault, MintRefused
from devidp.models.config import Config
from devidp.store.overrides import NOTHING
from devidp.web.runtime import Runtime
from tests.faults.conftest import pair, policy
from tests.faults.diff import diff
from tests.faults.judge import judge_access_token, judge_id_token
from tests.faults.reasons import MORE_THAN_ONE_PART, expected
from tests.flow import Flow
from tests.shipped import PUBLIC_URL

OF_STATE = [fault for fault in FAULTS.values() if fault.group == "state"]
OF_TOKENS = [fault for fault in FAULTS.values() if fault.group not in ("state", "id-jag")]

INTROSPECTION_SAYS = {
    "introspection-narrower": {"scope": "openid"},
    "introspection-other-sub": {"sub": "bob"},
    "introspection-other-audience": {"aud": "https://api.invalid/"},
}


@pytest.mark.parametrize("fault", OF_TOKENS, ids=lambda fault: fault.name)
def test_the_twin_is_accepted_and_the_fault_refused_for_its_own_reason_only(shared: Runtime, fault: Fault) -> None:
    issuer = shared.first()
    valid, faulty = pair(issuer, fault.name)
    judge = judge_id_token if valid.access_token else judge_access_token
    assert judge(valid.token, policy(issuer, valid)) == []
    assert set(judge(faulty.token, policy(issuer, valid))) == expected(fault)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_differs_from_its_twin_in_one_thing(shared: Runtime, fault: Fault) -> None:
    valid, faulty = pair(shared.first(), fault.name)
    shared.control(lambda overrides: NOTHING)
    parts = diff(valid.token, faulty.token)
    if fault.name in MORE_THAN_ONE_PART:
        assert len(parts) > 1, "it need not be excused"
    else:
        assert len(parts) == (0 if fault.group == "state" else 1), parts


@pytest.mark.parametrize("fault", OF_STATE, ids=lambda fault: fault.name)
def test_a_fault_of_state_leaves_the_token_good_and_introspection_says_otherwise(
    runtime: Runtime, flow: Flow, fault: Fault
) -> None:
    issuer = runtime.first()
    valid, faulty = pair(issuer, fault.name)
    assert judge_access_token(faulty.token, policy(issuer, valid)) == []
    told, claims = flow.introspect(faulty.token), dict(faulty.claims)
    said = {name: told.get(name) for name in claims if told.get(name) != claims[name]}
    if fault.name in INTROSPECTION_SAYS:
        assert said == INTROSPECTION_SAYS[fault.name]
    else:
        assert told == {"active": False}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)
def test_a_fault_says_what_is_wrong_what_it_breaks_and_what_the_answer_is(fault: Fault) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", fault.name)
    assert re.fullmatch(r"[A-Z`].*\.", fault.description)
    assert "." not in fault.description[:-1].replace("90.5", "")
    assert re.match(r"(RFC \d{4}|OpenID Connect Core|ID-JAG draft) section \d", fault.section)
    assert fault.status in (401, 403)


def test_there_are_faults_of_every_group_and_no_name_twice() -> None:
    assert all(group.faults for group in GROUPS)
    assert sum(len(group.faults) for group in GROUPS) == len(FAULTS)
    assert len([fault for fault in FAULTS.values() if fault.applies_to[0] == "access"]) >= 70


def test_the_sentence_of_a_minted_fault_says_what_is_wrong_and_the_right_answer(shared: Runtime) -> None:
    _, faulty = pair(shared.first(), "expired")
    assert "One fault: `exp` is a day ago" in faulty.explanation
    assert "A correct resource server must answer 401 (RFC 7519 section 4.1.4)" in faulty.explanation
    assert faulty.claims["exp"] == shared.clock.seconds() - 86400


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_every_fault_can_be_minted_at_an_issuer_with_another_algorithm(algorithm: Literal["ES256", "EdDSA"]) -> None:
    shipped = seed.load(seed.shipped_path())
    issuers = tuple(replace(settings, signing_algorithm=algorithm) for settings in shipped.issuers)
    running = Runtime(Config(PUBLIC_URL), replace(shipped, issuers=issuers))
    running.open()
    for name in FAULTS:
        if name == f"alg-{algorithm.lower()}":
            with pytest.raises(MintRefused, match=f"the issuer signs with {algorithm}"):
                pair(running.first(), name)
        else:
            assert pair(running.first(), name)[1].token
        running.control(lambda overrides: NOTHING)
    running.close()
