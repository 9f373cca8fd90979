"""An issuer starts from a profile: its own keys lie over it, and each mistake is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from devidp.app import configured_seed
from devidp.models import Seed
from devidp.seed import SeedError, SeedFiles, from_mapping, load, profile
from devidp.web.environment import config_from

MINE = """\
issuers:
  default:
    lifetimes: {access_token: 5m, id_token: 1m}
    grants: [authorization_code]
    default_scopes: [openid, api]
    default_audience: https://api.example.test
    unknown_scopes: ignore
scopes: {openid: Who you are, api: The API}
resources: {https://api.example.test: {name: API, scopes: [api]}}
users: {alice: {password: alice}}
clients: {app: {secret: app-secret, grants: [client_credentials]}}
"""


@pytest.fixture(autouse=True)
def _mine(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")


def read(folder: Path, text: str, everywhere: str | None = None) -> Seed:
    (folder / "seed.yaml").write_text(text, encoding="utf-8")
    return load(folder / "seed.yaml", profile=everywhere)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SeedError) as caught:
        read(folder, text)
    return [str(problem).replace(f"{folder.resolve()}/", "") for problem in caught.value.problems]


def test_what_the_issuer_does_not_say_is_as_the_profile_has_it(tmp_path: Path) -> None:
    (main,) = read(tmp_path, "issuers: {main: {profile: ./mine.yaml}}").issuers
    assert (main.name, main.path, main.profile, main.unknown_scopes) == ("main", "/main", "./mine.yaml", "ignore")
    assert main.default_audience == "https://api.example.test"


def test_mappings_are_laid_over_key_by_key_and_lists_and_scalars_replaced(tmp_path: Path) -> None:
    (main,) = read(
        tmp_path,
        """
        issuers:
          main:
            profile: ./mine.yaml
            lifetimes: {access_token: 9m}
            grants: [client_credentials]
            unknown_scopes: refuse
    """,
    ).issuers
    assert (main.lifetimes.access_token, main.lifetimes.id_token) == (540, 60)
    assert main.grants == frozenset({"client_credentials"})
    assert main.unknown_scopes == "refuse"


def test_a_key_without_a_value_takes_that_of_the_profile_away(tmp_path: Path) -> None:
    (main,) = read(tmp_path, "issuers: {main: {profile: ./mine.yaml, default_audience: , default_scopes: }}").issuers
    assert (main.default_audience, main.default_scopes) == (None, None)
    assert "got nothing" in problems(tmp_path, "issuers: {main: {profile: ./mine.yaml, auto_approve: }}")[0]


def test_a_key_takes_away_the_one_in_whose_place_it_stands(tmp_path: Path) -> None:
    key = 'signing_key: {kty: OKP, crv: Ed25519, x: "1", d: "2"}'
    (tmp_path / "keyed.yaml").write_text(f"issuers: {{default: {{signing_algorithm: EdDSA, {key}}}}}")
    (tmp_path / "own.pem").write_text("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n")
    (main,) = read(tmp_path, "issuers: {main: {profile: ./keyed.yaml, signing_key_file: own.pem}}").issuers
    assert main.signing_key is not None
    assert "MIIE" in main.signing_key


def test_a_seed_gets_the_scopes_and_resources_of_its_profiles_and_its_own_come_first(tmp_path: Path) -> None:
    found = read(tmp_path, "issuers: {main: {profile: ./mine.yaml}}\nscopes: {api: Mine, other: }")
    assert {name: scope.description for name, scope in found.scopes.items()} == {
        "openid": "Who you are", "api": "Mine", "other": "other",
    }  # fmt: skip
    assert list(found.resources) == ["https://api.example.test"]


def test_an_api_of_the_example_and_its_scopes_stay_with_the_example(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("""\
issuers:
  any:
    default_audience: own
    default_scopes: [two]
    access_token: {cases: [{when: {scope: four, resource: [named]}, claims: {a: 1}}]}
scopes: {vendor: , one: , two: , three: , four: }
resources:
  own: {scopes: [one, two]}
  named: {scopes: [one]}
  other: {scopes: [one, three, four]}
""")
    found = read(tmp_path, "issuers: {main: {profile: ./mine.yaml}}")
    assert list(found.resources) == ["own", "named"]
    assert set(found.scopes) == {"vendor", "one", "two", "four"}
    assert list(load(tmp_path / "mine.yaml").resources) == ["own", "named", "other"]


def test_every_profile_lives_beside_all_the_others() -> None:
    issuers = {name: {"profile": name} for name in profile.names()}
    hosts = {name: {**entry, "url": f"https://{name}.example.test/{name}/"} for name, entry in issuers.items()}
    for each in (issuers, hosts):
        assert [issuer.profile for issuer in from_mapping({"issuers": each}).issuers] == profile.names()


def test_users_and_clients_of_a_profile_are_its_example_and_not_those_of_a_seed(tmp_path: Path) -> None:
    (main,) = read(tmp_path, "issuers: {main: {profile: ./mine.yaml}}").issuers
    assert (main.users, main.clients) == ({}, {})
    assert list(load(tmp_path / "mine.yaml").issuers[0].users) == ["alice"]


def test_issuers_of_several_profiles_live_side_by_side(tmp_path: Path) -> None:
    first, second, third = read(
        tmp_path, "issuers: {a: {profile: ./mine.yaml}, b: {profile: cognito}, c: }\nscopes: {own: }"
    ).issuers
    assert [first.profile, second.profile, third.profile] == ["./mine.yaml", "cognito", None]
    assert third.unknown_scopes == "refuse"


def test_a_profile_for_all_is_that_of_the_issuers_that_name_none(tmp_path: Path) -> None:
    first, second = read(tmp_path, "issuers: {a: , b: {profile: cognito}}", str(tmp_path / "mine.yaml")).issuers
    assert (first.unknown_scopes, second.profile, second.unknown_scopes) == ("ignore", "cognito", "refuse")
    (only,) = read(tmp_path, "users: {carol: }", str(tmp_path / "mine.yaml")).issuers
    assert (only.name, only.unknown_scopes, list(only.users)) == ("default", "ignore", ["carol"])


def test_a_profile_may_start_from_another_one(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "own.yaml").write_text("issuers: {x: {profile: ../mine.yaml, grants: [refresh_token]}}")
    (main,) = read(tmp_path, "issuers: {main: {profile: deeper/own.yaml}}").issuers
    assert (main.profile, main.unknown_scopes) == ("deeper/own.yaml", "ignore")
    assert main.grants == frozenset({"refresh_token"})


def test_a_mapping_from_python_names_a_profile_as_well(tmp_path: Path) -> None:
    found = from_mapping({"issuers": {"main": {"profile": str(tmp_path / "mine.yaml"), "grants": ["password"]}}})
    assert found.issuers[0].grants == frozenset({"password"})
    assert found.issuers[0].unknown_scopes == "ignore"


@pytest.mark.parametrize("name", profile.names())
def test_each_shipped_profile_is_a_seed_of_its_own_without_mistakes_and_warnings(name: str) -> None:
    found = load(profile.find(name, Path()))
    # whoever switches that grant on is warned, wherever it stands
    assert [each for each in found.warnings if "the grant password is on" not in each] == []
    assert {"alice", "bob"} <= set(found.issuers[0].users)
    assert found.resources


def test_a_mistake_in_the_profile_is_told_with_its_file_and_line_and_one_in_the_seed_with_the_seeds(
    tmp_path: Path,
) -> None:
    (tmp_path / "bad.yaml").write_text("issuers:\n  any:\n    grants: [code]\n    lifetimes:\n      id_token: soon\n")
    told = problems(
        tmp_path, "issuers:\n  main:\n    profile: ./bad.yaml\n    lifetimes:\n      session: never\n    pck: 1\n"
    )
    assert [each.split(": ")[:2] for each in told] == [
        ["seed.yaml:5", "issuers.main.lifetimes.session"],
        ["seed.yaml:6", "issuers.main.pck"],
        ["bad.yaml:3", "issuers.main.grants[0]"],
        ["bad.yaml:5", "issuers.main.lifetimes.id_token"],
    ]


@pytest.mark.parametrize(
    ("named", "content", "told"),
    [
        ("cogito", None, f"got 'cogito', expected one of: {', '.join(profile.names())}, "),
        ("cogito", None, "or the path of a file such as ./mine.yaml; did you mean 'cognito'?"),
        ("./none.yaml", None, "none.yaml: there is no such file; did you mean"),
        ("./own.yaml", "[1]", "got a list, expected a mapping"),
        ("./own.yaml", "a: [", "this is not YAML"),
        ("./own.yaml", "grants: [password]", "this one has none under `issuers`"),
        ("./own.yaml", "issuers: {a: , b: }", "a profile is a seed with one issuer, and this one has 2"),
        ("./own.yaml", "issuers: {a: {profile: ./own.yaml}}", "this profile starts from itself"),
        ("3", None, "got '3', expected one of"),
    ],
)
def test_what_cannot_be_a_profile_is_refused(tmp_path: Path, named: str, content: str | None, told: str) -> None:
    if content is not None:
        (tmp_path / "own.yaml").write_text(content)
    (only,) = problems(tmp_path, f"issuers:\n  main:\n    profile: {named}\n")
    assert told in only


def test_a_profile_without_a_name_is_refused(tmp_path: Path) -> None:
    assert ["got nothing" in each for each in problems(tmp_path, "issuers: {main: {profile: }}")] == [True]
    assert ["got a list" in each for each in problems(tmp_path, "issuers: {main: {profile: [cognito]}}")] == [True]


def test_every_file_of_the_folder_is_a_profile() -> None:
    assert {path.stem for path in profile.FOLDER.iterdir()} == set(profile.names())


def test_the_name_of_the_issuer_is_in_the_addresses_of_its_profile(tmp_path: Path) -> None:
    (tmp_path / "realm.yaml").write_text(
        "issuers:\n  any:\n    path: /realms/{name}\n    endpoints: {token: '/{name}/token', jwks: ['{name}/a', b]}"
    )
    first, second = read(tmp_path, "issuers: {one: {profile: ./realm.yaml}, two: {profile: ./realm.yaml}}").issuers
    assert (first.path, second.path) == ("/realms/one", "/realms/two")
    assert first.endpoints["token"] == ("/one/token",)
    assert second.endpoints["jwks"] == ("two/a", "b")
    (only,) = problems(tmp_path, "issuers:\n  main:\n    path: '/{nam}'\n")
    assert "seed.yaml:3: issuers.main.path: got '/{nam}', expected path segments" in only


def test_a_profile_of_ones_own_that_is_edited_is_another_seed(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("issuers: {main: {profile: ./mine.yaml}}")
    watched = SeedFiles(tmp_path / "seed.yaml", seed=load(tmp_path / "seed.yaml"))
    assert (watched.poll(), watched.poll()) == (None, None)
    (tmp_path / "mine.yaml").write_text("issuers: {any: {unknown_scopes: refuse, grants: [password]}}")
    found = watched.poll()
    assert isinstance(found, Seed)
    assert found.issuers[0].grants == frozenset({"password"})
    (tmp_path / "mine.yaml").unlink()
    assert "there is no such file" in str(watched.poll())


def test_variables_and_files_in_a_profile_are_those_of_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIDDLE", "vermilion")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "own.yaml").write_text(
        "issuers: {x: {users: {eve: {password_file: ./eve.txt, sub: '${RIDDLE}'}}}}"
    )
    (tmp_path / "deep" / "eve.txt").write_text("apple\n")
    (main,) = read(tmp_path, "issuers: {main: {profile: deep/own.yaml}}").issuers
    assert (main.users["eve"].password, main.users["eve"].sub) == ("apple", "vermilion")


def test_another_server_is_told_by_the_variable() -> None:
    config = config_from({"DEVIDP_PROFILE": "okta", "DEVIDP_MEMORY": "1"})
    assert configured_seed(config) == load(profile.find("okta", Path()))
    with pytest.raises(ValueError, match=r"DEVIDP_PROFILE: got 'oktaa', expected one of: .* did you mean 'okta'\?"):
        config_from({"DEVIDP_PROFILE": "oktaa"})
