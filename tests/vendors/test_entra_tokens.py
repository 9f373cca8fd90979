"""The profiles entra and entra-v1: what their tokens say, and where they come from."""

from __future__ import annotations

import pytest
import requests

from devidp import DevIdP
from tests.flow import header, payload
from tests.vendors.entra import CLI, DAEMON, KEYED, PYTHON, READ, TASKS, TENANT, WEB, program, seed

OTHER = "4a6b9e55-5b6c-4d7e-8f80-9a1b2c3d4e5f"
pytestmark = pytest.mark.slow
ALWAYS = {"iss", "aud", "sub", "iat", "nbf", "exp", "tid", "uti", "ver", "oid"}
OF_USER = {"name", "scp", "roles"}
IN_VERSION_1 = {"unique_name", "upn", "given_name"}


@pytest.mark.parametrize(
    ("profile", "user", "app", "id_token"),
    [
        (
            "entra",
            {*ALWAYS, *OF_USER, "azp", "azpacr", "preferred_username"},
            {*ALWAYS, "azp", "azpacr", "roles"},
            {*ALWAYS, "name", "preferred_username", "roles", "nonce", "sid"},
        ),
        (
            "entra-v1",
            {*ALWAYS, *OF_USER, "appid", "appidacr", "acr", "amr", *IN_VERSION_1},
            {*ALWAYS, "appid", "appidacr", "roles", "idp"},
            {*ALWAYS, "name", *IN_VERSION_1, "roles", "nonce", "sid", "amr"},
        ),
    ],
)
def test_tokens_have_the_claims_that_microsoft_documents(
    profile: str, user: set[str], app: set[str], id_token: set[str]
) -> None:
    with DevIdP(seed(profile)) as idp:
        tokens = idp.login(client=WEB, scope=f"openid profile {READ}", nonce="n")
        assert payload(tokens["access_token"]).keys() == user
        assert payload(tokens["id_token"]).keys() == id_token
        more = idp.login(client=WEB, scope=f"openid email {READ}")
        assert payload(more["id_token"])["email"] == "alice@acme.example"
        where = requests.get(idp.discovery_url, timeout=60).json()["userinfo_endpoint"]
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert requests.get(where, headers=bearer, timeout=60).json().keys() == {"sub", "name", "given_name"}
        assert payload(idp.token(client=DAEMON, scope=f"{TASKS}/.default")).keys() == app
        assert [header(tokens[name])["typ"] for name in ("access_token", "id_token")] == ["JWT", "JWT"]


@pytest.mark.parametrize(("client", "how"), [(WEB, "1"), (CLI, "0"), (KEYED, "2")])
def test_a_token_says_how_its_client_authenticates(idp: DevIdP, v1: DevIdP, client: str, how: str) -> None:
    assert payload(idp.token(client=client, scope=READ))["azpacr"] == how
    assert payload(v1.token(client=client, scope=READ))["appidacr"] == how


def test_an_application_for_the_endpoints_of_version_2_gets_tokens_of_version_1(v1: DevIdP) -> None:
    with program(v1, PYTHON) as libraries:
        asked = {"client": DAEMON, "secret": "daemon-secret", "authority": f"{v1.url}/{TENANT}"}
        first, _ = libraries.ask(do="daemon", scopes=[f"{TASKS}/.default"], **asked)["answer"]
    said = payload(first["access_token"])
    assert (said["iss"], said["ver"], said["appid"], said["roles"]) == (
        f"{v1.url}/{TENANT}/", "1.0", DAEMON, ["Tasks.Read"],
    )  # fmt: skip


def test_version_1_names_the_api_as_resource(v1: DevIdP) -> None:
    sent = {"client_id": DAEMON, "client_secret": "daemon-secret", "grant_type": "client_credentials"}
    where = f"{v1.url}/{TENANT}/oauth2/token"
    answer = requests.post(where, data={**sent, "resource": TASKS}, verify=str(v1.ca_file), timeout=60).json()
    assert (payload(answer["access_token"])["aud"], payload(answer["access_token"])["roles"]) == (TASKS, ["Tasks.Read"])


@pytest.mark.parametrize("profile", ["entra", "entra-v1"])
def test_a_seed_may_have_several_tenants(profile: str) -> None:
    both = seed(profile)
    both["issuers"][OTHER] = {"profile": profile}
    with DevIdP(both) as idp:
        said = [payload(idp.token(client=WEB, scope=READ, issuer=tenant)) for tenant in (TENANT, OTHER)]
    assert [each["tid"] for each in said] == [TENANT, OTHER]
    assert OTHER in said[1]["iss"]
