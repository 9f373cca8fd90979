"""The pages of docs/ as a whole: found from the index, without a dead link, and readable."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
WIDEST_CELL = 320
"""Characters: what is longer belongs below the table."""


@cache
def prose(page: Path) -> str:
    return re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """As GitHub makes them from headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """Each link within the project: as it is written, the file and the anchor that it names."""
    for link in LINK.findall(prose(page)):
        if "://" not in link and not link.startswith("mailto:"):
            name, _, anchor = link.partition("#")
            yield link, (page.parent / name).resolve() if name else page, anchor


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    listed = {target for _, target, _ in links(DOCS / "index.md")}
    assert [page.name for page in DOCS.glob("*.md") if page not in listed and page.name != "index.md"] == []
    assert DOCS / "index.md" in {target for _, target, _ in links(ROOT / "README.md")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_is_dead(page: Path) -> None:
    dead = [
        link
        for link, target, anchor in links(page)
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target))
    ]
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_cell_of_a_table_is_a_paragraph(page: Path) -> None:
    if "Written by `make docs`" in prose(page):
        return  # its texts are those of the catalogue
    shown = re.sub(r"\]\([^)\s]+\)", "]", prose(page))
    cells = [cell.strip() for line in shown.splitlines() if line.startswith("|") for cell in line.split("|")]
    assert [cell for cell in cells if len(cell) > WIDEST_CELL] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_installed_by_a_name_that_is_not_published(page: Path) -> None:
    commands = re.findall(r"(?:pip|pipx|uv|uvx) [^\n`&;#]*", page.read_text(encoding="utf-8"))
    assert [each for each in commands if re.search(r"install .*(?<![\w/])devidp(?!\w)", each)] == []


def test_what_the_demo_tells_to_install_is_what_it_needs() -> None:
    (needed,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["demo"]
    for told in (DOCS / "demo.md", ROOT / "devidp" / "cli" / "demo.py"):
        assert f"pip install '{needed}'" in told.read_text(encoding="utf-8")
