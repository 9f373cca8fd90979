"""docs/replicas/kubernetes.yaml: fits the schema, fits together, and devidp does what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Start, start
from tests.cli.running import Running, fetch, run
from tests.packaging.dockerfile import stages, value
from tests.postgres import Server
from tests.replicas.deployment import CHECKERS, COMPOSE, KUBERNETES, ROOT, container, manifest, mistakes, pod, variables
from tests.replicas.replicas import SECRET

__all__ = ["start"]
pytestmark = pytest.mark.slow
TOKEN = "the-control-token-of-this-deployment"
POD = {"Host": "10.1.2.3:6749"}
"""As the probes of Kubernetes call it."""


@pytest.mark.parametrize("file", CHECKERS, ids=lambda file: str(file.relative_to(ROOT)))
def test_it_fits_the_schema(file: Path, tmp_path: Path) -> None:
    assert mistakes(file, file.read_text(), tmp_path) == ""


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (KUBERNETES, "readinessProbe:", "readynessProbe:"),
        (KUBERNETES, "replicas: 3", "replicas: three"),
        (KUBERNETES, "selector: {matchLabels: {app: idp}}", ""),
        (KUBERNETES, "stringData:", "stringdata:"),
        (KUBERNETES, "apiVersion: policy/v1", "apiVersion: policy/v9"),
        (COMPOSE, "healthcheck:", "healthchecks:"),
        (COMPOSE, "condition: service_healthy", "condition: healthy"),
        (COMPOSE, "test: [CMD, devidp", "tests: [CMD, devidp"),
    ],
)
def test_a_mistake_would_be_found(file: Path, right: str, wrong: str, tmp_path: Path) -> None:
    text = file.read_text()
    assert right in text
    assert mistakes(file, text.replace(right, wrong, 1), tmp_path)


def test_its_objects_fit_together() -> None:
    deployment, service = manifest("Deployment")["spec"], manifest("Service")["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"] == service["selector"] == labels
    assert manifest("PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    (port,), (outside,) = container()["ports"], service["ports"]
    assert outside["targetPort"] == port["name"]
    assert str(port["containerPort"]) == value(stages()[-1], "EXPOSE")
    assert variables({"database": "", "secret": "", "control-token": ""})["DEVIDP_BACKCHANNEL_URL"] == (
        f"http://{manifest('Service')['metadata']['name']}"
    )
    assert {each["name"] for each in container()["volumeMounts"]} == {each["name"] for each in pod()["volumes"]}
    (seed,) = (each["configMap"]["name"] for each in pod()["volumes"] if "configMap" in each)
    assert seed == manifest("ConfigMap")["metadata"]["name"]
    assert pod()["enableServiceLinks"] is False
    assert value(stages()[-1], "USER").split(":")[0].isdecimal()  # runAsNonRoot refuses a name


def test_as_it_stands_it_is_refused_until_there_is_a_secret(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", **variables(manifest("Secret")["stringData"]))
    assert done.returncode == 2
    assert "DEVIDP_SECRET" in done.stderr


@pytest.fixture
def replica(start: Start, tmp_path: Path, postgres_server: Server) -> Running:
    """With the variables of the manifest and the seed at the place that it names, here."""
    secret = {"database": postgres_server.new_database(), "secret": SECRET, "control-token": TOKEN}
    for name, text in manifest("ConfigMap")["data"].items():
        (tmp_path / name).write_text(text)
    mounted = {each["name"]: each["mountPath"] for each in container()["volumeMounts"]}["seed"]
    given = {name: text.replace(mounted, str(tmp_path)) for name, text in variables(secret).items()}
    given["DEVIDP_PORT"] = "0"
    return start(*container().get("args", ["serve"]), "--ready-file", "ready.json", **given)  # type: ignore[arg-type] # a command is none of them


def test_devidp_does_what_it_says(replica: Running, tmp_path: Path) -> None:
    public = container()["env"][0]["value"]
    assert replica.issuer() == f"{public}/default"
    url = json.loads((tmp_path / "ready.json").read_text())["url"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container()[probe]["httpGet"]
        assert asked["port"] == container()["ports"][0]["name"]
        assert fetch(url, asked["path"], **POD)[0] == 200
    metadata = json.loads(fetch(url, "/default/.well-known/openid-configuration", Host="idp")[1])
    assert (metadata["issuer"], metadata["jwks_uri"]) == (
        f"{public}/default",
        "http://idp/default/.well-known/jwks.json",
    )
    form = "grant_type=client_credentials&client_id=service&client_secret=service-secret"
    assert fetch(url, "/default/token", body=form, Host="idp.example.test")[0] == 200
    forwarded = {"Host": "idp.example.test", "X-Forwarded-For": "10.1.2.4"}
    assert fetch(url, "/_devidp/api/users", **forwarded)[0] == 403
    assert fetch(url, "/_devidp/api/users", **forwarded, Authorization=f"Bearer {TOKEN}")[0] == 200
    assert replica.end() == 0
    assert not [line for line in replica.said() if "environment variable" in line]
