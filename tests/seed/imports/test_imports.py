"""Seeds of other tools' configuration: what they say, that they can be served, and what is named as lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from devidp import DevIdP, seed
from devidp.seed.imports import TOOLS, Imported, import_files
from devidp.seed.imports.document import read
from devidp.seed.imports.lost import Losses
from devidp.seed.problems import Place, places
from tests.flow import payload

FILES = Path(__file__).parent / "files"
EXAMPLES = {"keycloak": "keycloak.json", "mock-oauth2-server": "mock-oauth2-server.json", "nanoidp": "nanoidp"}


@pytest.fixture(scope="module", params=EXAMPLES)
def imported(request: pytest.FixtureRequest) -> Imported:
    return import_files([FILES / EXAMPLES[request.param]])


def of(name: str) -> Imported:
    return import_files([FILES / EXAMPLES[name]])


def lost(imported: Imported) -> dict[str, str]:
    return {each.name: each.reason for each in imported.lost}


@pytest.fixture(scope="module")
def realm() -> Iterator[DevIdP]:
    with DevIdP(of("keycloak").text) as idp:
        yield idp


# what all have in common


def test_each_is_recognised_and_its_seed_can_be_served(imported: Imported) -> None:
    seed.loads(imported.text)
    assert imported.tool in TOOLS.values()


def test_nothing_of_an_example_is_lost_that_the_importer_itself_wrote(imported: Imported) -> None:
    """A refusal of the seed would name a key of the seed."""
    assert [name for name in lost(imported) if name.startswith(("issuers.", "scopes.", "resources."))] == []


def test_there_is_an_example_of_each() -> None:
    assert list(EXAMPLES) == list(TOOLS)


KINDS: tuple[Any, ...] = (None, True, 7, "", "x", [], ["x", {}, None], {}, {"x": {"y": []}})


def changes(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with each of its values in turn replaced by one of each kind."""
    for place, _ in list(places(document)):
        for value in KINDS:
            yield _changed(document, place, value)


def _changed(document: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    *above, last = place
    result = inside = deepcopy(document)
    for part in above:
        inside = inside[part]  # type: ignore[index]
    inside[last] = value  # type: ignore[index]
    return result


@pytest.mark.parametrize("name", EXAMPLES)
def test_whatever_is_in_the_files_of_others_is_read(name: str) -> None:
    path = FILES / EXAMPLES[name]
    documents = [document for each in (sorted(path.iterdir()) if path.is_dir() else [path]) for document in read(each)]
    merged = {key: value for document in documents for key, value in document.items()}
    for changed in changes(merged):
        assert isinstance(TOOLS[name].carry([changed], Losses()), dict)


def test_what_no_seed_can_say_is_left_out_and_named(tmp_path: Path) -> None:
    document = json.loads((FILES / "keycloak.json").read_text())
    document["clients"][1]["redirectUris"] = ["http://localhost/callback", "https://shop.acme.example/#here"]
    document["users"][0]["attributes"] = {"iss": ["elsewhere"], "cost": ["1e3"]}
    document["realm"] = "a realm with spaces"
    (tmp_path / "realm.json").write_text(json.dumps(document))
    found = import_files([tmp_path / "realm.json"])
    seed.loads(found.text)
    assert "without a fragment" in lost(found)["clients.shop.redirect_uris[1]"]
    assert "set by the issuer" in lost(found)["users.alice.claims.iss"]
    assert "issuers.a-realm-with-spaces.path" in lost(found)


def test_dollars_numbers_and_words_stay_the_text_that_they_are(tmp_path: Path) -> None:
    odd = [
        "${HOME}",
        "$$",
        "a$b",
        "no",
        "0123",
        "1e3",
        "1990-01-31",
        "",
        " x ",
        "a: b",
        "# c",
        "ä\n\"'",
        "null",
        "~",
        "{x}",
    ]
    document = {"users": {"ada": {"password": "p$$", "identity_class": "X", "attributes": {"odd": odd}}}}
    (tmp_path / "users.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    (issuer,) = seed.loads(import_files([tmp_path / "users.yaml"]).text).issuers
    assert issuer.users["ada"].password == "p$$"
    assert issuer.users["ada"].claims["attributes"]["odd"] == odd


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('{"a": 1}', "the configuration of none of these: Keycloak realm export (--from keycloak)"),
        ('{"a": ', "neither JSON nor YAML"),
        ("[1, 2]", "expected a mapping at its top"),
        ("- a\n- b: c", "expected a mapping at its top"),
    ],
)
def test_what_is_of_none_of_these_tools_is_refused(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "file").write_text(written)
    with pytest.raises(seed.SeedError) as caught:
        import_files([tmp_path / "file"])
    assert said in str(caught.value)


def test_an_empty_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.json"):
        with pytest.raises(seed.SeedError, match=str(tmp_path)):
            import_files([path])


# Keycloak


def test_a_user_of_a_realm_logs_in_and_has_the_roles_of_groups_and_composites(realm: DevIdP) -> None:
    assert realm.issuer.endswith("/realms/acme")
    claims = payload(realm.login("alice", "shop")["access_token"])
    assert claims["sub"] == "0b8c"
    assert claims["realm_access"] == {"roles": ["admin", "default-roles-acme", "offline_access", "user"]}
    assert claims["resource_access"] == {"shop": {"roles": ["buyer"]}}
    assert (claims["typ"], claims["azp"], claims["exp"] - claims["iat"]) == ("Bearer", "shop", 240)


def test_mappers_of_a_client_and_of_its_scopes_set_claims(realm: DevIdP) -> None:
    tokens = realm.login("alice", "shop", scope="openid")
    access, identity = payload(tokens["access_token"]), payload(tokens["id_token"])
    assert access["org"] == identity["org"] == {"tenant": "acme"}
    assert (access["limits"], access["groups"]) == ({"max": 3}, ["board"])
    assert "limits" not in identity
    assert "cost" not in access
    assert payload(realm.login("alice", "shop", scope="openid costs")["access_token"])["cost"] == "1e3"


