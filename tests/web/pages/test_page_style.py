"""Contrast of the stylesheet's colours, by the formulas of WCAG 2.2 (sections 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from devidp.web.pages.environment import STYLE
from devidp.web.pages.views import HUES
from tests.web.pages.document import Document
from tests.web.pages.examples import EVERY_PAGE

LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", block)) for block in re.findall(r":root {(.*?)}", STYLE, re.DOTALL)
)

schemes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
TEXT = [
    *((text, ground) for text in ("text", "quiet") for ground in ("page", "card", "code", "hover")),
    *(("text", f"hue-{number}") for number in range(HUES)),
    ("accent", "card"),
    ("accent-hover", "card"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("warn-text", "warn"),
    ("bad-text", "bad"),
    ("bad-text", "card"),
]
CONTROLS = [("edge", "card"), ("edge", "hover"), ("accent", "page"), ("warn-line", "card"), ("bad-line", "card")]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@schemes
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5


@schemes
@pytest.mark.parametrize(("line", "ground"), CONTROLS)
def test_edges_of_controls_and_the_focus_ring_stand_out(colours: dict[str, str], line: str, ground: str) -> None:
    assert contrast(colours[line], colours[ground]) >= 3


def test_both_schemes_define_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_every_colour_comes_from_a_variable() -> None:
    rules = re.sub(r":root {.*?}", "", STYLE, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl", rules)
    assert set(re.findall(r"var\(--([\w-]+)\)", rules)) == LIGHT.keys()


def test_every_class_on_a_page_is_in_the_stylesheet() -> None:
    used = {name for page in EVERY_PAGE.values() for one in Document(page).elements for name in one["class"].split()}
    assert used - set(re.findall(r"\.([a-z][\w-]*)", STYLE)) <= {"narrow"}
