"""A report is read by people, by programs and by tests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from devidp.report import Check, Finding, Kind, Report, Severity, baseline
from devidp.report.table import lines
from tests.report.samples import ALG_NONE, JWT, exchange, report


def shown(made: Report, width: int = 100, *, details: bool = False) -> str:
    return "\n".join(line.text for line in lines(made, width, details=details))


def test_the_table_has_the_worst_first_and_then_the_counts() -> None:
    assert shown(report(stack="")) == (
        "resource server http://127.0.0.1:8000/me\n"
        "tried with http://localhost:6749/default: 7 checks in 4.2 s\n"
        "\n"
        "critical  accepted-alg-none        Takes a token without a signature\n"
        "low       server-error             Answers a faulty token with a server error (2: expired, not-yet)\n"
        "advice    challenge-scope-missing  Does not say which scope is missing\n"
        "\n"
        "1 critical, 2 low, 1 advice; 4 failed, 1 inconclusive, 1 passed, 1 skipped\n"
        "  inconclusive revoked: the server fell over\n"
        "\n"
        "What to change\n"
        "  Name the algorithms that you take; never take the one that the token names.\n"
        "  Turn every error of verification into a 401.\n"
        "  Answer 401 with `WWW-Authenticate: Bearer`.\n"
        "\n"
        "--stack NAME prints the code, for authlib, django, express-oauth2-jwt-bearer, fastmcp, go-oidc,\n"
        "jose, mcp-python, mcp-typescript, pyjwt, spring.\n"
        "--details prints each finding with what was sent and what came back.\n"
        "devidp explain accepted-alg-none says why it matters, and what to change."
    )


def test_what_one_lack_lets_happen_has_one_row() -> None:
    names = [f"accepted-alg-{name}" for name in ("none", "none-upper", "hs256-empty", "missing", "unknown")]
    found = tuple(Finding(replace(ALG_NONE, name=name)) for name in names)
    made = report(checks=(Check("algorithms", "algorithm", "failed", found),))
    row = "critical  algorithm: 5 findings  Anybody can write a token of their own, for any user"
    assert row in shown(made)
    assert "and 3 more)" in " ".join(shown(made).split())
    assert all(f"{name}: Takes a token" in shown(made, details=True) for name in names)


def test_with_a_stack_the_table_has_its_code_once_with_the_issuer_of_the_run() -> None:
    text = shown(replace(report(stack="pyjwt"), issuer="http://localhost:7000/mine"))
    assert 'ISSUER = "http://localhost:7000/mine"' in text
    assert "    PyJWT: `algorithms=" in text
    assert text.count("      def verified(token: str) -> dict:") == 1
    assert text.count("      class Refused(Exception):") == 1


def test_the_details_say_what_was_sent_what_came_back_why_and_the_section() -> None:
    text = shown(report(), details=True)
    for part in (
        "critical  accepted-alg-none: Takes a token without a signature",
        "answered 200, expected 401",
        "Anybody can write a token of their own, for any user.",
        "RFC 8725 section 3.2",
        "> GET http://127.0.0.1:8000/me",
        '> Authorization: Bearer <JWT {"alg":"none","typ":"JWT"}>',
        "< 200",
        '< {"user": "alice"}',
    ):
        assert f"          {part}" in text or part in text.splitlines()
    assert JWT not in text


@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    made = [Finding(Kind("server-error", Severity.LOW, "word " * 20, "", "", ""), f"fault-{n}") for n in range(40)]
    long = Kind("a-name-that-is-much-longer-than-any-other-of-them", Severity.HIGH, "title", "", "", "")
    found = report(checks=(Check("a", "b", "failed", (*made, Finding(long))),))
    rows = shown(found, width).splitlines()[3:-2]
    assert rows[0].startswith("high      a-name-that-is-much-longer")
    assert max(len(row) for row in rows[1:]) <= width


def test_hostile_text_does_not_reach_the_terminal() -> None:
    bad = "\x1b[2Jgone\r\n\u202eevil"
    kind = Kind("server-error", Severity.LOW, bad, bad, bad, "server-error")
    answer = exchange(url=bad, headers=((bad, bad),), body=bad, problem=bad)
    made = report(
        target=bad, issuer=bad, checks=(Check(bad, bad, "inconclusive", (Finding(kind, bad, bad, (answer,)),), bad),)
    )
    for text in (shown(made, details=True), shown(report(cause=bad, remedy=bad))):
        assert all(letter.isprintable() for letter in text.replace("\n", ""))
        assert "[U+001B]" in text


def test_what_many_checks_have_in_common_is_said_once() -> None:
    checks = tuple(Check(f"fault-{number}", "scope", "inconclusive", note="no scope is needed") for number in range(6))
    line = "inconclusive fault-0, fault-1 and 4 more: no scope is needed"
    assert line in shown(report(checks=checks))
    assert "fault-4, fault-5: no scope is needed" in shown(report(checks=checks), details=True)
    assert "inconclusive" not in shown(report(checks=checks, cause="no scope is needed")).replace("6 inconclusive", "")


def test_where_nothing_can_be_concluded_it_is_said_why_and_what_to_change() -> None:
    made = report(checks=(), cause="a sound token was answered with 401", remedy="Name the audience with --audience")
    assert "Nothing can be concluded\n  a sound token was answered with 401\n  hint: Name the audience" in shown(made)
    assert "nothing wrong" not in shown(made)
    with pytest.raises(AssertionError, match="nothing can be concluded: a sound token") as failed:
        made.assert_clean("never")
    assert "hint: Name the audience" in str(failed.value)


def test_json_comes_back_as_the_same_report() -> None:
    for made in (
        report(),
        report(accepted=frozenset({"accepted-alg-none"}), cause="no", remedy="mend"),
        report(checks=()),
    ):
        assert Report.from_json(made.to_json()) == made


def test_json_has_everything_that_a_program_asks_for() -> None:
    members = json.loads(report(accepted=frozenset({"server-error:expired"})).to_json())
    assert members["counts"] == {"critical": 1, "high": 0, "medium": 0, "low": 1, "advice": 1}
    assert members["outcomes"] == {"passed": 1, "failed": 4, "inconclusive": 1, "skipped": 1}
    assert [(each["id"], each["check"], each["accepted"]) for each in members["findings"]] == [
        ("challenge-scope-missing", "missing-scope", False),
        ("server-error:expired", "expired", True),
        ("accepted-alg-none", "alg-none", False),
        ("server-error:not-yet", "not-yet", False),
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}', '{"version": 1}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|Expecting|version"):
        Report.from_json(text)


def test_a_clean_report_passes_and_one_that_is_not_names_what_is_wrong() -> None:
    report(checks=()).assert_clean("advice")
    report().assert_clean("never")
    report(checks=report().checks[:3]).assert_clean()  # the worst of them is low
    with pytest.raises(AssertionError) as failed:
        report().assert_clean()
    assert str(failed.value) == (
        "resource server http://127.0.0.1:8000/me\n"
        "1 finding, expected none of severity high and above\n"
        "critical  accepted-alg-none  Takes a token without a signature\n"
        "accepted-alg-none: answered 200, expected 401 (RFC 8725 section 3.2)\n"
        "hint: devidp explain accepted-alg-none"
    )
    with pytest.raises(AssertionError, match="4 findings"):
        report().assert_clean(Severity.ADVICE)
    with pytest.raises(ValueError, match="got the severity 'worst', expected one of advice, low"):
        report().assert_clean("worst")


def test_what_a_baseline_accepts_does_not_fail(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(baseline.text({"accepted-alg-none": "ticket 7"}))
    report().assert_clean(baseline=path)
    with pytest.raises(AssertionError, match="2 findings"):
        report().assert_clean("low", baseline=path)
    accepted = report(accepted=frozenset({"accepted-alg-none"}))
    assert "2 low, 1 advice; 4 failed, 1 inconclusive, 1 passed, 1 skipped; 1 accepted by the baseline" in shown(
        accepted
    )


def test_a_baseline_is_sorted_with_an_entry_a_line_and_comes_back(tmp_path: Path) -> None:
    reasons = {"server-error:b": "", "accepted-expired": 'the "old" gateway'}
    path = tmp_path / "baseline.json"
    path.write_text(baseline.text(reasons))
    assert path.read_text() == (
        '{"accepted": [\n'
        '  {"id": "accepted-expired", "reason": "the \\"old\\" gateway"},\n'
        '  {"id": "server-error:b", "reason": ""}\n'
        "]}\n"
    )
    assert baseline.read(path) == reasons
    path.write_text(baseline.text({}))
    assert baseline.read(path) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no", "got no JSON"),
        ("[]", "got []"),
        ('{"accepted": ["accepted-expired"]}', 'entry 1: got "accepted-expired"'),
        ('{"accepted": [{"id": "a", "note": "b"}]}', "entry 1: got"),
        ('{"accepted": [{"id": "a"}, {"id": "a"}]}', "entry 2 names a again"),
    ],
)
def test_what_is_no_baseline_is_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(baseline.BaselineError) as refused:
        baseline.read(path)
    assert said in str(refused.value)
    assert "expected" in str(refused.value)


def test_no_stack_is_named_where_none_has_code_for_what_was_found() -> None:
    of_a_client = replace(ALG_NONE, name="followed-iss-wrong", topic="iss")
    assert "--stack" not in shown(report(stack="", checks=(Check("iss", "iss", "failed", (Finding(of_a_client),)),)))
