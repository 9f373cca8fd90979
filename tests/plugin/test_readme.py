"""The negative test of the README, run as it stands against an API that verifies with PyJWT."""

from __future__ import annotations

import pytest

from tests.plugin.test_recipes import PLUGINS
from tests.real_clients.recipes import recipes

pytest_plugins = ["pytester"]

AN_API = """
from types import SimpleNamespace

import jwt


def call_my_api(token):
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    key = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    try:
        jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience="http://localhost:8000/mcp")
    except jwt.ExpiredSignatureError:
        return SimpleNamespace(status_code=401)
    return SimpleNamespace(status_code=200)


def test_sound_tokens_are_let_in(devidp):
    assert call_my_api(devidp.token(user="alice")).status_code == 200
"""


def test_the_negative_test_of_the_readme_passes_where_expired_tokens_are_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_readme=f"{AN_API}\n\n{recipes('README.md', 'python')['Three uses']}")
    pytester.runpytest_subprocess(*PLUGINS, "-q").assert_outcomes(passed=2)
