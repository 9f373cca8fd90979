"""The error page and the landing page."""

from __future__ import annotations

from tests.web.pages.document import Document
from tests.web.pages.examples import ISSUER, error, home


def test_an_error_says_what_was_received_and_what_to_change() -> None:
    page = Document(error())
    assert page.one("h1").text == "Unknown client"
    for expected in ("Error 400", "There is no client 'wep'.", "Did you mean web?", "RFC 6749 section 4.1.2.1"):
        assert expected in page.text
    assert [(dt.text, dd.text) for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)] == [
        ("client_id", "wep"),
        ("state", "nothing"),
    ]


def test_an_error_leads_nowhere() -> None:
    page = error(details={"redirect_uri": "https://evil.example/"})
    assert "https://evil.example/" in Document(page).one("dd").text
    assert not [one for one in Document(page).elements if one.attributes.keys() & {"href", "src", "action"}]


def test_the_landing_page_links_the_metadata_and_keys_of_each_issuer() -> None:
    page = Document(home())
    assert [link["href"] for link in page.all("a")] == [f"{ISSUER}/discovery", f"{ISSUER}/jwks"]
    assert page.all("a")[0].text == "Discovery of default"


def test_the_landing_page_lists_users_and_clients() -> None:
    text = Document(home()).text
    for expected in ("alice · admin · acme", "Disabled in the seed", "web confidential", "c1 public registered itself"):
        assert expected in text


def test_the_landing_page_shows_the_command_as_it_must_be_typed() -> None:
    assert Document(home()).one("pre").text == f"curl -d 'a=b&c=d' {ISSUER}/token"
    assert not Document(home(curl="")).all("pre")
