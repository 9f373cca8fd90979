"""What an armed fault is meant for: the token it happens to, those that happen together, and what never could."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from devidp import DevIdP
from devidp.faults import FAULTS
from devidp.oauth import names
from devidp.web.control.errors import ControlError

ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"
FOR_ID_JAG = [each.name for each in FAULTS.values() if "id-jag" in each.applies_to]


@pytest.fixture(scope="module")
def running() -> Iterator[DevIdP]:
    with DevIdP() as idp:
        yield idp


@pytest.fixture
def idp(running: DevIdP) -> DevIdP:
    running.reset()
    return running


def claims(token: str) -> dict[str, Any]:
    read: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


def verifies(idp: DevIdP, token: str, issuer: str = "default") -> bool:
    try:
        key = jwt.PyJWKClient(f"{idp.url}/{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
        jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    except jwt.PyJWTError:
        return False
    return True


@pytest.mark.parametrize(
    ("fault", "match", "said"),
    [
        ("expird", {}, "Did you mean 'expired'"),
        ("expired", {"clinet": "web"}, "did you mean 'client'"),
        ("expired", {"client": "wbe"}, "did you mean 'web'"),
        ("expired", {"user": "alcie"}, "did you mean 'alice'"),
        ("expired", {"grant": "refresh"}, "did you mean 'refresh_token'"),
        ("expired", {"client": "service", "grant": "refresh_token"}, "may not use the grant refresh_token"),
        ("expired", {"client": "service", "user": "alice"}, "acts for itself"),
        ("expired", {"grant": "client_credentials", "user": "alice"}, "has no user"),
        ("expired", {"grant": "client_credentials", "state": "x"}, "has no state"),
        ("other-user", {"client": "service"}, "it needs a user"),
        ("other-user", {"grant": "client_credentials"}, "it needs a user"),
        ("id-nonce-wrong", {"grant": "client_credentials"}, "No flow gives a token with"),
        ("id-nonce-wrong", {"client": "service"}, "No flow gives a token with"),
        ("id-expired", {"token_type": "access"}, "happens to id tokens"),
        ("scope-missing", {"token_type": "id"}, "happens to access tokens"),
        ("expired", {"token_type": "refresh"}, "token_type 'refresh' is unknown"),
        ("expired", {"times": 0}, "times: got 0"),
        ("expired", {"probability": 0}, "probability: got 0"),
        ("expired", {"probability": 1.5}, "probability: got 1.5"),
        ("alg-rs384", {"token_type": "client-assertion"}, "is unknown"),
    ],
)
def test_what_can_never_happen_is_refused_with_what_could(
    idp: DevIdP, fault: str, match: dict[str, Any], said: str
) -> None:
    with pytest.raises(ControlError, match=said):
        idp.arm(fault, **match)
    assert idp.control.armed.waiting() == ()


def test_a_fault_that_no_user_of_the_seed_can_have_is_refused() -> None:
    seed = {"users": {"zoe": {}}, "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}}}
    with DevIdP(seed) as idp:
        for fault in ("tenant-missing", "other-user"):
            with pytest.raises(ControlError, match="does not apply"):
                idp.arm(fault)


def test_a_fault_waits_for_a_token_that_it_applies_to(idp: DevIdP) -> None:
    idp.arm("id-nonce-missing", client="web")
    assert "nonce" not in claims(idp.login(scope="openid")["id_token"])
    assert len(idp.control.armed.waiting()) == 1
    assert "nonce" not in claims(idp.login(scope="openid", nonce="n")["id_token"])
    assert idp.control.armed.waiting() == ()


def test_the_token_that_is_named_is_spoilt_and_the_other_one_is_sound(idp: DevIdP) -> None:
    idp.arm("signature-bad", token_type="id")
    tokens = idp.login(scope="openid mcp:read")
    assert verifies(idp, tokens["access_token"])
    assert not verifies(idp, tokens["id_token"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("expired", "audience-wrong"),
        ("expired", "signature-bad"),
        ("signature-bad", "expired"),
        ("kid-path", "jti-missing"),
    ],
)
def test_two_faults_that_match_one_token_are_both_in_it(idp: DevIdP, first: str, second: str) -> None:
    idp.arm(first, client="web")
    idp.arm(second)
    token = idp.login()["access_token"]
    wrong = {
        "expired": claims(token)["exp"] < idp.clock.now(),
        "audience-wrong": claims(token)["aud"] == "https://api.invalid/",
        "signature-bad": not verifies(idp, token),
        "kid-path": jwt.get_unverified_header(token)["kid"].endswith("/dev/null"),
        "jti-missing": "jti" not in claims(token),
    }
    assert (wrong[first], wrong[second]) == (True, True)
    assert verifies(idp, idp.login()["access_token"])


@pytest.mark.parametrize(
    ("first", "second", "part"),
    [
        ("expired", "exp-missing", "claims.exp"),
        ("expired", "expired", "twice"),
        ("garbage", "opaque", "the finished token"),
        ("expired", "garbage", "claims.exp"),
        ("garbage", "expired", "claims.exp"),
        ("key-foreign", "alg-none", "the key"),
        ("revoked", "revoked", "twice"),
    ],
)
def test_a_second_fault_that_cannot_be_in_the_same_token_is_refused(
    idp: DevIdP, first: str, second: str, part: str
) -> None:
    armed = idp.arm(first, client="web")
    with pytest.raises(ControlError, match=rf"{first}' \(id {armed.id}\) waits for the same token.*{part}"):
        idp.arm(second)
    idp.arm(second, client="spa")


def test_tests_in_parallel_arm_the_same_fault_for_their_own_flows(idp: DevIdP) -> None:
    for state in ("one", "two"):
        idp.arm("expired", state=state)
    assert [verifies(idp, idp.login(state=state)["access_token"]) for state in ("one", "other", "two")] == [
        False, True, False,
    ]  # fmt: skip


def test_a_probability_leaves_some_tokens_alone(idp: DevIdP) -> None:
    idp.arm("expired", times=None, probability=0.5)
    form = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}
    answers = [httpx.post(f"{idp.issuer}/token", data=form).json()["access_token"] for _ in range(60)]
    assert {verifies(idp, token) for token in answers} == {True, False}


@pytest.mark.parametrize("fault", FOR_ID_JAG)
def test_every_fault_of_an_id_jag_is_in_the_one_of_a_real_exchange(idp: DevIdP, fault: str) -> None:
    idp.clients.add(
        "agent",
        issuer="enterprise",
        secret="agent-secret",
        grants=["token-exchange"],
        redirect_uris=["http://localhost/cb"],
    )
    idp.clock.freeze()
    before = _exchange(idp)
    idp.arm(fault)
    spoilt = _exchange(idp)
    # what PyJWT does not see makes the token longer
    assert len(spoilt) != len(before) or not verifies(idp, spoilt, "enterprise") or _different(spoilt, before)
    after = _exchange(idp)
    assert verifies(idp, after, "enterprise")
    assert not _different(after, before)


def _exchange(idp: DevIdP) -> str:
    """An ID-JAG of the issuer enterprise, where alice has logged in, for the first issuer."""
    subject = idp.token(issuer="enterprise", user="alice", client="agent", token_type="id")
    form = {
        "grant_type": names.TOKEN_EXCHANGE, "requested_token_type": ID_JAG, "audience": idp.issuer,
        "subject_token": subject, "subject_token_type": names.ID_TOKEN_TYPE,
    }  # fmt: skip
    answer = httpx.post(f"{idp.url}/enterprise/token", data=form, auth=("agent", "agent-secret")).json()
    assert answer["issued_token_type"] == ID_JAG, answer
    return str(answer["access_token"])


def _different(token: str, twin: str) -> bool:
    """Whether anything but the id of two assertions differs, of one instant."""
    (header, one), (twin_header, other) = ((jwt.get_unverified_header(each), claims(each)) for each in (token, twin))
    return header != twin_header or one.keys() != other.keys() or {**one, "jti": 0} != {**other, "jti": 0}


def test_every_fault_of_access_tokens_happens_to_a_login_or_is_refused(idp: DevIdP) -> None:
    refused, waits = set(), set()
    for fault in FAULTS.values():
        if fault.applies_to[0] != "access":
            continue
        try:
            idp.arm(fault.name, user="alice")
        except ControlError:
            refused.add(fault.name)
            continue
        idp.login(scope="mcp:read", dpop=fault.name.startswith("cnf-"))
        waits |= {each.name for each in idp.control.armed.waiting()}
        idp.control.armed.clear()
    assert (refused, waits) == (set(), set())


def test_the_event_of_a_token_says_which_faults_it_has(idp: DevIdP) -> None:
    idp.arm("expired")
    idp.arm("audience-wrong")
    for said in ("fault expired and audience-wrong as armed", ""):
        idp.login()
        assert idp.events("token")[-1].detail == said


def test_so_does_that_of_an_answer_of_the_authorization_endpoint() -> None:
    client = {
        "secret": "s",
        "response_types": ["id_token"],
        "redirect_uris": ["http://localhost/"],
        "scopes": ["openid"],
    }
    seed = {
        "issuers": {"default": {"features": {"implicit": True}}},
        "users": {"alice": {}},
        "clients": {"web": client},
    }
    with DevIdP(seed) as idp:
        idp.arm("expired", token_type="id")
        idp.login("alice", client="web", response_type="id_token", scope="openid", nonce="n")
        assert "fault expired as armed" in [each.detail for each in idp.events()]
