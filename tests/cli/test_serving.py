"""``devidp serve`` from its start to a token."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest

from devidp import __version__
from tests.cli.conftest import Start
from tests.cli.running import DEADLINE, PYTHON, environment, fetch, run

pytestmark = pytest.mark.slow
DISCOVERY = "/.well-known/openid-configuration"
OWN_SEED = """
issuers: {own: {}}
users: {carol: {password: hush-hush}}
clients: {robot: {secret: quiet-please, grants: [client_credentials]}}
"""


def test_the_first_line_on_stdout_names_the_version_and_the_first_issuer(start: Start) -> None:
    line = start("--memory").line()
    assert line.startswith(f"devidp {__version__} ready: http://localhost:")
    assert line.endswith("/default\n")


def test_when_the_first_line_is_there_the_issuer_answers(start: Start) -> None:
    issuer = start("--memory").issuer()
    status, text = fetch(issuer, DISCOVERY)
    assert status == 200
    assert json.loads(text)["issuer"] == issuer


def test_nothing_is_logged_before_the_banner(start: Start) -> None:
    running = start("--memory")
    base = running.issuer().removesuffix("/default")
    seen = json.loads(fetch(f"{base}/_devidp/api/events")[1])["events"]
    assert [event["endpoint"] for event in seen] == ["health"]
    running.end()
    assert running.errors() == ""


def test_bare_devidp_and_devidp_serve_are_the_same(start: Start) -> None:
    assert start("serve", "--memory").issuer().endswith("/default")


def test_python_m_devidp_is_devidp(start: Start) -> None:
    assert start("--memory", command=(PYTHON, "-m", "devidp")).issuer().endswith("/default")


def test_the_banner_says_who_can_log_in_and_which_clients_exist(start: Start) -> None:
    banner = "".join(start("--memory").banner())
    for part in ("alice", "password alice", "bob", "mallory", "disabled", "web-secret", "spa", "service", "in memory"):
        assert part in banner
    assert f"/enterprise{DISCOVERY}" in banner


def test_the_printed_curl_line_yields_a_token(start: Start, tmp_path: Path) -> None:
    line = next(line for line in start("--memory").banner() if "curl" in line)
    answer = subprocess.run(
        line[line.index("curl") :],
        shell=True,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert json.loads(answer.stdout)["token_type"] == "Bearer"


def test_a_profile_is_served_without_a_seed_and_its_secrets_are_public(start: Start) -> None:
    banner = "".join(start("--memory", "--profile", "okta").banner())
    for part in ("profile    okta", "password alice", "web-secret", "service"):
        assert part in banner


def test_secrets_of_a_profile_of_ones_own_are_not_printed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN_SEED)
    banner = "".join(start("--memory", DEVIDP_PROFILE=str(tmp_path / "mine.yaml")).banner())
    assert "carol" in banner
    assert "hush-hush" not in banner


def test_a_profile_lies_under_a_seed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(OWN_SEED)
    banner = "".join(start("--memory", "--profile", "okta", "--seed", str(tmp_path / "seed.yaml")).banner())
    assert "profile    okta" in banner
    assert "carol" in banner
    assert "alice" not in banner


@pytest.mark.parametrize("command", ["serve", "check seed.yaml", "tokens --count 1 --output t"])
def test_a_profile_that_is_none_is_refused_with_the_names(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, *command.split(), "--profile", "oktaa")
    assert done.returncode == 2
    assert "got 'oktaa', expected one of: auth0, cognito," in done.stderr
    assert "did you mean 'okta'?" in done.stderr


def test_secrets_of_a_seed_of_ones_own_are_not_printed(start: Start, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_SEED)
    running = start("--memory", "--seed", "own.yaml")
    banner = "".join(running.banner())
    running.end()
    assert "carol" in banner
    assert 'curl -s -u robot:"$SECRET"' in banner
    everything = banner + running.errors()
    assert "hush" not in everything
    assert "quiet" not in everything


def test_the_ready_file_holds_what_a_test_needs_to_begin(start: Start, tmp_path: Path) -> None:
    running = start("--memory", "--ready-file", "ready.json")
    issuer = running.issuer()
    report = json.loads((tmp_path / "ready.json").read_text())
    assert report["issuer"] == issuer
    assert report["discovery_url"] == issuer + DISCOVERY
    assert report["jwks_uri"] == f"{issuer}/.well-known/jwks.json"
    assert report["pid"] == running.process.pid
    assert report["version"] == __version__
    assert [each["name"] for each in report["issuers"]] == ["default", "enterprise"]
    assert fetch(report["url"], "/health")[0] == 200


def test_the_ready_file_is_gone_when_devidp_is(start: Start, tmp_path: Path) -> None:
    running = start("--memory", "--ready-file", "ready.json")
    running.issuer()
    running.end()
    assert not (tmp_path / "ready.json").exists()


def test_the_ready_file_of_an_earlier_run_is_not_taken_for_this_one(tmp_path: Path) -> None:
    (tmp_path / "ready.json").write_text('{"discovery_url": "http://localhost:1"}')
    assert (
        run(tmp_path, "--port", "0", "--memory", "--ready-file", "ready.json", "--seed", "absent.yaml").returncode == 2
    )
    assert not (tmp_path / "ready.json").exists()


def test_an_edited_seed_is_read_again_by_every_worker_and_a_broken_one_is_not(start: Start, tmp_path: Path) -> None:
    seed = tmp_path / "own.yaml"
    seed.write_text(OWN_SEED)
    running = start("--data", "data", "--workers", "2", "--seed", "own.yaml")
    base = running.issuer().removesuffix("/own")
    seed.write_text("issuers: 7")
    for _ in range(2):
        running.error("the old one is kept")
    seed.write_text(OWN_SEED.replace("own:", "second:"))
    for _ in range(2):
        running.error("The seed was read again")
    assert fetch(base, f"/second{DISCOVERY}")[0] == 200
    assert fetch(base, f"/own{DISCOVERY}")[0] == 404


@pytest.mark.parametrize("broken", ["issuers: 7", OWN_SEED.replace("carol:", "dave:"), None])
def test_a_worker_that_is_replaced_while_the_seed_is_broken_goes_on_with_the_last_one(
    start: Start, tmp_path: Path, broken: str | None
) -> None:
    seed = tmp_path / "own.yaml"
    seed.write_text(OWN_SEED)
    running = start("--data", "data", "--seed", "own.yaml", "--auto-approve", "carol")
    base = running.issuer().removesuffix("/own")
    seed.write_text(OWN_SEED.replace("own:", "second:"))
    running.error("The seed was read again")
    seed.unlink() if broken is None else seed.write_text(broken)
    running.error("the old one is kept")
    running.kill_worker()
    assert fetch(base, f"/second{DISCOVERY}")[0] == 200
    running.error("the old one is kept")
    seed.write_text(OWN_SEED)
    running.error("The seed was read again")
    assert fetch(base, f"/own{DISCOVERY}")[0] == 200


def test_a_public_url_is_the_base_of_every_issuer(start: Start, tmp_path: Path) -> None:
    running = start("--memory", "--public-url", "https://IDP.example.test/", "--ready-file", "ready.json")
    assert running.issuer() == "https://idp.example.test/default"
    url = json.loads((tmp_path / "ready.json").read_text())["url"]
    assert json.loads(fetch(url, f"/default{DISCOVERY}")[1])["issuer"] == "https://idp.example.test/default"


def test_listening_beyond_this_machine_is_warned_of(start: Start) -> None:
    running = start("--memory", "--host", "0.0.0.0")
    assert running.issuer().startswith("http://localhost:")
    running.end()
    assert "LISTENING BEYOND THIS MACHINE" in running.errors()


def test_an_environment_variable_is_never_taken_for_a_request_header(start: Start) -> None:
    credentials = "Basic " + base64.b64encode(b"service:service-secret").decode()
    issuer = start("--memory", HTTP_AUTHORIZATION=credentials).issuer()
    assert fetch(issuer, "/token", body="grant_type=client_credentials")[0] == 401


def test_a_request_with_endless_headers_is_refused(start: Start) -> None:
    issuer = start("--memory").issuer()
    assert fetch(issuer, DISCOVERY, **{"X-Long": "x" * 300_000})[0] == 431


def test_log_lines_are_json_when_asked(start: Start) -> None:
    running = start("--memory", "--log-format", "json", "--host", "0.0.0.0")
    fetch(running.issuer(), "/token", body="grant_type=nonsense")
    running.end()
    lines = [json.loads(line) for line in running.errors().splitlines()]
    assert lines[0]["level"] == "warning"
    assert lines[-1]["endpoint"] == "token"
