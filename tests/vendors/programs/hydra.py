"""ory-client, unchanged: what Ory's SDK reads of an issuer, by models that check every member."""

# mypy: ignore-errors
from __future__ import annotations

from ory_client import ApiClient, ApiException, Configuration
from ory_client.api.o_auth2_api import OAuth2Api
from ory_client.api.oidc_api import OidcApi
from ory_client.api.wellknown_api import WellknownApi

from tests.real_clients.programs import lines


def client(base_path: str, **credentials: str) -> ApiClient:
    return ApiClient(Configuration(host=base_path, **credentials))


def introspect(basePath: str, tokens: list[str], scope: str | None = None) -> dict[str, object]:  # noqa: N803
    api = OAuth2Api(client(basePath))
    return {"answers": [api.introspect_o_auth2_token(token, scope).to_dict() for token in tokens]}


def documents(basePath: str) -> dict[str, object]:  # noqa: N803
    return {
        "discovery": OidcApi(client(basePath)).discover_oidc_configuration().to_dict(),
        "keys": WellknownApi(client(basePath)).discover_json_web_keys().to_dict(),
    }


def userinfo(basePath: str, token: str) -> dict[str, object]:  # noqa: N803
    return OidcApi(client(basePath, access_token=token)).get_oidc_user_info().to_dict()


def revoke(basePath: str, token: str, clientId: str, clientSecret: str) -> dict[str, object]:  # noqa: N803
    api = OAuth2Api(client(basePath))
    answer = api.revoke_o_auth2_token_with_http_info(token, client_id=clientId, client_secret=clientSecret)
    return {"status": answer.status_code}


def token(basePath: str, clientId: str, clientSecret: str) -> dict[str, object]:  # noqa: N803
    api = OAuth2Api(client(basePath, username=clientId, password=clientSecret))
    return api.oauth2_token_exchange("client_credentials", _request_auth=None).to_dict()


COMMANDS = {each.__name__: each for each in (introspect, documents, userinfo, revoke, token)}
for command in lines.commands():
    try:
        lines.answer(**COMMANDS[command.pop("do")](**command))
    except ApiException as refused:
        lines.answer(status=refused.status, refused=refused.body)
    except ValueError as refused:
        lines.answer(refused=str(refused))
