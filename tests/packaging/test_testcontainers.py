"""The recipes of docs/container.md for Testcontainers, run as they stand with an engine of the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.engine import running
from tests.real_clients.program import ROOT
from tests.real_clients.recipes import recipes

PAGE = "docs/container.md"
PYTHON = ROOT / ".venv-containers/bin/python"
POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>containers</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>17</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>{dependency}</dependencies>
  <build>
    <plugins>
      <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.0</version></plugin>
      <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
    </plugins>
  </build>
</project>
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def containers(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "containers").mkdir()
    with running(tmp_path / "containers") as address:
        yield address


def ran(command: list[str], folder: Path, containers: str) -> str:
    """What a program with that engine says; its containers are at localhost, also where this machine is one."""
    variables = {
        "DOCKER_HOST": containers,
        "TESTCONTAINERS_HOST_OVERRIDE": "localhost",
        "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
        "TESTCONTAINERS_RYUK_DISABLED": "true",
        "TESTCONTAINERS_CHECKS_DISABLE": "true",
    }
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=540)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_recipe_for_python(containers: str, tmp_path: Path) -> None:
    assert PYTHON.exists(), "make test-setup installs it"
    (tmp_path / "test_recipe.py").write_text(recipes(PAGE, "python")["Testcontainers for Python"])
    assert "2 passed" in ran([str(PYTHON), "-m", "pytest", "-q", "test_recipe.py"], tmp_path, containers)


def test_the_recipe_for_java(containers: str, tmp_path: Path) -> None:
    maven = shutil.which("mvn")
    assert maven, "make test-setup installs it"
    title = "Testcontainers for Java"
    code = tmp_path / "src/test/java/DevidpTest.java"
    code.parent.mkdir(parents=True)
    code.write_text(recipes(PAGE, "java")[title])
    (tmp_path / "pom.xml").write_text(POM.format(dependency=recipes(PAGE, "xml")[title]))
    said = ran([maven, "--batch-mode", "test"], tmp_path, containers)
    assert "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0" in said, said
