"""Issuers at every shape of address: the identifier as it is written, and each endpoint where the metadata has it."""

from __future__ import annotations

import json
import shlex
import socket
import ssl
import subprocess
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from click.testing import CliRunner

from devidp import DevIdP
from devidp.cli.main import main
from devidp.models.first_token import first_token
from devidp.oauth import names
from devidp.oauth.endpoints import DERIVED
from devidp.seed import loads
from devidp.server.tls import TlsError

SEED: dict[str, Any] = {
    "users": {"alice": None},
    "scopes": {"openid": None, "read": None},
    "resources": {"https://api.example.test": None},
    "clients": {
        "web": {"secret": "web-secret", "redirect_uris": ["http://localhost/cb"]},
        "service": {"secret": "service-secret", "grants": ["client_credentials"]},
    },
}
OTHER = {"url": "http://other.localhost:{port}/oauth2/v2.0"}
MOVED = {
    "path": "/tenants/acme",
    "endpoints": {
        "authorize": "/oauth2/authorize",
        "token": ["v1/token", "/oauth/token"],
        "userinfo": "http://graph.localhost:{port}/oidc/userinfo",
        "jwks": "/keys",
        "device": "/activate",
        "logout": "v2/logout",
        "introspect": "/admin/introspect",
    },
}
SHAPES: dict[str, dict[str, Any]] = {
    "{base}/a/b/": {"path": "/a/b/"},
    "{base}/a/b/c": {"path": "a/b/c"},
    "{base}": {"path": "/"},
    "{base}/": {"url": "/"},
    "http://login.localhost:{port}/tenant/v2.0/": {"url": "http://login.localhost:{port}/tenant/v2.0/"},
    "http://login.localhost:{port}": {"url": "http://login.localhost:{port}"},
    "http://other.localhost:{port}/oauth2": {"url": "http://other.localhost:{port}/oauth2"},
    "https://idp.example.test/": {"url": "https://idp.example.test/"},
    "http://[::1]:{port}/x": {"url": "http://[::1]:{port}/x"},
    "{base}/tenants/acme": MOVED,
}


def served(issuer: dict[str, Any], **others: Any) -> DevIdP:
    return DevIdP(seed={**SEED, "issuers": {"main": issuer, **others}})


def call(idp: DevIdP, method: str, url: str, **options: Any) -> requests.Response:
    """A request to ``url``, whose host is this devidp as the system of its caller resolves names."""
    parts = urlsplit(url)
    headers = {"Host": parts.netloc, **options.pop("headers", {})}
    target = idp.local_url + url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    return requests.request(method, target, headers=headers, allow_redirects=False, timeout=10, **options)


@pytest.mark.parametrize(("identifier", "issuer"), SHAPES.items(), ids=SHAPES)
def test_a_login_ends_in_tokens_of_exactly_the_identifier(identifier: str, issuer: dict[str, Any]) -> None:
    with served(issuer, other=OTHER) as idp:
        expected = identifier.format(base=idp.url, port=urlsplit(idp.url).port)
        assert idp.issuer == expected
        discovery = call(idp, "GET", f"{expected.rstrip('/')}/.well-known/openid-configuration")
        inserted = urlsplit(expected)._replace(
            path=f"/.well-known/oauth-authorization-server{urlsplit(expected).path.rstrip('/')}"
        )
        assert call(idp, "GET", inserted.geturl()).json() == discovery.json()
        metadata = discovery.json()
        assert metadata["issuer"] == expected
        answer = idp.login(scope="openid", issuer="main")
        keys = jwt.PyJWKSet.from_dict(call(idp, "GET", metadata["jwks_uri"]).json())
        for token, audience in ((answer["id_token"], "web"), (answer["access_token"], expected)):
            key = keys[jwt.get_unverified_header(token)["kid"]]
            assert jwt.decode(token, key, ["RS256"], audience=audience, issuer=expected)["iss"] == expected
        bearer = {"Authorization": f"Bearer {answer['access_token']}"}
        assert call(idp, "GET", metadata["userinfo_endpoint"], headers=bearer).json() == {"sub": "alice"}
        known = call(
            idp, "POST", metadata["introspection_endpoint"],
            data={"token": answer["access_token"]}, auth=("web", "web-secret"),
        )  # fmt: skip
        assert known.json()["iss"] == expected
        assert {event.issuer for event in idp.events()} == {"main"}


@pytest.mark.parametrize("issuer", SHAPES.values(), ids=SHAPES)
def test_every_address_of_the_metadata_is_served(issuer: dict[str, Any]) -> None:
    with served(issuer) as idp:
        metadata = call(idp, "GET", idp.discovery_url).json()
        found = {name: url for name, url in metadata.items() if name.endswith("_endpoint") or name == "jwks_uri"}
        assert len(found) > 8
        answers = {name: call(idp, "OPTIONS" if name == "jwks_uri" else "DELETE", url) for name, url in found.items()}
        assert {
            name: answer.status_code for name, answer in answers.items() if answer.status_code not in (204, 405)
        } == {}
        device = call(
            idp,
            "POST",
            metadata["device_authorization_endpoint"],
            data={"client_id": "web"},
            auth=("web", "web-secret"),
        )
        assert device.json()["error"] == "unauthorized_client"


