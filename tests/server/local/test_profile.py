"""``DevIdP(profile=…)``: alone with the example of the profile, or under a seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from devidp import DevIdP
from devidp.oauth import names
from devidp.seed import profile


@pytest.mark.parametrize("name", profile.names())
def test_each_profile_needs_no_seed(name: str) -> None:
    with DevIdP(profile=name) as idp:
        assert {"alice", "bob"} <= set(idp.users)
        may = {client: idp.clients[client].record.grants for client in idp.clients}
        for client in (client for client, grants in may.items() if names.AUTHORIZATION_CODE in grants):
            assert idp.login(user="alice", client=client, scope="openid")["id_token"]
        for client in (client for client, grants in may.items() if names.CLIENT_CREDENTIALS in grants):
            assert idp.token(client=client, user=None)


def test_a_seed_has_its_own_users_and_the_profile_lies_under_its_issuers(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("issuers: {any: {auto_approve: carol}}\nusers: {dora: }")
    seed = {"users": {"carol": {}}, "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}}}
    for given in (path, str(path)):
        with DevIdP(seed, profile=given) as idp:
            assert list(idp.users) == ["carol"]
            assert idp.login(user="carol", client="app", scope="openid")["access_token"]


def test_a_profile_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"profile: got 'cogito'.*did you mean 'cognito'"):
        DevIdP(profile="cogito")
    with pytest.raises(ValueError, match=r"profile: got '\./none.yaml', which cannot be read"):
        DevIdP(profile="./none.yaml")
