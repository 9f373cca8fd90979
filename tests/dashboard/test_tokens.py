"""Tokens on the dashboard: every parameter of minting, the lines that make the same, and any token explained."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from playwright.sync_api import expect

from devidp import DevIdP
from devidp.dashboard.tokens import form
from devidp.faults import FAULTS
from devidp.faults.minting import PARAMETERS
from devidp.oauth import base64url
from tests.dashboard.browser import LARGEST_PAGE, Looker, check, check_everywhere
from tests.dashboard.people import run
from tests.dashboard.visitor import Visitor
from tests.faults.test_opaque import SEED
from tests.flow import MCP, REDIRECT_URI

HEADER = base64url.encode(b'{"alg": "RS256"}')
MINT, INSPECT = "/tokens", "/tokens/inspect"
HOSTILE = "\u202e</p></script><script>alert(1)</script>\u200b" + "w" * 300
MOVING = {"jti", "iat", "exp", "nbf", "auth_time", "sid", "at_hash"}
"""Claims that differ from one token to the next."""
KEY = ECKey.generate_key("P-256", {"kid": "mine"}).as_pem(private=True).decode()
WISHES: list[dict[str, Any]] = [
    {},
    {"user": "alice", "fault": "expired"},
    {"user": "bob", "client": "web", "issuer": "default", "audience": MCP, "scope": "mcp:read openid"},
    {"fault": ["expired", "audience-wrong"], "drop_header": "typ", "drop": "jti acr"},
    {"user": '{"sub": "zoe", "name": "it\'s \\"Zoë\\""}', "free": "on", "audience": "api", "scope": "notes:all"},
    {
        "lifetime": "-15m",
        "not_before": "10m",
        "claims": 'roles=["a b"]\nnumber=7\ntext="7"\nquote=it\'s',
        "header": "x=y",
    },
    {"user": "alice", "claims": json.dumps({"unseen": "\u202eabc\u200b", "lines": "a\nb"})},
    {"user": "alice", "claims": json.dumps({"a=b": "c", "{}": "{", "": 0, "x y": "z=", "\u200b": True})},
    {"token_type": "id-jag", "user": "alice", "audience": "https://other.example", "resource": MCP},
    {"token_type": "client-assertion", "client": "web", "key": KEY},
    {"key": "foreign", "token_type": "id"},
]


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    """One for all: a token changes nothing."""
    with DevIdP() as started:
        yield started


@pytest.fixture(scope="module")
def visitor(idp: DevIdP) -> Iterator[Visitor]:
    with Visitor(idp) as visitor:
        yield visitor


def shown(page: str, place: str) -> str:
    """The text at ``place``, as a browser copies it."""
    (found,) = re.findall(rf'id="{place}">(.*?)</code>', page, re.DOTALL)
    return html.unescape(re.sub(r"</?span>", "", found))


def claims(token: str) -> dict[str, Any]:
    """What a token says but for what is new each time."""
    said: dict[str, Any] = json.loads(base64url.decode(token.split(".")[1]))
    header: dict[str, Any] = json.loads(base64url.decode(token.split(".")[0]))
    moments = {name: said[name] - said["iat"] for name in ("exp", "nbf") if name in said}
    return {**{name: said[name] for name in said if name not in MOVING}, "moments": moments, "header": header}


@pytest.mark.parametrize("wishes", WISHES, ids=" ".join)
def test_the_lines_beside_a_token_make_the_same(
    idp: DevIdP, visitor: Visitor, wishes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.pem").write_text(KEY)
    page = visitor.post(MINT, **wishes)
    assert page.status_code == 200, page.text
    minted = claims(shown(page.text, "token"))
    assert claims(run(shown(page.text, "cli")).strip()) == minted
    assert claims(json.loads(run(shown(page.text, "http")))["token"]) == minted
    line = shown(page.text, "pytest")
    scope: dict[str, Any] = {"idp": idp, "Path": Path}
    exec(line, scope)
    assert claims(scope["token"]) == minted


def test_the_form_has_every_parameter_and_every_fault(visitor: Visitor) -> None:
    page = visitor.get(MINT).text
    named = set(re.findall(r'name="(\w+)"', page)) - {"form_token", "viewport", "robots", "find"} - {"color"}
    assert set(form.FIELDS) == {*PARAMETERS, "issuer"}
    assert set(form.FIELDS) <= named
    assert re.findall(r'name="fault" value="([^"]+)"', page) == list(FAULTS)


def test_a_link_fills_the_form_in(visitor: Visitor) -> None:
    query = {"user": "bob", "client": "web", "scope": "mcp:read", "audience": MCP, "fault": "expired", "lifetime": "1m"}
    page = visitor.get(MINT, **query).text
    for name in ("user", "client", "scope", "audience", "lifetime"):
        assert re.search(rf'name="{name}" value="{re.escape(query[name])}"', page), name
    assert re.findall(r'name="fault" value="([^"]+)" checked', page) == ["expired"]
    assert 'id="token"' not in page


def test_faults_that_look_the_same_are_named_together(idp: DevIdP, visitor: Visitor) -> None:
    foreign = idp.token(fault="key-foreign")
    page = visitor.post(INSPECT, token=foreign).text
    assert "<code>key-foreign</code>, <code>key-retired</code>, <code>key-unpublished</code> look the same" in page
    assert "as <code>kid-unknown</code>" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"user": "nobody"}, "nobody"),
        ({"fault": "expierd"}, "expired"),
        ({"lifetime": "soon"}, "lifetime"),
        ({"claims": "roles"}, "expected NAME=VALUE"),
        ({"fault": "expired", "key": "foreign", "claims": '{"a": '}, "expected a JSON object"),
        ({"colour": "red"}, "there is no parameter 'colour'"),
        ({"user": "alice", "scope": HOSTILE}, "unknown"),
    ],
)
def test_what_cannot_be_minted_is_said_and_what_was_typed_is_kept(
    visitor: Visitor, typed: dict[str, str], said: str
) -> None:
    page = visitor.post(MINT, **typed)
    assert page.status_code == 400
    (problem,) = re.findall(r'role="alert">(.*?)</p>', page.text, re.DOTALL)
    assert said in html.unescape(problem)
    kept = [name for name in typed if name in ("user", "lifetime", "scope")]
    assert all(f'value="{html.escape(typed[name])}"' in page.text for name in kept)
    assert "<script>alert" not in page.text


def test_a_link_with_what_is_no_parameter_is_refused(visitor: Visitor) -> None:
    assert visitor.get(MINT, users="alice").status_code == 400
    with_key = visitor.get(MINT, key=KEY)
    assert with_key.status_code == 400
    assert "PRIVATE KEY" not in with_key.text
    assert visitor.get(MINT, key="foreign").status_code == 200


def test_a_fault_that_cannot_be_shown_whole_is_made_by_the_lines(visitor: Visitor) -> None:
    page = visitor.post(MINT, fault="oversized")
    assert len(page.content) <= LARGEST_PAGE
    assert "too many for a page" in page.text
    assert len(json.loads(run(shown(page.text, "http")))["token"]) > 64 * 1024


def test_faults_are_searched_and_what_was_chosen_stays(visitor: Visitor) -> None:
    page = visitor.post(MINT, find="fault", search="aud slash", fault="expired").text
    assert re.findall(r'name="fault" value="([^"]+)"', page) == ["expired", "audience-trailing-slash"]
    assert 'value="expired" checked' in page
    assert "No fault has all of these words" in visitor.get(MINT, search="nothing-like-that").text


@pytest.mark.parametrize("kind", ["id", "logout", "id-jag", "access"])
def test_nothing_is_wrong_with_a_sound_token_of_any_kind(visitor: Visitor, kind: str) -> None:
    page = visitor.post(MINT, token_type=kind, user="alice").text
    assert "A sound token" in page
    assert ">wrong<" not in page
    assert ">missing<" not in page


def test_an_opaque_token_is_shown_with_what_introspection_says() -> None:
    with DevIdP(SEED) as idp, Visitor(idp) as visitor:
        page = visitor.post(MINT, user="alice").text
        assert re.search(r"expires in (1 hour|59 minutes)", page)
        assert "&#34;alice&#34;" in page


def test_which_fault_is_where_is_seen(visitor: Visitor) -> None:
    page = html.unescape(visitor.post(MINT, fault="kid-missing jti-missing").text)
    for place, fault in (("header.kid", "kid-missing"), ("claims.jti", "jti-missing")):
        assert re.search(rf"<dt><code[^>]*>{place}</code></dt><dd><code[^>]*>{fault}</code></dd>", page)
    assert page.count("is here.") == 2


def test_what_is_too_long_for_a_form_is_refused_by_name(visitor: Visitor) -> None:
    page = visitor.post(MINT, claims=f"x={'y' * 5000}")
    assert page.status_code == 400
    assert "claims: it is too long for a form" in page.text
    page = visitor.post(MINT, claims=f"x={chr(34) * 700}")
    assert (page.status_code, len(page.content) < LARGEST_PAGE) == (200, True)


def test_among_ten_thousand_one_is_found_without_javascript() -> None:
    people = {f"user{number}": {"claims": {"name": f"Person {number}"}} for number in range(10_000)}
    clients = {"web": {"redirect_uris": [REDIRECT_URI], "public": True}}
    with DevIdP({"users": people, "clients": clients}) as many, Visitor(many) as visitor:
        page = visitor.get(MINT).text
        assert len(page.encode()) <= LARGEST_PAGE
        assert "user9999" not in page
        found = visitor.post(MINT, find="user", user="person 9999", scope="mcp:read").text
        assert 'value="user:user9999"' in found
        assert 'name="scope" value="mcp:read"' in found
        assert len(visitor.post(MINT, find="user", user="person").content) <= LARGEST_PAGE
        picked = visitor.post(MINT, pick="user:user9999", user="person 9999", scope="mcp:read").text
        assert 'name="user" value="user9999"' in picked
        assert (
            claims(shown(visitor.post(MINT, user="user9999").text, "token"))["sub"] == many.users["user9999"].record.sub
        )


def inspected(visitor: Visitor, **typed: str) -> str:
    page = visitor.post(INSPECT, **typed)
    assert page.status_code == 200, page.text
    assert len(page.content) <= LARGEST_PAGE
    return html.unescape(page.text)


def test_a_token_is_explained_with_the_verifiers_that_accept_it(idp: DevIdP, visitor: Visitor) -> None:
    page = inspected(visitor, token=f"Bearer {idp.token(fault='exp-missing', audience=MCP)}", audience=MCP)
    assert "exp is missing" in page
    assert "Signature</dt>\n<dd>good" in page
    assert re.search(r"accepts</span> PyJWT, usual <span class=\"quiet\">\d", page)
    assert re.search(r"refuses</span> PyJWT, strict", page)
    assert '/_devidp/tokens?fault=exp-missing"' in page


def test_the_state_of_a_token_at_its_issuer_is_told(idp: DevIdP, visitor: Visitor) -> None:
    assert ">active<" in inspected(visitor, token=idp.token())
    assert ">inactive<" in inspected(visitor, token=idp.token(fault="revoked"))
    refresh = inspected(visitor, token=idp.token(token_type="refresh"))
    assert "Opaque token" in refresh
    assert '"token_use": "refresh_token"' in refresh


def test_a_foreign_token_is_judged_by_the_keys_that_are_pasted(visitor: Visitor) -> None:
    key = RSAKey.generate_key(2048, {"kid": "theirs", "alg": "RS256"})
    header, said = {"alg": "RS256", "kid": "theirs", "typ": "at+jwt"}, {"iss": "https://theirs.example", "sub": "x"}
    token = jwt.encode(header, said, key)
    assert "not checked: it is of no issuer here" in inspected(visitor, token=token)
    keys = json.dumps({"keys": [key.as_dict(private=False)]})
    assert "Signature</dt>\n<dd>good" in inspected(visitor, token=token, keys=keys)
    assert "and these keys are of https://other" in inspected(visitor, token=token, keys=keys, issuer="https://other")
    for wrong in ("{", json.dumps(key.as_dict(private=True))):
        refused = visitor.post(INSPECT, token=token, keys=wrong)
        assert refused.status_code == 400
        assert token in refused.text


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps({"sub": HOSTILE, HOSTILE: HOSTILE, "aud": [HOSTILE] * 50}),
        json.dumps({f"claim{number}": "x" * 600 for number in range(300)}),
        '{"exp": NaN}',
        '{"exp": 1e999, "exp": 5, "iss": "a", "iss": "b"}',
        "[" * 50_000,
        '{"a":' * 500 + "1" + "}" * 500,
        '{"\\ud800": "\\udfff"}',
        json.dumps({f'{number}\u202e"': '\u202e"<' * 200 for number in range(60)}),
    ],
    ids=["hostile", "many", "nan", "duplicates", "deep", "nested", "surrogates", "swelling"],
)
def test_a_hostile_token_is_shown_safely(visitor: Visitor, payload: str) -> None:
    token = f"{HEADER}.{base64url.encode(payload.encode())}.c2ln"
    page = visitor.post(INSPECT, token=token)
    assert page.status_code == 200
    assert len(page.content) <= LARGEST_PAGE
    assert "<script>alert" not in page.text
    shown_parts = re.sub(r"<textarea.*?</textarea>", "", page.text, flags=re.DOTALL)
    assert not {"\u202e", "\u200b"} & set(shown_parts)


def test_what_no_token_can_be_is_explained_too(visitor: Visitor) -> None:
    assert visitor.post(INSPECT, token="  ").status_code == 400
    assert "No token" in inspected(visitor, token="hello")
    assert "SD-JWT" in inspected(visitor, token="a.b.c~d~")
    assert visitor.post(INSPECT, token="x" * 1_000_000).status_code == 413


def test_a_token_is_in_no_event_and_no_address(idp: DevIdP, visitor: Visitor) -> None:
    before = len(idp.control.events.find())
    inspected(visitor, token=idp.token())
    visitor.post(MINT, user="alice")
    assert len(idp.control.events.find()) == before
    assert visitor.get(INSPECT, token="eyJ").text.count("eyJ") == 0


def test_a_person_mints_an_expired_token_and_copies_the_line_for_a_test(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/tokens")
    page.get_by_text("Time 17").click()
    page.get_by_role("checkbox", name="expired exp is a day ago").check()
    page.get_by_role("button", name="Mint").last.click()
    page.get_by_role("button", name="Copy the line for pytest").click()
    assert page.locator("#pytest").inner_text() == 'token = idp.token(fault="expired")'
    page.get_by_text("Which verifiers accept that").click()
    check_everywhere(page, "tokens-minted")


def test_a_person_asks_why_a_token_is_refused(look: Looker, idp: DevIdP) -> None:
    page = look("/_devidp/tokens/inspect", javascript=False)
    page.get_by_label("Token", exact=True).fill(idp.token(fault="audience-trailing-slash", audience=MCP, drop="jti"))
    page.get_by_label("Audience of your API").fill(MCP)
    page.get_by_role("button", name="Inspect").click()
    expect(page.get_by_text("they differ in a slash at the end").first).to_be_visible()
    with_script = look("/_devidp/tokens/inspect")
    check_everywhere(with_script, "tokens-inspect")
    with_script.get_by_label("Token", exact=True).fill(idp.token(claims={"sub": HOSTILE, HOSTILE: 1}, fault="expired"))
    with_script.keyboard.press("Tab")
    for _ in range(3):
        with_script.keyboard.press("Tab")
    with_script.get_by_role("button", name="Inspect").press("Enter")
    with_script.locator("#result").wait_for()
    check_everywhere(with_script, "tokens-inspected")


def test_the_form_that_mints_is_for_everybody(look: Looker) -> None:
    check_everywhere(look("/_devidp/tokens?fault=expired&user=nobody&lifetime=1m"), "tokens-form")
    look.expected.append("400")
    refused = look("/_devidp/tokens?users=x")
    check(refused, "tokens-refused")
