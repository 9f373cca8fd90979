"""APIs with the resource servers of Flask's, Django's and FastAPI's users."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devidp import DevIdP
from tests.frameworks.project import Page
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.asgi import asgi_served
from tests.real_clients.program import running
from tests.serving import wsgi_served

Documented = Callable[..., Any]
NOTES = "http://localhost:8000/notes"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Documented:
    """The module ``notes`` of a page of the documentation."""

    def module(page: str, **replaced: str) -> Any:
        Page(page).write(tmp_path, replaced)
        monkeypatch.syspath_prepend(tmp_path)
        for name in ("notes", "caller"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module("notes")

    return module


def test_flask_with_authlib(idp: DevIdP, probed: Probed, documented: Documented) -> None:
    notes = documented("flask.md")
    with wsgi_served(lambda _: notes.create_app(idp.issuer)) as (base_url, _):
        check(probed(f"{base_url}/notes", audience=notes.AUDIENCE, scope="mcp:read"), "flask-authlib")


def test_django_rest_framework(idp: DevIdP, probed: Probed) -> None:
    with running(".venv-vendors", "tests.probe.servers.programs.django_rest") as program:
        url = program.ask(serve=idp.issuer, audience=NOTES)["server"]
        check(probed(url, audience=NOTES, scope="mcp:read"), "django-rest-framework")


def test_the_documented_fastapi_is_clean(idp: DevIdP, probed: Probed, documented: Documented) -> None:
    # with the whole probe: what the page waits for takes as long as this
    notes = documented("fastapi.md", **{"lifespan=20, cooldown_duration=5": "lifespan=1, cooldown_duration=0.2"})
    with asgi_served(lambda _: notes.create_app(idp.issuer)) as base_url:
        report = probed(f"{base_url}/notes", audience=notes.AUDIENCE, scope="mcp:read", skip=())
    check(report, "fastapi")
    report.assert_clean(fail_on="advice")
