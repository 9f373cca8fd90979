"""What pages say to a developer of each parameter: what came, and what devidp does with it."""

from __future__ import annotations

from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from tests.flow import CHALLENGE, Flow
from tests.shipped import Start
from tests.web.pages.document import Document


def rows(html: str) -> dict[str, str]:
    """What a page says below each parameter."""
    page = Document(html)
    (listed,) = page.all("dl", **{"class": "parameters"})
    found: dict[str, str] = {}
    name = ""
    for each in page.elements:
        if listed in each.inside and each.tag == "dt":
            name = each.text
            found[name] = ""
        elif listed in each.inside and each.tag == "dd":
            found[name] = f"{found[name]} {each.text}".strip()
    return found


CASES: list[tuple[str, str | None, str]] = [
    ("client_id", "web", "web The client is confidential: it has to prove who it is for a token; it is in the seed."),
    ("redirect_uri", "http://localhost:5555/callback", "the port of a loopback address may differ"),
    ("response_type", "code", "The answer brings a code, for which the client gets tokens."),
    ("response_mode", "form_post", "A page posts the answer to the redirect URI."),
    ("scope", "openid offline_access", "With openid comes an ID token."),
    ("state", "s-1", "s-1 Comes back as it is: the client compares it with its own. OAuth 2.1 section 4.1.1"),
    ("state", None, "Did not come, so the client cannot tell by it whose login this was."),
    ("nonce", "n-1", "n-1 Comes back in the ID token"),
    ("nonce", None, "Did not come: the ID token has none"),
    ("code_challenge", CHALLENGE, f"{CHALLENGE} The code can be exchanged only with the verifier that has this"),
    ("code_challenge_method", "S256", "The challenge is a SHA-256 hash of the verifier. RFC 7636 section 4.3"),
    ("prompt", "login consent", "Asks for a login. Asks for consent, also where it was given before."),
    ("max_age", "3600", "A login of more than 3600 s ago is not good enough."),
    ("login_hint", "bob", "bob stands first."),
    ("login_hint", "nobody", "Nobody here goes by that: it is filled into the form."),
    ("acr_values", "2 9", "The first that the user can reach: 2 (factors: 2)."),
    ("claims", '{"userinfo": {"email": null}}', "Asks by name for email. OpenID Connect Core section 5.5"),
    ("resource", "http://localhost:8000/mcp", "The access token is for it, as its aud says. RFC 8707 section 2"),
    ("audience", "http://localhost:8000/mcp", "Read as resource, the standard's name."),
    ("dpop_jkt", "A" * 43, "only with a proof of the key that has this thumbprint. RFC 9449 section 10"),
    ("access_type", "offline", "Ignored: at this issuer it does not decide on refresh tokens."),
    ("ui_locales", "de", "The name of the client is shown in this language"),
    ("display", "popup", "Ignored: the pages are the same for everybody."),
    ("authorization_details", "[]", "Ignored: this issuer has no types of details. RFC 9396 section 2"),
    ("redirect_url", "x", "x Ignored: not a parameter that this issuer reads here. Did you mean redirect_uri?"),
    ("client_secret", "hush", "Came, and is not shown. Ignored: it does not belong into the address of a page."),
]


def test_the_login_page_says_what_becomes_of_each_parameter(flow: Flow) -> None:
    for parameter, value, said in CASES:
        changes: dict[str, Any] = {"scope": "openid", parameter: value}
        page = flow.authorize(**changes)
        assert said in rows(page.text)[parameter], parameter
        assert "hush" not in page.text


def test_the_consent_page_says_the_same(flow: Flow) -> None:
    page = flow.authorize(state="one", nonce="two")
    assert rows(flow.log_in(page).text) == rows(page.text)


