"""The pytest plugin, in test runs of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from devidp.faults import FAULTS
from devidp.faults.selection import select

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "devidp.pytest_plugin", "-p", "no:cacheprovider")
GOOD = """
    import jwt

    def accepts(devidp, token):
        try:
            key = jwt.PyJWKClient(devidp.jwks_uri).get_signing_key_from_jwt(token)
            jwt.decode(token, key, algorithms=["RS256"], audience="http://localhost:8000/mcp", issuer=devidp.issuer)
        except Exception:
            return False
        return True
"""


@pytest.fixture(autouse=True)
def _without_the_options_of_this_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # an installed devidp brings the plugin by its entry point; here it is named, so that both are not there at once
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(verifier=GOOD)


def test_a_test_gets_a_devidp_that_answers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from verifier import accepts

        def test_login(devidp):
            assert accepts(devidp, devidp.login(user="alice", audience="http://localhost:8000/mcp")["access_token"])

        def test_fault(devidp):
            assert not accepts(devidp, devidp.token(fault="expired"))
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_each_test_begins_with_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("time", [1, 2])
        def test_changes(devidp, time):
            assert devidp.events() == []
            assert devidp.clock.state.offset == 0
            devidp.users["alice"].disable()
            devidp.clock.advance("2h")
            devidp.login("bob")
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_a_profile_needs_no_seed_and_its_file_is_beside_the_ini_file(pytester: pytest.Pytester) -> None:
    pytester.makefile(".yaml", mine="issuers: {default: {unknown_scopes: ignore}}\nusers: {dora: }")
    pytester.makeini("[pytest]\ndevidp_profile = ./mine.yaml\n")
    pytester.mkdir("below")
    pytester.makepyfile(
        **{
            "below/test_profile": """
        def test_session(devidp):
            assert list(devidp.users) == ["dora"]

        def test_factory(devidp_factory):
            assert list(devidp_factory().users) == ["dora"]
            assert "zoe" in devidp_factory({"users": {"zoe": {}}}).users
            assert "alice" in devidp_factory(profile="okta").users
    """
        }
    )
    pytester.runpytest_subprocess(*PLUGIN, "below").assert_outcomes(passed=2)


def test_the_seed_can_be_overridden_and_a_second_devidp_started(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.fixture(scope="session")
        def devidp_seed():
            return {"users": {"zoe": {}}, "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}}}

        def test_seed(devidp, devidp_factory):
            assert list(devidp.users) == ["zoe"]
            other = devidp_factory()
            assert other.url != devidp.url
            assert list(devidp_factory(None).users) == ["alice", "bob", "mallory"]
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_an_application_of_the_session_can_use_it_and_each_test_begins_with_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from verifier import accepts

        @pytest.fixture(scope="session")
        def application(devidp_session):
            devidp_session.login("bob")
            return lambda token: accepts(devidp_session, token)

        @pytest.mark.parametrize("time", [1, 2])
        def test_it_uses_the_devidp_of_the_test(application, devidp, devidp_session, time):
            assert devidp is devidp_session
            assert devidp.events() == []
            assert application(devidp.token(audience="http://localhost:8000/mcp"))
            assert not application(devidp.token(audience="http://localhost:8000/mcp", fault="expired"))
            devidp.users["alice"].disable()

        @pytest.mark.parametrize("time", [1, 2])
        def test_it_alone(application, devidp_session, time):
            assert devidp_session.events() == []
            assert not devidp_session.users["alice"].record.disabled
            devidp_session.users["alice"].disable()
            devidp_session.login("bob")
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=4)


def test_the_ini_file_says_what_is_served_and_where(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml("""
        [tool.pytest.ini_options]
        addopts = "--strict-config"
        devidp_seed = ["seeds/zoe.yaml", "seeds/max.yaml"]
        devidp_host = "0.0.0.0"
        devidp_tls = true
        devidp_public_url = "https://localhost:{port}"
    """)
    pytester.mkdir("seeds").joinpath("zoe.yaml").write_text(
        "users: {zoe: {}}\nclients: {app: {secret: x, grants: [client_credentials]}}\n"
    )
    pytester.path.joinpath("seeds", "max.yaml").write_text("users: {max: {}}")
    pytester.mkdir("tests").joinpath("test_it.py").write_text(
        "import ssl, urllib.request\n"
        "def test_it(devidp):\n"
        "    assert list(devidp.users) == ['zoe', 'max']\n"
        "    assert devidp.url == devidp.local_url.replace('127.0.0.1', 'localhost')\n"
        "    trusting = ssl.create_default_context(cafile=devidp.ca_file)\n"
        "    assert urllib.request.urlopen(devidp.discovery_url, context=trusting).status == 200\n"
    )
    pytester.runpytest_subprocess(*PLUGIN, "tests").assert_outcomes(passed=1)


def test_fixtures_override_what_the_ini_file_says(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ndevidp_seed = nowhere.yaml\ndevidp_tls = true\ndevidp_host = 0.0.0.0\n")
    pytester.makepyfile("""
        import pytest

        @pytest.fixture(scope="session")
        def devidp_seed():
            return {"users": {"zoe": {}}, "clients": {"app": {"secret": "x", "grants": ["client_credentials"]}}}

        @pytest.fixture(scope="session")
        def devidp_options(devidp_options):
            assert devidp_options["host"] == "0.0.0.0"
            return {**devidp_options, "tls": False, "public_url": "https://idp.example.test"}

        def test_it(devidp):
            assert list(devidp.users) == ["zoe"]
            assert devidp.issuer == "https://idp.example.test/default"
            assert devidp.local_url.startswith("http://127.0.0.1:")
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)


