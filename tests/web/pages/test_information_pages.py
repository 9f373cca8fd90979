"""The error page and the landing page."""

from __future__ import annotations

from devidp.models import Client, User
from devidp.web import pages
from tests.web.pages.document import Document
from tests.web.pages.examples import ISSUER, error, home


def test_an_error_says_what_was_received_and_what_to_change() -> None:
    page = Document(error(developer=None))
    assert page.one("h1").text == "Unknown client"
    for expected in ("Error 400", "There is no client 'wep'.", "Did you mean web?", "RFC 6749 section 4.1.2.1"):
        assert expected in page.text
    assert [(dt.text, dd.text) for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)] == [
        ("client_id", "wep"),
        ("state", "nothing"),
    ]


def test_an_error_leads_to_the_landing_page_and_nowhere_else() -> None:
    page = Document(error(details={"redirect_uri": "https://evil.example/"}, home="/base/", developer=None))
    assert "https://evil.example/" in page.one("dd").text
    assert [one["href"] for one in page.all("a")] == ["/base/"]
    assert not [one for one in page.elements if one.attributes.keys() & {"src", "action"}]


def test_the_landing_page_links_the_metadata_and_keys_of_each_issuer() -> None:
    page = Document(home())
    assert [link["href"] for link in page.all("a")] == [ISSUER, f"{ISSUER}/discovery", f"{ISSUER}/jwks"]
    assert page.all("a")[1].text == "Discovery of default"


def test_the_landing_page_lists_users_and_clients() -> None:
    text = Document(home()).text
    for expected in ("alice · admin · acme", "Disabled in the seed", "web confidential", "c1 public registered itself"):
        assert expected in text


def test_the_landing_page_stays_small_with_many_users_and_clients() -> None:
    users = [User(f"user{number}", str(number)) for number in range(10_000)]
    page = home(users=users, clients=[Client(f"c{number}", f"c{number}") for number in range(10_000)])
    assert len(page) < 100_000
    assert Document(page).text.count("And 9950 more.") == 2


def test_the_page_of_an_issuer_says_its_addresses() -> None:
    page = Document(
        pages.issuer(
            name="default",
            url=ISSUER,
            home="/",
            documents={"Discovery": f"{ISSUER}/discovery"},
            endpoints={"token_endpoint": f"{ISSUER}/token"},
            grants=["authorization_code"],
        )
    )
    assert page.one("pre").text == ISSUER
    assert [link["href"] for link in page.all("a")] == [f"{ISSUER}/discovery", "/"]
    assert (page.one("dt").text, page.one("dd").text) == ("token_endpoint", f"{ISSUER}/token")


def test_the_landing_page_shows_the_command_as_it_must_be_typed() -> None:
    assert Document(home()).one("pre").text == f"curl -d 'a=b&c=d' {ISSUER}/token"
    assert not Document(home(curl="")).all("pre")
