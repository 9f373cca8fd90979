"""Users and clients change while devidp runs."""

from __future__ import annotations

import pytest

from devidp.faults.minting import mint, parse
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime
from tests.flow import Flow

pytestmark = pytest.mark.contract


def test_a_disabled_user_cannot_log_in_or_refresh_and_tokens_are_inactive(control: Controller, flow: Flow) -> None:
    tokens = flow.tokens("bob")
    control.users["bob"].disable()
    assert not flow.introspect(tokens["access_token"])["active"]
    assert not flow.introspect(tokens["refresh_token"])["active"]
    assert "disabled" in flow.refresh(tokens["refresh_token"]).get_json()["error_description"]
    assert "disabled" in flow.log_in(flow.authorize(), "bob").text
    control.users["bob"].enable()
    assert flow.introspect(tokens["access_token"])["active"]


def test_a_new_user_can_log_in(control: Controller, flow: Flow) -> None:
    control.users.add("carol", password="carol", claims={"email": "carol@acme.example"}, scopes=["openid", "mcp:read"])
    assert flow.tokens("carol", scope="openid mcp:read mcp:write")["scope"] == "openid mcp:read"
    assert "carol" in control.users


def test_a_change_leaves_the_rest_as_it_was(control: Controller, flow: Flow) -> None:
    control.users["bob"].change(claims={"tenant_id": "initech"})
    bob = control.users["bob"].record
    assert (bob.claims, bob.sub) == ({"tenant_id": "initech"}, "bob")
    assert bob.password == "bob" or bob.password_hash
    assert bob.scopes is not None
    assert flow.tokens("bob")["scope"] == "openid mcp:read"


def test_a_deleted_user_is_gone(control: Controller, flow: Flow) -> None:
    tokens = flow.tokens("bob")
    control.users["bob"].delete()
    assert "bob" not in control.users
    assert not flow.introspect(tokens["access_token"])["active"]
    assert "bob" not in flow.authorize(prompt="login").text


def test_tokens_that_were_minted_without_a_flow_are_revoked_with_their_user(control: Controller, flow: Flow) -> None:
    def minted(username: str, token_type: str) -> str:
        return mint(flow.runtime.first(), parse({"user": username, "token_type": token_type})).token

    ended = [minted("alice", "access"), minted("alice", "refresh")]
    others = minted("bob", "access")
    assert all(flow.introspect(token)["active"] for token in [*ended, others])
    control.users["alice"].revoke()
    assert not any(flow.introspect(token)["active"] for token in ended)
    assert flow.introspect(others)["active"]
    assert flow.introspect(minted("alice", "access"))["active"]


def test_everything_of_a_user_can_be_revoked(control: Controller, flow: Flow) -> None:
    first, second, others = flow.tokens(), flow.tokens(client="spa"), Flow(flow.http.application).tokens("bob")
    assert control.users["alice"].revoke() == 2
    for token in (first["access_token"], first["refresh_token"], second["access_token"], second["refresh_token"]):
        assert not flow.introspect(token)["active"]
    assert flow.introspect(others["access_token"])["active"]
    assert flow.authorize().status_code == 200
    assert flow.introspect(flow.tokens()["access_token"])["active"]


def test_what_was_changed_is_taken_back_also_a_deletion(control: Controller, flow: Flow) -> None:
    before = control.users["bob"].record
    control.users["bob"].change(claims={}, disabled=True)
    control.users["alice"].delete()
    for name in ("alice", "bob"):
        assert flow.http.post(f"/_devidp/api/users/{name}/reset", json={}).status_code == 200
    assert control.users["bob"].record == before
    assert "alice" in control.users
    control.users["bob"].disable()
    control.users.reset("bob", issuer="enterprise")
    assert [each.disabled for each in control.users["bob"].find().values()] == [True, False]


def test_what_the_seed_never_had_cannot_be_taken_back(control: Controller, flow: Flow) -> None:
    control.users.add("carol")
    refused = flow.http.post("/_devidp/api/users/carol/reset", json={})
    assert refused.status_code == 400
    assert "delete it instead" in refused.get_json()["error_description"]
    assert flow.http.post("/_devidp/api/users/caro/reset", json={}).status_code == 404


def test_a_user_is_not_taken_back_into_a_clash(control: Controller) -> None:
    control.users["bob"].change(sub="robert")
    control.users.add("carol", sub="bob")
    with pytest.raises(ControlError, match="sub"):
        control.users.reset("bob")
    assert control.users["bob"].record.sub == "robert"


