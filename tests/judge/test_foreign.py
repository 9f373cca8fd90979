"""Where the metadata leads elsewhere: what a foreign origin gets, and what a browser is told to open."""

from __future__ import annotations

from devidp import DevIdP
from tests.judge.conftest import mcp_client
from tests.judge.relying_party import RelyingParty
from tests.judge.verdicts import table, wrong


def test_what_the_foreign_origin_got_is_named_and_not_shown(idp: DevIdP) -> None:
    report = idp.judge(mcp_client, only=["endpoint-foreign:token_endpoint"])
    assert wrong(report) == ["followed-endpoint-foreign:token_endpoint"]
    (finding,) = report.findings
    assert finding.detail.endswith("got an authorization code and a code verifier and a client secret")
    (sent,) = [each for each in finding.exchanges if "token" in each.url]
    assert sent.url.startswith("http://localhost:")
    assert "code_verifier=<redacted>" in sent.sent_body
    assert "code=<redacted>" in sent.sent_body


def test_an_address_that_is_no_web_page_is_not_for_a_browser(idp: DevIdP, relying_party: RelyingParty) -> None:
    chosen = ["endpoint-javascript:authorization_endpoint", "endpoint-file:authorization_endpoint"]
    assert table(idp.judge(mcp_client, only=chosen)) == dict.fromkeys(chosen, "passed")
    report = idp.judge(relying_party, only=chosen, oidc=True)
    assert wrong(report) == [f"followed-{name}" for name in chosen]
    assert "javascript:" in report.findings[0].detail


def test_a_redirect_of_the_token_endpoint_takes_the_code_along(idp: DevIdP) -> None:
    following = RelyingParty(idp.clients["web"].record, follow_redirects=True)
    report = idp.judge(following, only=["redirect-with-body:token", "redirect:token"], oidc=True)
    assert wrong(report) == ["followed-redirect-with-body:token"]
