"""Client authentication: one method a request, the one that the client is registered for."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest
from werkzeug.test import TestResponse

from tests.flow import REDIRECT_URI, VERIFIER, Flow
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

CHALLENGE = f'Basic realm="{PUBLIC_URL}/default"'
ODD_SECRETS = [
    "plain", "with space", "a+b", "100%", "%41", "a%2Bb+c", "a:b", "&=?#", '"quoted"', "back\\slash", "pässwörd", "😀",
]  # fmt: skip


def basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


def ask(flow: Flow, authorization: str | None = None, **form: str) -> TestResponse:
    """A token request, of client credentials unless the form says otherwise."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return flow.http.post("/default/token", data={"grant_type": "client_credentials", **form}, headers=headers)


def test_a_secret_in_the_header_is_accepted(flow: Flow) -> None:
    assert ask(flow, basic("service", "service-secret")).status_code == 200


def test_a_secret_in_the_body_is_accepted(flow: Flow) -> None:
    assert ask(flow, client_id="service", client_secret="service-secret").status_code == 200


def test_a_public_client_shows_its_id_alone(flow: Flow) -> None:
    assert flow.exchange(flow.redirect(client_id="spa")["code"], "spa").status_code == 200


def test_the_scheme_has_no_case(flow: Flow) -> None:
    assert ask(flow, basic("service", "service-secret").replace("Basic", "bAsIc")).status_code == 200


@pytest.mark.parametrize("secret", ODD_SECRETS)
@pytest.mark.parametrize("encoded", [str, quote_plus, lambda text: quote(text, safe="")], ids=["raw", "form", "url"])
def test_odd_characters_arrive_raw_and_url_encoded(start: Start, secret: str, encoded: type[str]) -> None:
    flow = start(clients={"my client": {"secret": secret, "grants": ["client_credentials"]}})
    assert ask(flow, basic(encoded("my client"), encoded(secret))).status_code == 200


@pytest.mark.parametrize("secret", ODD_SECRETS)
def test_odd_characters_arrive_in_the_body(start: Start, secret: str) -> None:
    flow = start(clients={"my client": {"secret": secret, "grants": ["client_credentials"]}})
    assert ask(flow, client_id="my client", client_secret=secret).status_code == 200


def test_a_client_id_with_a_colon_arrives_url_encoded(start: Start) -> None:
    flow = start(clients={"urn:my:client": {"secret": "s", "grants": ["client_credentials"]}})
    assert ask(flow, basic("urn%3Amy%3Aclient", "s")).status_code == 200


def test_the_client_id_may_stand_in_the_body_too(flow: Flow) -> None:
    assert ask(flow, basic("service", "service-secret"), client_id="service").status_code == 200


def test_another_client_id_in_the_body_is_refused(flow: Flow) -> None:
    refused = ask(flow, basic("service", "service-secret"), client_id="web")
    assert refusal(refused) == (400, "invalid_request")
    assert "header names client 'service', the body names 'web'" in description(refused)


def test_two_methods_at_once_are_refused(flow: Flow) -> None:
    refused = ask(flow, basic("service", "service-secret"), client_id="service", client_secret="service-secret")
    assert refusal(refused) == (400, "invalid_request")
    assert "in the Authorization header and as client_secret" in description(refused)


@pytest.mark.parametrize("secret", ["wrong", "service-secret ", "SERVICE-SECRET", "service-secre", "é", "\0"])
def test_a_wrong_secret_in_the_header_gets_a_challenge(flow: Flow, secret: str) -> None:
    refused = ask(flow, basic("service", secret))
    assert refusal(refused) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"] == CHALLENGE
    assert "The secret of client 'service' is wrong" in description(refused)


def test_a_wrong_secret_in_the_body_gets_none(flow: Flow) -> None:
    refused = ask(flow, client_id="service", client_secret="wrong")
    assert refusal(refused) == (401, "invalid_client")
    assert "WWW-Authenticate" not in refused.headers
    assert "wrong'" not in description(refused)


def test_an_unknown_client_is_named(flow: Flow) -> None:
    refused = ask(flow, basic("sevrice", "service-secret"))
    assert refusal(refused) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"] == CHALLENGE
    assert f"Client 'sevrice' is not known to issuer {PUBLIC_URL}/default" in description(refused)
    assert refusal(ask(flow, client_id="sevrice", client_secret="x")) == (401, "invalid_client")
    assert refusal(ask(flow, client_id="sevrice")) == (401, "invalid_client")


def test_a_request_that_names_no_client_is_refused(flow: Flow) -> None:
    refused = ask(flow)
    assert refusal(refused) == (401, "invalid_client")
    assert "neither an Authorization header nor client_id came" in description(refused)


@pytest.mark.parametrize(
    "credentials",
    [
        "", "!!!", "c2VydmljZQ==", "c2VydmljZTpz*", "c2VydmljZTpz\xe9", "a",
        b64encode(b"service\xff:secret").decode(), b64encode(b"service").decode(), b64encode(b"").decode(),
    ],
)  # fmt: skip
def test_credentials_that_cannot_be_read_are_refused(flow: Flow, credentials: str) -> None:
    refused = ask(flow, f"Basic {credentials}")
    assert refusal(refused) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert "The Basic credentials cannot be read" in description(refused)


def test_another_scheme_is_refused(flow: Flow) -> None:
    refused = ask(flow, "Bearer xyz", client_id="service", client_secret="service-secret")
    assert refusal(refused) == (401, "invalid_client")
    assert "has the scheme 'Bearer', expected Basic" in description(refused)


def test_a_header_without_a_scheme_is_not_repeated(flow: Flow) -> None:
    refused = ask(flow, "service-secret")
    assert refusal(refused) == (401, "invalid_client")
    assert "service-secret" not in description(refused)


