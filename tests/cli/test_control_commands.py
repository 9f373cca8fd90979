"""The commands that control a running devidp, as a person types them, with two workers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import ECKey

from tests.cli.running import DEADLINE, SCRIPT, Running, environment, fetch

pytestmark = pytest.mark.slow


class Typed:
    """A shell in which DEVIDP_URL is set."""

    def __init__(self, home: Path, issuer: str) -> None:
        self.issuer = issuer
        parts = urlsplit(issuer)
        self._environment = environment(home, {"DEVIDP_URL": f"{parts.scheme}://{parts.netloc}"})
        self._home = home

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [SCRIPT, *arguments],
            env=self._environment,
            cwd=self._home,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    def __call__(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def introspect(self, token: str) -> bool:
        credentials = "client_id=web&client_secret=web-secret"
        _, answer = fetch(self.issuer, "/introspect", body=f"{credentials}&token={token}")
        active: bool = json.loads(answer)["active"]
        return active


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Typed]:
    home = tmp_path_factory.mktemp("home")
    running = Running(home, "--port", "0", "--data", "data", "--workers", "2")
    yield Typed(home, running.issuer())
    running.kill()


@pytest.fixture(autouse=True)
def _reset(typed: Typed) -> Iterator[None]:
    yield
    typed("reset")


def test_a_bare_token_is_all_that_goes_to_stdout(typed: Typed) -> None:
    done = typed.run("token", "--user", "alice", "--scope", "mcp:read")
    assert done.stdout.count(".") == 2
    assert done.stdout.count("\n") == 1
    assert "alice" in done.stderr
    assert typed.introspect(done.stdout.strip())


def test_a_faulty_token_is_explained_in_json(typed: Typed) -> None:
    made = json.loads(typed("token", "--fault", "audience-missing", "--claim", "level=3", "--json"))
    assert "aud" not in made["claims"]
    assert made["claims"]["level"] == 3
    assert made["explanation"]


def test_the_clock_moves_for_every_worker(typed: Typed) -> None:
    token = typed("token").strip()
    assert "+7200 s" in typed("clock", "advance", "2h")
    assert not any(typed.introspect(token) for _ in range(6))
    typed("clock", "reset")
    assert all(typed.introspect(token) for _ in range(6))


def test_the_public_url_is_set_for_every_worker(typed: Typed) -> None:
    started = typed("public-url")
    assert "http://idp:32768/default" in typed("public-url", "http://idp:32768")
    made = [json.loads(typed("token", "--json"))["claims"]["iss"] for _ in range(4)]
    assert set(made) == {"http://idp:32768/default"}
    assert typed("public-url", "--reset") == started == typed("public-url")


def test_users_and_clients_change_for_every_worker(typed: Typed) -> None:
    token = typed("token", "--user", "bob", "--client", "web").strip()
    typed("users", "disable", "bob")
    assert "bob              disabled" in typed("users")
    assert not any(typed.introspect(token) for _ in range(6))
    typed("users", "change", "bob", "mfa=push")
    assert "no push waits for user 'bob'" in typed.run("users", "approve", "bob").stderr
    assert len(typed("users", "code", "alice").strip()) == 6
    typed("users", "add", "carol", "password=carol", 'claims={"email": "carol@acme.example"}')
    typed("clients", "add", "batch", "secret=s", 'grants=["client_credentials"]')
    typed(
        "clients",
        "change",
        "batch",
        "name=7",
        "access_token_format=opaque",
        "default_audience=http://localhost:8000/mcp",
    )
    shown = json.loads(typed("clients", "show", "batch"))
    assert (shown["name"], shown["access_token_format"], "secret" in shown) == ("7", "opaque", False)
    assert "which is the subject of 'alice' already" in typed.run("users", "change", "carol", "sub=alice").stderr
    asked = "grant_type=client_credentials&client_id=batch&client_secret=s"
    assert [fetch(typed.issuer, "/token", body=asked)[0] for _ in range(6)] == [200] * 6


def test_all_that_a_user_has_authorized_ends_for_every_worker(typed: Typed) -> None:
    for end, expected in (("revoke", "1 authorizations of bob revoked\n"), ("delete", "bob: delete done\n")):
        token = typed("token", "--user", "bob", "--client", "web").strip()
        assert all(typed.introspect(token) for _ in range(6))
        assert typed("users", end, "bob") == expected
        assert not any(typed.introspect(token) for _ in range(6))
    typed("users", "add", "bob", "password=bob")
    assert not any(typed.introspect(token) for _ in range(6))


def test_keys_rotate(typed: Typed) -> None:
    before = typed("keys").split()[0]
    after = typed("keys", "rotate", "--no-overlap").splitlines()
    assert after[0].split()[0] != before
    published = json.loads(fetch(typed.issuer, "/.well-known/jwks.json")[1])["keys"]
    assert [key["kid"] for key in published] == [after[0].split()[0]]
    typed("keys", "activate", before)
    assert [line.split()[0] for line in typed("keys", "delete", after[0].split()[0]).splitlines()] == [before]


def test_a_key_whose_name_begins_with_a_dash_can_be_named(typed: Typed) -> None:
    """As that of one thumbprint in 64."""
    assert "there is no key '-wU8iz1G1oC3Z'" in typed.run("keys", "retire", "-wU8iz1G1oC3Z").stderr
    assert typed.run("keys", "rotate", "--no-overlapp").returncode != 0


def test_a_failure_happens_as_often_as_asked_among_all_workers(typed: Typed) -> None:
    typed("fail", "token", "--error", "invalid_grant", "--times", "3", "--client", "service")
    assert "invalid_grant" not in typed("fail")
    asked = "grant_type=client_credentials&client_id=service&client_secret=service-secret"
    answers = [fetch(typed.issuer, "/token", body=asked)[0] for _ in range(6)]
    assert answers == [400] * 3 + [200] * 3
    page = "/_devidp/controls/failures"
    assert all("has happened 3 times" in fetch(typed.issuer.removesuffix("/default"), page)[1] for _ in range(4))
    assert typed("fail") == "   1  error at token, over, has happened 3 times, client=service\n"


def test_armed_faults_are_listed_and_cleared(typed: Typed) -> None:
    assert "expired, 2 times, client=web" in typed("arm", "expired", "--client", "web", "--times", "2")
    assert "signature-bad in id tokens, until cleared, with probability 0.5, any request" in typed(
        "arm", "signature-bad", "--type", "id", "--always", "--probability", "0.5"
    )
    assert len(typed("arm").splitlines()) == 2
    first = typed("arm").split()[0]
    assert typed("arm", "--clear", first) == "1 cleared\n"
    assert "signature-bad" in typed("arm")
    assert typed("arm", "--clear") == "1 cleared\n"


def test_events_show_what_came_above_what_was_expected(typed: Typed) -> None:
    fetch(typed.issuer, "/authorize?client_id=web&redirect_uri=http://localhost:1/callback/")
    lines = typed("events", "--where", "got=http://localhost:1/callback/").splitlines()
    assert lines[1:4] == [
        "  came      http://localhost:1/callback/",
        f"{'':12}{'':27}^",
        "  expected  http://localhost:1/callback",
    ]


def test_events_of_every_worker_are_shown(typed: Typed) -> None:
    for _ in range(6):
        fetch(typed.issuer, "/token", body="grant_type=nonsense&client_id=web&client_secret=web-secret")
    assert typed("events", "--error", "unsupported_grant_type").count("REFUSED unsupported_grant_type") == 6
    assert json.loads(typed("events", "--endpoint", "token", "--json").splitlines()[0])["status"] == 400


def test_a_token_is_as_free_as_in_python(typed: Typed, tmp_path: Path) -> None:
    key = ECKey.generate_key("P-256")
    (tmp_path / "own.pem").write_bytes(key.as_pem(private=True))
    made = json.loads(typed(
        "token", "--json", "--user", '{"sub": "zoe", "plan": "gold"}', "--audience", "api", "--scope", "x:y", "--free",
        "--lifetime", "-1m", "--drop-header", "typ", "--key", str(tmp_path / "own.pem"),
        "--fault", "jti-missing", "--fault", "signature-bad",
    ))  # fmt: skip
    claims = made["claims"]
    assert (claims["sub"], claims["plan"], claims["aud"], claims["scope"]) == ("zoe", "gold", "api", "x:y")
    assert (claims["exp"] - claims["iat"], "jti" in claims) == (-60, False)
    assert made["header"] == {"alg": "ES256", "kid": key.thumbprint()}
    assert json.loads(typed("token", "--type", "id-jag", "--json"))["header"]["typ"] == "oauth-id-jag+jwt"


def test_catalogues_are_listed(typed: Typed) -> None:
    assert "  expired " in typed("faults", "time")
    listed = {each["name"]: each for each in json.loads(typed("faults", "--json"))["faults"]}
    assert (listed["expired-30s"]["level"], listed["revoked"]["evidence"]) == ("should", "context")
    assert listed["id-expired"]["applies_to"] == ["id"]
    assert "keys-empty" in typed("fail", "--list")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("token", "--user", "alcie"), "Did you mean 'alice'"),
        (("token", "--claim", "level"), "got 'level', expected NAME=VALUE"),
        (("token", "--claim", "{level=3}"), "got '{level=3}', expected NAME=VALUE or a JSON object"),
        (("token", "--claim", "a=1", "--claim", '{"a": 1}'), "got 'a' twice"),
        (("token", "--user", "{sub"), "--user: got '{sub', expected a name or a JSON object"),
        (
            ("token", "--key", "retird"),
            "--key: got 'retird', expected active, retired, unpublished, foreign, or a file",
        ),
        (("token", "--fault", "expired", "--fault", "exp-missing"), "both change claims.exp"),
        (("arm", "expird"), "Did you mean 'expired'"),
        (("arm", "other-user", "--client", "service"), "it needs a user"),
        (("arm", "expired", "--client", "wbe"), "did you mean 'web'"),
        (("fail", "tokn", "--status", "503"), "did you mean 'token'"),
        (("arm", "--clear", "expired"), "id: got 'expired'"),
        (("arm", "expired", "--clear"), "--clear takes nothing else, got fault 'expired'"),
        (("fail", "--clear", "--times", "3"), "--clear takes nothing else, got times 3"),
        (("fail", "--list", "--client", "web"), "--list takes nothing else, got client 'web'"),
        (("arm", "--client", "web"), "takes nothing else, got client 'web'"),
        (("arm", "expired", "--always", "--times", "3"), "contradict each other"),
        (("keys", "list", "--no-overlap"), "list takes --issuer alone"),
        (("keys", "rotate", "K"), "got kid, but rotate takes none"),
        (("keys", "hide", "K", "--unpublished"), "got publish, but hide takes none"),
        (("users", "list", "bob"), "got 'bob', but list takes nothing"),
        (("clients", "list", "web"), "got 'web', but list takes nothing"),
        (("users", "--url", "http://localhost:9", "--port", "9"), "--url and --port both say where"),
        (("users", "--port", "9"), "no devidp answers at http://127.0.0.1:9"),
        (("events", "--endpoint", "tokn"), "there is no endpoint 'tokn', did you mean 'token'"),
        (("public-url", "http://idp", "--reset"), "--reset takes no URL"),
        (("public-url", "idp"), "'idp' does not begin with http"),
        (("clock", "advance"), "needs a duration"),
        (("clock", "advance", "soon"), "is not a duration"),
        (("users", "disable", "bbo"), "did you mean 'bob'"),
        (("users", "disable"), "needs USERNAME"),
        (("faults", "tiem"), "Did you mean 'time'?"),
        (("clock", "--url", "http://localhost:9"), "no devidp answers"),
        (("clock", "--url", "nowhere"), "'nowhere' does not begin with http"),
    ],
)
def test_what_is_wrong_is_said_and_the_status_is_not_zero(typed: Typed, arguments: tuple[str, ...], said: str) -> None:
    done = typed.run(*arguments)
    assert done.returncode != 0
    assert said in done.stderr
