"""What a reader of a page has in the end: the files that its blocks name, and the environment that it installs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.packaging.pins import CONSTRAINTS
from tests.real_clients.program import ROOT

BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```")
FILE = re.compile(r"(?:#|//|<!--) ([\w./\[\]-]+\.\w+)(?: -->)?\n")
CLONE = "path/to/devidp"
DEVIDP = "http://localhost:6749"


class Page:
    """A page of docs/, by its name."""

    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        self._blocks = BLOCK.findall(self.text)

    @property
    def files(self) -> dict[str, str]:
        """The blocks whose first line is a comment that names a file."""
        named = ((FILE.match(code), code) for _, code in self._blocks)
        return {matched[1]: code[matched.end() :] for matched, code in named if matched}

    @property
    def commands(self) -> list[str]:
        """The lines for a shell."""
        return [line for language, code in self._blocks if language == "sh" for line in code.splitlines()]

    def command(self, word: str) -> str:
        """The first line for a shell that has ``word``."""
        return next(line for line in self.commands if word in line)

    def write(self, folder: Path, replaced: Mapping[str, str] | None = None) -> None:
        """The files, with other addresses in them: ``{"http://localhost:6749": …}``."""
        for name, code in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(placed(code, replaced or {}))

    def install(self, folder: Path) -> None:
        """The environment ``.venv`` with what the page says to install, in the pinned versions."""
        words = shlex.split(self.command("pip install"))
        packages = [word.replace(CLONE, str(ROOT)) for word in words[words.index("install") + 1 :]]
        for arguments in (
            ("venv", "--quiet", "--python", sys.executable, folder / ".venv"),
            ("pip", "install", "--quiet", "--python", folder / ".venv", *pinned_by(), *packages),
        ):
            subprocess.run([Path(sys.executable).with_name("uv"), *arguments], cwd=folder, check=True)


def placed(code: str, replaced: Mapping[str, str]) -> str:
    for old, new in replaced.items():
        code = code.replace(old, new)
    return code


def pinned_by() -> tuple[str | Path, ...]:
    return "--constraint", CONSTRAINTS, "--build-constraint", CONSTRAINTS