def test_a_public_client_with_a_secret_is_refused(flow: Flow) -> None:
    for refused in (ask(flow, basic("spa", "secret")), ask(flow, client_id="spa", client_secret="secret")):
        assert refusal(refused) == (401, "invalid_client")
        assert "Client 'spa' is public, but sent a secret" in description(refused)


def test_a_confidential_client_without_its_secret_is_refused(flow: Flow) -> None:
    refused = ask(flow, client_id="web")
    assert refusal(refused) == (401, "invalid_client")
    assert "authenticated with 'none', expected client_secret_basic or client_secret_post" in description(refused)


def test_an_empty_secret_is_none_in_the_body_as_in_the_header(flow: Flow) -> None:
    for authorization, form in ((None, {"client_id": "service", "client_secret": ""}), (basic("service", ""), {})):
        refused = ask(flow, authorization, **form)
        assert refusal(refused) == (401, "invalid_client")
        assert "Client 'service' authenticated with 'none'" in description(refused)
        assert ("WWW-Authenticate" in refused.headers) == (authorization is not None)
    for authorization, form in ((None, {"client_id": "spa", "client_secret": ""}), (basic("spa", ""), {})):
        code = flow.redirect(client_id="spa")["code"]
        exchange = {"code": code, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER, **form}
        answer = ask(flow, authorization, grant_type="authorization_code", **exchange)
        assert answer.status_code == 200, answer.text


def test_a_public_client_cannot_act_for_itself(flow: Flow) -> None:
    refused = ask(flow, client_id="spa")
    assert refusal(refused) == (401, "invalid_client")
    assert "Client 'spa' is public, and this needs a client that authenticates" in description(refused)


def test_credentials_in_the_query_are_none(flow: Flow) -> None:
    query = "client_id=service&client_secret=service-secret"
    refused = flow.http.post(f"/default/token?{query}", data={"grant_type": "client_credentials"})
    assert refusal(refused) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("method", "header_works", "body_works"),
    [("client_secret_basic", True, False), ("client_secret_post", False, True), (None, True, True)],
)
def test_the_method_that_the_seed_gives_a_client_is_the_only_one(
    start: Start, method: str | None, header_works: bool, body_works: bool
) -> None:
    client = {"secret": "s", "grants": ["client_credentials"]} | ({"auth_method": method} if method else {})
    flow = start({"client_authentication": "strict"}, clients={"machine": client})
    answers = (ask(flow, basic("machine", "s")), ask(flow, client_id="machine", client_secret="s"))
    for response, works in zip(answers, (header_works, body_works), strict=True):
        assert response.status_code == (200 if works else 401)
        if not works:
            assert refusal(response) == (401, "invalid_client")
            assert f"expected {method}" in description(response)
            assert "or set 'client_authentication: lenient' for the issuer in the seed" in description(response)


@pytest.mark.parametrize(
    ("method", "header_works"),
    [("client_secret_basic", True), ("client_secret_post", False), (None, True)],
)
def test_so_is_the_method_that_a_client_has_registered(start: Start, method: str | None, header_works: bool) -> None:
    flow = start({"client_authentication": "strict"})
    metadata = {"grant_types": ["client_credentials"]} | ({"token_endpoint_auth_method": method} if method else {})
    client = flow.register(**metadata).get_json()
    name, secret = client["client_id"], client["client_secret"]
    assert ask(flow, basic(name, secret)).status_code == (200 if header_works else 401)
    assert ask(flow, client_id=name, client_secret=secret).status_code == (401 if header_works else 200)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_lenient_issuer_takes_the_secret_in_either_place(flow: Flow, method: str) -> None:
    assert flow.issuer.settings.client_authentication == "lenient"
    client = flow.register(grant_types=["client_credentials"], token_endpoint_auth_method=method).get_json()
    name, secret = client["client_id"], client["client_secret"]
    for answer in (ask(flow, basic(name, secret)), ask(flow, client_id=name, client_secret=secret)):
        assert answer.status_code == 200, answer.text
    assert refusal(ask(flow, basic(name, "wrong"))) == (401, "invalid_client")
    assert refusal(ask(flow, client_id=name)) == (401, "invalid_client")


def test_one_secret_may_come_in_both_places_where_the_seed_says_so_and_no_other_two_credentials(start: Start) -> None:
    flow, both = start({"client_authentication": "repeated"}), basic("service", "service-secret")
    assert ask(flow, both, client_id="service", client_secret="service-secret").status_code == 200
    assert ask(flow, both).status_code == 200
    for other in (
        {"client_id": "service", "client_secret": "wrong"},
        {"client_id": "web", "client_secret": "web-secret"},
    ):
        refused = ask(flow, both, **other)
        assert refusal(refused) == (400, "invalid_request")
    wrong = ask(flow, basic("service", "wrong"), client_id="service", client_secret="wrong")
    assert refusal(wrong) == (401, "invalid_client")


def test_a_lenient_issuer_takes_no_secret_for_an_assertion(start: Start) -> None:
    clients = {"signer": {"secret": "s" * 32, "auth_method": "client_secret_jwt", "grants": ["client_credentials"]}}
    refused = ask(start(clients=clients), basic("signer", "s" * 32))
    assert refusal(refused) == (401, "invalid_client")
    assert "expected client_secret_jwt. Send what the client is registered for." in description(refused)


def test_a_client_without_the_grant_is_refused(flow: Flow) -> None:
    refused = ask(flow, basic("web", "web-secret"))
    assert refusal(refused) == (400, "unauthorized_client")
    assert "Client 'web' may not use the grant client_credentials" in description(refused)
    refused = flow.exchange("code", "service")
    assert refusal(refused) == (400, "unauthorized_client")
