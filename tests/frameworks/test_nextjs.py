"""docs/nextjs.md: an app whose users log in, by NextAuth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from devidp import DevIdP
from tests.frameworks.project import Page, linked, serving

PAGE = Page("nextjs.md")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevIdP]:
    with DevIdP(PAGE.files["seed.yaml"]) as running:
        yield running


@pytest.fixture(scope="module")
def url(idp: DevIdP, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nextjs")
    PAGE.write(folder)
    linked(folder, "nextjs", PAGE)
    # webpack, because the default compiler takes no packages from outside of the folder
    command = PAGE.command("npx next").partition("npx ")[2].replace("next dev", "node_modules/.bin/next dev --webpack")
    variables = {"ISSUER": idp.issuer, "NEXTAUTH_URL": "{url}", "NEXTAUTH_SECRET": "x", "NEXT_TELEMETRY_DISABLED": "1"}
    with serving(folder, lambda port: f"{command} --port {port}", **variables) as url:
        yield url


def test_a_person_logs_in(idp: DevIdP, url: str) -> None:
    with requests.Session() as http:
        assert "Log in" in http.get(url).text
        csrf = http.get(f"{url}/api/auth/csrf").json()["csrfToken"]
        form = {"csrfToken": csrf, "callbackUrl": url, "json": "true"}
        started = http.post(f"{url}/api/auth/signin/devidp", data=form).json()["url"]
        assert "Hello Bob Brown" in idp.authorize(started, user="bob", http=http).text