def test_a_service_account_has_roles_of_its_own_and_the_audience_of_a_mapper(realm: DevIdP) -> None:
    claims = payload(realm.token(client="job"))
    assert (claims["sub"], claims["aud"], claims["preferred_username"]) == ("77", "orders", "service-account-job")
    assert claims["realm_access"]["roles"] == ["default-roles-acme", "offline_access", "user"]


def test_what_a_realm_loses_is_named() -> None:
    names = lost(of("keycloak"))
    assert "a hash" in names["users.bob.credentials"]
    assert "http://localhost:3000/*" in names["clients.shop.redirectUris"]
    assert set(names) == {
        "users.bob.credentials", "clients.shop.redirectUris", "clients.job.secret", "clients.job.protocolMappers.x",
        "clients.api", "clients.old", "clients.nothing", "identityProviders",
    }  # fmt: skip


def test_a_folder_with_the_users_in_files_of_their_own_is_one_realm(tmp_path: Path) -> None:
    document = json.loads((FILES / "keycloak.json").read_text())
    users = document.pop("users")
    (tmp_path / "acme-realm.json").write_text(json.dumps(document))
    for index, user in enumerate(users):
        (tmp_path / f"acme-users-{index}.json").write_text(json.dumps({"realm": "acme", "users": [user]}))
    assert import_files([tmp_path]).text == of("keycloak").text


def test_several_realms_are_issuers_with_users_and_clients_of_their_own(tmp_path: Path) -> None:
    document = json.loads((FILES / "keycloak.json").read_text())
    (tmp_path / "all.json").write_text(json.dumps([document, {**document, "realm": "globex", "users": []}]))
    found = import_files([tmp_path / "all.json"])
    acme, globex = seed.loads(found.text).issuers
    assert (acme.path, globex.path) == ("/realms/acme", "/realms/globex")
    assert ("alice" in acme.users, "alice" in globex.users) == (True, False)
    assert "acme.users.bob.credentials" in lost(found)


# mock-oauth2-server


def of_itself(idp: DevIdP, client: str, issuer: str, **parameters: str) -> dict[str, Any]:
    """The claims of a token that the client gets for itself."""
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": f"{client}-secret", **parameters}
    answer = requests.post(f"{idp.url}/{issuer}/token", data=form, timeout=60)
    return payload(answer.json()["access_token"])


def test_the_claims_of_the_first_mapping_that_matches_win() -> None:
    with DevIdP(of("mock-oauth2-server").text) as idp:
        machine = of_itself(idp, "app", "azuread")
        assert (machine["tid"], machine["idtyp"], machine["sub"]) == ("by-grant", "app", "app@clients")
        assert (machine["aud"], machine["azp"], machine["exp"] - machine["iat"]) == (["orders"], "app", 120)
        reader = of_itself(idp, "app", "azuread", scope="orders:read")
        assert (reader["tid"], reader["roles"]) == ("by-scope", ["reader"])
        login = payload(idp.login("erin", "app", issuer="azuread")["access_token"])
        assert (login["tid"], login["mail"], login["role"], login["kept"]) == (
            "acme", "erin@acme.example", "auditor", "{braces}",
        )  # fmt: skip
        assert of_itself(idp, "billing", "tokenx")["idp"] == "tokenx"
        assert "idp" not in of_itself(idp, "app", "tokenx")


def test_what_its_mappings_lose_is_named() -> None:
    names = lost(of("mock-oauth2-server"))
    assert "whether someparam is 'somevalue'" in names["tokenCallbacks.azuread.requestMappings[2]"]
    assert "the parameter code" in names["tokenCallbacks.azuread.requestMappings[4].claims.extra"]
    assert "never count" in names["tokenCallbacks.azuread.requestMappings[5]"]
    assert set(names) == {
        "loginPagePath", "httpServer.ssl", "tokenProvider.systemTime",
        "tokenCallbacks.azuread", "tokenCallbacks.azuread.requestMappings",
        "tokenCallbacks.azuread.requestMappings[2]", "tokenCallbacks.azuread.requestMappings[4].claims.extra",
        "tokenCallbacks.azuread.requestMappings[5]", "tokenCallbacks.azuread.requestMappings[5].claims.iss",
    }  # fmt: skip


# nanoidp


def test_a_user_has_the_claims_that_nanoidp_gives() -> None:
    with DevIdP(of("nanoidp").text) as idp:
        assert idp.issuer == idp.url
        tokens = idp.login("ada", "shop", scope="openid orders:read")
        access, identity = payload(tokens["access_token"]), payload(tokens["id_token"])
    assert (access["sub"], access["aud"], access["tenant"], access["token_use"]) == (
        "ada",
        "orders-api",
        "acme",
        "access",
    )
    assert access["authorities"] == [
        "ROLE_ADMIN", "GROUP_STAFF", "IDENTITY_INTERNAL", "ENT_EDIT", "ACL_READ", "DEPT_IT",
    ]  # fmt: skip
    assert access["attributes"] == {"shoe_size": 39, "department": "IT"}
    assert (access["exp"] - access["iat"], access["nbf"]) == (900, access["iat"])
    assert identity["token_use"] == "id"


def test_what_nanoidp_has_and_a_seed_lacks_is_named() -> None:
    assert set(lost(of("nanoidp"))) == {
        "saml", "oauth.issuer", "jwt.keys_dir", "users.ada.totp_secret", "users.grace.password",
        "users.grace.description", "default_user", "oauth.clients.shop.background_color",
    }  # fmt: skip
