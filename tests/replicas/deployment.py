"""The files of docs/replicas: read as a platform reads them, and checked by its schema."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/replicas"
ENVIRONMENT = ROOT / ".venv-containers"
COMPOSE, KUBERNETES = FOLDER / "compose.yaml", FOLDER / "kubernetes.yaml"
BALANCER = (FOLDER / "haproxy.cfg").read_text()
OF_COMPOSE = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
CHECKERS = {
    COMPOSE: OF_COMPOSE,
    ROOT / "docs/compose.yaml": OF_COMPOSE,
    KUBERNETES: ("kubernetes-validate", "--strict", "--kubernetes-version", "1.37.0"),
}


def mistakes(file: Path, text: str, folder: Path) -> str:
    """What the checker of ``file`` has against ``text`` in its place."""
    assert ENVIRONMENT.is_dir(), "make test-setup installs it"
    program, *arguments = CHECKERS[file]
    written = folder / file.name
    written.write_text(text)
    command = [str(ENVIRONMENT / "bin" / program), *arguments, str(written)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    # one of them ends with 0, and warns, where it knows no such object
    sound = done.returncode == 0 and "WARN" not in done.stdout
    return "" if sound else done.stdout + done.stderr


def services(**variables: str) -> dict[str, Any]:
    """Those of the compose file, with each ``${NAME:?…}`` replaced."""
    text = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: variables[found[1]], COMPOSE.read_text())
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def manifest(kind: str) -> dict[str, Any]:
    """The one object of that kind."""
    (found,) = (each for each in yaml.safe_load_all(KUBERNETES.read_text()) if each["kind"] == kind)
    assert isinstance(found, dict)
    return found


def pod() -> dict[str, Any]:
    found: dict[str, Any] = manifest("Deployment")["spec"]["template"]["spec"]
    return found


def container() -> dict[str, Any]:
    (found,) = pod()["containers"]
    assert isinstance(found, dict)
    return found


def variables(secret: dict[str, str]) -> dict[str, str]:
    """The environment of the container, with what the Secret has."""
    found: dict[str, str] = {}
    for each in container()["env"]:
        key = each.get("valueFrom", {}).get("secretKeyRef")
        assert key is None or key["name"] == manifest("Secret")["metadata"]["name"]
        found[each["name"]] = each["value"] if key is None else secret[key["key"]]
    return found
