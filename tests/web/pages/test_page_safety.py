"""What holds for every page, whatever is shown on it."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from hashlib import sha256

import pytest

from devidp.web.pages import HEADERS, ConsentScope
from tests.web.pages.document import Document
from tests.web.pages.examples import ATTACKED, EVERY_PAGE, HOSTILE, ISSUER, MARKUP, ORDINARY, consent, home, login

every_page = pytest.mark.parametrize("page", EVERY_PAGE.values(), ids=EVERY_PAGE)
PERMITTED = frozenset(
    (
        *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "h1", "h2", "h3"),
        *("p", "ul", "li", "dl", "dt", "dd", "div", "span", "strong", "bdi", "code", "pre", "a", "details", "summary"),
        *("link", "form", "label", "input", "button", "fieldset", "legend", "img"),
    )
)


@every_page
def test_the_content_security_policy_permits_this_style_and_nothing_else(page: str) -> None:
    digest = b64encode(sha256(Document(page).one("style").parts[0].encode()).digest()).decode()
    assert HEADERS["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    )


def test_pages_are_neither_framed_nor_sniffed_nor_cached_nor_referred_to() -> None:
    assert {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"} == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


@pytest.mark.parametrize(
    "page",
    [page for name, page in EVERY_PAGE.items() if not name.startswith("signed_out")],
    ids=[name for name in EVERY_PAGE if not name.startswith("signed_out")],
)
def test_a_page_holds_no_script_no_handler_no_style_attribute_and_loads_nothing(page: str) -> None:
    for element in Document(page).elements:
        assert element.tag in PERMITTED
        for attribute, value in element.attributes.items():
            if element.tag == "img" and attribute == "src":
                assert (value or "").startswith("data:image/")
                continue
            assert attribute not in ("style", "src", "srcset", "srcdoc", "formaction", "background", "ping")
            assert not attribute.startswith("on")
            if element.tag == "link":
                assert (element["rel"], element["href"][:19]) == ("icon", "data:image/svg+xml,")
            elif attribute in ("href", "action") and element["rel"] != "noopener noreferrer nofollow":
                assert value == "/" or (value or "").startswith((ISSUER, "/default/"))
            elif attribute == "href":
                assert re.match(r"https?://[a-z]", value or "")
    assert not re.search(r"@import|url\(|image-set\(", Document(page).one("style").text)


@pytest.mark.parametrize("page", [ORDINARY["signed_out"], ATTACKED["signed_out"]], ids=["ordinary", "attacked"])
def test_the_page_after_a_logout_loads_frames_in_a_sandbox_and_links_back(page: str) -> None:
    elements = [element for element in Document(page).elements if element.tag not in PERMITTED]
    assert [element.tag for element in elements] == ["iframe"]
    assert elements[0]["sandbox"] == "allow-forms allow-same-origin allow-scripts"
    assert elements[0]["src"] == "http://localhost:5555/logout?iss=a&sid=b"
    link, *own = Document(page).all("a")
    assert (link["href"] or "").startswith("http://")
    assert set(link.attributes) == {"href"}
    assert {each["href"] for each in own} == {ISSUER}


@every_page
def test_a_page_has_the_structure_that_assistive_technology_needs(page: str) -> None:
    document = Document(page)
    assert document.one("html")["lang"] == "en"
    assert document.one("title").text.endswith(" · devidp")
    assert "width=device-width" in document.one("meta", name="viewport")["content"]
    for landmark in ("h1", "header", "main", "footer"):
        document.one(landmark)
    identifiers = [element["id"] for element in document.elements if "id" in element.attributes]
    assert len(identifiers) == len(set(identifiers))


@every_page
def test_every_field_has_a_label_and_every_reference_a_target(page: str) -> None:
    document = Document(page)
    identifiers = {element["id"] for element in document.elements}
    labelled = {label["for"] for label in document.all("label")}
    for field in document.all("input"):
        within = any(ancestor.tag == "label" for ancestor in field.inside)
        assert field["type"] == "hidden" or within or field["id"] in labelled
    for element in document.elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            assert set(element[attribute].split()) <= identifiers


@pytest.mark.parametrize("page", ATTACKED.values(), ids=ATTACKED)
def test_hostile_text_is_shown_as_text(page: str) -> None:
    body = Document(page).text
    assert MARKUP in body
    assert "[U+202E][U+2066][U+200B][U+0000][U+2028]" in body
    assert not {unicodedata.category(char) for char in body} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@every_page
def test_every_page_can_be_encoded(page: str) -> None:
    assert page.encode("utf-8")


def test_a_value_that_comes_back_is_not_changed_by_the_page() -> None:
    username = "a\u200b\u202e\"<&'b" + "x" * 600
    page = Document(login(username=username, transaction=username))
    assert page.one("input", name="username")["value"] == username
    assert {field["value"] for field in page.all("input", name="transaction")} == {username}
    assert Document(consent(scopes=[ConsentScope(username)])).one("input", name="scope")["value"] == username


def test_a_name_cannot_push_the_rest_of_the_page_away() -> None:
    lead = Document(ATTACKED["login"]).one("p", **{"class": "lead"})
    assert f"… ({len(HOSTILE)} characters)" in lead.text
    assert len(lead.text) < 1000


@every_page
def test_no_page_holds_a_password_or_secret(page: str) -> None:
    assert not re.search(r"alice-password|bob-password|mallory-password|web-secret", page)


def test_the_command_is_shown_whole() -> None:
    curl = "curl " + "x" * 5000
    assert Document(home(curl=curl)).one("pre").text == curl
