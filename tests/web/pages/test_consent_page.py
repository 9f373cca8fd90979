"""The consent page: what it posts, and what it tells."""

from __future__ import annotations

import pytest

from devidp.models import Client
from devidp.web.pages import ConsentScope
from tests.web.pages.document import Document
from tests.web.pages.examples import REGISTERED, consent


def test_one_form_posts_the_transaction_and_a_decision() -> None:
    page = Document(consent())
    form = page.one("form")
    assert (form["method"], form["action"]) == ("post", "/default/consent")
    assert page.one("input", type="hidden", name="transaction")["value"] == "t-1"
    assert [button["value"] for button in page.all("button", name="decision")] == ["allow", "deny", "switch"]
    assert page.all("button")[0]["value"] == "allow"
    tried = page.all("button", name="answer_with")
    assert {button["form"] for button in tried} == {form["id"]}
    assert all(form in control.inside for control in (*page.all("input"), *page.all("button")) if control not in tried)


def test_each_scope_is_a_ticked_and_labelled_box() -> None:
    page = Document(consent())
    boxes = page.all("input", type="checkbox")
    assert [(box["name"], box["value"]) for box in boxes] == [("scope", "profile"), ("scope", "write:*")]
    assert all("checked" in box.attributes for box in boxes)
    assert [box.inside[-1].tag for box in boxes] == ["label", "label"]
    assert boxes[1].inside[-1].text == "Write write:*"


def test_openid_is_always_included() -> None:
    page = Document(consent())
    fixed = page.one("input", type="hidden", name="scope")
    assert fixed["value"] == "openid"
    assert "Know who you are openid · always included" in fixed.inside[-1].text


def test_a_first_consent_calls_nothing_new() -> None:
    assert "new" not in Document(consent()).one("fieldset").text


def test_scopes_granted_before_are_distinguished_from_new_ones() -> None:
    scopes = [
        ConsentScope("openid", standing="granted"),
        ConsentScope("mcp:write"),
        ConsentScope("mcp:read", standing="kept"),
    ]
    page = Document(consent(scopes=scopes))
    said = [each.text for each in page.all("span", **{"class": "quiet"}) if page.one("fieldset") in each.inside]
    assert said == [
        "openid · always included · you have allowed this before",
        "mcp:write · new",
        "mcp:read · you have allowed this before, and it stays allowed",
    ]


def test_a_required_scope_is_always_included() -> None:
    page = Document(consent(scopes=[ConsentScope("openid", "Know who you are")]))
    assert page.one("input", name="scope")["type"] == "hidden"


def test_a_scope_names_those_of_its_claims_that_the_user_has() -> None:
    box = Document(consent()).one("input", value="profile")
    assert box.inside[-1].text == "See your profile profile Shares name"


def test_user_client_host_resources_and_what_is_withheld_are_shown() -> None:
    text = Document(consent()).text
    for expected in (
        "Example web application asks for access",
        "You are logged in as Alice Anderson alice",
        "returns to app.example.",
        "http://localhost:8000/mcp",
        "mcp:admin Alice may not have it.",
        "https://app.example/callback",
    ):
        assert expected in text


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:3000/cb",
        "https://localhost/cb",
        "http://127.0.0.1/cb",
        "http://127.1.2.3/cb",
        "http://[::1]:9/cb",
        "http://app.localhost/cb",
    ],
)
def test_a_redirect_to_this_machine_is_warned_of(redirect_uri: str) -> None:
    page = Document(consent(client=REGISTERED, redirect_uri=redirect_uri))
    assert "any program could be listening" in page.text
    # a client of the seed is known, and the machine is where everything runs
    assert not Document(consent(redirect_uri=redirect_uri)).all("div", **{"class": "note warn"})


def test_a_redirect_to_an_application_is_warned_of() -> None:
    assert "any application can claim cursor: links" in Document(consent(redirect_uri="cursor://x/cb")).text


@pytest.mark.parametrize("redirect_uri", ["https://app.example/cb", "https://localhost.example/", "http://10.0.0.1/"])
def test_a_redirect_to_another_machine_is_not_warned_of(redirect_uri: str) -> None:
    assert not Document(consent(redirect_uri=redirect_uri)).all("div", **{"class": "note warn"})


def test_a_client_that_registered_itself_is_warned_of_with_the_addresses_it_gave() -> None:
    text = Document(consent(client=REGISTERED)).text
    assert "registered itself" in text
    assert "Home page, as it says https://tool.example/" in text


def test_a_client_that_nobody_has_named_is_warned_of() -> None:
    said = "not in the seed: any program can call itself so"
    assert said in Document(consent(client=Client("c1", "c1", unlisted=True))).one("div", **{"class": "note warn"}).text
    assert said not in Document(consent()).text


def test_a_request_without_scopes_can_be_answered() -> None:
    page = Document(consent(scopes=[]))
    assert "It asks for no scope" in page.text
    assert len(page.all("button", name="decision")) == 3


def test_addresses_that_a_client_gave_of_itself_are_links() -> None:
    metadata = {
        "policy_uri": "https://tool.example/privacy",
        "tos_uri": "javascript:alert(1)",
        "logo_uri": "https://x/",
    }
    page = Document(consent(client=Client("c1", "Some tool", registered=True, metadata=metadata)))
    (link,) = [each for each in page.all("a") if each["target"]]
    assert (link.text, link["href"]) == ("Privacy policy", "https://tool.example/privacy")
    assert "javascript:alert(1)" in page.text
