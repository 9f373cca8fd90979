"""Starting on a data folder: what lasts, what is refused, and several processes at once."""

from __future__ import annotations

import multiprocessing
import stat
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.files import write_private
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError
from tests.flow import Flow, payload
from tests.real_clients.passing import passing_time
from tests.shipped import PUBLIC_URL, Start, shipped


def begin(folder: Path, start: Barrier, found: Any) -> None:
    """What another process does; at the top of the module, where a fresh interpreter finds it."""
    start.wait(60)
    runtime = Runtime(Config(PUBLIC_URL, data_dir=folder, owns_data=False), shipped())
    runtime.open()
    issuer = runtime.first()
    found.put((issuer.keys.active.kid, issuer.derive("purpose", "text")))
    runtime.close()


def test_until_it_is_opened_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    runtime = Runtime(Config(PUBLIC_URL, data_dir=folder), shipped())
    runtime.close()
    assert not folder.exists()


def test_it_is_opened_once_whoever_comes_first(tmp_path: Path) -> None:
    runtime = Runtime(Config(PUBLIC_URL, data_dir=tmp_path), shipped())
    threads = [threading.Thread(target=runtime.open) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    servers = runtime.servers
    runtime.open()
    assert runtime.servers is servers
    runtime.close()


def test_one_that_could_not_be_opened_can_be_when_that_is_mended(tmp_path: Path) -> None:
    write_private(tmp_path / "devidp.db", "no database" * 1000)
    runtime = Runtime(Config(PUBLIC_URL, data_dir=tmp_path), shipped())
    with pytest.raises(StartError, match="Move it away"):
        runtime.open()
    (tmp_path / "devidp.db").unlink()
    runtime.open()
    assert runtime.first().keys.active.kid
    runtime.close()


def test_processes_that_start_at_once_on_a_new_folder_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, found = context.Barrier(2), context.SimpleQueue()
    folder = tmp_path / "new"
    processes = [context.Process(target=begin, args=(folder, start, found)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert found.get() == found.get()


@pytest.mark.sqlite("the files of the data folder")
def test_nothing_in_the_folder_may_be_read_by_others(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    flow = start(data=folder, config={"workers": 2})
    flow.tokens()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*")}
    assert {"secret", "devidp.db", "devidp.db-wal", "events.db"} <= set(files)
    assert set(files.values()) == {0o600}


def test_tokens_of_every_kind_outlive_a_restart(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    code, tokens = first.redirect()["code"], first.tokens()
    first.runtime.close()
    again = start(data=tmp_path)
    assert again.is_active(tokens["access_token"])
    assert again.refresh(tokens["refresh_token"]).status_code == 200
    assert again.exchange(code).status_code == 200


def test_two_workers_on_one_folder_serve_one_flow(start: Start, tmp_path: Path) -> None:
    here, there = (start({"refresh_grace": "0s"}, data=tmp_path, config={"owns_data": False}) for _ in range(2))
    code = here.redirect()["code"]
    tokens = there.exchange(code).get_json()
    assert here.is_active(tokens["access_token"])
    assert here.refresh(tokens["refresh_token"]).status_code == 200
    assert there.refresh(tokens["refresh_token"]).status_code == 400
    assert not here.is_active(tokens["access_token"])


@pytest.mark.sqlite("a data folder has one owner, a database any number of replicas")
def test_a_second_one_on_the_folder_is_refused_and_names_the_first(start: Start, tmp_path: Path) -> None:
    first = start(data=tmp_path)
    for config in (first.runtime.config, Config("http://localhost:7000", data_dir=tmp_path)):
        with pytest.raises(StartError, match=r"in use by the devidp at http://localhost:6749 \(process \d+\)"):
            create_app(config)
    assert first.is_active(first.tokens()["access_token"])
    first.runtime.close()
    create_app(first.runtime.config).runtime.close()


def test_in_memory_nothing_outlives_it(start: Start) -> None:
    token = start().tokens()["access_token"]
    assert not start().is_active(token)


def test_a_key_of_the_seed_signs(start: Start, tmp_path: Path) -> None:
    made = RSAKey.generate_key(2048, auto_kid=False)
    key = made.as_pem(private=True).decode()
    for data in (None, tmp_path):
        flow = start({"signing_algorithm": "RS256", "signing_key": key}, data=data)
        assert flow.issuer.keys.active.kid == made.thumbprint()
        assert flow.is_active(flow.tokens()["access_token"])


class TestRefuses:
    @pytest.mark.sqlite("the file of the database")
    def test_a_damaged_database(self, start: Start, tmp_path: Path) -> None:
        write_private(tmp_path / "devidp.db", "no database" * 1000)
        with pytest.raises(StartError, match=r"devidp\.db cannot be used: .*Move it away"):
            start(data=tmp_path)

    @pytest.mark.sqlite("the secret in the data folder; tests/replicas/test_refusals.py has that of replicas")
    def test_a_secret_that_is_another_one(self, start: Start, tmp_path: Path) -> None:
        start(data=tmp_path).tokens()
        (tmp_path / "secret").write_text("00" * 32)
        with pytest.raises(StartError, match=r"The keys of issuer default cannot be used: .*with another secret"):
            start(data=tmp_path)

    @pytest.mark.sqlite("the secret in the data folder")
    def test_a_damaged_secret(self, start: Start, tmp_path: Path) -> None:
        start(data=tmp_path).tokens()
        (tmp_path / "secret").write_text("")
        with pytest.raises(StartError, match=r"secret is damaged\. Put the old one back, or delete it together"):
            start(data=tmp_path)

    @pytest.mark.sqlite("the secret in the data folder")
    def test_a_secret_that_others_may_read(self, start: Start, tmp_path: Path) -> None:
        start(data=tmp_path)
        (tmp_path / "secret").chmod(0o604)
        with pytest.raises(StartError, match="chmod 600"):
            start(data=tmp_path)

    @pytest.mark.sqlite("the data folder")
    def test_a_folder_that_cannot_be_made(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(StartError, match=r"cannot be created.*--memory"):
            start(data=tmp_path / "file")

    @pytest.mark.sqlite("the data folder")
    def test_a_folder_that_is_locked_away(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "lock").mkdir()
        with pytest.raises(StartError, match="lock cannot be written"):
            start(data=tmp_path)

    @pytest.mark.parametrize(
        ("username", "why"), [("nobody", "is unknown; there are: alice bob mallory"), ("mallory", "is disabled")]
    )
    def test_approving_a_user_who_cannot_log_in(self, start: Start, tmp_path: Path, username: str, why: str) -> None:
        with pytest.raises(StartError, match=f"The user '{username}', who is to be approved at once, {why}"):
            start(config={"auto_approve": username}, data=tmp_path / "new")
        assert not (tmp_path / "new").exists()

    @pytest.mark.sqlite("the file of the database")
    def test_and_makes_no_file_of_events_before(self, start: Start, tmp_path: Path) -> None:
        write_private(tmp_path / "devidp.db", "no database" * 1000)
        with pytest.raises(StartError):
            start(data=tmp_path, config={"events_file": tmp_path / "events"})
        assert not (tmp_path / "events").exists()


@pytest.mark.parametrize("here", ["http://localhost:9000/mcp", "orders", "5f4f12a3-8f0b-4f0e-9d7b-6a5a8c1d2e3f"])
def test_tokens_are_for_the_default_audience_of_the_configuration(start: Start, here: str) -> None:
    flow = start({"unknown_resources": "refuse"}, config={"default_audience": here})
    for _ in range(2):
        for resource in ({}, {"resource": here}):
            claims = payload(
                flow.token("service", grant_type="client_credentials", **resource).get_json()["access_token"]
            )
            assert (claims["aud"], "mcp:read" in claims["scope"]) == (here, True)
        flow.runtime.adopt(shipped({"unknown_resources": "refuse"}))  # an edited seed changes nothing about it
    assert f"Example MCP server ({here})" in flow.log_in(flow.authorize(resource=here)).text


class TestWithAnotherSeed:
    @pytest.fixture
    def flow(self, start: Start) -> Flow:
        return start()

    def test_state_and_keys_are_kept(self, flow: Flow) -> None:
        tokens, kid = flow.tokens(), flow.issuer.keys.active.kid
        flow.runtime.adopt(shipped(users={"dave": {"password": "dave"}}))
        assert flow.issuer.keys.active.kid == kid
        assert flow.is_active(tokens["access_token"])
        assert flow.refresh(tokens["refresh_token"]).status_code == 200
        dave = flow.other_browser().tokens("dave")
        assert payload(dave["access_token"])["sub"] == "dave"

    def test_another_algorithm_signs_from_then_on_and_old_tokens_stay_good(self, start: Start, tmp_path: Path) -> None:
        flow = start(data=tmp_path)
        old = flow.tokens()["access_token"]
        flow.runtime.adopt(shipped({"signing_algorithm": "EdDSA"}))
        assert flow.metadata()["id_token_signing_alg_values_supported"][0] == "EdDSA"
        assert flow.is_active(flow.tokens()["access_token"])
        assert flow.is_active(old)

    def test_one_that_cannot_be_served_changes_nothing(self, flow: Flow) -> None:
        before = flow.runtime.seed
        with pytest.raises(StartError, match="The signing_key of issuer default cannot be used"):
            flow.runtime.adopt(shipped({"signing_key": '{"kty": "EC", "d": "AA"}'}))
        assert flow.runtime.seed is before
        assert flow.tokens()["access_token"]


def test_purging_leaves_what_is_good(start: Start) -> None:
    with passing_time() as pass_time:
        flow = start()
        flow.redirect()
        tokens = flow.tokens()
        assert flow.runtime.purge() == 0
        pass_time(60 + 600 + 2)
        assert flow.runtime.purge() == 1
        assert flow.is_active(tokens["access_token"])
        pass_time(31 * 86400)
        assert flow.runtime.purge() > 1
        assert flow.runtime.purge() == 0
