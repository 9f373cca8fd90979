"""``resource_in_scope``: scopes that name their resource, as Microsoft Entra ID has them."""

from __future__ import annotations

from typing import Any

import pytest

from devidp.faults import MintRefused
from devidp.faults.minting import mint, parse
from tests.flow import MCP, Flow, payload
from tests.protocol.test_audience import GRANTS, KEY, TRUSTED, WAYS, by_code, by_exchange, by_itself, of
from tests.refusal import description, redirected, refusal
from tests.shipped import Start

TASKS, FILES = "5f4f12a3-8f0b-4f0e-9d7b-6a5a8c1d2e3f", "https://files.example/"
ALIAS = f"api://{TASKS}"
SCOPES = {"Tasks.Read": "Read tasks", "Tasks.Write": "Write tasks", "Files.Read": "Read files"}
RESOURCES = {
    TASKS: {"aliases": [ALIAS], "scopes": ["Tasks.Read", "Tasks.Write"]},
    FILES: {"scopes": ["Files.Read"]},
}


@pytest.fixture
def flow(start: Start) -> Flow:
    issuer = {"grants": GRANTS, "trusted_issuers": TRUSTED, "resource_in_scope": True, "default_audience": None}
    client = {"grants": GRANTS, "jwks": {"keys": [KEY.as_dict(private=False)]}}
    users = {"bob": {"scopes": None}}
    return start(issuer, scopes=SCOPES, resources=RESOURCES, clients={"web": client}, users=users)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in (by_itself, by_exchange)])
@pytest.mark.parametrize("place", [TASKS, ALIAS])
def test_the_token_is_for_the_resource_and_has_the_scope_without_it(flow: Flow, way: Any, place: str) -> None:
    answer = way(flow, scope=f"openid {place}/Tasks.Read")
    claims = payload(answer["access_token"])
    assert (claims["aud"], claims["scope"]) == (TASKS, "openid Tasks.Read")
    assert answer["scope"] == f"openid {place}/Tasks.Read"


@pytest.mark.parametrize("way", [way for way in WAYS if way is not by_exchange])
def test_default_is_all_that_the_client_may_have_there(flow: Flow, way: Any) -> None:
    answer = way(flow, scope=f"{ALIAS}/.default")
    claims = payload(answer["access_token"])
    assert (claims["aud"], claims["scope"]) == (TASKS, "Tasks.Read Tasks.Write")
    assert answer["scope"] == f"{ALIAS}/Tasks.Read {ALIAS}/Tasks.Write {ALIAS}/.default"


def test_default_is_what_the_client_may_have_and_no_more(start: Start) -> None:
    flow = start(
        {"resource_in_scope": True},
        scopes=SCOPES,
        resources=RESOURCES,
        clients={"service": {"scopes": ["Tasks.Read", "Files.Read"]}},
    )
    answer = flow.token("service", grant_type="client_credentials", scope=f"{TASKS}/.default").get_json()
    assert (of(answer), payload(answer["access_token"])["scope"]) == (TASKS, "Tasks.Read")
    answer = flow.token("service", grant_type="client_credentials", scope=f"{FILES}.default").get_json()
    assert (of(answer), payload(answer["access_token"])["scope"]) == ("https://files.example", "Files.Read")


def test_default_alone_is_for_the_default_audience(start: Start) -> None:
    flow = start({"resource_in_scope": True, "default_audience": TASKS}, scopes=SCOPES, resources=RESOURCES)
    answer = flow.token("service", grant_type="client_credentials", scope=".default").get_json()
    assert (of(answer), answer["scope"]) == (TASKS, "Tasks.Read Tasks.Write")


def test_a_resource_keeps_its_slash_where_the_scope_has_two(flow: Flow) -> None:
    assert of(by_code(flow, scope=f"{FILES}/Files.Read")) == FILES


