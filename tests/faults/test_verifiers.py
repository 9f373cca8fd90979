"""The table of what real verifiers accept is what they accept."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from devidp.app import create_app
from devidp.faults import FAULTS, verifiers
from devidp.models.config import Config
from tests.faults.verifiers import Verdict, table
from tests.faults.verifiers.page import PAGE, render

RECORDED: dict[str, Any] = json.loads(verifiers.RECORDED.read_text())
NAMES = list(RECORDED["verdicts"])
STRICT = [name for name in NAMES if name.endswith("strict")]
INSTALLED = table.versions()
COMPARABLE = [name for name in NAMES if INSTALLED[name.split(",")[0]] == RECORDED["versions"][name.split(",")[0]]]
"""Verifiers in the version that was recorded: another one may judge differently."""


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Verdict]]:
    application = create_app(Config("http://localhost:6749"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = table.run(application.extensions["devidp"])
    application.extensions["devidp"].close()
    return found


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == render(RECORDED), "run `make docs`"


def test_every_verifier_is_in_the_record(verdicts: dict[str, dict[str, Verdict]]) -> None:
    assert list(verdicts) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_valid_twin_is_accepted(verdicts: dict[str, dict[str, Verdict]], name: str) -> None:
    assert verdicts[name][table.VALID] == "accepts"


@pytest.mark.parametrize("name", COMPARABLE)
def test_the_verdicts_are_those_of_the_record(verdicts: dict[str, dict[str, Verdict]], name: str) -> None:
    found = {kind: [fault for fault in table.NAMES if verdicts[name][fault] == kind] for kind in ("accepts", "crashes")}
    assert found == RECORDED["verdicts"][name], "run `make docs`"


@pytest.mark.parametrize("name", STRICT)
def test_a_strict_verifier_refuses_all_that_it_must(verdicts: dict[str, dict[str, Verdict]], name: str) -> None:
    let_in = [fault for fault in table.NAMES if verdicts[name][fault] != "refuses"]
    assert [fault for fault in let_in if FAULTS[fault].level == "must" and FAULTS[fault].group != "state"] == []


def test_usual_options_accept_what_only_a_strict_verifier_refuses(verdicts: dict[str, dict[str, Verdict]]) -> None:
    assert verdicts["PyJWT, usual"]["exp-missing"] == "accepts"
    assert verdicts["PyJWT, strict"]["exp-missing"] == "refuses"
    assert verdicts["jose, usual"]["typ-wrong"] == "accepts"


def test_the_package_says_what_the_record_says_of_a_fault() -> None:
    said = {each.verifier: (each.version, each.answer) for each in verifiers.verdicts("exp-missing")}
    assert list(said) == NAMES
    assert said["PyJWT, usual"] == (RECORDED["versions"]["PyJWT"], "accepts")
    assert said["PyJWT, strict"][1] == "refuses"
    assert "crashes" in {each.answer for each in verifiers.verdicts("scope-null")}
    assert verifiers.verdicts("id-nonce-missing") == verifiers.verdicts("nothing") == ()
