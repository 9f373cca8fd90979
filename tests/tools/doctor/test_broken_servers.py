"""The doctor names the fault of each broken set-up, and finds none where there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devidp.tools.doctor import examine
from devidp.tools.doctor.examination import NAMES
from tests.tools.doctor.world import OAUTH_PATH, OPENID_PATH, RESOURCE_PATH, World, world

DOCUMENT = Path(__file__).parents[3] / "docs" / "doctor.md"
Break = Callable[[World], object]


def _at_the_root(served: World) -> None:
    served.resource_path = RESOURCE_PATH.removesuffix("/mcp")
    served.challenge = f'Bearer scope="read", resource_metadata="{served.base}{served.resource_path}"'


def _without_scope(served: World) -> None:
    del served.resource["scopes_supported"]
    served.challenge = served.challenge.replace('scope="read", ', "")


def _elsewhere(served: World, issuer: str) -> None:
    served.resource["authorization_servers"] = [issuer]


def _documents_only(served: World) -> None:
    del served.metadata["registration_endpoint"]
    served.metadata["client_id_metadata_document_supported"] = True


def _unadvertised(served: World) -> None:
    del served.metadata["authorization_response_iss_parameter_supported"]


BROKEN: list[tuple[str, str, str, Break]] = [
    ("server-lets-in", "challenge", "fail", lambda w: vars(w).update(no_token=200)),
    ("403-for-401", "challenge", "fail", lambda w: vars(w).update(no_token=403)),
    ("no-challenge", "challenge", "fail", lambda w: vars(w).update(challenge="")),
    ("basic-challenge", "challenge", "fail", lambda w: vars(w).update(challenge="Basic realm=x")),
    (
        "challenge-without-metadata",
        "challenge-metadata",
        "warn",
        lambda w: vars(w).update(challenge="Bearer scope=read"),
    ),
    ("wrong-metadata-address", "challenge-metadata", "fail", lambda w: vars(w).update(resource_path="/elsewhere")),
    ("metadata-nowhere", "resource-metadata", "fail", lambda w: vars(w).update(resource_path="/elsewhere")),
    ("metadata-at-the-root-only", "resource-metadata", "warn", _at_the_root),
    ("wrong-audience", "resource", "fail", lambda w: w.resource.update(resource=w.base)),
    ("slash-after-resource", "resource", "warn", lambda w: w.resource.update(resource=f"{w.server}/")),
    ("no-issuer-named", "authorization-servers", "fail", lambda w: w.resource.pop("authorization_servers")),
    ("no-scope", "scopes", "warn", _without_scope),
    (
        "asks-for-refresh-tokens",
        "scopes",
        "warn",
        lambda w: w.resource.update(scopes_supported=["read", "offline_access"]),
    ),
    ("tokens-not-checked", "garbage-token", "fail", lambda w: vars(w).update(garbage=200)),
    ("crash-on-garbage", "garbage-token", "fail", lambda w: vars(w).update(garbage=500)),
    ("closed-to-pages", "server-cors", "warn", lambda w: vars(w).update(cors=False)),
    ("closed-issuer", "cors", "warn", lambda w: vars(w).update(cors=False)),
    ("issuer-not-there", "issuer-transport", "fail", lambda w: _elsewhere(w, "http://127.0.0.1:9/idp")),
    ("plain-http-elsewhere", "issuer-transport", "fail", lambda w: _elsewhere(w, "http://192.0.2.1/idp")),
    ("no-metadata", "issuer-metadata", "fail", lambda w: w.statuses.update({OAUTH_PATH: 404, OPENID_PATH: 404})),
    ("server-error-in-discovery", "issuer-metadata", "fail", lambda w: w.statuses.update({OAUTH_PATH: 500})),
    ("slash-after-issuer", "issuer-identical", "fail", lambda w: w.metadata.update(issuer=f"{w.issuer}/")),
    ("other-issuer", "issuer-identical", "fail", lambda w: w.metadata.update(issuer="https://idp.example")),
    ("issuer-without-path", "issuer-form", "warn", lambda w: _elsewhere(w, w.base)),
    ("no-token-endpoint", "endpoints", "fail", lambda w: w.metadata.pop("token_endpoint")),
    ("pkce-not-advertised", "pkce", "fail", lambda w: w.metadata.pop("code_challenge_methods_supported")),
    ("pkce-plain", "pkce", "fail", lambda w: w.metadata.update(code_challenge_methods_supported=["plain"])),
    ("no-code", "response-types", "fail", lambda w: w.metadata.update(response_types_supported=["token"])),
    ("no-jwks-uri", "openid-fields", "fail", lambda w: w.metadata.pop("jwks_uri")),
    ("no-refresh", "refresh", "warn", lambda w: w.metadata.update(grant_types_supported=["authorization_code"])),
    ("no-registration", "registration", "fail", lambda w: w.metadata.pop("registration_endpoint")),
    ("documents-only", "registration", "warn", _documents_only),
    ("iss-not-advertised", "iss-advertised", "warn", _unadvertised),
    ("registration-refused", "registers", "fail", lambda w: w.statuses.update({"/idp/register": 401})),
    ("registration-not-echoed", "registers", "fail", lambda w: w.registered.pop("token_endpoint_auth_method")),
    ("open-redirect", "foreign-redirect", "fail", lambda w: vars(w).update(any_redirect=True)),
    ("fixed-port", "loopback-port", "fail", lambda w: vars(w).update(any_port=False)),
    ("pkce-not-asked", "pkce-required", "warn", lambda w: w.statuses.update({"/idp/authorize": 200})),
    ("iss-missing", "iss", "fail", lambda w: vars(w).update(send_iss=None)),
    ("iss-wrong", "iss", "fail", lambda w: vars(w).update(send_iss="https://idp.example")),
    ("html-from-token", "token-errors", "fail", lambda w: vars(w).update(token_body="<html>")),
    ("no-keys", "jwks", "fail", lambda w: w.keys.clear()),
    ("key-without-kid", "jwks", "fail", lambda w: w.keys.append({"kty": "RSA"})),
]


@pytest.fixture
def served() -> Iterator[World]:
    with world() as made:
        yield made


def test_where_nothing_is_wrong_nothing_is_found(served: World) -> None:
    report = examine(served.server)
    assert [finding for finding in report.findings if finding.verdict != "pass"] == []
    assert [finding.check for finding in report.findings] == list(NAMES)
    assert report.kind == "MCP server"


def test_an_issuer_can_be_examined_alone(served: World) -> None:
    report = examine(served.issuer)
    assert (report.kind, report.failed) == ("issuer", [])


@pytest.mark.parametrize(("check", "verdict", "spoil"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_set_up_is_named_with_its_remedy(served: World, check: str, verdict: str, spoil: Break) -> None:
    spoil(served)
    found = {finding.check: finding for finding in examine(served.server).findings}
    assert found[check].verdict == verdict, found
    assert found[check].reason
    assert found[check].remedy
    assert found[check].clients or verdict == "warn"


def test_every_check_has_a_set_up_that_it_finds() -> None:
    found = {check for _, check, _, _ in BROKEN}
    assert set(NAMES) - found == {"server-transport"}


def test_every_check_is_documented_and_no_other() -> None:
    table = DOCUMENT.read_text(encoding="utf-8").partition("| check |")[2]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)} == set(NAMES)
