"""Keys change while devidp runs, and verifiers see it in the JWK Set."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jws import extract_compact

from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName
from tests.flow import Flow

pytestmark = pytest.mark.contract


def kids(http: FlaskClient) -> list[str]:
    document: dict[str, Any] = http.get("/default/.well-known/jwks.json").get_json()
    return [key["kid"] for key in document["keys"]]


def signed_by(token: str) -> str:
    kid: str = extract_compact(token.encode()).headers()["kid"]
    return kid


def test_a_rotated_key_stays_published_and_the_new_one_signs(control: Controller, flow: Flow) -> None:
    old = flow.tokens()["access_token"]
    fresh = control.keys.rotate()
    assert kids(flow.http) == [fresh.kid, signed_by(old)]
    assert signed_by(flow.tokens()["access_token"]) == fresh.kid
    assert flow.introspect(old)["active"]


def test_without_overlap_the_old_key_is_trusted_no_more(control: Controller, flow: Flow) -> None:
    old = flow.tokens()["access_token"]
    fresh = control.keys.rotate(overlap=False)
    assert kids(flow.http) == [fresh.kid]
    assert not flow.introspect(old)["active"]


def test_a_key_can_sign_before_it_is_published(control: Controller, flow: Flow) -> None:
    fresh = control.keys.rotate(publish=False)
    token = flow.tokens()["access_token"]
    assert signed_by(token) == fresh.kid
    assert fresh.kid not in kids(flow.http)
    control.keys.publish(fresh.kid)
    assert fresh.kid in kids(flow.http)


def test_a_key_can_be_hidden_and_shown(control: Controller, http: FlaskClient) -> None:
    kid = control.keys.active().kid
    control.keys.hide(kid)
    assert kids(http) == []
    assert [(key.kid, key.state, key.published) for key in control.keys.list()] == [(kid, "active", False)]
    control.keys.publish(kid)
    assert kids(http) == [kid]


def test_an_old_key_can_be_retired_and_published_again(control: Controller, http: FlaskClient) -> None:
    old = control.keys.active().kid
    control.keys.rotate()
    control.keys.retire(old)
    assert old not in kids(http)
    control.keys.publish(old)
    assert old in kids(http)


def test_the_key_that_signs_cannot_be_retired(control: Controller) -> None:
    with pytest.raises(ControlError, match="rotate first"):
        control.keys.retire(control.keys.active().kid)


def test_an_unknown_key_or_issuer_is_refused_by_name(control: Controller) -> None:
    with pytest.raises(UnknownName, match="there is no key 'k1'; there are: "):
        control.keys.hide("k1")
    with pytest.raises(UnknownName, match="there is no issuer 'defualt', did you mean 'default'"):
        control.keys.rotate("defualt")


def test_issuers_have_keys_of_their_own(control: Controller, http: FlaskClient) -> None:
    before = kids(http)
    control.keys.rotate("enterprise", overlap=False)
    assert kids(http) == before


@pytest.mark.parametrize("overlap", [True, False])
def test_a_rotation_is_taken_back(control: Controller, flow: Flow, overlap: bool) -> None:
    token, before = flow.tokens()["access_token"], control.keys.list()
    fresh = control.keys.rotate(overlap=overlap)
    control.keys.activate(before[0].kid)
    assert kids(flow.http) == [fresh.kid, before[0].kid]
    assert signed_by(flow.tokens()["access_token"]) == before[0].kid
    control.keys.delete(fresh.kid)
    assert control.keys.list() == before
    assert flow.introspect(token)["active"]


def test_the_key_that_signs_cannot_be_deleted(control: Controller) -> None:
    with pytest.raises(ControlError, match="signs; activate another first, or rotate"):
        control.keys.delete(control.keys.active().kid)