def test_pages_of_two_requests_that_differ_little_show_what_came_with_each(flow: Flow) -> None:
    for value in ("one", "two", "<b>\u202e" + "x" * 5000):
        shown = rows(flow.other_browser().authorize(state=value, nonce=value[::-1]).text)
        assert shown["state"].startswith(value[:3].replace("\u202e", ""))
        assert "\u202e" not in shown["state"]
        assert len(shown["state"]) < 700
    assert "… (5004 characters)" in shown["state"]
    assert "code_challenge" in rows(flow.other_browser().authorize().text)
    assert "nonce" not in rows(flow.other_browser().authorize(scope="mcp:read").text)


def test_what_a_change_of_the_user_does_is_said_at_once(flow: Flow) -> None:
    page = flow.authorize(login_hint="zoe")
    assert "Nobody here goes by that" in rows(page.text)["login_hint"]
    flow.http.post("/_devidp/api/users", json={"username": "zoe"})
    assert "zoe stands first." in rows(flow.authorize(login_hint="zoe").text)["login_hint"]


def test_a_prompt_that_asks_again_says_who_is_logged_in(flow: Flow) -> None:
    flow.redirect()
    page = flow.authorize(prompt="login")
    assert "Asks for a login, though alice is logged in." in rows(page.text)["prompt"]


def test_where_the_parameters_came_from_is_said(start: Start) -> None:
    key = ECKey.generate_key("P-256")
    flow = start(clients={"web": {"jwks": {"keys": [key.as_dict(private=False)]}}})
    claims = {**flow.request(), "iss": "web", "aud": "http://localhost:6749/default"}
    signed = jwt.encode({"alg": "ES256", "typ": "oauth-authz-req+jwt"}, claims, key, default_type=None)
    page = flow.http.get(f"{flow.base}/authorize", query_string={"client_id": "web", "request": signed}).text
    assert "These came in a signed request object (RFC 9101)" in page
    assert rows(page)["state"].startswith("a state")
    pushed = flow.push().get_json()["request_uri"]
    page = flow.http.get(f"{flow.base}/authorize", query_string={"client_id": "web", "request_uri": pushed}).text
    assert "The client pushed these before (RFC 9126)" in page
    assert "request_uri" not in rows(page)
    assert rows(page)["state"].startswith("a state")


def test_a_refusal_says_what_came(flow: Flow) -> None:
    page = flow.authorize(redirect_uri="http://localhost:5555/callback/", id_token_hint="e.y.J").text
    assert "Not registered for this client: nothing is sent there." in rows(page)["redirect_uri"]
    assert rows(page)["id_token_hint"].startswith("Came, and is not shown.")
    assert "e.y.J" not in page
    unknown = rows(flow.authorize(client_id="wep").text)
    assert "No client of this issuer has it." in unknown["client_id"]
    assert "Nothing is sent there: the client is not known." in unknown["redirect_uri"]


def test_a_refused_logout_says_what_came(flow: Flow) -> None:
    query = {"client_id": "web", "post_logout_redirect_uri": "http://localhost:5555/nowhere", "state": "s"}
    page = flow.http.get(f"{flow.base}/logout", query_string=query).text
    assert "Not registered for this client: the browser does not go there." in rows(page)["post_logout_redirect_uri"]
    assert "Did not come: nothing proves" in rows(page)["id_token_hint"]


def test_a_form_of_nobody_shows_no_password(flow: Flow) -> None:
    for path in ("login", "device"):
        data = {"username": "alice", "password": "hush", "transaction": "x"}
        page = flow.at("enterprise").http.post(f"/enterprise/{path}", data=data)
        assert page.status_code == 403
        assert '<dl class="parameters"' not in page.text
        assert "hush" not in page.text


def test_the_most_and_longest_parameters_keep_a_page_small(flow: Flow) -> None:
    longest = ("nonce", "state", "prompt_", "login_hint", "ui_locales", "claims_locales", "display", "access_type")
    hostile: dict[str, Any] = dict.fromkeys(longest, "😀\u202e" * 160)
    hostile |= {f"x\u202e{number}" * 2: "\u202e" * 20 for number in range(60)}
    page = flow.authorize("POST", **hostile)
    assert page.status_code == 200
    assert len(page.data) < 80_000
    assert "55 more Ignored too." in Document(page.text).text
    assert "\u202e" not in Document(page.text).text