def test_a_refresh_names_what_was_granted_or_a_part_of_it(flow: Flow) -> None:
    token = by_code(flow, scope=f"openid {ALIAS}/Tasks.Read {ALIAS}/Tasks.Write")["refresh_token"]
    part = flow.refresh(token, scope=f"{ALIAS}/Tasks.Write").get_json()
    assert payload(part["access_token"])["scope"] == "Tasks.Write"
    everything = flow.refresh(part["refresh_token"], scope=f"openid {TASKS}/.default").get_json()
    assert everything["scope"] == f"openid {TASKS}/Tasks.Read {TASKS}/Tasks.Write {TASKS}/.default"


def test_a_refresh_gives_no_more_than_the_user_agreed_to(flow: Flow) -> None:
    token = by_code(flow, scope=f"{ALIAS}/Tasks.Read")["refresh_token"]
    assert payload(flow.refresh(token, scope=f"{ALIAS}/.default").get_json()["access_token"])["scope"] == "Tasks.Read"


def test_a_refresh_token_is_good_for_every_resource_that_the_user_agreed_to(flow: Flow) -> None:
    by_code(flow, scope=f"{FILES}Files.Read")
    token = by_code(flow, scope="openid offline_access")["refresh_token"]
    files = flow.refresh(token, scope=f"{FILES}.default").get_json()
    assert of(files) == FILES[:-1]
    assert files["scope"] == f"openid offline_access {FILES}Files.Read {FILES}.default"
    again = flow.refresh(files["refresh_token"], scope=f"openid {FILES}Files.Read").get_json()
    assert payload(again["access_token"])["scope"] == "openid Files.Read"
    for wanted in (".default", "Tasks.Read"):
        refused = flow.refresh(again["refresh_token"], scope=f"{ALIAS}/{wanted}")
        assert refusal(refused) == (400, "invalid_grant")
        assert "consent_required" in description(refused)
    for name in ("audience", "resource"):
        assert refusal(flow.refresh(again["refresh_token"], **{name: "https://other.example"})) == (
            400,
            "invalid_target",
        )
    assert of(flow.refresh(again["refresh_token"]).get_json()) == "http://localhost:6749/default"


def test_a_refresh_token_is_good_for_every_resource_where_nobody_is_asked(start: Start) -> None:
    web = {"consent": "skipped", "scopes": ["openid", "offline_access", "Tasks.Read"]}
    flow = start({"resource_in_scope": True}, scopes=SCOPES, resources=RESOURCES, clients={"web": web})
    token = by_code(flow, scope="openid")["refresh_token"]
    assert payload(flow.refresh(token, scope=f"{TASKS}/.default").get_json()["access_token"])["scope"] == (
        "openid Tasks.Read"
    )
    assert refusal(flow.refresh(token, scope=f"{TASKS}/Tasks.Write")) == (400, "invalid_grant")


def test_a_code_exchange_repeats_the_scope(flow: Flow) -> None:
    wanted = f"openid {ALIAS}/Tasks.Read"
    assert of(flow.exchange(flow.redirect(scope=wanted)["code"], scope=wanted).get_json()) == TASKS


