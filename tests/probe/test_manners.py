"""How a target refuses, where it looks for tokens, what it says of itself and what it tells: one mistake at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from devidp import DevIdP
from devidp.probe import kinds
from tests.probe import targets
from tests.probe.careless import RESOURCE, SCOPE, Careless, Refused

GROUPS = ["headers", "places", "challenge", "metadata", "leaks"]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def found(idp: DevIdP, *mistakes: str, only: list[str] = GROUPS) -> list[str]:
    """Ids of the findings at a server that makes these mistakes."""
    options = {"url": RESOURCE, "audience": RESOURCE, "scope": SCOPE, "issuer": "default"}
    report = idp.probe(Careless(idp, *mistakes).app, only=only, **options)  # type: ignore[arg-type]
    assert report.cause == ""
    return sorted(finding.id for finding in report.findings)


def test_a_server_that_makes_none_of_these_mistakes_is_clean(idp: DevIdP) -> None:
    assert found(idp) == []


@pytest.mark.parametrize(
    ("mistake", "findings"),
    [
        ("case", ["refused-scheme-case:header-lower-case", "refused-scheme-case:header-upper-case"]),
        ("any-of-two", ["accepted-either-header"]),
        ("split", ["accepted-malformed-header:header-trailing-word", "accepted-scheme:header-scheme-dpop"]),
        ("any-scheme", ["accepted-scheme:header-scheme-basic", "accepted-scheme:header-scheme-dpop"]),
        ("ascii", ["server-error:header-non-ascii"]),
        ("null", ["accepted-without-token:header-null"]),
    ],
)
def test_headers(idp: DevIdP, mistake: str, findings: list[str]) -> None:
    assert set(findings) <= set(found(idp, mistake, only=["headers"]))


def test_a_check_that_fails_at_any_text_is_told_once(idp: DevIdP) -> None:
    assert found(idp, "crash", only=["headers", "garbage", "expired"]) == [
        "server-error:expired",
        "server-error:garbage",
    ]


@pytest.mark.parametrize(
    ("mistakes", "findings"),
    [
        (["query"], ["accepted-token-in-query:place-query", "accepted-two-places"]),
        (["cookie"], ["accepted-token-in-cookie:place-cookie"]),
        (["identity-header"], ["accepted-identity-header"]),
        (["other-header"], ["accepted-token-in-header:place-x-access-token"]),
        (["body"], ["accepted-token-in-body:place-body"]),
    ],
)
def test_places(idp: DevIdP, mistakes: list[str], findings: list[str]) -> None:
    assert found(idp, *mistakes, only=["places"]) == findings


def test_no_form_is_sent_to_what_takes_none(idp: DevIdP) -> None:
    report = idp.probe(targets.strict(idp), path="/orders", only=["place-body"])
    (check,) = (each for each in report.checks if each.name == "place-body")
    assert (check.outcome, check.note.startswith("a GET has no form")) == ("skipped", True)


def test_the_first_of_two_headers_may_be_taken(idp: DevIdP) -> None:
    app, strict = FastAPI(), Careless(idp)

    @app.get("/orders")
    def orders(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict[str, list[int]]:
        try:
            strict.verified([sent.credentials])
        except Refused:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from None
        return {"orders": [1]}

    report = idp.probe(app, path="/orders", audience=RESOURCE, only=["header-twice"])
    (check,) = (each for each in report.checks if each.name == "header-twice")
    assert (check.outcome, check.note) == ("passed", "two headers: the first one is taken")


@pytest.mark.parametrize(
    ("mistake", "findings"),
    [
        ("no-challenge", ["challenge-missing:invalid-token", "challenge-missing:no-token", "scope-unnamed"]),
        ("basic", ["challenge-not-bearer:invalid-token", "challenge-not-bearer:no-token", "scope-unnamed"]),
        ("twice", ["challenge-twice:invalid-token", "challenge-twice:no-token"]),
        ("no-error", ["challenge-error:insufficient-scope", "challenge-error:invalid-token"]),
        (
            "own-error",
            [
                "challenge-error-without-token",
                "challenge-error:insufficient-scope",
                "challenge-error:invalid-token",
            ],
        ),
        ("error-always", ["challenge-error-without-token"]),
        ("no-resource-metadata", ["challenge-without-resource-metadata"]),
        ("no-scope", ["scope-unnamed"]),
        ("403", ["wrong-status:invalid-token", "wrong-status:no-token"]),
        ("401", ["wrong-status:insufficient-scope"]),
        (
            "disguised",
            [
                "refusal-disguised:insufficient-scope",
                "refusal-disguised:invalid-token",
                "refusal-disguised:no-token",
            ],
        ),
        ("hidden", ["challenge-hidden-from-browsers"]),
    ],
)
def test_challenges(idp: DevIdP, mistake: str, findings: list[str]) -> None:
    assert found(idp, mistake, only=["challenge"]) == findings


def test_a_challenge_that_cannot_be_read_is_shown(idp: DevIdP) -> None:
    assert "challenge-malformed:invalid-token" in found(idp, "no-commas", only=["challenge"])


@pytest.mark.parametrize(
    ("mistakes", "findings"),
    [
        (["no-metadata"], ["metadata-unreachable"]),
        (["no-metadata", "no-resource-metadata"], ["metadata-missing"]),
        (["at-the-root", "no-resource-metadata"], ["metadata-misplaced"]),
        (["appended", "no-resource-metadata"], ["metadata-misplaced"]),
        (["guarded"], ["metadata-guarded"]),
        (["other-resource"], ["metadata-other-resource"]),
        (["no-url"], ["metadata-malformed:resource", "metadata-other-resource"]),
        (["wider-resource"], ["metadata-wider-resource"]),
        (["no-issuer"], ["metadata-without-issuer"]),
        (["other-issuer"], ["metadata-other-issuer"]),
        (["insecure"], ["metadata-insecure-url:jwks_uri"]),
        (["malformed"], ["metadata-malformed:scopes_supported"]),
        (["text"], ["metadata-content-type"]),
        (["methods"], ["metadata-bearer-methods:query"]),
    ],
)
def test_metadata(idp: DevIdP, mistakes: list[str], findings: list[str]) -> None:
    assert found(idp, *mistakes, only=["metadata"]) == findings


@pytest.mark.parametrize(
    ("mistake", "findings"),
    [
        ("trace", ["leak-exception", "leak-path", "leak-stack-trace"]),
        ("echo", ["leak-token"]),
        ("claims", ["leak-claims"]),
        ("version", ["leak-version"]),
        ("secret", ["leak-secret"]),
    ],
)
def test_leaks(idp: DevIdP, mistake: str, findings: list[str]) -> None:
    assert found(idp, mistake, only=["leaks"]) == findings


def test_each_kind_tells_a_stranger_what_is_wrong() -> None:
    for kind in kinds.every():
        assert kind.title[:1].isupper(), kind.name
        assert not kind.title.endswith("."), kind.name
        assert kind.why.endswith("."), kind.name
        assert kind.section, kind.name
        assert kind.topic, kind.name