def test_an_endpoint_that_was_moved_is_not_where_it_was() -> None:
    with served(MOVED) as idp:
        form = {"grant_type": "client_credentials"}
        for address in ("/tenants/acme/v1/token", "/oauth/token"):
            answer = requests.post(f"{idp.url}{address}", form, auth=("service", "service-secret"), timeout=10)
            assert answer.status_code == 200
        gone = requests.post(f"{idp.url}/tenants/acme/token", form, auth=("service", "service-secret"), timeout=10)
        assert gone.status_code == 404
        assert f"is at {idp.url}/tenants/acme/v1/token" in gone.json()["error_description"]


def test_the_first_command_runs_for_an_issuer_on_a_host_that_nobody_resolves() -> None:
    with served({"url": "https://login.example.test/x"}) as idp:
        settings = loads("{clients: {service: {secret: service-secret, grants: [client_credentials]}}, "
                         "issuers: {main: {url: https://login.example.test/x}}}").issuers[0]  # fmt: skip
        command = first_token(settings, idp.url, secrets=True)
        assert command
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=30, check=True)
        token = json.loads(done.stdout)["access_token"]
        assert jwt.decode(token, options={"verify_signature": False})["iss"] == idp.issuer


def test_a_slash_too_many_is_pointed_out() -> None:
    with served({"path": "/a/b/"}) as idp:
        answer = requests.get(f"{idp.issuer}/.well-known/openid-configuration", timeout=10)
        assert answer.status_code == 404
        assert "Leave one of the two slashes out" in answer.json()["error_description"]


@pytest.mark.parametrize("identifier", ["{base}/a/b/", "{base}/", "{base}/tenants/acme"])
def test_the_doctor_finds_nothing_wrong(identifier: str) -> None:
    issuer = {**SHAPES[identifier], "endpoints": {"token": "/oauth2/token", "authorize": "/oauth2/authorize"}}
    with served(issuer) as idp:
        report = CliRunner().invoke(main, ["doctor", idp.issuer])
        assert report.exit_code == 0, report.output
        assert f"issuer is {idp.issuer}, byte by byte" in report.output


def test_one_process_is_several_hosts() -> None:
    at = {"authorize": "/oauth2/authorize", "token": "/oauth2/token"}
    first = {"url": "https://one.example.test", "endpoints": at}
    second = {"url": "https://two.example.test", "endpoints": at}
    with served(first, second=second, plain=None) as idp:
        form, basic = {"grant_type": "client_credentials"}, ("service", "service-secret")
        for host in ("one", "two"):
            for port in ("", ":443", ":8443"):
                answer = call(idp, "POST", f"https://{host}.example.test{port}/oauth2/token", data=form, auth=basic)
                claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
                assert claims["iss"] == f"https://{host}.example.test"
        # who is at no host of their own answer on all of them, as do the pages of devidp itself
        plain = call(idp, "GET", "https://one.example.test/plain/.well-known/openid-configuration").json()
        assert plain["issuer"] == f"{idp.url}/plain"
        assert call(idp, "GET", "https://two.example.test/health").status_code == 200
        # and a host of an issuer can be called by the name of devidp, where nobody else is
        own = requests.post(f"{idp.url}/oauth2/token", form, auth=basic, timeout=10).json()["access_token"]
        assert jwt.decode(own, options={"verify_signature": False})["iss"] == "https://one.example.test"
        stranger = call(idp, "GET", "https://three.example.test/health")
        assert stranger.status_code == 421


def test_the_certificate_names_the_hosts_of_issuers() -> None:
    seed = {**SEED, "issuers": {"main": {"url": "https://login.example.test/x", "endpoints": {
        "userinfo": "https://graph.example.test/me"}}, "other": {"follow_host": ["idp.example.test"]}}}  # fmt: skip
    with DevIdP(seed=seed, tls=True) as idp:
        port = urlsplit(idp.url).port
        for name in ("login.example.test", "graph.example.test", "idp.example.test"):
            context = ssl.create_default_context(cafile=str(idp.ca_file))
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                context.wrap_socket(plain, server_hostname=name) as secure,
            ):
                certificate: Any = secure.getpeercert()
                assert ("DNS", name) in certificate["subjectAltName"]


def test_a_host_that_no_certificate_can_name_is_refused_with_tls_alone() -> None:
    seed = {**SEED, "issuers": {"main": {"follow_host": ["my_idp"]}}}
    with pytest.raises(TlsError, match=r"my_idp.*Expected names of letters, digits and hyphens"):
        DevIdP(seed, tls=True)
    with DevIdP(seed) as idp:
        found = call(idp, "GET", "http://my_idp:6749/main/.well-known/openid-configuration").json()
        assert found["issuer"] == "http://my_idp:6749/main"


def test_the_metadata_can_say_more_and_less() -> None:
    more = {
        "service_documentation": "https://docs.example.test/",
        "mtls": {"a": [1, True]},
        "acr_values_supported": None,
    }
    with served({"metadata": more}) as idp:
        metadata = requests.get(idp.discovery_url, timeout=10).json()
        assert metadata["service_documentation"] == "https://docs.example.test/"
        assert metadata["mtls"] == {"a": [1, True]}
        assert "acr_values_supported" not in metadata
        assert "token_endpoint" in metadata


def test_no_member_that_devidp_derives_can_be_said_otherwise() -> None:
    everything = {"features": dict.fromkeys(names.FEATURES, True), "grants": list(names.GRANTS)}
    with served(everything) as idp:
        metadata = requests.get(idp.discovery_url, timeout=10).json()
    assert set(metadata) - DERIVED == {"claims_supported"}
