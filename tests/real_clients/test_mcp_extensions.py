"""The extensions of MCP authorization with the SDKs: services with keys of their own, and identity assertions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

import httpx
import pytest
from joserfc.jwk import ECKey
from mcp.client.auth import OAuthTokenError
from mcp.client.auth.extensions.client_credentials import PrivateKeyJWTOAuthProvider, SignedJWTParameters
from mcp.client.auth.extensions.identity_assertion import IdentityAssertionOAuthProvider

from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.clock import Clock
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.client import Client
from tests.real_clients.mcp_client import Application
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.node import application
from tests.real_clients.program import conversing, nobody, running
from tests.serving import wsgi_served
from tests.shipped import shipped

pytestmark = pytest.mark.slow
LIFETIME = 3600
Passing = Callable[[float], None]
KEY = ECKey.generate_key("P-256", {"kid": "of the agent"})
PEM = KEY.as_pem(private=True).decode()
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:"
GRANTS = ["authorization_code", "refresh_token", "token-exchange"]
CLIENTS: dict[str, Any] = {
    "agent": {"jwks": {"keys": [KEY.as_dict(private=False)]}, "grants": ["client_credentials"]},
    "web": {"grants": GRANTS, "client_ids": {"enterprise": "web at work"}},
    "web at work": {"secret": "another secret", "grants": ["jwt-bearer"]},
}


@pytest.fixture
def base_url(clock: Clock) -> Iterator[str]:
    """Two issuers: people log in at ``default``, and ``enterprise`` takes what that says of them."""
    issuers = {"enterprise": {"trusted_issuers": {"default": None}}}
    seed = shipped({"grants": None}, issuers=issuers, clients=CLIENTS)
    with wsgi_served(lambda url: create_app(Config(url), seed, clock)) as (url, app):
        yield url
    app.extensions["devidp"].close()


@pytest.fixture
def default(base_url: str) -> Iterator[str]:
    """The URL of a server whose issuer is ``default``."""
    with asgi_served(partial(protected_server, f"{base_url}/default")) as url:
        yield f"{url}/mcp"


@pytest.fixture
def enterprise(base_url: str) -> Iterator[str]:
    """The URL of a server whose issuer is ``enterprise``."""
    with asgi_served(partial(protected_server, f"{base_url}/enterprise")) as url:
        yield f"{url}/mcp"


def of_the_agent(base_url: str) -> dict[str, Any]:
    return {"issuer": f"{base_url}/default", "client_id": "agent", "scope": "mcp:read"}


def test_the_newest_python_sdk_proves_itself_with_a_key_and_again_when_the_token_ends(
    base_url: str, default: str, let_pass: Passing
) -> None:
    application = Application(default, nobody)
    signing = SignedJWTParameters(issuer="agent", subject="agent", signing_key=PEM, signing_algorithm="ES256")
    application.provider = PrivateKeyJWTOAuthProvider(
        default,
        application.memory,
        assertion_provider=signing.create_assertion_provider(),
        **of_the_agent(base_url),
    )
    for _ in range(2):
        assert application.call("whoami") == "agent: mcp:read"
        assert "POST /default/token 200" in application.requests()
        assert application.call("whoami") == "agent: mcp:read"
        assert "POST /default/token 200" not in application.requests()
        let_pass(LIFETIME + 1)


def test_the_old_python_sdk_does_too(base_url: str, default: str, let_pass: Passing) -> None:
    service = {**of_the_agent(base_url), "key": PEM}
    with running(".venv-mcp1", "tests.real_clients.programs.mcp1") as program:
        for _ in range(2):
            assert program.ask(call="whoami", server=default, service=service) == {"text": "agent: mcp:read"}
            let_pass(LIFETIME + 1)
            program.ask(let_pass=LIFETIME + 1)


def test_the_old_python_sdk_may_have_a_secret_instead(base_url: str, default: str) -> None:
    service = {**of_the_agent(base_url), "client_id": "service", "secret": "service-secret"}
    with running(".venv-mcp1", "tests.real_clients.programs.mcp1") as program:
        assert program.ask(call="whoami", server=default, service=service) == {"text": "service: mcp:read"}


@pytest.mark.parametrize("sdk", ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"])
def test_the_typescript_sdks_do_too(sdk: str, base_url: str, default: str, let_pass: Passing) -> None:
    options = {
        "clientId": "agent",
        "privateKey": KEY.as_dict(private=True),
        "algorithm": "ES256",
        "scope": "mcp:read",
        "expectedIssuer": f"{base_url}/default",
    }
    credentials = {"kind": "PrivateKeyJwtProvider", "options": options}
    with conversing(application(sdk)) as program:
        for _ in range(2):
            answer = program.ask(call="whoami", server=default, credentials=credentials)
            assert answer.get("text") == "agent: mcp:read", answer
            let_pass(LIFETIME + 1)
            program.ask(let_pass=LIFETIME + 1)


def exchanged(login: Client, audience: str, resource: str) -> str:
    """The identity assertion that the login is worth at ``audience``."""
    wanted = {
        "grant_type": EXCHANGE,
        "requested_token_type": f"{TYPE}id-jag",
        "audience": audience,
        "resource": resource,
        "subject_token": login.session.token["id_token"],
        "subject_token_type": f"{TYPE}id_token",
    }
    answer = httpx.post(login.metadata["token_endpoint"], data=wanted, auth=("web", "web-secret"))
    return str(answer.raise_for_status().json()["access_token"])


@pytest.fixture
def login(base_url: str, browser: Browser) -> Iterator[Client]:
    """A person who has logged in at the identity provider."""
    logged_in = Client(f"{base_url}/default", browser)
    logged_in.log_in("openid offline_access")
    yield logged_in
    logged_in.session.close()


def renew(login: Client) -> None:
    """Another ID token, without the person."""
    login.session.refresh_token(login.metadata["token_endpoint"])


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_login_at_one_issuer_opens_the_server_of_another_for_the_python_sdk(
    base_url: str,
    enterprise: str,
    login: Client,
    let_pass: Passing,
    method: Literal["client_secret_basic", "client_secret_post"],
) -> None:
    async def assertion(audience: str, resource: str) -> str:
        return exchanged(login, audience, resource)

    application = Application(enterprise, nobody)
    application.provider = IdentityAssertionOAuthProvider(
        enterprise,
        application.memory,
        "web at work",
        "another secret",
        f"{base_url}/enterprise",
        assertion,
        "mcp:read",
        method,
    )
    for _ in range(2):
        assert application.call("whoami") == "alice: mcp:read"
        assert "POST /enterprise/token 200" in application.requests()
        let_pass(LIFETIME + 1)
        renew(login)


def test_it_does_for_the_typescript_sdk(base_url: str, enterprise: str, login: Client, let_pass: Passing) -> None:
    options = {
        "clientId": "web at work",
        "clientSecret": "another secret",
        "scope": "mcp:read",
        "expectedIssuer": f"{base_url}/enterprise",
    }
    credentials = {"kind": "CrossAppAccessProvider", "options": options}
    with conversing(application("@modelcontextprotocol/client")) as program:
        for _ in range(2):
            idp = {
                "idpUrl": f"{base_url}/default",
                "clientId": "web",
                "clientSecret": "web-secret",
                "idToken": login.session.token["id_token"],
            }
            answer = program.ask(call="whoami", server=enterprise, credentials=credentials, idp=idp)
            assert answer.get("text") == "alice: mcp:read", answer
            let_pass(LIFETIME + 1)
            renew(login)


def test_an_assertion_opens_the_server_once(base_url: str, enterprise: str, login: Client) -> None:
    kept = exchanged(login, f"{base_url}/enterprise", enterprise)

    async def assertion(_audience: str, _resource: str) -> str:
        return kept

    def fresh() -> Application:
        application = Application(enterprise, nobody)
        application.provider = IdentityAssertionOAuthProvider(
            enterprise, application.memory, "web at work", "another secret", f"{base_url}/enterprise", assertion
        )
        return application

    assert fresh().call("whoami").startswith("alice")
    with pytest.raises(ExceptionGroup) as refused:
        fresh().call("whoami")
    assert refused.group_contains(OAuthTokenError, match="was used before")
