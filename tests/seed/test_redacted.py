"""The text of a seed as it may be shown: no secret is in it, and each line is where it was."""

from __future__ import annotations

import pytest

from devidp.seed import shipped_path
from devidp.seed.redacted import redacted

SEED = """\
# a comment; secret: hunter
shared: &pw "hunter"
users:
  alice: {password: hunter, claims: {email: a@b}}  # password = hunter
  bob:
    password: 'hunter
      4 hunter'
    claims: {name: Ünïcode ✓, x: 1}
  carl: {claims: {name: "é✓ü"}, password: "hunter é"}
  dora: {password: *pw}
clients:
  web:
    ? secret
    : hunter
    redirect_uris: [a]
issuers:
  default:
    signing_key: |
      -----BEGIN hunter
      hunter

      -----END
    registration: {initial_access_token: hunter}
    introspection:
      bearer_token: >-
        hunter
        hunter
    path: /x
    "secret":
      - hunter
      - {a: hunter}
    password:
      hunter
    lifetimes: {}
  other:
    signing_key: {"secret": "hunter",
      "d": "hunter"}
    end: 1
    password: hunter # ok
"""


@pytest.mark.parametrize("text", [SEED, SEED.replace("\n", "\r\n")])
def test_no_secret_is_in_it_and_each_line_is_where_it_was(text: str) -> None:
    lines = redacted(text)
    assert lines is not None
    shown = "\n".join(lines)
    assert "hunter" not in shown
    before = text.splitlines()
    assert len(lines) == len(before)
    for said in ("users:", "    claims: {name: Ünïcode ✓, x: 1}", "    path: /x", "    lifetimes: {}", "    end: 1"):
        assert lines.index(said) == before.index(said)
    for said in ("claims: {email: a@b}", "password: *pw", "password: … # ok"):
        assert said in shown


def test_an_alias_hides_what_it_stands_for_wherever_that_is() -> None:
    assert redacted("a: &k hunter\nusers: {x: {password: *k}}") == ["a: …", "users: {x: {password: *k}}"]
    assert redacted("users: {x: {password: &k hunter}}\na: *k") == ["users: {x: {password: …}}", "a: *k"]


def test_what_is_no_secret_stays_as_it_is() -> None:
    text = "issuers:\n  default: {path: /a}\n? {odd: key}\n: 1\nusers: {alice: {password: }}\n"
    assert redacted(text) == text.splitlines()
    assert redacted("") == []
    shipped = shipped_path().read_text(encoding="utf-8")
    lines = redacted(shipped)
    assert lines is not None
    assert not any("web-secret" in line for line in lines)
    assert sum(line != before for line, before in zip(lines, shipped.splitlines(), strict=True)) < 20


@pytest.mark.parametrize("text", ["a: [", "password: 'x", "a: *b", "- " * 100 + "x", "\tpassword: x"])
def test_of_what_is_no_yaml_nobody_can_tell_what_is_secret(text: str) -> None:
    assert redacted(text) is None
