"""The modules of the OpenID conformance plan for Front-Channel Logout, each after its name."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.flow import Flow, answer, payload
from tests.issuer.logout.relying_party import HOME, RelyingParty
from tests.issuer.logout.test_frontchannel import frames

FRAME = "http://localhost:5555/frontchannel_logout"


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(flow: Flow) -> None:
    metadata = flow.metadata()
    assert metadata["frontchannel_logout_supported"] is True
    assert metadata["frontchannel_logout_session_supported"] is True
    assert metadata["end_session_endpoint"].startswith(flow.issuer.url)


def test_oidcc_frontchannel_rp_initiated_logout(flow: Flow) -> None:
    client = RelyingParty(flow, frontchannel_logout_uri=FRAME, frontchannel_logout_session_required=True)
    sid = payload(client.log_in()["id_token"])["sid"]
    response = client.log_out()
    (address,) = frames(response.text)
    assert address.split("?")[0] == FRAME
    assert parse_qs(urlsplit(address).query) == {"iss": [flow.issuer.url], "sid": [sid]}
    _, target = response.headers["Refresh"].split("; url=")
    assert target == f"{HOME}?state=a+state"
    refused = answer(flow.authorize(client_id=client.client_id, prompt="none").headers["Location"])
    assert refused["error"] == "login_required"
