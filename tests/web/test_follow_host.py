"""An issuer that follows the host by which it is called, of those that its seed allows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests

from devidp import DevIdP

SEED: dict[str, Any] = {
    "users": {"alice": {"password": "alice"}},
    "scopes": {"openid": None, "offline_access": None},
    "clients": {
        "web": {
            "secret": "web-secret",
            "redirect_uris": ["http://localhost/cb"],
            "grants": ["authorization_code", "refresh_token", "password"],
        },
        "service": {"secret": "service-secret", "grants": ["client_credentials"]},
        "device": {"public": True, "grants": ["urn:ietf:params:oauth:grant-type:device_code"]},
    },
}
FOLLOWS = {"follow_host": ["idp", "localhost", "idp.example.test"]}
WEB, SERVICE = ("web", "web-secret"), ("service", "service-secret")


def served(issuer: dict[str, Any], **options: Any) -> DevIdP:
    return DevIdP({**SEED, "issuers": {"default": issuer, "other": {"trusted_issuers": {"default": None}}}}, **options)


def call(idp: DevIdP, method: str, url: str, **options: Any) -> requests.Response:
    """A request to ``url``, whose host is this devidp as the system of its caller resolves names."""
    parts = urlsplit(url)
    headers = {"Host": parts.netloc, **options.pop("headers", {})}
    target = idp.local_url + url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    return requests.request(method, target, headers=headers, allow_redirects=False, timeout=10, **options)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


@pytest.mark.parametrize("path", ["/default", "/a/b/"])
@pytest.mark.parametrize("base", ["http://idp:6749", "http://localhost:32768", "http://IDP.example.test:80"])
def test_it_is_the_issuer_of_the_name_by_which_it_is_called(base: str, path: str) -> None:
    with served({**FOLLOWS, "path": path}) as idp:
        expected = f"{base.lower().removesuffix(':80')}{path}"
        metadata = call(idp, "GET", f"{base}{path.rstrip('/')}/.well-known/openid-configuration").json()
        assert metadata["issuer"] == expected
        inserted = f"{base}/.well-known/oauth-authorization-server{path.rstrip('/')}"
        assert call(idp, "GET", inserted).json() == metadata
        below = expected.rstrip("/")
        assert {
            url for name, url in metadata.items() if name.endswith("_endpoint") and not url.startswith(below)
        } == set()
        token = call(
            idp, "POST", metadata["token_endpoint"], data={"grant_type": "client_credentials"}, auth=SERVICE
        ).json()["access_token"]
        key = jwt.PyJWKSet.from_dict(call(idp, "GET", metadata["jwks_uri"]).json())[
            jwt.get_unverified_header(token)["kid"]
        ]
        assert jwt.decode(token, key, ["RS256"], audience=expected, issuer=expected)


def test_tokens_are_recognised_whichever_of_its_names_they_say() -> None:
    issuer = {**FOLLOWS, "grants": ["password", "refresh_token", "authorization_code", "client_credentials"]}
    with served(issuer) as idp:
        names = [idp.issuer, "http://idp:6749/default", "http://localhost:32768/default"]
        form = {"grant_type": "password", "username": "alice", "password": "alice", "scope": "openid offline_access"}
        answers = [call(idp, "POST", f"{name}/token", data=form, auth=WEB).json() for name in names]
        assert [claims_of(each["access_token"])["iss"] for each in answers] == names
        assert [claims_of(each["id_token"])["iss"] for each in answers] == names
        for name in names:
            for each in answers:
                token = each["access_token"]
                known = call(idp, "POST", f"{name}/introspect", data={"token": token}, auth=WEB).json()
                assert known["active"]
                bearer = {"Authorization": f"Bearer {token}"}
                assert call(idp, "GET", f"{name}/userinfo", headers=bearer).json() == {"sub": "alice"}
        refresh = {"grant_type": "refresh_token", "refresh_token": answers[0]["refresh_token"]}
        renewed = call(idp, "POST", f"{names[1]}/token", data=refresh, auth=WEB).json()
        assert claims_of(renewed["access_token"])["iss"] == names[1]
        # a revocation under one name ends what was got under the other
        call(idp, "POST", f"{names[2]}/revoke", data={"token": renewed["refresh_token"]}, auth=WEB)
        known = call(idp, "POST", f"{idp.issuer}/introspect", data={"token": renewed["access_token"]}, auth=WEB)
        assert known.json() == {"active": False}
        hint = call(idp, "GET", f"{names[1]}/logout", params={"id_token_hint": answers[2]["id_token"]})
        assert hint.status_code == 200


def test_what_it_does_not_follow_keeps_its_name() -> None:
    with served(FOLLOWS) as idp:
        own = f"{idp.issuer}"
        for host in ("host.docker.internal:6749", "127.0.0.1:9999", "10.0.0.7:80"):
            found = call(idp, "GET", f"http://{host}/default/.well-known/openid-configuration").json()
            assert found["issuer"] == own
        # another issuer of the same devidp does not follow, and nobody follows a name that is not admitted
        assert (
            call(idp, "GET", "http://idp/other/.well-known/openid-configuration").json()["issuer"] == f"{idp.url}/other"
        )
        assert call(idp, "GET", "http://evil.example/default/.well-known/openid-configuration").status_code == 421
        stranger = idp.token(claims={"iss": "http://evil.example/default"})
        known = requests.post(f"{own}/introspect", {"token": stranger}, auth=WEB, timeout=10).json()
        assert known == {"active": False}


def test_true_follows_every_name_of_devidp_alone() -> None:
    with served({"follow_host": True}) as idp:
        for base in ("http://localhost:1", "http://10.0.0.7:6749", "http://host.docker.internal:6749"):
            found = call(idp, "GET", f"{base}/default/.well-known/openid-configuration").json()
            assert found["issuer"] == f"{base}/default"
        assert call(idp, "GET", "http://evil.example/default/.well-known/openid-configuration").status_code == 421


def test_the_public_url_is_its_name_even_where_a_proxy_ends_tls() -> None:
    with served({"follow_host": True}, public_url="https://idp.example.test") as idp:
        found = call(idp, "GET", "http://idp.example.test/default/.well-known/openid-configuration").json()
        assert found["issuer"] == "https://idp.example.test/default"
        other = call(idp, "GET", "http://idp.example.test:8080/default/.well-known/openid-configuration").json()
        assert other["issuer"] == "http://idp.example.test:8080/default"


def test_a_login_and_its_answer_are_of_the_name_that_the_browser_knows() -> None:
    with served(FOLLOWS) as idp:
        request = {
            "client_id": "web", "response_type": "code", "redirect_uri": "http://localhost/cb", "scope": "openid",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
        }  # fmt: skip
        base = "http://localhost:32768/default"
        device = call(idp, "POST", f"{base}/device_authorization", data={"client_id": "device"}).json()
        assert device["verification_uri"] == f"{base}/device"
        refused = call(idp, "GET", f"{base}/authorize", params={**request, "prompt": "none"})
        assert "iss=http%3A%2F%2Flocalhost%3A32768%2Fdefault" in refused.headers["Location"]
        page = call(idp, "GET", f"{base}/authorize", params=request)
        assert 'action="/default/login"' in page.text
        assert base in page.text


def test_minted_tokens_follow_too() -> None:
    with served(FOLLOWS) as idp:
        api = f"http://localhost:{urlsplit(idp.local_url).port}"
        made = call(idp, "POST", f"{api}/_devidp/api/tokens", json={}).json()
        assert made["claims"]["iss"] == f"{api}/default"
        assert claims_of(idp.token(issuer="http://idp:1234/default"))["iss"] == "http://idp:1234/default"
        assert claims_of(idp.token())["iss"] == idp.issuer
        assert claims_of(idp.token(issuer="other"))["iss"] == f"{idp.url}/other"


def test_below_a_base_path_the_base_is_a_part_of_the_name_where_it_was_called() -> None:
    with served(FOLLOWS, public_url="https://tunnel.example.test/auth") as idp:
        for base in ("http://idp:6749/auth", "http://idp:6749"):
            found = call(idp, "GET", f"{base}/default/.well-known/openid-configuration").json()
            assert found["issuer"] == f"{base}/default"
            inserted = f"{base.replace('6749', '6749/.well-known/openid-configuration')}/default"
            assert call(idp, "GET", inserted).json()["issuer"] == f"{base}/default"
