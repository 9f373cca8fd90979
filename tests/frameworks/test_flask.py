"""docs/flask.md: an application with pages and an API, by Authlib."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import requests

from devidp import DevIdP
from tests.frameworks.project import DEVIDP, Page, pytest_in, serving

PAGE = Page("flask.md")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_its_tests_pass(tmp_path: Path) -> None:
    PAGE.write(tmp_path)
    assert "6 passed" in pytest_in(tmp_path)


def test_by_hand_a_person_logs_in(tmp_path: Path) -> None:
    with DevIdP() as idp, requests.Session() as http:
        PAGE.write(tmp_path, {DEVIDP: idp.url})
        flask = f"{sys.executable} -m {PAGE.command('flask --app').removeprefix('.venv/bin/')}"
        with serving(tmp_path, lambda port: f"{flask} --port {port}") as url:
            assert idp.authorize(url, user="bob", http=http).text == "Hello Bob Brown"
