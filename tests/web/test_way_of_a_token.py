"""docs/design.md leads a reader from a token request to the signature, in five files: a real request goes that way."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import CodeType, FrameType

from werkzeug.test import Client

import devidp
from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.clock import Clock
from tests.shipped import PUBLIC_URL, shipped

PACKAGE = Path(devidp.__file__).parent
DESIGN = (PACKAGE.parent / "docs" / "design.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\d\. `([\w/]+\.py)`, `([\w.]+)`:", re.MULTILINE)
"""A numbered line: the file, and the function that is to be read there."""


def steps() -> list[tuple[str, str]]:
    _, _, way = DESIGN.partition("## The way of a request for a token\n")
    return STEP.findall(way.partition("\n## ")[0])


def test_a_token_takes_the_five_files_in_their_order(clock: Clock) -> None:
    entered: dict[CodeType, None] = {}

    def enter(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            entered.setdefault(frame.f_code)

    application = create_app(Config(PUBLIC_URL), shipped(), clock=clock)
    asked = {"grant_type": "client_credentials", "client_id": "service", "client_secret": "service-secret"}
    before = sys.getprofile()
    sys.setprofile(enter)
    try:
        response = Client(application).post("/default/token", PUBLIC_URL, data=asked)
    finally:
        sys.setprofile(before)
        application.runtime.close()
    assert response.status_code == 200
    functions = [(code.co_filename.removeprefix(f"{PACKAGE}/"), code.co_qualname) for code in entered]
    wanted = steps()
    assert len(wanted) == 5
    assert [each for each in functions if each in wanted] == wanted
