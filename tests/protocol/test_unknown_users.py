"""``unknown_users``: people whom nobody has named, as the servers take them that many people come from."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from devidp import DevIdP, LoginFailed
from devidp.web.control.errors import ControlError

SEED = {
    "issuers": {"default": {"unknown_users": "accept", "grants": ["authorization_code", "refresh_token",
                            "client_credentials", "password", "device_code"]}},
    "users": {"alice": {"sub": "4711", "password": "right", "claims": {"email": "alice@acme.example"}}},
    "clients": {
        "web": {"secret": "s", "redirect_uris": ["http://localhost/cb"],
                "grants": ["authorization_code", "refresh_token", "client_credentials", "password"]},
        "paired": {"secret": "s", "redirect_uris": ["http://localhost/cb"], "pairwise_sector": "one"},
    },
}  # fmt: skip


@pytest.fixture
def idp() -> Iterator[DevIdP]:
    with DevIdP(SEED) as started:
        yield started


def userinfo(idp: DevIdP, token: str) -> httpx.Response:
    return httpx.get(f"{idp.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(("name", "client"), [("zoe", "web"), ("zoé@acme.example", "web"), ("zoe", "paired")])
def test_anybody_logs_in(idp: DevIdP, name: str, client: str) -> None:
    tokens = idp.login(name, client, scope="openid profile email offline_access", prompt="consent")
    email = {"email": name} if "@" in name else {}
    said = userinfo(idp, tokens["access_token"]).json()
    assert said == {"sub": name, "preferred_username": name} | email
    refreshed = httpx.post(
        f"{idp.issuer}/token",
        data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]},
        auth=(client, "s"),
    )
    assert refreshed.status_code == 200
    answer = httpx.post(
        f"{idp.issuer}/introspect", data={"token": refreshed.json()["access_token"]}, auth=(client, "s")
    ).json()
    assert (answer["active"], answer["sub"]) == (True, name)


def test_the_page_says_so(idp: DevIdP) -> None:
    wanted = {
        "client_id": "web",
        "response_type": "code",
        "scope": "openid",
        "redirect_uri": "http://localhost/cb",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    assert "Any name will do." in httpx.get(f"{idp.issuer}/authorize", params=wanted).text
    with DevIdP(SEED | {"issuers": {"default": {}}}) as strict:
        assert "Any name will do." not in httpx.get(f"{strict.issuer}/authorize", params=wanted).text
        with pytest.raises(LoginFailed, match="does not offer the user 'zoe'; there are: alice"):
            strict.login("zoe", "web")


@pytest.mark.parametrize("name", ["", " ", "a\0b", "a\nb", "a" * 256])
def test_what_cannot_be_a_name_is_refused(idp: DevIdP, name: str) -> None:
    with pytest.raises(LoginFailed, match="could not log in: "):
        idp.login(name, "web")


def test_who_is_in_the_seed_stays_who_it_is(idp: DevIdP) -> None:
    def tokens(username: str, password: str) -> httpx.Response:
        form = {"grant_type": "password", "username": username, "password": password, "scope": "openid"}
        return httpx.post(f"{idp.issuer}/token", data=form, auth=("web", "s"))

    assert tokens("alice", "wrong").json()["error"] == "invalid_grant"
    assert tokens("alice@acme.example", "wrong").json()["error"] == "invalid_grant"
    assert tokens("zoe", "any").status_code == 200
    # the subject of alice is nobody's name, and her name nobody's subject
    assert tokens("4711", "any").json()["error"] == "invalid_grant"
    assert idp.mint("alice").claims["sub"] == "4711"


def test_a_client_that_acts_for_itself_is_nobody(idp: DevIdP) -> None:
    answer = httpx.post(f"{idp.issuer}/token", data={"grant_type": "client_credentials"}, auth=("web", "s")).json()
    assert userinfo(idp, answer["access_token"]).status_code in (401, 403)


def detail_of_a_login(idp: DevIdP) -> str:
    idp.login("zoe", "web")
    return idp.events("token", user="zoe")[-1].detail


def test_minting_arming_and_the_list_of_users(idp: DevIdP) -> None:
    assert idp.mint("zoe").claims["sub"] == "zoe"
    idp.arm("expired", user="zoe")
    assert "expired as armed" in detail_of_a_login(idp)
    assert list(idp.users) == ["alice"]


def test_who_has_logged_in_is_controlled_like_everybody(idp: DevIdP) -> None:
    token = idp.login("zoe", "web", scope="openid")["access_token"]
    assert [each.user for each in idp.sessions.find("zoe")] == ["zoe"]
    with pytest.raises(ControlError, match="would be there again with the next login"):
        idp.users["zoe"].delete()
    assert idp.users["zoe"].revoke() == 1
    assert userinfo(idp, token).status_code == 401
    idp.users["zoe"].change(claims={"email": "zoe@acme.example"}, password="own")
    assert list(idp.users) == ["alice", "zoe"]
    assert (
        userinfo(idp, idp.login("zoe@acme.example", "web", scope="openid email")["access_token"]).json()["sub"] == "zoe"
    )
    form = {"grant_type": "password", "username": "zoe", "password": "another"}
    assert httpx.post(f"{idp.issuer}/token", data=form, auth=("web", "s")).json()["error"] == "invalid_grant"
    idp.users["kim"].disable()
    with pytest.raises(LoginFailed, match="disabled"):
        idp.login("kim", "web")


def test_its_pages_on_the_dashboard_are_there(idp: DevIdP) -> None:
    page = httpx.get(f"{idp.url}/_devidp/controls/users/one", params={"username": "zoe"})
    assert (page.status_code, "preferred_username" in page.text) == (200, True)
