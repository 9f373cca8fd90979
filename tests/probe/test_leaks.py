"""What an answer tells is found, and nothing is found in what any refusal says."""

from __future__ import annotations

import pytest

from devidp.probe import leaks
from devidp.probe.exchange import Answer, Request

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZS1vZi10aGUtc2VlZCJ9.c2lnbmF0dXJlLW9mLXRoZS1pc3N1ZXI"
CLAIMS = {"sub": "alice-of-the-seed", "jti": "1f3e", "aud": "http://localhost:8000/mcp"}
ASKED = Request("GET", "http://localhost:8000/app/v1/orders")


def found(body: str, status: int = 401, **headers: str) -> list[str]:
    sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    answer = Answer(status, sent, body.encode(), request=ASKED)
    return sorted(leak.kind.name for leak in leaks.find(answer, TOKEN, CLAIMS))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<title>InvalidTokenError // Werkzeug Debugger</title>", ["leak-debug-page", "leak-exception"]),
        ('File "/srv/shop/api.py", line 4', ["leak-path", "leak-stack-trace"]),
        ("Error: no\n    at verify (/srv/shop/node_modules/jose/index.js:12:7)", ["leak-path", "leak-stack-trace"]),
        ("  at com.example.Api.orders(Api.java:17)", ["leak-stack-trace"]),
        ("goroutine 12 [running]:", ["leak-stack-trace"]),
        ("thread 'main' panicked at src/main.rs:4:5", ["leak-stack-trace"]),
        ("#0 C:\\inetpub\\shop\\index.php(3): check()", ["leak-path", "leak-stack-trace"]),
        ('{"client_secret": "s3cr3t-s3cr3t-s3cr3t"}', ["leak-secret"]),
        ("-----BEGIN RSA PRIVATE KEY-----", ["leak-secret"]),
        ('{"message": "jwt.exceptions.ExpiredSignatureError"}', ["leak-exception"]),
        ("org.springframework.security.oauth2.jwt.BadJwtException", ["leak-exception"]),
        (f"not accepted: {TOKEN}", ["leak-token"]),
        ("signature c2lnbmF0dXJlLW9mLXRoZS1pc3N1ZXI is wrong", ["leak-token"]),
        ("alice-of-the-seed may not", ["leak-claims"]),
    ],
)
def test_what_is_nobodys_business_is_found(body: str, expected: list[str]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "",
        '{"error": "invalid_token", "error_description": "The token has expired"}',
        '{"errors": [{"message": "Not logged in", "extensions": {"code": "UNAUTHENTICATED"}}]}',
        '{"timestamp": 1, "status": 401, "error": "Unauthorized", "path": "/app/v1/orders"}',
        '<form><input type="password" name="password" placeholder="Your password"></form>',
        "expected the issuer http://localhost:6749/default and the audience http://localhost:8000/mcp",
        "Signature verification failed: Error 3, an Exception to the rule",
        "\n" * 200_000,
        "a." * 100_000,
        "A" * 200_000,
    ],
)
def test_what_any_refusal_says_is_no_leak(body: str) -> None:
    assert found(body) == []


def test_a_header_can_tell_too() -> None:
    assert found("", WWW_Authenticate='Bearer error_description="TokenExpiredError: jwt expired"') == ["leak-exception"]
    assert found("", Server="Werkzeug/3.1.3 Python/3.11.2") == ["leak-version"]
    assert found("", Server="uvicorn", X_Powered_By="Express") == []


def test_who_is_known_may_be_named() -> None:
    assert found("alice-of-the-seed may not", status=403) == []
