"""No report holds what opens a door, wherever it stood."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest

from devidp.report import Check, Exchange, Finding, junit, markdown, page, sarif
from tests.report.samples import ALG_NONE, JWT, report

OPAQUE = "k3Jx9QvT2mZ8pLw4RtYb"
SHOWN_JWT = '<JWT {"alg":"none","typ":"JWT"}>'


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (("Authorization", f"Bearer {JWT}"), ("Authorization", f"Bearer {SHOWN_JWT}")),
        (("authorization", f"bearer  {OPAQUE}"), ("authorization", "bearer  <redacted>")),
        (("Authorization", f"{OPAQUE}, Bearer {OPAQUE}"), ("Authorization", "<redacted>, Bearer <redacted>")),
        (("X-Auth-Token", OPAQUE), ("X-Auth-Token", "<redacted>")),
        (("X-Forwarded-Access-Token", OPAQUE), ("X-Forwarded-Access-Token", "<redacted>")),
        (("Authorization", "Basic Og=="), ("Authorization", "Basic <redacted>")),
        (("Authorization", "Bearer made-up"), ("Authorization", "Bearer made-up")),
        (("Cookie", f"sid=a; token={OPAQUE}"), ("Cookie", "sid=<redacted>; token=<redacted>")),
        (("Set-Cookie", "sid=abc; Path=/; HttpOnly"), ("Set-Cookie", "sid=<redacted>; Path=/; HttpOnly")),
        (("Mcp-Session-Id", "1868a90c"), ("Mcp-Session-Id", "<redacted>")),
        (("X-Subscription-Key", "short"), ("X-Subscription-Key", "<redacted>")),
        (("X-Amz-Security-Token", OPAQUE), ("X-Amz-Security-Token", "<redacted>")),
        (("Keep-Alive", "timeout=5"), ("Keep-Alive", "timeout=5")),
        (("DPoP", JWT), ("DPoP", SHOWN_JWT)),
        (
            ("Location", f"http://127.0.0.1:1/cb?code={OPAQUE}&state=x&iss=y"),
            ("Location", "http://127.0.0.1:1/cb?code=<redacted>&state=x&iss=y"),
        ),
        (
            ("WWW-Authenticate", 'Bearer error="invalid_token", resource_metadata="http://127.0.0.1/x"'),
            ("WWW-Authenticate", 'Bearer error="invalid_token", resource_metadata="http://127.0.0.1/x"'),
        ),
    ],
)
def test_a_header_shows_its_form_and_no_secret(sent: tuple[str, str], shown: tuple[str, str]) -> None:
    assert Exchange("GET", "http://127.0.0.1/", (sent,), headers=(sent,)).sent == (shown,)
    assert Exchange("GET", "http://127.0.0.1/", (sent,), headers=(sent,)).headers == (shown,)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            f"code={OPAQUE}&code_verifier={OPAQUE}&client_id=web",
            "code=<redacted>&code_verifier=<redacted>&client_id=web",
        ),
        ('{"access_token": "short", "token_type": "Bearer"}', '{"access_token": "<redacted>", "token_type": "Bearer"}'),
        ('{"client_secret":"a\\"b"}', '{"client_secret":"<redacted>"}'),
        ('{"refresh_token":"cut o', '{"refresh_token":"<redacted>"'),
        ('{"error": {"code": -32001, "message": "no"}}', '{"error": {"code": -32001, "message": "no"}}'),
        (f"Invalid token {JWT}: no signature", f"Invalid token {SHOWN_JWT}: no signature"),
        (f"Traceback: Bearer {OPAQUE} is unknown", "Traceback: Bearer <redacted> is unknown"),
        ("eyJub3QganNvbg.e30.x", "<redacted>"),
        (f"not W10.{JWT.partition('.')[2]} either", "not <redacted> either"),
        ('{"apiKey": "a", "clientSecret": "b"}', '{"apiKey": "<redacted>", "clientSecret": "<redacted>"}'),
        ('{"api-key": "a", "x-api-key": "b"}', '{"api-key": "<redacted>", "x-api-key": "<redacted>"}'),
        ("?sig=abc&subscription-key=d&sigma=1", "?sig=<redacted>&subscription-key=<redacted>&sigma=1"),
        ("/login;jsessionid=0A1B2C3D?x=1", "/login;jsessionid=<redacted>"),
        ("Bearer token, bearer of news", "Bearer token, bearer of news"),
    ],
)
def test_a_text_keeps_everything_but_secrets(text: str, shown: str) -> None:
    made = Exchange("POST", "http://127.0.0.1/", sent_body=text, body=text, problem=text)
    assert {made.sent_body, made.body, made.problem} == {shown}
    assert Finding(ALG_NONE, "", text).detail == shown
    assert Check("a", "b", "passed", note=text).note == shown
    assert Exchange("POST", "http://127.0.0.1/", body=shown).body == shown, "what is hidden stays as it is"


def test_a_header_that_is_nested_without_end_is_hidden() -> None:
    nested = urlsafe_b64encode(('{"a":' * 20000).encode()).decode().rstrip("=")
    assert Exchange("GET", "http://127.0.0.1/", body=f"{nested}.e30.x").body == "<redacted>"


def test_the_address_shows_no_token() -> None:
    assert Exchange("GET", f"http://127.0.0.1/?access_token={OPAQUE}&a=b").url == (
        "http://127.0.0.1/?access_token=<redacted>&a=b"
    )


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("http://localhost:8000/x?api_key=hunter2&a=b", "http://localhost:8000/x?api_key=<redacted>&a=b"),
        ("client --api-key hunter2 --token abc {url}", "client --api-key <redacted> --token <redacted> {url}"),
        ("client --password=hunter2 {url}", "client --password=<redacted> {url}"),
        ("client --token {url} -v", "client --token {url} -v"),
    ],
)
def test_what_was_judged_shows_no_secret(target: str, shown: str) -> None:
    made = replace(report(), target=target)
    for text in (made.to_json(), sarif.text(made), junit.text(made, None), page.text(made), markdown.text(made)):
        assert "hunter2" not in text
    assert made.target == shown
