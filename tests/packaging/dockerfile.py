"""Reads a Dockerfile, and does the steps of its build stage without a container engine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
Stage = list[tuple[str, str]]


def stages() -> list[Stage]:
    """The instructions of each stage: name in upper case, and the rest of the line."""
    found: list[Stage] = []
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            if name == "FROM":
                found.append([])
            found[-1].append((name, rest.strip()))
    return found


def value(stage: Stage, name: str) -> str:
    """What the last instruction of that name says."""
    return [rest for instruction, rest in stage if instruction == name][-1]


def variables(stage: Stage, root: Path) -> dict[str, str]:
    """What ENV of a stage sets, with ``root`` as ``/`` where the image keeps something of devidp's."""
    found = dict(each.split("=", 1) for each in shlex.split(value(stage, "ENV")))
    return {
        name: re.sub(r"^/(?=data|opt)", f"{root}/", text).replace("$PATH", os.defpath) for name, text in found.items()
    }


def build(stage: Stage, root: Path) -> None:
    """Do COPY and RUN of a stage as if ``root`` were ``/``."""
    folder = root
    environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}", "HOME": str(Path.home())}
    for name, rest in stage:
        if name == "WORKDIR":
            folder = root / rest.lstrip("/")
            folder.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            *sources, target = shlex.split(rest)
            for source in sources:
                _copy(ROOT / source, folder / target)
        elif name == "RUN":
            command = rest
            for path in ("/dist", "/opt/build", "/opt/devidp"):
                command = command.replace(path, f"{root}{path}")
            subprocess.run(command, shell=True, check=True, cwd=folder, env=environment, timeout=540)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)
