"""The decision about scopes: every one that is withheld comes with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devidp.issuer import policy
from devidp.models import Client, IssuerSettings, PolicyRule, Resource, Scope, Seed, User
from devidp.oauth.errors import InvalidScope

SCOPES = {name: Scope(name, name) for name in ("openid", "read", "write", "write:*", "admin")}
SETTINGS = IssuerSettings("default", "/default")
SEED = Seed((SETTINGS,), SCOPES, {})
WEB = Client("web", "Web")
ALICE = User("alice", "alice")
API = Resource("https://api.example/", frozenset({"read", "write:*"}))


def test_without_limits_everything_is_granted_in_order() -> None:
    decision = policy.decide(["write", "openid"], SEED, WEB, ALICE, [])
    assert decision.granted == ("write", "openid")
    assert decision.explanation() == ""


def test_each_withheld_scope_has_the_first_reason() -> None:
    client = replace(WEB, scopes=frozenset({"openid", "read", "write", "write:*"}))
    user = replace(ALICE, scopes=frozenset({"openid", "read", "write:*", "admin"}))
    seed = replace(SEED, policy=(PolicyRule(deny=frozenset({"read"})),))
    decision = policy.decide(["admin", "write", "openid", "read", "write:*"], seed, client, user, [API])
    assert decision.granted == ("openid", "write:*")
    assert decision.explanation() == (
        "admin withheld: client web may not have it; write withheld: user alice may not have it; "
        "read withheld: the policy denies it"
    )


def test_a_resource_withholds_what_means_nothing_there_but_not_the_openid_scopes() -> None:
    decision = policy.decide(["openid", "admin"], SEED, WEB, ALICE, [API])
    assert decision.granted == ("openid",)
    assert decision.withheld == (("admin", "resource https://api.example/ does not have it"),)


def test_a_resource_that_is_not_limited_has_every_scope() -> None:
    assert policy.decide(["admin"], SEED, WEB, ALICE, [API, Resource("https://other.example/")]).granted == ("admin",)


@pytest.mark.parametrize(
    ("rule", "user", "granted"),
    [
        (PolicyRule(users=frozenset({"alice"}), allow=frozenset({"read"})), ALICE, ("read",)),
        (PolicyRule(users=frozenset({"bob"}), allow=frozenset({"read"})), ALICE, ("read", "write")),
        (PolicyRule(users=frozenset({"alice"}), allow=frozenset({"read"})), None, ("read", "write")),
        (PolicyRule(users=frozenset(), deny=frozenset({"read"})), ALICE, ("read", "write")),
        (PolicyRule(clients=frozenset({"web"}), deny=frozenset({"read"})), None, ("write",)),
        (PolicyRule(clients=frozenset({"spa"}), deny=frozenset({"read"})), ALICE, ("read", "write")),
        (PolicyRule(allow=frozenset()), ALICE, ()),
    ],
)
def test_a_rule_applies_to_its_users_and_clients(rule: PolicyRule, user: User | None, granted: tuple[str, ...]) -> None:
    assert policy.decide(["read", "write"], replace(SEED, policy=(rule,)), WEB, user, []).granted == granted


def test_what_one_rule_allows_another_may_allow_too_and_a_denial_wins() -> None:
    rules = (
        PolicyRule(allow=frozenset({"read"})),
        PolicyRule(allow=frozenset({"write", "admin"})),
        PolicyRule(deny=frozenset({"admin"})),
    )
    decision = policy.decide(["read", "write", "admin", "openid"], replace(SEED, policy=rules), WEB, ALICE, [])
    assert decision.granted == ("read", "write")


def test_a_client_acting_for_itself_gets_no_scopes_about_a_user() -> None:
    decision = policy.decide(["openid", "read"], SEED, WEB, None, [])
    assert decision.granted == ("read",)
    assert "it is about a user" in decision.explanation()


def test_default_scopes_are_those_of_the_client_then_the_issuer_then_the_resource() -> None:
    issuer = replace(SETTINGS, default_scopes=("write",))
    client = replace(WEB, default_scopes=("admin", "gone"))
    assert policy.default_scopes(SEED, issuer, client, [API]) == ("admin",)
    assert policy.default_scopes(SEED, issuer, WEB, [API]) == ("write",)
    assert policy.default_scopes(SEED, SETTINGS, WEB, [API]) == ("read", "write:*")
    assert policy.default_scopes(SEED, SETTINGS, WEB, []) == ("read", "write", "write:*", "admin")


def test_an_unknown_scope_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidScope) as refused:
        policy.parse_request("openid raed", SEED, SETTINGS)
    assert refused.value.reason == "The scope 'raed' is not in the seed, which has: openid read write write:* admin"
    assert refused.value.remedy.startswith("Did you mean 'read'? Add it under 'scopes' in the seed")


def test_a_wildcard_is_a_scope_like_any_other() -> None:
    assert policy.parse_request("write:*", SEED, SETTINGS) == ("write:*",)
    with pytest.raises(InvalidScope):
        policy.parse_request("write:anything", SEED, SETTINGS)
