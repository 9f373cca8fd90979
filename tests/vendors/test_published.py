"""The addresses of each profile are those that the vendor publishes, and what is recorded there is nearest to it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from devidp import DevIdP
from devidp.oauth.endpoints import MEMBERS
from devidp.seed import profile
from devidp.tools.recording import record
from tests.document_server import serving
from tests.tools.recording.test_recording import metadata
from tests.vendors.published import METADATA

NOT_MODELLED: dict[str, set[str]] = {
    "entra": {"userinfo_endpoint"},  # one for all tenants, at Microsoft Graph; here each has its own
    "entra-v1": {"jwks_uri"},  # one for all tenants, too
    "okta": {"registration_endpoint"},  # a call of the administrative API
}
"""Addresses that are elsewhere here, or nowhere."""


def paths(document: dict[str, Any], mounted_at: str = "") -> dict[str, str]:
    """The path of each endpoint, without what a provider is mounted at that has its host for itself."""
    addresses = {member: document[member] for member in MEMBERS.values() if member in document}
    return {member: urlsplit(address).path.removeprefix(mounted_at) for member, address in addresses.items()}


def of_tenant(document: dict[str, Any], issuer: str) -> dict[str, Any]:
    """``document`` for the tenant whose name is in the path of our issuer."""
    pattern = re.escape(urlsplit(document["issuer"]).path).replace(r"\{name\}", "(?P<name>[^/]+)")
    match = re.fullmatch(pattern, urlsplit(issuer).path)
    name = match.groupdict().get("name") if match else None
    found: dict[str, Any] = json.loads(json.dumps(document).replace("{name}", name or "{name}"))
    return found


def test_every_profile_has_the_metadata_of_its_vendor() -> None:
    assert set(METADATA) == set(profile.names())


@pytest.mark.parametrize("name", profile.names())
def test_the_addresses_of_a_profile_are_those_that_the_vendor_publishes(name: str) -> None:
    with DevIdP(profile=name) as idp:
        ours, theirs = metadata(idp), of_tenant(METADATA[name], idp.issuer)
    mounted_at = "" if urlsplit(theirs["issuer"]).path.strip("/") else urlsplit(ours["issuer"]).path.rstrip("/")
    published = {member: path for member, path in paths(theirs).items() if member not in NOT_MODELLED.get(name, ())}
    assert {member: path for member, path in paths(ours, mounted_at).items() if member in published} == published


@pytest.mark.parametrize("name", profile.names())
def test_a_recording_of_the_vendors_metadata_is_nearest_to_its_profile(name: str) -> None:
    with DevIdP(profile=name) as idp:
        document = of_tenant(METADATA[name], idp.issuer)
    with serving({**document, "jwks_uri": None}) as url:
        assert record(url).nearest == name
