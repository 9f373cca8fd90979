"""docs/conformance/run.py against something that answers as the suite does, and a provider whose keys it turns."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from flask import Flask, request

from docs.conformance import run
from tests.conformance.conftest import DOCUMENT
from tests.flow import Flow
from tests.shipped import PUBLIC_URL

FOUND = {
    "oidcc-server": ("FINISHED", "PASSED"),
    "oidcc-max-age-1": ("FINISHED", "REVIEW"),
    "oidcc-idtoken-unsigned": ("FINISHED", "SKIPPED"),
    "oidcc-discovery-endpoint-verification": ("FINISHED", "WARNING"),
    "oidcc-server-rotate-keys": ("FINISHED", "FAILED"),
    "oidcc-refresh-token": ("INTERRUPTED", "PASSED"),
}


def published(provider: Flow) -> int:
    return len(provider.http.get("/op/.well-known/jwks.json").get_json()["keys"])


@pytest.fixture
def asked() -> list[str]:
    """What was asked of the suite, but for questions after a state."""
    return []


@pytest.fixture
def suite(asked: list[str], provider: Flow) -> Flask:
    app = Flask(__name__)

    @app.post("/api/plan")
    def plan() -> Any:
        asked.append(f"{request.args['planName']} as {request.get_json()['alias']}")
        return {"id": "plan-1", "modules": [{"testModule": name, "variant": {"form": "none"}} for name in FOUND]}, 201

    @app.post("/api/runner")
    def create() -> Any:
        asked.append(request.args["test"])
        return {"id": request.args["test"]}, 201

    @app.post("/api/runner/<test>")
    def start(test: str) -> Any:
        asked.append(f"start {test} with {published(provider)} keys")
        return {}

    @app.get("/api/runner/<test>/wait-state")
    def wait(test: str) -> Any:
        state = "CONFIGURED" if request.args["states"] == "CONFIGURED" else FOUND[test][0]
        assert state in request.args["states"].split(","), "the driver would wait in vain"
        return {"state": state}

    @app.get("/api/info/<test>")
    def info(test: str) -> Any:
        return dict(zip(("status", "result"), FOUND[test], strict=True))

    @app.get("/api/log/<test>")
    def log(test: str) -> Any:
        return [{"src": "CheckKeys", "result": "FAILURE", "msg": f"no new key in {test}"}, {"src": "-START-BLOCK-"}]

    return app


def test_a_plan_is_run_module_by_module_and_counted(
    suite: Flask, provider: Flow, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    keys = published(provider)
    with (
        httpx.Client(transport=httpx.WSGITransport(suite), base_url="https://suite.example") as tests,
        httpx.Client(transport=httpx.WSGITransport(provider.app), base_url=PUBLIC_URL) as devidp,
    ):
        status = run.run(run.Driver(tests, devidp, "beside"), ["dynamic"])
    shown = capsys.readouterr()
    assert status == 1
    assert shown.out.splitlines() == [
        "| Dynamic | `response_type=code` | 6 | 1 | 1 | 1 | 1 | 2 |",
        "| **All** | | 6 | 1 | 1 | 1 | 1 | 2 |",
    ]
    assert "dynamic: oidcc-max-age-1 none: REVIEW" in shown.err
    assert "CheckKeys: no new key in oidcc-server-rotate-keys" in shown.err
    *others, rotation, last = FOUND
    plan, start = "oidcc-dynamic-certification-test-plan as beside", f"start {rotation} with {keys + 1} keys"
    assert asked == [plan, *others, rotation, start, last]


def test_the_page_has_a_row_for_each_plan_and_their_sum() -> None:
    text = DOCUMENT.read_text("utf-8")
    rows = [next(line for line in text.splitlines() if line.startswith(plan.head)) for plan in run.PLANS.values()]
    sums = [sum(column) for column in zip(*([int(cell) for cell in row.split("|")[3:-1]] for row in rows), strict=True)]
    assert f"| **All** | | {' | '.join(map(str, sums))} |" in text
