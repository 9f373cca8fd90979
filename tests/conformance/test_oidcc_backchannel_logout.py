"""The modules of the OpenID conformance plan for Back-Channel Logout, each after its name."""

from __future__ import annotations

from joserfc import jwt
from joserfc.jwk import KeySet

from tests.flow import Flow, answer, payload
from tests.issuer.logout.receiver import receiving
from tests.issuer.logout.relying_party import HOME, RelyingParty


def test_oidcc_backchannel_logout_discovery_endpoint_verification(flow: Flow) -> None:
    metadata = flow.metadata()
    assert metadata["backchannel_logout_supported"] is True
    assert metadata["backchannel_logout_session_supported"] is True
    assert metadata["end_session_endpoint"].startswith(flow.issuer.url)


def test_oidcc_backchannel_rp_initiated_logout(flow: Flow) -> None:
    with receiving() as receiver:
        client = RelyingParty(flow, backchannel_logout_uri=receiver.url, backchannel_logout_session_required=True)
        id_token = payload(client.log_in()["id_token"])
        response = client.log_out()
        token = receiver.logout_token()
    assert response.headers["Location"] == f"{HOME}?state=a+state"
    keys = KeySet.import_key_set(flow.http.get("/default/.well-known/jwks.json").get_json())
    decoded = jwt.decode(token, keys, ["ES256"])
    assert decoded.header["typ"] == "logout+jwt"
    claims = decoded.claims
    assert claims["iss"] == flow.issuer.url
    assert claims["aud"] == client.client_id
    assert (claims["sub"], claims["sid"]) == (id_token["sub"], id_token["sid"])
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert 0 < claims["exp"] - claims["iat"] <= 120
    assert claims["jti"]
    assert "nonce" not in claims
    refused = answer(flow.authorize(client_id=client.client_id, prompt="none").headers["Location"])
    assert refused["error"] == "login_required"
