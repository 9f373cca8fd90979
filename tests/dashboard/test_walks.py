"""What a person who has never seen devidp can do from the dashboard alone, with an application that Authlib logs in."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.wrappers import Response

from devidp import DevIdP
from tests.dashboard.browser import Looker, check
from tests.flow import MCP
from tests.serving import wsgi_served

OTHER = "http://localhost:8000/other"
PAGE = "<link rel=icon href=data:,><h1>{}</h1><p>{}</p>"


def application(issuer: str, base_url: str) -> Flask:
    """Logs people in at ``/login``, and calls its API with their token; ``?mistake=`` says what is wrong with it."""
    app = Flask("notes")
    app.secret_key = "a key of a test"
    devidp = OAuth(app).register(
        "devidp",
        client_id="web",
        client_secret="web-secret",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile mcp:read", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login() -> Response:
        session["mistake"] = request.args.get("mistake")
        answer: Response = devidp.authorize_redirect(
            f"{base_url}/callback{'/' if session['mistake'] == 'redirect URI' else ''}"
        )
        return answer

    @app.get("/callback")
    def callback() -> str:
        if session["mistake"] == "verifier":
            session[f"_state_devidp_{request.args['state']}"]["data"]["code_verifier"] = "x" * 43
        try:
            token = devidp.authorize_access_token()
        except OAuthError as error:
            return PAGE.format("Not logged in", error.error)
        return api(token["access_token"], OTHER if session["mistake"] == "audience" else MCP)

    def api(token: str, audience: str) -> str:
        keys = jwt.PyJWKSet.from_dict(devidp.fetch_jwk_set())
        try:
            claims = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], audience=audience)
        except jwt.InvalidTokenError as error:
            return PAGE.format(f"401 {error}", token)
        return PAGE.format("Your notes", claims["sub"])

    return app


@pytest.fixture
def notes(idp: DevIdP) -> Iterator[str]:
    """The address of the application."""
    with wsgi_served(lambda base_url: application(idp.issuer, base_url)) as (base_url, _):
        yield base_url


@pytest.fixture
def tabs(notes: str, look: Looker) -> BrowserContext:
    """A browser with the dashboard in one tab and the application in another."""
    look.expected.append(notes)
    return look.context()


def dashboard(look: Looker, tabs: BrowserContext) -> Page:
    page = look.tab(tabs)
    page.goto(f"{look.base}/_devidp/")
    return page


def log_in(look: Looker, tabs: BrowserContext, address: str) -> Page:
    """As Alice, who agrees."""
    page = look.tab(tabs)
    page.goto(address)
    page.get_by_role("button", name="Alice Anderson").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/callback?**")
    return page


def test_a_client_is_logged_in(look: Looker, tabs: BrowserContext, notes: str) -> None:
    page = dashboard(look, tabs)
    page.get_by_role("link", name="Connect", exact=True).first.click()
    page.get_by_text("live", exact=True).wait_for()
    expect(log_in(look, tabs, f"{notes}/login").get_by_role("heading", name="Your notes")).to_be_visible()
    page.get_by_role("heading", name="succeeded web has called").wait_for()
    page.get_by_role("link", name="Open its flow").click()
    page.locator(".message").get_by_text("200 access_token").wait_for()
    expect(page.get_by_text(f"Tokens were issued for {MCP}")).to_be_visible()


def test_a_redirect_uri_that_differs_by_a_slash(look: Looker, tabs: BrowserContext, notes: str) -> None:
    page, login = dashboard(look, tabs), look.tab(tabs)
    look.expected.append("400 (BAD REQUEST)")
    login.goto(f"{notes}/login?mistake=redirect URI")
    page.get_by_role("row").filter(has_text="refused").get_by_role("link", name="web").click()
    why = page.get_by_role("region", name="Refused: invalid_request")
    expect(why.get_by_text("What came has a slash at its end, which is not expected.")).to_be_visible()
    assert why.locator("mark").all_inner_texts() == ["/"]
    login.get_by_role("link", name="See what happened").click()
    assert login.title() == page.title()


def test_a_wrong_verifier(look: Looker, tabs: BrowserContext, notes: str) -> None:
    page = dashboard(look, tabs)
    login = log_in(look, tabs, f"{notes}/login?mistake=verifier")
    expect(login.get_by_text("invalid_grant")).to_be_visible()
    page.get_by_role("row").filter(has_text="refused").get_by_role("link", name="web").click()
    why = page.get_by_role("region", name="Refused: invalid_grant")
    expect(why.get_by_text("code_verifier").first).to_be_visible()
    expect(why.get_by_text("What to change")).to_be_visible()
    expect(why.get_by_text("section 4.6")).to_be_visible()
    check(page, "walk-verifier")


def test_a_wrong_audience_at_the_api(look: Looker, tabs: BrowserContext, notes: str) -> None:
    page = dashboard(look, tabs)
    login = log_in(look, tabs, f"{notes}/login?mistake=audience")
    expect(login.get_by_role("heading", name="401")).to_be_visible()
    page.get_by_role("row").filter(has_text="succeeded").get_by_role("link", name="web").click()
    refused = page.get_by_role("region", name="If an API refuses the token")
    expect(refused.get_by_text(MCP)).to_be_visible()
    check(page, "walk-audience")
    refused.get_by_role("link", name="Inspect").click()
    page.get_by_label("Token", exact=True).fill(login.locator("p").inner_text())
    page.get_by_label("Audience of your API").fill(OTHER)
    page.get_by_role("button", name="Inspect").click()
    expect(page.get_by_text(OTHER).first).to_be_visible()
    check(page, "walk-audience-inspected")


def test_a_token_of_the_flow_is_made_that_has_expired(look: Looker, tabs: BrowserContext, notes: str) -> None:
    page = dashboard(look, tabs)
    log_in(look, tabs, f"{notes}/login")
    page.get_by_role("row").filter(has_text="succeeded").get_by_role("link", name="web").click()
    page.get_by_role("link", name="Mint such a token").click()
    page.get_by_text("Time 17").click()
    page.get_by_role("checkbox", name="expired exp is a day ago").check()
    page.get_by_role("button", name="Mint").last.click()
    page.get_by_role("button", name="Copy the line for pytest").click()
    line = page.locator("#pytest").inner_text()
    assert line.startswith("token = idp.token(")
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(page.locator("#token").inner_text(), options={"verify_signature": False, "verify_exp": True})


def test_a_user_who_has_a_second_factor(look: Looker, tabs: BrowserContext) -> None:
    page = dashboard(look, tabs)
    page.get_by_role("link", name="Controls", exact=True).click()
    page.get_by_role("link", name="Users", exact=True).first.click()
    page.get_by_role("link", name="Add a user").click()
    page.get_by_label("User name").fill("carol")
    page.get_by_label("Second factor").select_option("totp")
    page.get_by_role("button", name="Add the user").click()
    page.get_by_text("carol was added").wait_for()
    assert page.locator("#factor .clock").inner_text().isdecimal()
