"""docs/profiles.md: the versions that it names are those that are tested, and its examples are seeds."""

from __future__ import annotations

import json
import re

import pytest

from devidp import DevIdP, seed
from tests.flow import header, payload
from tests.real_clients.program import ROOT
from tests.vendors.examples import SECTIONS, TEXT, examples
from tests.vendors.node import FOLDER

TRIED = re.findall(r"(?m)^\| `([^`]+)`[^|]* \| (\d[\w.]*) \|", TEXT)


@pytest.mark.parametrize(("package", "version"), TRIED)
def test_a_package_is_pinned_to_the_version_that_the_page_names(package: str, version: str) -> None:
    node = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    constraints = (ROOT / "tests" / "real_clients" / "constraints-vendors.txt").read_text(encoding="utf-8")
    crates = (ROOT / "tests" / "vendors" / "pmcp" / "Cargo.lock").read_text(encoding="utf-8")
    assert (
        node.get(package) == version
        or f"\n{package}=={version}\n" in f"\n{constraints}"
        or f'name = "{package}"\nversion = "{version}"' in crates
    )


@pytest.mark.parametrize("text", [text for profile in SECTIONS for text in examples(profile)])
def test_every_example_is_a_seed_without_mistakes_and_warnings(text: str) -> None:
    # Keycloak has that grant, and whoever switches it on is warned
    assert [each for each in seed.loads(text).warnings if "the grant password is on" not in each] == []


def test_the_examples_of_auth0_change_what_they_are_for() -> None:
    _, dialect, machine, claim = examples("auth0")
    rest = "  web: {secret: s, redirect_uris: [http://localhost/cb]}\nscopes: {read:notes: Read your notes}\n"
    with DevIdP(f"{claim}\n{dialect}\n{machine}\n{rest}") as idp:
        access = idp.token(user="alice", client="web", audience="https://api.acme.example", scope="openid")
        assert header(access)["typ"] == "at+jwt"
        assert payload(access)["https://acme.example/roles"] == ["developer"]
        identity = payload(idp.token(user="alice", client="web", token_type="id"))
        assert identity["https://acme.example/roles"] == ["developer"]
        own = payload(idp.token(client="service", scope="read:notes"))
        assert (own["permissions"], own["gty"]) == (["read:notes"], "client-credentials")
