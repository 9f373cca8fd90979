"""The pages of docs/ that bring a framework to devidp, with the addresses of the devidp that somebody has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

PAGES: Final = {
    "fastapi": ("FastAPI", "web"),
    "flask": ("Flask", "web"),
    "django": ("Django", "notes"),
    "express": ("Express", "web"),
    "nextjs": ("Next.js", "notes"),
    "spring": ("Spring", "notes"),
    "languages": ("Other languages", ""),
}
"""What a person calls what each is for, and the client that its application logs in as; empty where nobody does."""
WRITTEN: Final = "http://localhost:6749"
"""The devidp of the pages, which has the issuer ``default``."""
_BLOCK: Final = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)|<(http[^>]*)>")


@dataclass(frozen=True, slots=True)
class Part:
    """Something to read, with names in backticks, or to paste: ``code``."""

    kind: Literal["heading", "text", "code"]
    text: str


@dataclass(frozen=True, slots=True)
class Tutorial:
    """A page without those of its sections in which there is nothing to paste."""

    title: str
    parts: tuple[Part, ...]
    client: str
    has_seed: bool
    """Whether it brings a seed of its own."""


def read(name: str, base: str, issuer: str) -> Tutorial:
    """The page ``name``, for the devidp at ``base`` and its issuer at the URL ``issuer``."""
    text = (_folder() / f"{name}.md").read_text(encoding="utf-8")
    title, *parts = _whole_sections([*_parts(_placed(text, base, issuer))])
    return Tutorial(title.text, tuple(parts), PAGES[name][1], "# seed.yaml" in text)


def _folder() -> Path:
    """A wheel carries the pages inside the package, a checkout has them beside it."""
    package = Path(__file__).parents[1]
    packaged = package / "docs"
    return packaged if packaged.is_dir() else package.parent / "docs"


def _placed(text: str, base: str, issuer: str) -> str:
    """With other addresses than those that are written; commands that call devidp are told where it is."""
    if base != WRITTEN:
        text = text.replace("devidp token ", f"devidp token --url {base} ")
    return text.replace(f"{WRITTEN}/default", issuer).replace(WRITTEN, base)


def _parts(text: str) -> Iterator[Part]:
    prose, *blocks = _BLOCK.split(text)
    yield from _prose(prose)
    for code, prose in zip(blocks[1::3], blocks[2::3], strict=True):
        yield Part("code", code.rstrip("\n"))
        yield from _prose(prose)


def _prose(text: str) -> Iterator[Part]:
    for paragraph in filter(None, (each.strip() for each in text.split("\n\n"))):
        heading = paragraph.startswith("#")
        plain = _LINK.sub(lambda link: link[1] or link[2], paragraph.lstrip("# "))
        yield Part("heading" if heading else "text", " ".join(plain.split()))


def _whole_sections(parts: list[Part]) -> Iterator[Part]:
    """The first, and those until the next heading, where one of them is code; the introduction in any case."""
    section: list[Part] = []
    for part in [*parts, Part("heading", "")]:
        if part.kind == "heading":
            if not section or section[0] is parts[0] or any(each.kind == "code" for each in section):
                yield from section
            section = []
        section.append(part)
