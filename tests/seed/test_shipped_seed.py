"""The shipped seed holds what documentation and other tests rely on."""

from __future__ import annotations

import pytest

from devidp import seed
from devidp.models import Seed
from devidp.oauth import names, redirect_uri

SCOPES = [
    "openid", "profile", "email", "phone", "address", "offline_access",
    "mcp:read", "mcp:write", "mcp:admin", "read:tools", "write:tools",
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Seed:
    return seed.load(seed.shipped_path())


def test_it_has_two_issuers_with_the_same_users(shipped: Seed) -> None:
    default, enterprise = shipped.issuers
    assert (default.name, default.path) == ("default", "/default")
    assert (enterprise.name, enterprise.path) == ("enterprise", "/enterprise")
    assert default.users == enterprise.users
    assert default.clients == enterprise.clients


def test_the_default_issuer_keeps_to_the_grants_that_every_parser_knows(shipped: Seed) -> None:
    assert shipped.issuers[0].grants == {"authorization_code", "refresh_token", "client_credentials"}


def test_the_enterprise_issuer_has_every_grant_and_every_feature_but_those_that_a_seed_asks_for(shipped: Seed) -> None:
    assert shipped.issuers[1].grants == set(names.DEFAULT_GRANTS)
    assert shipped.issuers[1].features == set(names.FEATURES) - names.OFF_BY_DEFAULT


def test_alice_may_do_everything(shipped: Seed) -> None:
    alice = shipped.issuers[0].users["alice"]
    assert (alice.password, alice.sub, alice.scopes, alice.disabled) == ("alice", "alice", None, False)
    assert (alice.claims["roles"], alice.claims["tenant_id"]) == (["admin"], "acme")


def test_bob_may_only_read(shipped: Seed) -> None:
    bob = shipped.issuers[0].users["bob"]
    assert (bob.password, bob.disabled) == ("bob", False)
    assert bob.scopes == names.OPENID_SCOPES | {"mcp:read"}
    assert (bob.claims["roles"], bob.claims["tenant_id"]) == (["user"], "globex")


def test_mallory_is_disabled(shipped: Seed) -> None:
    mallory = shipped.issuers[0].users["mallory"]
    assert (mallory.password, mallory.disabled) == ("mallory", True)


def test_web_keeps_a_secret_and_spa_does_not(shipped: Seed) -> None:
    web, spa = (shipped.issuers[0].clients[name] for name in ("web", "spa"))
    assert (web.secret, web.public) == ("web-secret", False)
    assert (spa.secret, spa.public) == (None, True)
    assert web.grants == spa.grants == {"authorization_code", "refresh_token"}


@pytest.mark.parametrize("client_id", ["web", "spa"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("path", ["/callback", "/cb"])
def test_loopback_redirects_match_on_any_port(shipped: Seed, client_id: str, host: str, path: str) -> None:
    registered = shipped.issuers[0].clients[client_id].redirect_uris
    assert redirect_uri.find(registered, f"http://{host}:51234{path}")


def test_service_acts_for_itself(shipped: Seed) -> None:
    service = shipped.issuers[0].clients["service"]
    assert (service.secret, set(service.grants)) == ("service-secret", {"client_credentials"})


def test_device_asks_a_user_elsewhere(shipped: Seed) -> None:
    device = shipped.issuers[1].clients["device"]
    assert (device.public, set(device.grants)) == (True, {names.DEVICE_CODE, names.REFRESH_TOKEN})


def test_it_is_as_lenient_as_most_libraries_need(shipped: Seed) -> None:
    for issuer in shipped.issuers:
        assert (issuer.client_authentication, issuer.claims_in_id_token, issuer.refresh_grace) == ("lenient", True, 10)


def test_its_scopes_have_sentences_and_its_resource_is_there(shipped: Seed) -> None:
    assert list(shipped.scopes) == SCOPES
    assert all(scope.description for scope in shipped.scopes.values())
    assert list(shipped.resources) == ["http://localhost:8000/mcp"]


def test_it_deserves_no_warning(shipped: Seed) -> None:
    assert shipped.warnings == ()
