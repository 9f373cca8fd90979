"""Whether anything can be concluded of a target; where nothing can, the report says why."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from devidp import DevIdP
from devidp.report import Report
from tests.probe import targets
from tests.serving import wsgi_served


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def probed(idp: DevIdP, target: Flask, **options: object) -> Report:
    with wsgi_served(lambda base: target) as (base, _):
        return idp.probe(f"{base}/orders", **options)  # type: ignore[arg-type]


def outcomes(report: Report) -> dict[str, str]:
    return {check.name: check.outcome for check in report.checks if check.group == "ground"}


def test_a_strict_server_is_the_ground_for_everything_else(idp: DevIdP) -> None:
    report = probed(idp, targets.strict(idp), only=["sound-token"])
    assert report.cause == ""
    assert outcomes(report) == {"no-token": "passed", "made-up-token": "passed", "sound-token": "passed"}
    assert report.issuer == idp.issuer


def test_a_server_that_answers_401_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(401))
    assert report.cause.startswith("it answers 401 to everything")
    assert set(outcomes(report).values()) == {"inconclusive"}


def test_a_server_that_answers_200_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(200))
    assert report.cause.startswith("it answers 200 to everything")
    assert [finding.id for finding in report.findings] == ["accepted-no-token", "accepted-made-up-token"]


def test_a_server_that_answers_500_to_everything_is_called_that(idp: DevIdP) -> None:
    report = probed(idp, targets.always(500))
    assert report.cause.startswith("it answers 500 to everything")
    assert report.findings == []


def test_a_server_that_hangs_is_called_that(idp: DevIdP) -> None:
    over = threading.Event()
    try:
        report = probed(idp, targets.hanging(over), timeout=0.3)
    finally:
        over.set()
    assert "does not answer in time" in report.cause


def test_a_server_that_streams_for_ever_is_called_that(idp: DevIdP) -> None:
    assert "its answer never ends" in probed(idp, targets.endless()).cause


def test_a_port_where_nothing_listens_is_called_that(idp: DevIdP) -> None:
    assert "nothing listens there" in idp.probe("http://localhost:1/orders").cause


def test_a_server_that_never_fetched_the_keys_is_told_so() -> None:
    with DevIdP() as idp:
        report = probed(idp, targets.always(401))
    assert "never fetched the JWK Set" in report.cause


def test_the_audience_is_found_where_nothing_tells_it(idp: DevIdP) -> None:
    with wsgi_served(lambda base: targets.strict(idp, f"{base}/orders")) as (base, _):
        report = idp.probe(f"{base}/orders", only=["sound-token"])
    assert report.cause == ""
