"""What YAML can do, as far as a seed may do it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from devidp.seed import SeedError, loads
from devidp.seed.compose import compose
from devidp.seed.variables import Variables
from tests.seed.reading import mistake, mistakes, places, read


def bomb(levels: int, width: int = 9) -> str:
    """Aliases of aliases that expand to width ** levels values."""
    lines = [f"x-0: &a0 [{', '.join(['lol'] * width)}]"]
    lines += [f"x-{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]" for level in range(1, levels)]
    return "\n".join(lines)


def test_anchors_and_aliases_share_a_value() -> None:
    found = read("""
        clients:
          one: {secret: s, redirect_uris: &uris [http://localhost/cb]}
          two: {public: true, redirect_uris: *uris}
    """).issuers[0]
    assert found.clients["one"].redirect_uris == found.clients["two"].redirect_uris == ("http://localhost/cb",)


def test_merge_keys_fill_in_and_do_not_override() -> None:
    clients = (
        read("""
        x-base: &base {redirect_uris: [http://localhost/cb], consent: skipped, name: Base}
        x-more: &more {consent: required, default_scopes: [openid]}
        clients:
          one: {<<: *base, secret: s, name: One}
          two: {secret: s, <<: [*more, *base]}
    """)
        .issuers[0]
        .clients
    )
    assert (clients["one"].name, clients["one"].consent) == ("One", "skipped")
    assert (clients["two"].name, clients["two"].consent) == ("Base", "required")
    assert clients["two"].default_scopes == ("openid",)


def test_an_anchor_that_is_set_anew_counts_from_there_on() -> None:
    found = read("x-a: &a one\nx-b: [*a, &a two]\nusers: {alice: {claims: {all: [*a]}}}").issuers[0].users["alice"]
    assert found.claims["all"] == ["two"]


def test_a_key_that_is_no_text_is_named_beside_the_other_mistakes() -> None:
    assert places("users:\n  ? [a]\n  : b\n  alice: {nope: 1}") == [(2, "users"), (4, "users.alice.nope")]


def test_an_alias_can_be_a_key() -> None:
    assert list(read("x-name: &name alice\nusers:\n  *name : {}").issuers[0].users) == ["alice"]


def test_mistakes_in_shared_values_are_named_once_where_they_are_written() -> None:
    assert places("""
        x-uris: &uris
          - http://localhost/cb
          - nonsense
        clients:
          one: {secret: s, redirect_uris: *uris}
          two: {secret: s, redirect_uris: *uris}
    """) == [(4, "clients.one.redirect_uris[1]")]


def test_a_mistake_in_a_merged_mapping_has_the_line_of_its_key_there() -> None:
    assert places("""
        x-base: &base
          redirect_uris: [http://localhost/cb]
          consent: never
        clients:
          one:
            <<: *base
            secret: s
    """) == [(4, "clients.one.consent")]


def test_lines_are_right_in_every_style() -> None:
    assert places("""\
        users: {alice: {nope: 1},
                bob: {nope: 1}}
        clients:
          ? app
          : secret: s
            redirect_uris:
            - http://localhost/cb
            -
              http://localhost/#f
            name: >
              Folded
              text
            nope: |
              literal
        policy:
        - deny:
          - openid

          # a comment
          - opnid
    """) == [
        (1, "users.alice.nope"),
        (2, "users.bob.nope"),
        (9, "clients.app.redirect_uris[1]"),
        (13, "clients.app.nope"),
        (20, "policy[0].deny[1]"),
    ]


def test_every_duplicate_key_is_named_with_the_line_of_the_first() -> None:
    found = mistakes("""
        users:
          alice: {password: a, "password": b}
          bob:
          alice:
        users: {}
    """)
    assert [(problem.line, problem.path) for problem in found] == [
        (3, "users.alice.password"),
        (5, "users.alice"),
        (6, "users"),
    ]
    assert ["in line 3" in found[1].message, "in line 2" in found[2].message] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "users:\n\talice: {}",
        "users:\n  alice:\n\t  password: x",
        "users: {}\n\tclients: {}",
        "# a\n\tusers: {}",
        "users:\t\n \t- x",
    ],
)
def test_a_tab_in_the_indentation_is_called_a_tab(text: str) -> None:
    assert "tab" in mistake(text).message


def test_a_tab_between_values_is_allowed() -> None:
    assert read("users:\t{alice:\t{password:\ta}}").issuers[0].users["alice"].password == "a"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "---\n...\n", "~", "null # really"])
def test_an_empty_seed_is_called_empty(text: str) -> None:
    assert "empty" in mistake(text).message


@pytest.mark.parametrize("text", ["- users", "users", "3", "'{}'", "[]"])
def test_a_list_or_scalar_is_no_seed(text: str) -> None:
    problem = mistake(text)
    assert (problem.line, problem.path) == (1, "")
    assert "mapping" in problem.message


def test_a_second_document_is_refused() -> None:
    assert mistake("users: {}\n---\nclients: {}").line == 2


def test_one_document_may_be_marked_as_such() -> None:
    assert read("%YAML 1.2\n---\nusers: {alice: }\n...\n").issuers[0].users


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("users:\n  alice: {password: a: b}", 2, "quotes"),
        ("users:\n  alice:\n    password: @x", 3, "'@'"),
        ("users:\n  alice:\n    password: `x`", 3, "'`'"),
        ("users:\n  alice:\n    password: 'x", 3, "line 3"),
        ("users:\n  alice: [1,\nclients: 2", 3, "line 2"),
        ("users:\n  alice:\n   password: a\n  bob", 4, "':'"),
        ("clients:\n  a:\n    redirect_uris: [*]", 3, "quotes"),
        ('users:\n  "\\q": {}', 2, "escape"),
        ("users: {alice: }\n}", 2, "brackets"),
    ],
)
def test_a_syntax_error_has_its_line_and_a_hint(text: str, line: int, hint: str) -> None:
    problem = mistake(text)
    assert problem.line == line
    assert hint in problem.message


@pytest.mark.parametrize("tag", ["!!python/object:os.system", "!!binary", "!!set", "!mine", "!!int", "!!timestamp"])
def test_tags_are_refused_and_the_rest_is_still_read(tag: str) -> None:
    value = "{a: }" if tag == "!!set" else "'1'"
    found = mistakes(f"users:\n  alice:\n    claims: {{x: {tag} {value}}}\n    nope: 1")
    assert [(problem.line, problem.path) for problem in found] == [(3, "users.alice.claims.x"), (4, "users.alice.nope")]
    assert tag in found[0].message


def test_the_tag_of_text_is_allowed() -> None:
    assert read("users: {alice: {claims: {x: !!str no, y: ! no}}}").issuers[0].users["alice"].claims == {
        "x": "no",
        "y": "no",
    }


@pytest.mark.parametrize("text", ["users:\n  ? [a]\n  : b", "users:\n  ? {a: b}\n  : c", "users:\n  '': {}"])
def test_a_key_that_is_no_text_is_refused(text: str) -> None:
    problem = mistake(text)
    assert (problem.line, problem.path) == (2, "users")


def test_an_alias_without_an_anchor_is_named() -> None:
    problem = mistake("x-a: &uris []\nclients:\n  app: {redirect_uris: *urls}")
    assert (problem.line, problem.path) == (3, "")
    assert "*urls" in problem.message
    assert "&uris" in problem.message


@pytest.mark.parametrize("text", ["x-a: &a [*a]", "x-a: &a {b: {c: *a}}", "x-a: &a {<<: *a}"])
def test_an_alias_inside_its_own_anchor_is_refused(text: str) -> None:
    assert "*a" in mistake(text).message


@pytest.mark.parametrize("text", ["x-a: {<<: 3}", "x-a: {<<: [{}, 3]}", "x-a: {<<: }"])
def test_only_mappings_can_be_merged(text: str) -> None:
    assert mistake(text).path == "x-a.<<"


def test_an_alias_bomb_is_refused_before_it_goes_off() -> None:
    assert "more than 400000 keys and values" in mistake(bomb(30)).message


def test_a_long_text_that_is_repeated_by_aliases_is_a_bomb_too() -> None:
    text = f"x-long: &long {'y' * 500_000}\nusers: {{alice: {{claims: {{all: [{', '.join(['*long'] * 10_000)}]}}}}}}"
    assert "more than 400000 keys and values" in mistake(text).message


def test_aliases_within_the_bounds_are_expanded() -> None:
    found = read(f"{bomb(3)}\nusers: {{alice: {{claims: {{all: *a2}}}}}}").issuers[0].users["alice"].claims["all"]
    assert sum(len(inner) for middle in found for inner in middle) == 9**3


@pytest.mark.parametrize("text", ["x-a: " + "[" * 100_000, "x-a: " + "{a: " * 50_000, "- " * 50_000])
def test_bottomless_nesting_is_refused(text: str) -> None:
    assert "50 levels" in mistake(text).message


def test_nesting_through_aliases_counts() -> None:
    links = "\n".join(f"x-{link}: &a{link} [*a{link - 1}]" for link in range(1, 100))
    assert "50 levels" in mistake(f"x-0: &a0 [end]\n{links}").message


def test_the_parser_written_in_python_finds_the_same_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x\n  b: [1,\n    {c: 'd'}]\ne: |\n  f\ng: *x\nb: 1\nb: 2\n"
    fast, fast_problems = compose(text, "seed.yaml", Path(), Variables({}))
    monkeypatch.setattr("devidp.seed.compose._PARSER", yaml.SafeLoader)
    slow, slow_problems = compose(text, "seed.yaml", Path(), Variables({}))
    assert (fast, fast.lines, fast_problems) == (slow, slow.lines, slow_problems)


def test_the_name_of_the_seed_stands_before_each_mistake() -> None:
    with pytest.raises(SeedError) as caught:
        loads("users: {alice: {x: 1}}\nclients: 3", "DEVIDP_SEED_YAML")
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["DEVIDP_SEED_YAML:1", "users.alice.x"],
        ["DEVIDP_SEED_YAML:2", "clients"],
    ]
