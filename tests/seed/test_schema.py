"""The JSON Schema accepts what devidp accepts, and describes every key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml

from devidp import seed
from devidp.seed.schema import json_schema

SCHEMA = json_schema()


def properties(schema: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each described key with its schema."""
    if isinstance(schema, dict):
        for key, inner in schema.items():
            if key == "properties":
                yield from ((f"{name}.{each}", value) for each, value in inner.items())
            yield from properties(inner, key)


def valid(text: str) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(yaml.safe_load(text))


def test_it_is_a_schema_of_the_named_dialect() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_accepts_the_shipped_seed() -> None:
    assert valid(seed.shipped_path().read_text(encoding="utf-8"))


def test_every_key_has_a_description() -> None:
    found = dict(properties(SCHEMA))
    assert len(found) > 60
    assert [name for name, inner in found.items() if not inner.get("description")] == []


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "issuers: {default: }\nscopes: {openid: , email: Text, x: {claims: [a]}}\nresources: {http://x: }",
        "users: {bob: , alice: {password: 1234, claims: {a: {b: [1]}}}}",
        "issuers: {m: {lifetimes: {session: 60, id_token: 5m}}}",
        "issuers: {m: {signing_key: {kty: OKP, d: x}, features: {userinfo: false}, refresh_grace: 0}}",
        "issuers: {a: {profile: keycloak}, b: {profile: ./mine.yaml}, c: {profile: mine.yml}}",
        "x-anything: [1]\nclients:\npolicy:",
        "issuers: {m: {device_interval: '${N}', refresh_tokens: '${R}', features: {implicit: '${ON:-true}'}}}",
    ],
)
def test_it_accepts_what_may_be_written(text: str) -> None:
    assert valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "user: {}",
        "users: {alice: {pasword: x}}",
        "users: {alice: {password: }}",
        "users: {alice: {scopes: openid}}",
        "users: {alice: {password: ''}}",
        "clients: {app: {}}",
        "clients: {app: }",
        "clients: {app: {secret: s, consent: never}}",
        "clients: {app: {secret: s, grants: [implicit]}}",
        "issuers: {m: {features: {nope: true}}}",
        "issuers: {m: {profile: keyclaok}}",
        "issuers: {m: {signing_key: {kty: OKP}}}",
        "policy: [{users: [alice]}]",
    ],
)
def test_it_refuses_what_devidp_refuses(text: str) -> None:
    assert not valid(text)
    with pytest.raises(seed.SeedError):
        seed.loads(text)
