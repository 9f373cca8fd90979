"""Every fault of a token is tried, and what the target wrongly accepts is found."""

from __future__ import annotations

import jwt
import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.probe import kinds
from devidp.report import Severity
from tests.probe import targets


def test_what_a_verifier_forgets_is_found(devidp: DevIdP) -> None:
    keys = jwt.PyJWKClient(devidp.jwks_uri)

    def verify(token: str) -> object:
        key = keys.get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, ["RS256"], {"verify_aud": False}, issuer=devidp.issuer)

    report = devidp.probe(targets.guarded(verify), path="/orders", only=["time", "audience", "signature", "algorithm"])
    found = {finding.id: finding.kind.severity for finding in report.findings}
    assert found["accepted-audience-wrong"] is Severity.HIGH
    assert not {"accepted-expired", "accepted-signature-bad", "accepted-alg-none"} & set(found)


def test_a_check_that_crashes_is_found(devidp: DevIdP) -> None:
    def verify(token: str) -> object:
        try:
            return jwt.decode(
                token, options={"verify_signature": False, "verify_exp": True}, audience="http://localhost:8000/mcp"
            )
        except jwt.ExpiredSignatureError as error:
            raise RuntimeError from error

    app = targets.guarded(verify)
    report = devidp.probe(app, path="/orders", only=["expired", "signature-bad"])
    assert [finding.id for finding in report.findings] == ["accepted-signature-bad", "server-error:expired"]


def test_a_fault_that_no_token_here_can_have_is_skipped_with_the_reason(devidp: DevIdP) -> None:
    report = devidp.probe(targets.strict(devidp), path="/orders", only=["cnf-missing"])
    (check,) = (each for each in report.checks if each.name == "cnf-missing")
    assert (check.outcome, "no cnf in this token" in check.note) == ("skipped", True)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_says_what_it_means_that_it_is_accepted(fault: str) -> None:
    kind = kinds.find(f"accepted-{fault}")
    assert kind is not None
    assert kind.why.endswith(".")


def test_no_two_kinds_have_one_name() -> None:
    names = [kind.name for kind in kinds.every()]
    assert len(names) == len(set(names))
