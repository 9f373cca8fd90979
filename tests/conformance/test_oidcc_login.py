"""Modules about the login: pages, prompts, age and hints (OpenID Connect Core section 3.1.2.1)."""

from __future__ import annotations

from devidp.system.clock import Clock
from tests.conformance.plans import every_type
from tests.conformance.relying_party import Outcome, RelyingParty
from tests.flow import Form


def check_same_login(first: Outcome, second: Outcome) -> None:
    for one, other in zip(first.id_tokens, second.id_tokens, strict=True):
        assert (one["sub"], one["auth_time"]) == (other["sub"], other["auth_time"])


def check_later_login(rp: RelyingParty, clock: Clock, seconds: int, **changes: str) -> None:
    """The second request shows the login page again, and the second ID token tells of the second login."""
    first = rp.log_in()
    clock.advance(seconds)
    parameters = rp.request(**changes)
    page = rp.open(parameters)
    assert "password" in Form(page.text).offered
    second = rp.complete(rp.flow.finish(page), parameters)
    for one, other in zip(first.id_tokens, second.id_tokens, strict=True):
        assert other["auth_time"] > one["auth_time"]
        assert other["sub"] == one["sub"]


@every_type
def test_oidcc_display_page(rp: RelyingParty) -> None:
    assert rp.log_in(display="page").callback


@every_type
def test_oidcc_display_popup(rp: RelyingParty) -> None:
    assert rp.log_in(display="popup").callback


@every_type
def test_oidcc_prompt_login(rp: RelyingParty, provider_clock: Clock) -> None:
    check_later_login(rp, provider_clock, 1, prompt="login")


@every_type
def test_oidcc_prompt_none_not_logged_in(rp: RelyingParty) -> None:
    parameters = rp.request(prompt="none", state="s" * 128)
    error = rp.error(rp.open(parameters), parameters)
    assert error in ("login_required", "interaction_required", "account_selection_required", "consent_required")


@every_type
def test_oidcc_prompt_none_logged_in(rp: RelyingParty) -> None:
    first = rp.log_in()
    parameters = rp.request(prompt="none")
    check_same_login(first, rp.complete(rp.open(parameters), parameters))


@every_type
def test_oidcc_max_age_1(rp: RelyingParty, provider_clock: Clock) -> None:
    check_later_login(rp, provider_clock, 2, max_age="1")


@every_type
def test_oidcc_max_age_10000(rp: RelyingParty) -> None:
    first = rp.log_in(max_age="15000")
    parameters = rp.request(max_age="10000")
    check_same_login(first, rp.complete(rp.open(parameters), parameters))


@every_type
def test_oidcc_id_token_hint(rp: RelyingParty) -> None:
    first = rp.log_in()
    hint = first.tokens.get("id_token") or first.callback["id_token"]
    parameters = rp.request(prompt="none", id_token_hint=hint)
    check_same_login(first, rp.complete(rp.open(parameters), parameters))


@every_type
def test_oidcc_login_hint(rp: RelyingParty) -> None:
    assert rp.log_in(login_hint="buffy@localhost").callback


@every_type
def test_oidcc_ui_locales(rp: RelyingParty) -> None:
    assert rp.log_in(ui_locales="se").callback
