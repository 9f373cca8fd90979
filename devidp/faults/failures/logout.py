"""Failures of RP-initiated logout: what the redirect brings back to the client."""

from __future__ import annotations

from devidp.faults.failures.expectation import EITHER
from devidp.faults.failures.registry import SpoiledResponse, failure

ENDPOINT = "logout"
BACK = "OpenID Connect RP-Initiated Logout section 3"


@failure(BACK, ENDPOINT, redirect=True, expects=EITHER)
def logout_state_changed(answer: SpoiledResponse) -> None:
    """`state` is not the one that the client sent."""
    answer.redirect(state=f"{answer.parameters().get('state', '')}x")


@failure(BACK, ENDPOINT, redirect=True, expects=EITHER)
def logout_state_missing(answer: SpoiledResponse) -> None:
    """`state` is missing, although the client sent one."""
    answer.redirect(state=None)


@failure(BACK, ENDPOINT, redirect=True, expects=EITHER)
def logout_redirect_missing(answer: SpoiledResponse) -> None:
    """The user is logged out and stays at the issuer, in place of going back to the client."""
    answer.response.status_code = 200
    del answer.response.headers["Location"]
    answer.body(b"<!doctype html><html><title>Signed out</title><p>You are signed out.</p></html>", "text/html")
