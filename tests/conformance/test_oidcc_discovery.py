"""The plan Config: one module with many conditions about the metadata."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from devidp.app import create_app
from devidp.models.config import Config
from devidp.seed import load
from tests.conformance.conftest import SEED
from tests.flow import Flow

ARRAYS = [
    "response_types_supported", "response_modes_supported", "grant_types_supported", "acr_values_supported",
    "subject_types_supported", "id_token_signing_alg_values_supported", "request_object_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported", "claims_supported", "code_challenge_methods_supported",
    "scopes_supported",
]  # fmt: skip


@pytest.fixture(scope="module")
def metadata() -> dict[str, Any]:
    flow = Flow(create_app(Config("https://op.example"), load(SEED)), "op")
    response = flow.http.get("/op/.well-known/openid-configuration")
    assert (response.status_code, response.content_type) == (200, "application/json")
    found: dict[str, Any] = response.get_json()
    found["jwks"] = flow.http.get(urlsplit(found["jwks_uri"]).path).get_json()
    flow.runtime.close()
    return found


def test_oidcc_discovery_endpoint_verification(metadata: dict[str, Any]) -> None:
    assert metadata["issuer"] == "https://op.example/op"
    assert {"code", "id_token", "id_token token"} <= set(metadata["response_types_supported"])
    assert {"authorization_code", "implicit"} <= set(metadata["grant_types_supported"])
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert "RS256" in metadata["request_object_signing_alg_values_supported"]
    assert set(metadata["subject_types_supported"]) <= {"public", "pairwise"}
    assert "openid" in metadata["scopes_supported"]
    assert metadata["claims_parameter_supported"] is True
    assert metadata["request_parameter_supported"] is True


@pytest.mark.parametrize("field", ARRAYS)
def test_every_list_has_elements_and_each_once(metadata: dict[str, Any], field: str) -> None:
    assert metadata[field]
    assert len(set(metadata[field])) == len(metadata[field])


def test_every_endpoint_is_https_at_the_issuer(metadata: dict[str, Any]) -> None:
    endpoints = {name: value for name, value in metadata.items() if name.endswith(("_endpoint", "_uri"))}
    assert {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "registration_endpoint"} <= set(endpoints)
    assert all(value.startswith("https://op.example/op/") for value in endpoints.values())


def test_the_keys_are_public_and_named(metadata: dict[str, Any]) -> None:
    keys = metadata["jwks"]["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    for key in keys:
        assert key["use"] == "sig"
        assert not {"d", "p", "q", "k"} & set(key)
