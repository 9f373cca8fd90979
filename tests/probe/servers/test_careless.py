"""The careless server of docs/probe.md is found out, and what the report prints is all that it takes to mend it."""

from __future__ import annotations

import importlib
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from devidp import DevIdP
from devidp.report import Report
from tests.cli.running import run
from tests.frameworks.project import DEVIDP, Page
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.serving import wsgi_served

PAGE = Page("probe.md")
CODE = " " * 6
"""The margin of code in a printed report."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@contextmanager
def served(folder: Path, name: str) -> Iterator[str]:
    """The URL that the page probes, where the program of this name answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        for module in (name, "tokens"):
            patch.delitem(sys.modules, module, raising=False)
        app = importlib.import_module(name).app
    with wsgi_served(lambda _: app) as (base_url, _):
        yield f"{base_url}/notes"


def printed_code(report: str) -> str:
    lines = report.partition("What to change")[2].splitlines()
    return dedent("\n".join(line for line in lines if not line or line.startswith(CODE)))


def test_the_careless_server_is_found_out_and_mended_by_the_printed_remedy_alone(
    idp: DevIdP, probed: Probed, tmp_path: Path
) -> None:
    PAGE.write(tmp_path, {DEVIDP: idp.url})
    with served(tmp_path, "careless") as url:
        check(probed(url), "careless")
        _, _, _, *options = shlex.split(PAGE.command("devidp probe http://localhost:8000/notes"))
        ended = run(tmp_path, "probe", url, "--url", idp.url, *options)
    assert ended.returncode == 1, ended.stderr
    (tmp_path / "tokens.py").write_text(printed_code(ended.stdout).replace(DEVIDP, idp.url))
    with served(tmp_path, "careful") as url:
        report: Report = probed(url)
    report.assert_clean(fail_on="low")
    assert {finding.id for finding in report.findings} == {"leak-version"}
