"""Judge: a probe and a judgement are started, watched, stopped and read on the dashboard, as the commands do them."""

from __future__ import annotations

import html
import json
import re
import shlex
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import httpx
import jwt
import pytest
from flask import Flask, request
from playwright.sync_api import expect

from devidp import DevIdP
from devidp.app import create_app
from devidp.dashboard.judge.runs import KEPT
from devidp.models.config import Config
from devidp.report import Report
from tests.cli import running
from tests.cli.running import DEADLINE
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.visitor import Visitor
from tests.flow import REDIRECT_URI
from tests.probe import targets
from tests.probe.learners import state_of
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.serving import wsgi_served

AUDIENCE = "http://localhost:8000/mcp"
NOWHERE = "http://localhost:9/orders"
HOSTILE = "\u202e</pre><script>alert(1)</script>" + "w" * 500


@pytest.fixture
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


@pytest.fixture
def careless() -> Iterator[str]:
    """An API that reads tokens and verifies nothing, and repeats what it gets."""
    with wsgi_served(lambda _: _careless()) as (url, _):
        yield f"{url}/orders"


@pytest.fixture
def strict(idp: DevIdP) -> Iterator[str]:
    with wsgi_served(lambda _: targets.strict(idp)) as (url, _):
        yield f"{url}/orders"


def _careless() -> Flask:
    app = Flask("careless")

    @app.route("/orders", methods=["GET", "POST"])
    def orders() -> tuple[dict[str, object], int, dict[str, str]]:
        try:
            token = request.headers["Authorization"].split()[1]
            claims = jwt.decode(token, options={"verify_signature": False})
        except (KeyError, IndexError, jwt.PyJWTError):
            return {"error": HOSTILE}, 401, {"WWW-Authenticate": "Bearer"}
        return {"owner": claims.get("sub"), "note": HOSTILE}, 200, {"X-Note": "<script>alert(2)</script>"}

    return app


def ended(visitor: Visitor, number: int = 1) -> str:
    """The page of a run that has ended; ``pytest-timeout`` is the limit."""
    while True:
        page = visitor.get(f"/judge/runs/{number}").text
        if ">running<" not in page:
            return page


def reported(visitor: Visitor, number: int = 1) -> Report:
    ended(visitor, number)
    return Report.from_json(visitor.get(f"/judge/runs/{number}/report.json").text)


def outcomes(report: Report) -> dict[str, tuple[str, list[str]]]:
    return {each.name: (each.outcome, [found.id for found in each.findings]) for each in report.checks}


def test_a_careless_server_is_found_by_a_click(look: Looker, careless: str) -> None:
    page = look("/_devidp/judge")
    check_everywhere(page, "judge")
    page.get_by_label("URL", exact=True).fill(careless)
    page.get_by_role("button", name="Probe it").click()
    page.locator("#found .severity").first.wait_for()
    check(page, "judge-running")
    page.get_by_role("link", name="Read the report").click()
    page.get_by_role("heading", name="What is wrong, the worst first").wait_for()
    check_everywhere(page, "judge-report")
    page.get_by_role("link", name="Signature: Anybody can write a token").click()
    page.get_by_role("heading", name="What to change").wait_for()
    page.locator("main summary").first.click()
    page.get_by_text("answered 200, expected 401").first.wait_for()
    check_everywhere(page, "judge-findings")
    page.get_by_role("link", name="Report of").click()
    page.get_by_role("link", name="Everything that was tried").click()
    page.get_by_role("link", name="failed", exact=True).click()
    check_everywhere(page, "judge-checks")
    page.goto(f"{look.base}/_devidp/judge")
    page.get_by_role("link", name="Again").click()
    assert page.get_by_label("URL", exact=True).input_value() == careless
    check(page, "judge-again")


def test_the_report_is_that_of_the_command_beside_it(
    idp: DevIdP, visitor: Visitor, careless: str, tmp_path: Path
) -> None:
    started = visitor.post(
        "/judge/probe", url=careless, only="expired nbf-future", skip="nbf-future",
        header="X-One: 1\nX-Two: 2", body='{"a": "it\'s"}', audience="one two", scope="mcp:read", user="bob",
        client="web", issuer="default", parallel="3", timeout="5", patience="7", stack="pyjwt",
    )  # fmt: skip
    assert started.status_code == 200
    (command,) = (html.unescape(found) for found in re.findall('id="run-same-cli">([^<]+)<', started.text))
    _, *words = shlex.split(command)
    told = running.run(tmp_path, *words, "--json")
    assert told.returncode == 1
    made, by_command = reported(visitor), Report.from_json(told.stdout)
    assert outcomes(made) == outcomes(by_command)
    assert made.findings
    assert (made.stack, made.issuer) == ("pyjwt", by_command.issuer)