def test_an_override_that_comes_too_late_is_refused_and_one_of_the_module_is_not(pytester: pytest.Pytester) -> None:
    late = """
        import pytest

        @pytest.fixture(scope="session")
        def devidp_seed():
            return {"users": {"zoe": {}}, "clients": {"app": {"secret": "x", "grants": ["client_credentials"]}}}
    """
    pytester.makepyfile(
        test_1="def test_shipped(devidp): assert 'alice' in devidp.users",
        test_2=f"{late}\n        def test_late(devidp): pass\n",
        test_3=f"""{late}
        from devidp import DevIdP

        @pytest.fixture(scope="module")
        def devidp_session(devidp_seed):
            with DevIdP(devidp_seed) as running:
                yield running

        def test_own(devidp):
            assert list(devidp.users) == ["zoe"]
        """,
    )
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*devidp_seed is overridden for test_2.py::test_late, but*"])


def test_one_port_for_several_workers_is_refused_with_the_remedy(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ndevidp_port = 6799\n")
    pytester.makepyfile("def test_it(devidp): pass")
    result = pytester.runpytest_subprocess(*PLUGIN, "-p", "xdist.plugin", "-n", "2")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*devidp_port is 6799, but 2 workers*leave it out*"])


def test_a_port_that_is_none_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ndevidp_port = any\n")
    pytester.makepyfile("def test_it(devidp): pass")
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.stdout.fnmatch_lines(["*devidp_port: got 'any', expected a port, or 0 for a free one*"])


def test_one_test_function_becomes_one_test_for_each_fault(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        def test_all(devidp_fault):
            assert (devidp_fault.level, devidp_fault.evidence) == ("must", "token")

        @pytest.mark.devidp_faults("expired", "audience-missing")
        def test_two(devidp_fault):
            pass
    """)
    assert pytester.runpytest_subprocess(*PLUGIN).parseoutcomes()["passed"] > 100
    narrowed = pytester.runpytest_subprocess(*PLUGIN, "--devidp-faults=expired,audience-missing")
    narrowed.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        ((), {"expired", "scope-missing"}, {"expired-30s", "revoked", "tenant-missing", "other-user", "id-expired"}),
        (("should",), {"expired-30s", "kid-missing"}, {"expired", "revoked"}),
        (("must", "should"), {"expired-30s", "expired"}, {"revoked"}),
        (("context",), {"revoked", "tenant-missing", "other-user"}, {"expired"}),
        (("all",), {"revoked", "expired-30s", "expired"}, {"id-expired"}),
        (("all", "must"), {"revoked", "expired"}, {"expired-30s"}),
        (("time",), {"expired", "expired-30s"}, {"issuer-wrong"}),
        (("time", "must"), {"expired"}, {"expired-30s", "issuer-wrong"}),
        (("tenant", "state"), {"tenant-missing", "revoked", "tenant-key"}, {"expired"}),
        (("tenant", "token"), {"tenant-key"}, {"tenant-missing"}),
        (("id-token",), {"id-expired"}, {"expired"}),
        (("revoked", "time", "must"), {"revoked", "expired"}, {"expired-30s"}),
        (("-scope", "-expired"), {"exp-missing"}, {"expired", "scope-missing"}),
        (("time", "-should"), {"expired"}, {"expired-30s"}),
    ],
)
def test_faults_are_chosen_by_name_group_level_and_evidence(
    words: tuple[str, ...], there: set[str], not_there: set[str]
) -> None:
    found = {fault.name for fault in select(words)}
    assert there <= found
    assert not not_there & found


def test_a_fault_that_the_seed_cannot_have_is_skipped_with_the_reason(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.fixture(scope="session")
        def devidp_seed():
            return {"users": {"zoe": {}}, "clients": {"app": {"public": True, "redirect_uris": ["http://localhost/cb"]}}}

        @pytest.mark.devidp_faults("tenant-missing", "other-user", "expired")
        def test_fault(devidp, devidp_fault):
            assert devidp.token(fault=devidp_fault.name)

        @pytest.mark.devidp_faults("other-user")
        def test_armed(devidp, devidp_fault):
            devidp.arm(devidp_fault.name)

        @pytest.mark.devidp_faults("expired")
        def test_mistake(devidp, devidp_fault):
            devidp.token(user="nobody", fault=devidp_fault.name)
    """)
    result = pytester.runpytest_subprocess(*PLUGIN, "-rs")
    result.assert_outcomes(passed=1, skipped=3, failed=1)
    for reason in ("the token has no tenant claim", "the seed has no other user"):
        assert reason in result.stdout.str()


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "2")], ids=["alone", "xdist"])
def test_the_coverage_says_which_faults_were_never_tried(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.devidp_faults("time")
        def test_time(devidp, devidp_fault):
            devidp.token(fault=devidp_fault.name)

        def test_armed(devidp):
            devidp.arm("issuer-wrong")
            devidp.arm("audience-wrong", client="spa")
            devidp.login()

        @pytest.mark.devidp_faults("alg-es256")
        def test_skipped(devidp_factory, devidp_fault):
            seed = {"users": {"zoe": {}}, "issuers": {"only": {"signing_algorithm": "ES256"}}, "clients": {
                "app": {"public": True, "redirect_uris": ["http://localhost/cb"]}}}
            devidp_factory(seed).token(fault=devidp_fault.name)
    """)
    assert "fault coverage" not in pytester.runpytest_subprocess(*PLUGIN, *workers).stdout.str()
    pytester.makeini("[pytest]\ndevidp_fault_coverage = true\n")
    shown = pytester.runpytest_subprocess(*PLUGIN, *workers).stdout.str()
    of_time = len(select(("time",)))
    assert f"tried {of_time + 1} of {len(FAULTS)} faults: must " in shown
    assert "never tried, time" not in shown
    assert "never tried, issuer: issuer-missing " in shown
    assert "never tried, audience: audience-wrong " in shown
    assert "never tried, state: revoked (context) " in shown
    assert "skipped, alg-es256: The fault 'alg-es256' does not apply: the issuer signs with ES256" in shown


def test_the_coverage_counts_what_a_probe_has_tried(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import flask, jwt

        def test_the_server(devidp):
            application, keys = flask.Flask("target"), jwt.PyJWKClient(devidp.jwks_uri)

            @application.before_request
            def answer():
                token = flask.request.headers.get("Authorization", "").removeprefix("Bearer ")
                try:
                    key = keys.get_signing_key_from_jwt(token)
                    jwt.decode(token, key, ["RS256"], audience="http://localhost:8000/mcp", issuer=devidp.issuer)
                except jwt.PyJWTError:
                    return "", 401
                return {"orders": []}

            report = devidp.probe(application, only=["issuer"])
            report.assert_clean()
    """)
    result = pytester.runpytest_subprocess(*PLUGIN, "--devidp-fault-coverage")
    result.assert_outcomes(passed=1)
    assert f"tried {len(select(('issuer',)))} of {len(FAULTS)} faults: must " in result.stdout.str()