def test_a_client_that_registered_goes_back_to_what_it_registered(control: Controller, flow: Flow) -> None:
    body = {"redirect_uris": ["http://localhost:5555/callback"], "client_name": "Mine"}
    client_id = flow.http.post("/default/register", json=body).get_json()["client_id"]
    control.clients[client_id].change(name="Theirs", disabled=True)
    assert flow.http.post(f"/_devidp/api/clients/{client_id}/reset", json={}).get_json()["name"] == "Mine"
    assert not control.clients[client_id].record.disabled


def test_a_user_can_be_changed_at_one_issuer_alone(control: Controller, runtime: Runtime) -> None:
    control.users["bob"].disable(issuer="enterprise")
    disabled = {name: server.issuer.settings.users["bob"].disabled for name, server in runtime.servers.items()}
    assert disabled == {"default": False, "enterprise": True}


def test_unknown_or_wrong_keys_are_refused_by_name(control: Controller) -> None:
    with pytest.raises(UnknownName, match="there is no user 'bbo', did you mean 'bob'"):
        control.users["bbo"]
    with pytest.raises(ControlError, match="did you mean 'mcp:read'"):
        control.users["bob"].change(scopes=["mcp:raed"])
    with pytest.raises(ControlError, match=r"there is no key 'pasword' here.*did you mean 'password'"):
        control.users.add("carol", pasword="x")
    with pytest.raises(ControlError, match="already"):
        control.users.add("bob")


def test_a_client_can_be_added_changed_disabled_and_deleted(control: Controller, flow: Flow) -> None:
    control.clients.add("batch", secret="s", grants=["client_credentials"])
    asked = {"grant_type": "client_credentials", "client_secret": "s"}
    token = flow.token("batch", **asked).get_json()["access_token"]
    control.clients["batch"].change(secret="other")
    assert flow.token("batch", **asked).status_code == 401
    control.clients["batch"].disable()
    assert not flow.introspect(token)["active"]
    assert flow.token("batch", grant_type="client_credentials", client_secret="other").status_code == 401
    control.clients["batch"].enable()
    assert flow.introspect(token)["active"]
    control.clients["batch"].delete()
    assert not flow.introspect(token)["active"]


def test_tokens_of_users_are_inactive_while_their_client_is_disabled(control: Controller, flow: Flow) -> None:
    tokens = flow.tokens(client="spa")
    control.clients["spa"].disable()
    assert not flow.introspect(tokens["access_token"])["active"]
    assert not flow.introspect(tokens["refresh_token"])["active"]


def test_a_registered_client_is_controlled_as_well(control: Controller, flow: Flow) -> None:
    registered = flow.http.post("/default/register", json={"redirect_uris": ["http://localhost/cb"]}).get_json()
    client_id = registered["client_id"]
    assert flow.authorize(client_id=client_id, redirect_uri="http://localhost/cb").status_code == 200
    control.clients[client_id].disable()
    assert flow.authorize(client_id=client_id, redirect_uri="http://localhost/cb").status_code == 400
    control.clients[client_id].delete()
    with pytest.raises(UnknownName):
        control.clients[client_id]


def test_an_edited_seed_keeps_what_was_changed_at_run_time(control: Controller, runtime: Runtime) -> None:
    control.users["bob"].disable()
    runtime.adopt(runtime.seed)
    assert control.users["bob"].record.disabled


def test_clients_that_registered_are_found(control: Controller, flow: Flow) -> None:
    for name in ("Inspector", "100% Überclient_", "Other"):
        body = {"redirect_uris": ["http://localhost:5555/callback"], "client_name": name}
        flow.http.post("/default/register", json=body)
        control.clock.advance(1)
    assert [each.name for each in control.clients.registered()] == ["Other", "100% Überclient_", "Inspector"]
    for part, found in (("inspec", 1), ("100%", 1), ("%_", 0), ("Überclient_", 1), ("callback", 3)):
        assert control.clients.count_registered(part) == len(control.clients.registered(part)) == found, part
    answer = flow.http.get("/_devidp/api/registrations?limit=1&offset=1").get_json()
    assert ([each["name"] for each in answer["registrations"]], answer["total"]) == (["100% Überclient_"], 3)
    assert control.clients.registered(issuer="enterprise") == []