def test_a_token_is_exchanged_for_all_that_it_holds_at_another_place(flow: Flow) -> None:
    held = {"subject_token": by_code(flow, scope=f"{ALIAS}/Tasks.Read")["access_token"]}
    held["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token"
    answer = flow.token(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange", scope=f"{TASKS}/.default", **held
    ).get_json()
    assert (of(answer), payload(answer["access_token"])["scope"]) == (TASKS, "Tasks.Read")


@pytest.mark.parametrize(
    ("sent", "error", "why"),
    [
        ({"scope": f"{TASKS}/Tasks.Read {FILES}/Files.Read"}, "invalid_scope", "for more than one resource"),
        ({"scope": f"{TASKS}/Tasks.Read Files.Read"}, "invalid_scope", "for more than one resource"),
        ({"scope": f"{TASKS}/.default {TASKS}/Tasks.Read"}, "invalid_scope", "Ask for .default alone"),
        ({"scope": f"{TASKS}/Tasks.Raed"}, "invalid_scope", "Did you mean 'Tasks.Read'?"),
        ({"scope": "api://other/.default"}, "invalid_target", "of the scope 'api://other' is not in the seed"),
        ({"scope": "other/read"}, "invalid_target", "of the scope 'other' is not in the seed"),
        ({"scope": f"{TASKS}/.default", "resource": FILES}, "invalid_request", f"and resource is '{FILES}'"),
        ({"scope": f"{TASKS}/.default", "audience": FILES}, "invalid_request", f"and audience is '{FILES}'"),
    ],
)
def test_what_is_for_two_places_or_for_none_is_refused(flow: Flow, sent: Any, error: str, why: str) -> None:
    asked = flow.http.post("/default/device_authorization", data=sent, auth=("web", "web-secret"))
    for refused in (flow.push(**sent), asked):
        assert refusal(refused) == (400, error)
        assert why in description(refused)
    answer = redirected(flow.authorize(**sent))
    assert (answer["error"], why in answer["error_description"]) == (error, True)


@pytest.mark.parametrize("wanted", [f"{TASKS}/Tasks.Read", "Tasks.Read", f"{TASKS}/Tasks.Read {TASKS}/.default"])
def test_who_acts_for_itself_asks_for_all(flow: Flow, wanted: str) -> None:
    refused = flow.token(grant_type="client_credentials", scope=wanted)
    assert refusal(refused) == (400, "invalid_scope")
    assert "Send the scope" in description(refused)
    assert "/.default" in description(refused)


def test_the_same_may_be_said_twice(flow: Flow) -> None:
    assert of(by_code(flow, scope=f"{ALIAS}/Tasks.Read", resource=TASKS)) == TASKS


def test_what_the_seed_has_as_a_scope_names_no_resource(start: Start) -> None:
    name = "https://graph.example/Mail.Read"
    flow = start({"resource_in_scope": True}, scopes={name: "Read mail"}, resources={MCP: {"scopes": None}})
    answer = flow.tokens(scope=name)
    assert (of(answer), answer["scope"]) == (MCP, name)


def test_without_the_key_such_a_scope_is_an_unknown_one(start: Start) -> None:
    flow = start(scopes=SCOPES, resources=RESOURCES)
    assert redirected(flow.authorize(scope=f"{TASKS}/Tasks.Read"))["error"] == "invalid_scope"


def test_an_unknown_resource_is_taken_by_the_switch(start: Start) -> None:
    flow = start({"resource_in_scope": True, "unknown_resources": "accept"}, scopes=SCOPES)
    answer = flow.tokens(scope="api://anything/Tasks.Read")
    assert (of(answer), answer["scope"]) == ("api://anything", "api://anything/Tasks.Read")


def test_a_token_is_minted_so_too(flow: Flow) -> None:
    claims = mint(flow.issuer, parse({"user": "alice", "scope": f"{ALIAS}/Tasks.Read"})).claims
    assert (claims["aud"], claims["scope"]) == (TASKS, "Tasks.Read")
    with pytest.raises(MintRefused, match="more than one resource"):
        mint(flow.issuer, parse({"user": "alice", "scope": f"{ALIAS}/Tasks.Read {FILES}/Files.Read"}))


def test_a_shape_knows_the_resource_by_its_own_name(start: Start) -> None:
    case = {"when": {"resource": TASKS}, "claims": {"known": True}}
    shape = {"claims": {"at": "{issuer_name}: {aud}"}, "cases": [case]}
    flow = start({"resource_in_scope": True, "access_token": shape}, scopes=SCOPES, resources=RESOURCES)
    claims = payload(flow.tokens(scope=f"{ALIAS}/Tasks.Read")["access_token"])
    assert (claims["at"], claims["known"]) == (f"default: {TASKS}", True)