def test_an_unknown_fault_is_refused_by_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_all(devidp_fault): pass")
    for option, meant in (("expird", "expired"), ("muts", "must"), ("-expird", "expired")):
        result = pytester.runpytest_subprocess(*PLUGIN, f"--devidp-faults={option}")
        assert f"Did you mean '{meant}'" in result.stdout.str() + result.stderr.str()
        assert result.ret != 0


def test_words_that_choose_no_fault_are_refused(pytester: pytest.Pytester) -> None:
    """Or a run that tests nothing would be green."""
    pytester.makepyfile("def test_all(devidp_fault): pass")
    result = pytester.runpytest_subprocess(*PLUGIN, "--devidp-faults=-must")
    assert "The words -must choose no fault" in result.stdout.str()
    pytester.makepyfile("""
        import pytest

        @pytest.mark.devidp_faults(level="must")
        def test_all(devidp_fault): pass
    """)
    assert "got level=, expected words" in pytester.runpytest_subprocess(*PLUGIN).stdout.str()


def test_the_report_of_a_failed_test_shows_what_devidp_saw(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_one(devidp):
            devidp.login("bob")

        def test_other(devidp):
            devidp.login("alice")
            assert False
    """)
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*devidp at http://127.0.0.1:*", "*default/token client=web user=alice*"])
    assert "user=bob" not in result.stdout.str()


def test_eight_workers_of_xdist_do_not_disturb_each_other(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.parametrize("time", range(24))
        def test_alone(devidp, time):
            devidp.arm("expired", client="web")
            devidp.clock.advance("1h")
            devidp.login()
            assert len(devidp.events("token")) == 1
    """)
    result = pytester.runpytest_subprocess(*PLUGIN, "-p", "xdist.plugin", "-n", "8")
    result.assert_outcomes(passed=24)


