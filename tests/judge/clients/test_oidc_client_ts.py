"""oidc-client-ts, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devidp import DevIdP
from tests.judge.clients.proofs import check
from tests.real_clients.chromium import Chromium, chromium_running
from tests.real_clients.single_page import single_page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CHOSEN = (
    "iss-wrong", "state-changed", "issuer-mismatch", "endpoint-foreign:token_endpoint", "token-type-unknown",
    "id-signature-bad", "id-nonce-wrong", "id-issuer-wrong", "id-audience-wrong", "id-expired", "sub-changed",
)  # fmt: skip
"""A login in a browser takes a second: one of each kind of danger."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with chromium_running() as started:
        yield started


def test_oidc_client_ts(idp: DevIdP, chromium: Chromium) -> None:
    idp.login("alice", "spa", scope="openid profile email")  # what was allowed once is not asked for again

    def log_in(issuer: str) -> None:
        chromium.start_anew()
        with single_page(issuer) as application:
            chromium.open(f"{application.origin}/")
            chromium.press("Log in")
            chromium.press("Log in as Alice Anderson")
            chromium.arrive(f"{application.origin}/callback?")
            assert chromium.run("ready.then((user) => user.profile.sub)") == "alice"

    check(idp.judge(log_in, oidc=True, only=CHOSEN), "oidc-client-ts")
