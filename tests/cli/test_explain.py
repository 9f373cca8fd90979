"""``devidp explain``: every kind of finding, with its remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run


def explain(home: Path, *arguments: str) -> tuple[int, str, str]:
    ended = run(home, "explain", *arguments)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_finding_is_explained_with_the_remedy_of_the_stack(tmp_path: Path) -> None:
    status, out, _ = explain(tmp_path, "accepted-expired", "--stack", "pyjwt")
    assert status == 0
    assert out.startswith("accepted-expired: Accepts a token although `exp` is a day ago\n\nSeverity: high\n")
    assert "\nSection:  RFC 7519 section 4.1.4\n" in out
    assert "\nWith PyJWT:\nPyJWT checks `exp`" in out
    assert "def verified(token: str) -> dict:" in out


def test_without_a_stack_it_names_those_that_have_code(tmp_path: Path) -> None:
    _, out, _ = explain(tmp_path, "server-error:expired")
    assert "Turn every error of verification into a 401" in out
    assert "With code: --stack " in out
    assert "pyjwt" in out.splitlines()[-1]


def test_findings_of_clients_are_explained_too(tmp_path: Path) -> None:
    status, out, _ = explain(tmp_path, "followed-iss-wrong", "--json")
    explained = json.loads(out)
    assert status == 0
    assert (explained["name"], explained["topic"]) == ("followed-iss-wrong", "iss")
    assert explained["remedies"][0]["title"].startswith("Compare `iss`")


def test_what_goes_wrong_at_one_place_is_explained_for_that_place(tmp_path: Path) -> None:
    at_token, at_jwks = (explain(tmp_path, f"hid-html-body:{place}")[1] for place in ("token", "jwks"))
    assert "ID token" not in at_token
    assert "Why:      The ID token is believed without a look at its signature" in at_jwks


def test_what_findings_have_in_common_is_explained_by_its_name(tmp_path: Path) -> None:
    status, out, _ = explain(tmp_path, "audience", "--stack", "pyjwt")
    assert status == 0
    assert out.startswith("audience\n\nRemedy:   Demand your own identifier in `aud`.\n")
    assert "def verified(token: str) -> dict:" in out
    found = json.loads(explain(tmp_path, "audience", "--json")[1])
    assert {each["topic"] for each in found["findings"]} == {"audience"}
    assert all(f"\n{each['name']} " in out for each in found["findings"])


def test_all_are_listed(tmp_path: Path) -> None:
    listed = json.loads(explain(tmp_path, "--list", "--json")[1])
    names = [each["name"] for each in listed["findings"]]
    assert {"accepted-expired", "fell-over", "followed-iss-wrong", "loops"} <= set(names)
    assert len(names) == len(set(names))
    assert listed["stacks"]["pyjwt"] == "PyJWT"
    assert len(explain(tmp_path, "--list")[1].splitlines()) == len(names)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["accepted-expird"], "got 'accepted-expird', expected the name of a finding. Did you mean accepted-expired?"),
        (["accepted-expired", "--stack", "pyjtw"], "Did you mean 'pyjwt'?"),
        ([], "name one finding, as in devidp explain accepted-expired, or say --list"),
        (["accepted-expired", "--list"], "name one finding"),
    ],
)
def test_what_is_not_there_is_refused_by_name(arguments: list[str], said: str, tmp_path: Path) -> None:
    status, _, err = explain(tmp_path, *arguments)
    assert status == 2
    assert said in err
