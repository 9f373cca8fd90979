"""Explaining a token that somebody has: the same verdict as a strict verifier, in words, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwe
from joserfc.jwk import OctKey

from devidp.faults import FAULTS, Fault
from devidp.faults.decoding import Explanation, document, explain
from devidp.faults.minting import mint, parse
from devidp.oauth import base64url
from devidp.store.overrides import NOTHING
from devidp.web.runtime import Runtime
from tests.faults.conftest import pair
from tests.faults.reasons import expected
from tests.flow import MCP

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


def wanted(shared: Runtime, token: str, audience: str, scope: str = "mcp:read") -> Explanation:
    issuer = shared.first()
    return explain(token, issuer.keys.key_set(), issuer.clock.now(), issuer.url, audience=audience, scope=scope)


def test_what_a_resource_server_expects_is_compared_where_it_is_known(shared: Runtime) -> None:
    token = mint(shared.first(), parse({"scope": "mcp:read", "audience": MCP})).token
    assert wanted(shared, token, MCP).verdict == "Accepted"
    other = wanted(shared, token, f"{MCP}/")
    assert other.verdict.startswith("401 invalid_token: aud is")
    assert "a slash at the end" in other.verdict
    assert other.looks_like == "audience-trailing-slash"
    assert wanted(shared, token, MCP, "mcp:write").verdict == "403 insufficient_scope: It lacks the scope mcp:write"


@pytest.mark.parametrize(
    "name",
    [
        each.name
        for each in FAULTS.values()
        if each.applies_to[0] == "access" and each.evidence == "token"
        and each.group not in ("authentication", "tenant")
    ],
)  # fmt: skip
def test_a_fault_is_recognised_where_it_can_be(shared: Runtime, name: str) -> None:
    valid, faulty = pair(shared.first(), name)
    assert wanted(shared, valid.token, MCP).findings == ()
    said = wanted(shared, faulty.token, MCP)
    assert name == said.looks_like or name in said.alike


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({}, "access token"),
        ({"token_type": "id"}, "ID token"),
        ({"token_type": "logout"}, "logout token"),
        ({"token_type": "id-jag"}, "ID-JAG"),
        ({"token_type": "refresh"}, "opaque token"),
        ({"header": {"typ": "dpop+jwt"}}, "DPoP proof"),
        ({"fault": "typ-missing"}, "access token"),
        ({"header": {"typ": "JWT"}, "claims": {"typ": "ID"}}, "ID token"),
        ({"fault": "payload-null"}, "damaged JWT"),
    ],
)
def test_what_kind_of_token_it_is_is_said(shared: Runtime, parameters: dict[str, Any], kind: str) -> None:
    said = explain_token(shared, mint(shared.first(), parse(parameters)).token)
    assert said.kind.name == kind
    assert kind == "access token" or said.findings


ID_FAULTS = [
    each.name
    for each in FAULTS.values()
    if each.group == "id-token" and each.evidence == "token" and each.name.startswith("id-")
]
ASKED_FOR = {
    "id-nonce-wrong",
    "id-nonce-missing",
    "id-audience-wrong",
    "id-sub-other",
    "id-iat-old",
    "id-at-hash-wrong",
}
"""Only the client knows what it has asked for, and got with it."""


@pytest.mark.parametrize("name", [name for name in ID_FAULTS if name not in ASKED_FOR | {"id-access-token"}])
def test_an_id_token_is_judged_as_what_it_is_too(shared: Runtime, name: str) -> None:
    valid, faulty = (explain_token(shared, each.token) for each in pair(shared.first(), name))
    assert valid.verdict.startswith("401 invalid_token: typ is JWT, expected at+jwt: this is an ID token")
    assert valid.own_verdict == "As an ID token: nothing is wrong that the token shows"
    assert {each.standing for each in (*valid.header_members, *valid.claim_members)} <= {"right", "unchecked"}
    assert [each.fault for each in faulty.own_findings] == [name]
    assert faulty.looks_like == "id-token"


def test_foreign_kinds_are_named_too(shared: Runtime) -> None:
    encrypted = jwe.encrypt_compact({"alg": "dir", "enc": "A128GCM"}, b"secret", OctKey.generate_key(128))
    assert explain_token(shared, encrypted).kind.name == "encrypted token (JWE)"
    assert explain_token(shared, encrypted).header["enc"] == "A128GCM"
    token = mint(shared.first(), parse({})).token
    credential = explain_token(shared, f"{token}~WyJzYWx0IiwgIm5hbWUiLCAiQWxpY2UiXQ~")
    assert (credential.kind.name, credential.signature) == ("SD-JWT", "good")
    assert credential.verdict.startswith("401")
    assert explain_token(shared, "Basic d2ViOnNlY3JldA==").kind.name == "name and password (Basic)"
    assert explain_token(shared, "hello").kind.name == "no token"


@pytest.mark.parametrize(
    ("around", "note"),
    [
        ("Authorization: Bearer {}", "name of the header"),
        ("dpop {}", "scheme"),
        ('"{}"', "quotes"),
        ('{{"token_type": "Bearer", "access_token": "{}"}}', "access_token of the JSON"),
    ],
)
def test_what_was_copied_along_is_left_out_and_said(shared: Runtime, around: str, note: str) -> None:
    token = mint(shared.first(), parse({})).token
    said = explain_token(shared, around.format(token))
    assert (said.signature, said.token) == ("good", token)
    assert any(note in each for each in said.notes)


def test_line_breaks_of_a_mail_are_left_out(shared: Runtime) -> None:
    token = mint(shared.first(), parse({})).token
    said = explain_token(shared, "\r\n".join(token[at : at + 60] for at in range(0, len(token), 60)))
    assert said.signature == "good"
    assert "no header can hold them" in said.notes[0]


def test_what_json_cannot_write_is_a_text_in_the_document(shared: Runtime) -> None:
    said = explain_token(shared, pair(shared.first(), "exp-infinite")[1].token)
    assert json.loads(json.dumps(document(said), allow_nan=False))["claims"]["exp"] == "Infinity"


def test_each_claim_has_its_meaning_age_and_standing(shared: Runtime) -> None:
    token = mint(shared.first(), parse({"fault": "expired", "claims": {"shoe_size": 43}, "drop": "jti"})).token
    said = {each.name: each for each in explain_token(shared, token).claim_members}
    assert (said["exp"].standing, said["exp"].age) == ("wrong", "expired 1 day ago")
    assert said["exp"].section == "RFC 7519 section 4.1.4"
    assert said["iss"].standing == said["sub"].standing == "right"
    assert said["aud"].standing == "unchecked"
    assert (said["shoe_size"].standing, said["shoe_size"].meaning) == ("unchecked", "")
    assert said["jti"].standing == "missing"
    assert {each.name: each.standing for each in explain_token(shared, token).header_members} == {
        "alg": "right", "typ": "right", "kid": "right",
    }  # fmt: skip


@pytest.mark.parametrize(
    "payload", ["[" * 100_000, '{"a":' * 500 + "1" + "}" * 500, '{"exp": NaN}', '{"exp": ' + "9" * 5000 + "}"]
)
def test_json_that_no_parser_should_take_is_explained(shared: Runtime, payload: str) -> None:
    header = base64url.encode(b'{"alg": "RS256"}')
    said = explain_token(shared, f"{header}.{base64url.encode(payload.encode())}.c2ln")
    assert "payload-not-json" in {each.fault for each in said.findings}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(text=st.text() | st.lists(st.text(alphabet="abcXYZ019-_=."), min_size=3, max_size=3).map(".".join))
def test_any_text_can_be_explained(shared: Runtime, text: str) -> None:
    assert explain_token(shared, text).verdict
