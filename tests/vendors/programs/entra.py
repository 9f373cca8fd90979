"""Libraries for Microsoft Entra ID, unchanged: MSAL as an application, and fastapi-azure-auth as an API."""

# mypy: ignore-errors
from __future__ import annotations

import ssl
import warnings
from urllib.parse import parse_qsl, urlsplit

import msal
from fastapi import Depends, FastAPI, Security
from fastapi.testclient import TestClient
from fastapi_azure_auth import B2CMultiTenantAuthorizationCodeBearer, SingleTenantAzureAuthorizationCodeBearer

from tests.real_clients.programs import lines

warnings.simplefilter("ignore")
CALLBACK = "http://localhost/callback"


def application(*, client, authority, secret=None, key=None, oidc=False):
    where = {"oidc_authority": authority} if oidc else {"authority": authority, "instance_discovery": False}
    if key is not None:
        secret = {"private_key": key, "thumbprint": 20 * "00"}
    if secret is None:
        return msal.PublicClientApplication(client, **where)
    return msal.ConfidentialClientApplication(client, client_credential=secret, **where)


def known(result):
    """What of a token response does not change from one login to the next."""
    kept = ("error", "error_description", "scope", "token_source", "access_token", "refresh_token", "id_token_claims")
    return {name: result[name] for name in kept if name in result} if result else {}


def daemon(scopes, **settings):
    """An application that acts for itself; the second time it has its token already."""
    app = application(**settings)
    return [known(app.acquire_token_for_client(scopes=scopes)) for _ in range(2)]


def login(scopes, further, **settings):
    """A login, the same tokens out of the cache, and a token for ``further`` scopes by the refresh token."""
    app = application(**settings)
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=CALLBACK)
    answer = lines.ask(open=flow["auth_uri"])["address"]
    try:
        first = app.acquire_token_by_auth_code_flow(flow, dict(parse_qsl(urlsplit(answer).query)))
    except (RuntimeError, KeyError) as error:  # it refuses the ID token
        return [{"error": str(error)}]
    if "error" in first:
        return [known(first)]
    (account,) = app.get_accounts()
    asked = [app.acquire_token_silent_with_error(wanted, account) for wanted in (scopes, further)]
    names = {"username": account["username"], "home": account["home_account_id"], "local": account["local_account_id"]}
    return [known(first), *map(known, asked), names]


def device(scopes, **settings):
    app = application(**settings)
    flow = app.initiate_device_flow(scopes=scopes)
    if "error" in flow:
        return [known(flow)]
    lines.ask(open=flow["verification_uri_complete"])
    return [known(app.acquire_token_by_device_flow(flow))]


def api(tokens, *, app_id, scope, ca, issuer, tenant=None):
    """What the API answers to each of the tokens: the status, and what it says."""
    tls = {"verify": ssl.create_default_context(cafile=ca)}
    if tenant is None:

        async def issuer_of(tid: str) -> str:
            return issuer

        scheme = B2CMultiTenantAuthorizationCodeBearer(
            app_id,
            openid_config_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            openapi_authorization_url=f"{issuer}/authorize",
            openapi_token_url=f"{issuer}/token",
            iss_callable=issuer_of,
            http_client_config=tls,
        )
    else:
        scheme = SingleTenantAzureAuthorizationCodeBearer(app_id, tenant, http_client_config=tls)
    app = FastAPI()

    @app.get("/", dependencies=[Security(scheme, scopes=[scope] if scope else [])])
    async def root(user=Depends(scheme)):  # noqa: B008
        return {"sub": user.sub, "tid": user.tid, "scp": user.scp, "roles": user.roles, "oid": user.oid}

    with TestClient(app, raise_server_exceptions=False) as http:
        return [said(http.get("/", headers={"Authorization": f"Bearer {token}"})) for token in tokens]


def said(response):
    body = response.json() if response.headers.get("content-type") == "application/json" else response.text
    detail = body.get("detail", body) if isinstance(body, dict) else body
    return [response.status_code, detail]


COMMANDS = {each.__name__: each for each in (daemon, login, device, api)}

for command in lines.commands():
    lines.answer(answer=COMMANDS[command.pop("do")](**command))
