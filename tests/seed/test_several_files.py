"""A seed of several files: each is laid over those before it, and every mistake names its own file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from devidp import DevIdP, seed
from devidp.app import configured_seed
from devidp.models import Client, Seed
from devidp.seed import SeedError, SeedFiles, from_layers
from devidp.web.environment import config_from

BASE = """\
scopes: {openid: Know who you are, read: Read}
users:
  alice: {password: alice, claims: {email: alice@acme.example, roles: [admin, dev]}}
clients:
  web:
    secret: s
    redirect_uris: [http://localhost/callback]
policy:
  - {users: [alice], allow: [openid]}
"""


def written(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / f"{name}.yaml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return paths


def merged(folder: Path, above: str) -> Seed:
    return seed.load(*written(folder, base=BASE, above=above))


def mistakes(*paths: Path) -> list[str]:
    with pytest.raises(SeedError) as caught:
        seed.load(*paths)
    return [str(problem) for problem in caught.value.problems]


def test_mappings_are_merged_key_by_key(tmp_path: Path) -> None:
    found = merged(tmp_path, "users: {alice: {claims: {email: a@ci.example}}, ci: }\nissuers: {default: {path: /}}")
    users = found.issuers[0].users
    assert list(users) == ["alice", "ci"]
    assert users["alice"].claims == {"email": "a@ci.example", "roles": ["admin", "dev"]}
    assert users["alice"].password == "alice"
    assert found.issuers[0].path == ""


def test_lists_and_single_values_are_replaced(tmp_path: Path) -> None:
    found = merged(
        tmp_path,
        "users: {alice: {password: other, claims: {roles: [ci]}}}\nclients: {web: {redirect_uris: [http://localhost/x]}}\n"
        "policy: [{deny: [read]}]",
    )
    assert found.issuers[0].users["alice"].claims["roles"] == ["ci"]
    assert found.issuers[0].users["alice"].password == "other"
    assert found.issuers[0].clients["web"].redirect_uris == ("http://localhost/x",)
    assert [rule.allow for rule in found.policy] == [None]


def test_the_last_of_many_counts_and_the_first_issuer_stays_the_first(tmp_path: Path) -> None:
    found = seed.load(
        *written(tmp_path, a="issuers: {one: , two: {path: x}}", b="issuers: {two: {path: y}, three: }",
                 c="issuers: {two: {path: z}}")
    )  # fmt: skip
    assert [(each.name, each.path) for each in found.issuers] == [("one", "/one"), ("two", "/z"), ("three", "/three")]


def test_a_name_and_a_section_without_anything_change_nothing(tmp_path: Path) -> None:
    found = merged(tmp_path, "users: {alice: }\nclients:\npolicy:\nscopes: {read: }")
    assert found == seed.load(tmp_path / "base.yaml")


def test_what_stands_in_place_of_another_key_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("from a file", encoding="utf-8")
    key = ECKey.generate_key("P-256").as_dict(private=False)
    below = {"clients": {"web": {"secret": "s", "jwks": {"keys": [key]}, "grants": ["client_credentials"]}}}

    def over(**above: str) -> Client:
        files = written(tmp_path, above=f"clients: {{web: {json.dumps(above)}}}")
        return from_layers([below, *files]).issuers[0].clients["web"]

    assert (over(secret_file="secret.txt").secret, over(secret="other").secret) == ("from a file", "other")
    assert over(jwks_uri="http://localhost/jwks").jwks is None
    assert over(jwks=json.dumps(key)).jwks == {"keys": [key]}


def test_claims_of_these_names_are_only_claims(tmp_path: Path) -> None:
    found = merged(tmp_path, "users: {alice: {claims: {path: a}}}")
    again = seed.load(tmp_path / "above.yaml", *written(tmp_path, c="users: {alice: {claims: {url: b}}}"))
    assert found.issuers[0].users["alice"].claims["path"] == "a"
    assert again.issuers[0].users["alice"].claims == {"path": "a", "url": "b"}


def test_names_and_content_are_not_taken_for_settings(tmp_path: Path) -> None:
    below = {
        "users": {"path": {"claims": {"jwks": {"a": 1}, "secret": "x"}}, "secret": {"password": "s"}},
        "clients": {"jwks": {"secret": "s", "grants": ["client_credentials"]}},
    }
    above = """
        users: {url: , path: {claims: {jwks: {b: 2}, secret_file: y}}}
        clients: {jwks: {name: J}, jwks_uri: {public: true, redirect_uris: [http://localhost/x]}}
    """
    found = from_layers([below, *written(tmp_path, above=above)]).issuers[0]
    assert list(found.users) == ["path", "secret", "url"]
    assert found.users["path"].claims == {"jwks": {"a": 1, "b": 2}, "secret": "x", "secret_file": "y"}
    assert (found.clients["jwks"].name, found.clients["jwks"].secret) == ("J", "s")


def test_each_mistake_names_the_file_and_line_where_it_is_written(tmp_path: Path) -> None:
    base, above, last = written(
        tmp_path,
        base=BASE.replace("admin, dev", "0123"),
        above="users:\n  alice: {scopes: [raed]}\n  bob: {pasword: x}",
        last="# nothing\nclients:\n  web: {public: true}\n",
    )
    assert [line.split(": ", 2)[:2] for line in mistakes(base, above, last)] == [
        [f"{base}:3", "users.alice.claims.roles[0]"],
        [f"{above}:2", "users.alice.scopes[0]"],
        [f"{above}:3", "users.bob.pasword"],
        [f"{last}:3", "clients.web"],
    ]


def test_files_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    good, broken, empty = written(tmp_path, good=BASE, broken="users: [", empty="# nothing")
    found = mistakes(good, tmp_path / "none.yaml", broken, empty)
    assert [line.partition(": ")[0] for line in found] == [str(tmp_path / "none.yaml"), f"{broken}:1", str(empty)]


def test_a_warning_names_its_file(tmp_path: Path) -> None:
    (warning,) = merged(tmp_path, "clients:\n  web:\n    lifetimes:\n      access_token: 2h").warnings
    assert warning.startswith(f"{tmp_path / 'above.yaml'}:4: clients.web.lifetimes.access_token: ")


def test_anchors_are_those_of_one_file(tmp_path: Path) -> None:
    (found,) = mistakes(*written(tmp_path, a="x-a: &a {secret: s}", b="clients:\n  web: *a"))
    assert found.startswith(f"{tmp_path / 'b.yaml'}:2: got the alias *a without an anchor")


def test_paths_begin_in_the_folder_of_the_file_that_names_them(tmp_path: Path) -> None:
    for folder, text in (("base", "first"), ("above", "second")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "secret").write_text(text, encoding="utf-8")
    (tmp_path / "base" / "seed.yaml").write_text(f"{BASE}  ".replace("secret: s", "secret_file: secret"))
    (tmp_path / "above" / "seed.yaml").write_text("users: {alice: {password_file: secret}}")
    found = seed.load(tmp_path / "base" / "seed.yaml", tmp_path / "above" / "seed.yaml").issuers[0]
    assert (found.clients["web"].secret, found.users["alice"].password) == ("first", "second")


def test_python_lays_mappings_and_texts_over_files(tmp_path: Path) -> None:
    (base,) = written(tmp_path, base=BASE)
    parts: list[Any] = [base, "users: {bob: }", {"users": {"alice": {"password": "new"}}}]
    with DevIdP(seed=parts) as idp:
        assert sorted(idp.users) == ["alice", "bob"]
        assert idp.users["alice"].record.password == "new"
    with pytest.raises(SeedError) as caught:
        DevIdP(seed=[str(base), {"users": {"alice": {"pasword": "x"}}}])
    assert str(caught.value).startswith("<seed>: users.alice.pasword: there is no key")
    with pytest.raises(ValueError, match="got an empty list"):
        DevIdP(seed=[])
    with pytest.raises(TypeError, match="expected a path, YAML text, a mapping, or a list of these"):
        DevIdP(seed=[base, 3])  # type: ignore[list-item]


def test_an_edit_of_any_of_them_is_noticed(tmp_path: Path) -> None:
    paths = written(tmp_path, base=BASE, above="users: {bob: }")
    watched = SeedFiles(*paths, seed=seed.load(*paths))
    assert [watched.poll(), watched.poll()] == [None, None]
    paths[1].write_text("users: {bob: , carol: }")
    found = watched.poll()
    assert isinstance(found, Seed)
    assert list(found.issuers[0].users) == ["alice", "bob", "carol"]
    assert watched.poll() is None
    paths[0].write_text("users: {")
    assert isinstance(watched.poll(), SeedError)


def test_other_servers_take_a_list_of_files_from_the_variable(tmp_path: Path) -> None:
    paths = written(tmp_path, base=BASE, above="users: {bob: }")
    config = config_from({"DEVIDP_SEED": os.pathsep.join(map(str, paths)), "DEVIDP_MEMORY": "1"})
    assert config.seed_paths == tuple(paths)
    assert "bob" in configured_seed(config).issuers[0].users
