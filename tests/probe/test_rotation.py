"""The issuer signs with another key, with and without overlap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from devidp import DevIdP
from devidp.keys.material import generate
from tests.probe.learners import Keys, Time, ids, notes, probed, seed


class Static(Keys):
    """Has the keys of its start: what the documents of providers show as the simplest way."""

    def __init__(self, idp: DevIdP, time: Time) -> None:
        super().__init__(idp, time, floor=float("inf"))


class Hoarding(Keys):
    """Adds what it finds to what it had."""

    def keep(self, fetched: dict[str, Any]) -> None:
        self.known |= fetched


class Single(Keys):
    """Takes the first key for the only one."""

    def keep(self, fetched: dict[str, Any]) -> None:
        self.known = dict(list(fetched.items())[:1])


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def test_a_server_that_fetches_for_a_new_key_passes(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Keys(idp, time), time, "rotation")
    assert ids(report) == []
    assert notes(report)["key-rotated"] == "passed: the new key was found after 0.0 s"


def test_the_time_until_a_new_key_is_found_is_measured(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Keys(idp, time, floor=10), time, "rotation")
    assert ids(report) == []
    found = notes(report)["key-rotated"].removeprefix("passed: the new key was found after ").removesuffix(" s")
    assert 10 <= float(found) < 12


def test_keys_that_are_fetched_once_are_found_out(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Static(idp, time), time, "rotation")
    new = ["new-key-refused:key-rotated", "new-key-refused:key-withdrawn"]
    assert ids(report) == [*new, "withdrawn-key-trusted"]
    withdrawn = next(finding for finding in report.findings if finding.id == "withdrawn-key-trusted")
    assert withdrawn.detail == "still trusted after 30 s, and it has not fetched the JWK Set since"


def test_a_withdrawn_key_that_is_kept_is_found_out(idp: DevIdP) -> None:
    time = Time()
    report = probed(idp, Hoarding(idp, time), time, "rotation")
    assert ids(report) == ["withdrawn-key-trusted"]
    assert report.findings[0].detail == "still trusted after 30 s, although it has fetched the JWK Set since"


def test_a_server_with_room_for_one_key_is_found_out(idp: DevIdP) -> None:
    time = Time()
    assert ids(probed(idp, Single(idp, time), time, "key-rotated")) == ["old-key-refused"]


def test_a_key_of_the_seed_cannot_be_rotated_and_the_report_says_so() -> None:
    pem = generate("RS256").jwk.as_pem(private=True).decode()
    with DevIdP(seed=seed(signing_key=pem)) as idp:
        said = notes(probed(idp, Keys(idp, Time()), Time(), "key-rotated"))["key-rotated"]
        assert said.startswith("inconclusive: devidp says: the key cannot be rotated: it comes from the seed")