def test_unittest_and_event_loops_can_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import asyncio
        import unittest

        import pytest

        class Case(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _devidp(self, devidp):
                self.idp = devidp

            def test_token(self):
                self.assertTrue(self.idp.token())

        def test_loop(devidp):
            async def use():
                return await asyncio.to_thread(devidp.login)
            assert asyncio.run(use())["access_token"]
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=2)


def test_a_run_that_uses_no_fixture_imports_nothing_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it(): assert not {'flask', 'authlib', 'pydantic', 'devidp.faults'} & set(sys.modules)\n"
    )
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-q", str(tmp_path), "--rootdir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout


def test_devidp_keep_waits_after_a_failed_test_alone_while_its_server_answers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        def test_passes(devidp):
            pass

        def test_fails(devidp):
            devidp.login("bob")
            assert False
    """)
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-q", "--devidp-keep", "-s"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=pytester.path) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        shown = ""
        while "press Enter" not in shown:
            letter = run.stdout.read(1)
            assert letter, shown
            shown += letter
        found = re.search(r"test_fails failed; its devidp is at (\S+) until", shown)
        assert found is not None
        assert "test_passes failed" not in shown
        with urlopen(f"{found[1]}/default/.well-known/openid-configuration", timeout=120) as answer:
            assert answer.status == 200
        rest, _ = run.communicate("\n", timeout=120)
    assert "1 failed, 1 passed" in rest


def test_no_module_is_parsed_beside_the_first_request(pytester: pytest.Pytester) -> None:
    """pytest parses all of devidp's, and CPython 3.11 fails now and then where two threads parse at once."""
    pytester.makepyfile("""
        import sys
        from devidp import DevIdP

        def test_it_has_what_tokens_need():
            with DevIdP():
                loaded = set(sys.modules)
            assert {"devidp.keys.material", "devidp.web.endpoints.token"} <= loaded
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