def test_devidp_is_afterwards_as_it_was(idp: DevIdP, visitor: Visitor, careless: str) -> None:
    keys = [key.kid for key in idp.keys.list()]
    visitor.post("/judge/probe", url=careless, only="rotation", changes="on", patience="0")
    assert set(reported(visitor).outcomes) <= {"passed", "failed"}
    assert idp.keys.active().kid in keys
    assert idp.control.failures.waiting() == idp.control.armed.waiting() == ()


def test_what_changes_devidp_is_tried_only_where_that_is_said(visitor: Visitor, strict: str) -> None:
    visitor.post("/judge/probe", url=strict, audience=AUDIENCE, only="expired")
    assert "--skip" not in ended(visitor)
    visitor.post("/judge/probe", url=NOWHERE)
    assert "--skip changes" in ended(visitor, 2)
    visitor.post("/judge/probe", url=NOWHERE, changes="on")
    assert "--skip changes" not in ended(visitor, 3)


@pytest.mark.parametrize(
    ("form", "fields", "said"),
    [
        ("probe", {"url": "localhost:8000/mcp"}, "does not begin with http"),
        ("probe", {"url": "https://example.com/mcp"}, "example.com is not this machine"),
        ("probe", {"url": "http://169.254.169.254/"}, "--allow-host 169.254.169.254"),
        ("probe", {"url": NOWHERE, "path": "//elsewhere.example/"}, "expected an address of the target"),
        ("probe", {"url": NOWHERE, "only": "expird"}, "Did you mean"),
        ("probe", {"url": NOWHERE, "parallel": "many"}, "expected a number from 1 to 64"),
        ("probe", {"url": NOWHERE, "patience": "inf"}, "expected a number from 0 to 3600"),
        ("probe", {"url": NOWHERE, "header": "no header"}, "expected a header"),
        ("probe", {"url": NOWHERE, "body": "@/etc/passwd"}, "the command reads files, a page does not"),
        ("probe", {"url": NOWHERE, "tool": "add", "method": "GET"}, "both describe the call"),
        ("probe", {"url": NOWHERE, "tool": "add", "body": "[1]"}, "as a JSON object"),
        ("probe", {"url": NOWHERE, "resource": "http://a.example"}, "are for assertions"),
        ("probe", {"url": NOWHERE, "stack": HOSTILE}, "got the stack"),
        ("client", {"only": "no-such"}, "expected the name, group or endpoint"),
        ("client", {"user": HOSTILE}, "got the user"),
        ("client", {"issuer": "nowhere"}, "got the issuer"),
        ("client", {"oidc": "on", "only": "resource-refuses-once"}, "is for clients of MCP"),
        ("client", {"timeout": "0"}, "expected a number from 1"),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_starts_nothing(
    visitor: Visitor, form: str, fields: dict[str, str], said: str
) -> None:
    answer = visitor.post(f"/judge/{form}", **fields)
    assert answer.status_code == 400
    (problem,) = re.findall('role="alert">([^<]+)<', answer.text)
    assert said in html.unescape(problem)
    for typed in fields.values():
        assert html.escape(typed, quote=False) in answer.text.replace("&#39;", "'") or typed == "on" or "w" * 9 in typed
    assert "<script>alert" not in answer.text
    assert "None yet" in answer.text


def test_another_host_is_called_where_it_is_named(visitor: Visitor, strict: str) -> None:
    url = strict.replace("localhost", "0.0.0.0")
    assert visitor.post("/judge/probe", url=url, audience=AUDIENCE, only="expired").status_code == 400
    visitor.post("/judge/probe", url=url, audience=AUDIENCE, only="expired", allow_host="0.0.0.0")
    assert outcomes(reported(visitor))["expired"] == ("passed", [])


def test_one_runs_at_a_time_and_ends_when_it_is_stopped(visitor: Visitor, strict: str) -> None:
    visitor.post("/judge/probe", url=strict, audience=AUDIENCE, changes="on")
    refused = visitor.post("/judge/client")
    assert refused.status_code == 400
    assert "one at a time is; wait, or stop it" in refused.text
    assert "Watch it" in visitor.get("/judge").text
    visitor.post("/judge/runs/1/stop")
    report = reported(visitor)
    assert report.cause.startswith("it was stopped")
    assert "stopped" in visitor.get("/judge").text
    assert visitor.post("/judge/client").status_code == 200


def test_who_is_stopped_while_it_changes_something_takes_that_back(idp: DevIdP, visitor: Visitor) -> None:
    before, changed, over = state_of(idp), threading.Event(), threading.Event()
    app = targets.strict(idp)

    @app.before_request
    def hang_while_changed() -> None:
        if state_of(idp) != before:
            changed.set()
            over.wait(DEADLINE)

    with wsgi_served(lambda _: app) as (url, _):
        visitor.post("/judge/probe", url=f"{url}/orders", audience=AUDIENCE, only="jwks-unavailable", changes="on")
        assert changed.wait(DEADLINE)
        visitor.post("/judge/runs/1/stop")
        over.set()
        assert reported(visitor).cause.startswith("it was stopped")
    assert state_of(idp) == before


def test_a_run_that_waits_for_a_client_ends_with_devidp() -> None:
    with DevIdP() as idp, Visitor(idp) as visitor:
        visitor.post("/judge/client")
        while "Point your client" not in visitor.get("/judge/runs/1").text:
            pass
        assert "devidp-run" in {each.name for each in threading.enumerate()}
    while "devidp-run" in {each.name for each in threading.enumerate()}:
        pass


def test_a_client_that_is_started_by_hand_is_judged(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/judge")
    page.locator("#client summary").first.click()
    page.locator("#client-only").fill("iss-wrong")
    page.get_by_role("button", name="Wait for it").click()
    page.get_by_text("Point your client at this address").wait_for()
    check_everywhere(page, "judge-client")
    application = Application(page.locator("#address").inner_text(), Browser(stop=REDIRECT_URI).authorize)
    # Playwright has the event loop of this thread
    with ThreadPoolExecutor(1) as aside:
        assert aside.submit(application.call, "whoami").result() == "hello"
        page.get_by_text("Let it connect again").wait_for()
        check(page, "judge-client-again")
        with pytest.raises(ExceptionGroup):
            aside.submit(application.call, "whoami").result()
    page.get_by_role("link", name="Read the report").click()
    page.get_by_role("heading", name="Nothing is wrong").wait_for()
    expect(page.get_by_text("1 passed")).to_be_visible()


def test_a_command_is_not_run_by_a_page(visitor: Visitor) -> None:
    page = visitor.get("/judge").text
    assert "--client COMMAND" in page
    assert 'name="client"' not in page.partition('id="client"')[2]
    assert "A page does not run commands" in page


def test_the_files_are_those_of_the_command(visitor: Visitor, careless: str) -> None:
    visitor.post("/judge/probe", url=careless, only="expired")
    ended(visitor)
    files = {
        form: visitor.get(f"/judge/runs/1/report.{form}") for form in ("html", "json", "sarif", "junit", "markdown")
    }
    for form, file in files.items():
        assert file.headers["Content-Disposition"].startswith('attachment; filename="devidp-probe-1.'), form
    assert "accepted-expired" in files["html"].text
    assert "accepted-expired" in files["markdown"].text
    assert json.loads(files["sarif"].text)["version"] == "2.1.0"
    assert ElementTree.fromstring(files["junit"].content).tag == "testsuites"
    assert Report.from_json(files["json"].text).findings


def test_no_page_of_a_report_is_endless_and_nothing_of_the_server_runs(visitor: Visitor, careless: str) -> None:
    visitor.post("/judge/probe", url=careless)
    ended(visitor)
    report = visitor.get("/judge/runs/1/report").text
    numbers = re.findall(r"/findings/(\d+)", report)
    pages = ["/judge/runs/1", "/judge/runs/1/checks", *(f"/judge/runs/1/findings/{each}" for each in numbers)]
    for path in pages:
        page = visitor.get(path)
        assert len(page.content) <= LARGEST_PAGE, path
        assert "<script>alert" not in page.text
        assert "\u202e" not in page.text
    assert len(numbers) > 10
    assert visitor.get("/judge/runs/1/findings/0").status_code == 404
    assert visitor.get("/judge/runs/2/report").status_code == 404


def test_the_last_runs_are_kept(visitor: Visitor) -> None:
    for number in range(1, KEPT + 3):
        visitor.post("/judge/probe", url=NOWHERE)
        ended(visitor, number)
    assert visitor.get("/judge/runs/2").status_code == 404
    assert visitor.get("/judge/runs/3").status_code == 200


def test_the_secret_of_a_client_is_not_kept(visitor: Visitor) -> None:
    visitor.post("/judge/probe", url=NOWHERE, assertions="on", credentials="app:s3cret", resource="http://a.example")
    page = ended(visitor)
    assert "--credentials app:YOUR-SECRET" in page
    assert "s3cret" not in page + visitor.get("/judge", again="1").text


def test_with_several_processes_the_command_is_told() -> None:
    with wsgi_served(lambda url: create_app(Config(url, workers=2))) as (url, _), httpx.Client(base_url=url) as client:
        page = client.get("/_devidp/judge").text
        assert "This devidp has several processes, or shares" in page
        (token, *_) = re.findall(r'name="form_token" value="([^"]+)"', page)
        answer = client.post("/_devidp/judge/probe", data={"form_token": token, "url": NOWHERE})
        assert answer.status_code == 400
        assert "a run is in one process" in answer.text
