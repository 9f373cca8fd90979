"""Proof Key for Code Exchange (RFC 7636): required, S256, and without a way around it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from tests.flow import CHALLENGE, VERIFIER, Flow
from tests.refusal import description, redirected, refusal
from tests.shipped import Start


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def test_the_vector_of_rfc_7636_appendix_b_yields_tokens(flow: Flow) -> None:
    assert challenge_of(VERIFIER) == CHALLENGE
    code = flow.redirect(code_challenge=CHALLENGE, code_challenge_method="S256")["code"]
    assert flow.exchange(code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("verifier", ["a" * 43, "Az09-._~" * 16])
def test_the_shortest_and_the_longest_verifier_work(flow: Flow, verifier: str) -> None:
    code = flow.redirect(code_challenge=challenge_of(verifier))["code"]
    assert flow.exchange(code, code_verifier=verifier).status_code == 200


@pytest.mark.parametrize("client", ["web", "spa"])
def test_a_request_without_a_challenge_is_refused(flow: Flow, client: str) -> None:
    refused = redirected(flow.authorize(client_id=client, code_challenge=None, code_challenge_method=None))
    assert refused["error"] == "invalid_request"
    assert "'code_challenge' is missing: this issuer requires PKCE" in refused["error_description"]


@pytest.mark.parametrize(
    ("method", "came"),
    [("plain", "is 'plain'"), (None, "is missing, which means 'plain'"), ("S512", "is 'S512'"), ("s256", "is 's256'")],
)
def test_any_method_but_s256_is_refused(flow: Flow, method: str | None, came: str) -> None:
    refused = redirected(flow.authorize(code_challenge_method=method))
    assert refused["error"] == "invalid_request"
    assert f"'code_challenge_method' {came}; this issuer takes S256" in refused["error_description"]


@pytest.mark.parametrize(
    "challenge", ["short", CHALLENGE + "=", CHALLENGE[:-1], CHALLENGE + "A", "+" * 43, "é" * 43, CHALLENGE + "\n"]
)
def test_a_malformed_challenge_is_refused_at_once(flow: Flow, challenge: str) -> None:
    refused = redirected(flow.authorize(code_challenge=challenge))
    assert refused["error"] == "invalid_request"
    assert f"{len(challenge)} characters long; expected 43 of" in refused["error_description"]


def test_a_wrong_verifier_is_refused_and_leaves_the_code_to_its_owner(flow: Flow) -> None:
    code = flow.redirect()["code"]
    refused = flow.exchange(code, code_verifier="x" * 43)
    assert refusal(refused) == (400, "invalid_grant")
    assert "does not fit the code_challenge" in description(refused)
    assert flow.exchange(code).status_code == 200


def test_a_missing_verifier_is_refused(flow: Flow) -> None:
    refused = flow.exchange(flow.redirect()["code"], code_verifier=None)
    assert refusal(refused) == (400, "invalid_grant")
    assert "'code_verifier' is missing" in description(refused)


@pytest.mark.parametrize("verifier", ["short", VERIFIER[:-1], "a" * 129, VERIFIER + "\n", "é" * 43, " " * 43])
def test_a_malformed_verifier_is_refused_without_being_repeated(flow: Flow, verifier: str) -> None:
    refused = flow.exchange(flow.redirect()["code"], code_verifier=verifier)
    assert refusal(refused) == (400, "invalid_request")
    assert f"has {len(verifier)} characters; expected 43 to 128" in description(refused)
    assert verifier.strip() not in description(refused) or not verifier.strip()


def test_the_challenge_itself_is_no_verifier(flow: Flow) -> None:
    assert refusal(flow.exchange(flow.redirect()["code"], code_verifier=CHALLENGE)) == (400, "invalid_grant")


class TestWherePkceIsNotRequired:
    @pytest.fixture
    def flow(self, start: Start) -> Flow:
        return start({"pkce": {"required": False}})

    def test_a_request_without_a_challenge_yields_tokens(self, flow: Flow) -> None:
        code = flow.redirect(code_challenge=None, code_challenge_method=None)["code"]
        assert flow.exchange(code, code_verifier=None).status_code == 200

    def test_a_verifier_without_a_challenge_is_refused(self, flow: Flow) -> None:
        code = flow.redirect(code_challenge=None, code_challenge_method=None)["code"]
        refused = flow.exchange(code)
        assert refusal(refused) == (400, "invalid_grant")
        assert "the authorization request had no code_challenge" in description(refused)

    def test_a_challenge_that_came_still_asks_for_its_verifier(self, flow: Flow) -> None:
        code = flow.redirect()["code"]
        assert refusal(flow.exchange(code, code_verifier=None)) == (400, "invalid_grant")
        assert refusal(flow.exchange(code, code_verifier="x" * 43)) == (400, "invalid_grant")
        assert flow.exchange(code).status_code == 200

    def test_a_method_without_a_challenge_is_refused(self, flow: Flow) -> None:
        refused = redirected(flow.authorize(code_challenge=None))
        assert (refused["error"], "code_challenge" in refused["error_description"]) == ("invalid_request", True)

    def test_plain_is_still_refused(self, flow: Flow) -> None:
        assert redirected(flow.authorize(code_challenge_method="plain"))["error"] == "invalid_request"


class TestWherePlainIsAllowed:
    @pytest.fixture
    def flow(self, start: Start) -> Flow:
        return start({"pkce": {"plain": True}})

    @pytest.mark.parametrize("method", ["plain", None])
    def test_the_verifier_is_the_challenge(self, flow: Flow, method: str | None) -> None:
        code = flow.redirect(code_challenge=VERIFIER, code_challenge_method=method)["code"]
        assert refusal(flow.exchange(code, code_verifier=CHALLENGE)) == (400, "invalid_grant")
        assert flow.exchange(code, code_verifier=VERIFIER).status_code == 200

    def test_s256_is_not_compared_as_plain(self, flow: Flow) -> None:
        code = flow.redirect()["code"]
        assert refusal(flow.exchange(code, code_verifier=CHALLENGE)) == (400, "invalid_grant")

    def test_metadata_say_so(self, flow: Flow) -> None:
        assert flow.metadata()["code_challenge_methods_supported"] == ["S256", "plain"]

    def test_a_challenge_is_still_required(self, flow: Flow) -> None:
        assert redirected(flow.authorize(code_challenge=None, code_challenge_method=None))["error"] == "invalid_request"
