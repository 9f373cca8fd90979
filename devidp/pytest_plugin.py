"""The pytest plugin: fixtures that start a devidp. Nothing of the server is imported before a fixture is used."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from devidp.faults import Fault
    from devidp.server.local import DevIdP

_FAILED: pytest.StashKey[bool] = pytest.StashKey()
_RUNNING: pytest.StashKey[list[DevIdP]] = pytest.StashKey()
_TRIED: pytest.StashKey[set[str]] = pytest.StashKey()
"""Names of the faults that a token had in this run."""
_INAPPLICABLE: pytest.StashKey[dict[str, str]] = pytest.StashKey()
"""Why a fault was skipped."""
_STARTED: pytest.StashKey[tuple[DevIdP, tuple[Any, ...]]] = pytest.StashKey()
"""The devidp of the session, and what it was started with, as in START."""
START = ("devidp_seed", "devidp_profile", "devidp_options")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("devidp", "a development identity provider")
    group.addoption(
        "--devidp-faults",
        metavar="NAMES",
        help="Faults for the fixture devidp_fault, separated by commas: names, groups, levels (must, should), evidence "
        "(token, context), all; -WORD takes away. By default must and token, what every server has to refuse.",
    )
    group.addoption(
        "--devidp-fault-coverage",
        action="store_true",
        help="Say at the end which faults of the catalogue the run never tried.",
    )
    group.addoption(
        "--devidp-keep",
        action="store_true",
        help="After a failed test wait for Enter, so that its devidp can be looked at; needs -s.",
    )
    parser.addini("devidp_faults", "As --devidp-faults.", default="")
    parser.addini("devidp_fault_coverage", "As --devidp-fault-coverage.", "bool", default=False)
    parser.addini("devidp_seed", "Seed files of the fixture devidp; by default the shipped one.", "paths", default=[])
    parser.addini("devidp_profile", "Profile of the fixture devidp, by name or by file; by default none.", default="")
    parser.addini("devidp_host", "Address on which the fixture devidp listens.", default="127.0.0.1")
    parser.addini("devidp_port", "Port on which the fixture devidp listens; 0 is a free one.", default="0")
    parser.addini("devidp_tls", "Whether the fixture devidp serves https, by a CA of its own.", "bool", default=False)
    parser.addini("devidp_public_url", "Base of the issuers where it is another; {port} is the port.", default="")


def pytest_configure(config: pytest.Config) -> None:
    marker = "devidp_faults(*words): run devidp_fault with these names, groups, levels and evidence of faults alone"
    config.addinivalue_line("markers", marker)
    config.stash[_TRIED], config.stash[_INAPPLICABLE] = set(), {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each fault of the catalogue, where a test asks for one."""
    if "devidp_fault" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("devidp_faults")
    if marker and marker.kwargs:
        raise pytest.UsageError(f"devidp_faults: got {', '.join(marker.kwargs)}=, expected words such as 'must' alone")
    faults = _select([str(word) for word in marker.args] if marker else [])
    if option := metafunc.config.getoption("--devidp-faults") or metafunc.config.getini("devidp_faults"):
        narrowed = _select([word.strip() for word in option.split(",")])
        faults = [each for each in narrowed if marker is None or each in faults]
    metafunc.parametrize("devidp_fault", faults, ids=[each.name for each in faults], scope="function")


def _select(words: list[str]) -> list[Fault]:
    try:
        found: list[Fault] = resolve_name("devidp.faults.selection:select")(words)
    except resolve_name("devidp.faults:MintRefused") as refusal:
        raise pytest.UsageError(refusal.description) from None
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """A fault that the seed of the test cannot have is skipped, with the reason."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    if "devidp_fault" not in parameters:
        return (yield)
    try:
        return (yield)
    except resolve_name("devidp.web.control.errors:FaultNotApplicable") as error:
        item.config.stash[_INAPPLICABLE][parameters["devidp_fault"].name] = str(error)
        pytest.skip(str(error))


def _note_tried(config: pytest.Config, running: DevIdP) -> None:
    config.stash[_TRIED].update(running.tried_faults)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands over what its tests have tried."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        tried, inapplicable = session.config.stash[_TRIED], session.config.stash[_INAPPLICABLE]
        output["devidp"] = sorted(tried), inapplicable


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    tried, inapplicable = getattr(node, "workeroutput", {}).get("devidp", ((), {}))
    node.config.stash[_TRIED].update(tried)
    node.config.stash[_INAPPLICABLE].update(inapplicable)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Which faults the run never tried, where that was asked for."""
    if not (config.getoption("--devidp-fault-coverage") or config.getini("devidp_fault_coverage")):
        return
    terminalreporter.section("devidp fault coverage")
    lines = resolve_name("devidp.faults.selection:coverage")(config.stash[_TRIED], config.stash[_INAPPLICABLE])
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def devidp_seed(pytestconfig: pytest.Config) -> Any:
    """The seed of the fixtures: override it with a path, YAML text or a mapping; ``None`` is the shipped one.

    A list of these is one seed, each laid over those before it. By default the files that the ini option
    ``devidp_seed`` names, beside the ini file.
    """
    return pytestconfig.getini("devidp_seed") or None


@pytest.fixture(scope="session")
def devidp_profile(pytestconfig: pytest.Config) -> str | None:
    """The profile of the fixtures: override it with its name or its path; ``None`` is none.

    By default what the ini option ``devidp_profile`` names; a path begins beside the ini file.
    """
    named: str = pytestconfig.getini("devidp_profile")
    if not named or not resolve_name("devidp.models.config:is_path")(named):
        return named or None
    beside = pytestconfig.inipath.parent if pytestconfig.inipath else pytestconfig.rootpath
    return str(beside / named)


@pytest.fixture(scope="session")
def devidp_options(pytestconfig: pytest.Config) -> dict[str, Any]:
    """Further arguments of ``DevIdP`` for the devidp of the session; by default what the ini options say."""
    options = {name: pytestconfig.getini(f"devidp_{name}") for name in ("host", "port", "tls", "public_url")}
    if not options["port"].isascii() or not options["port"].isdecimal():
        raise pytest.UsageError(f"devidp_port: got {options['port']!r}, expected a port, or 0 for a free one")
    return {**options, "port": int(options["port"]), "public_url": options["public_url"] or None}


@pytest.fixture(scope="session")
def devidp_session(
    devidp_seed: Any, devidp_profile: str | None, devidp_options: dict[str, Any], pytestconfig: pytest.Config
) -> Iterator[DevIdP]:
    """The devidp of the test session, for fixtures that live as long; it is reset before and after each test."""
    workers = getattr(pytestconfig, "workerinput", {}).get("workercount", 1)
    if devidp_options.get("port") and workers > 1:
        raise pytest.UsageError(
            f"devidp_port is {devidp_options['port']}, but {workers} workers of pytest-xdist start a devidp each; "
            "leave it out, and each gets a free port ({port} in devidp_public_url is that port)"
        )
    options = {"profile": devidp_profile, **devidp_options}
    with resolve_name("devidp:DevIdP")(devidp_seed, **options) as running:
        pytestconfig.stash[_STARTED] = running, (devidp_seed, devidp_profile, devidp_options)
        yield running


@pytest.fixture
def devidp(devidp_session: DevIdP, request: pytest.FixtureRequest) -> Iterator[DevIdP]:
    """The devidp of the test session, as after its start: reset before and after each test."""
    _refuse_another_start(request, devidp_session)
    devidp_session.reset()
    request.node.stash.setdefault(_RUNNING, []).append(devidp_session)
    yield devidp_session
    _pause(request, devidp_session)
    _note_tried(request.config, devidp_session)
    devidp_session.reset()


@pytest.fixture(autouse=True)
def _devidp_between_tests(request: pytest.FixtureRequest) -> None:
    """A test that uses ``devidp_session`` through an application alone has it reset as well."""
    if "devidp_session" in request.fixturenames:
        request.getfixturevalue("devidp")


def _refuse_another_start(request: pytest.FixtureRequest, session: DevIdP) -> None:
    """A seed that a folder or module overrides after the session's devidp has started would change nothing."""
    started, taken = request.config.stash.get(_STARTED, (None, ()))
    if started is not session:
        return
    for name, value in zip(START, taken, strict=True):
        if request.getfixturevalue(name) != value:
            raise pytest.UsageError(
                f"{name} is overridden for {request.node.nodeid}, but the devidp of the session has started with "
                f"another one; override it in the topmost conftest.py, start another devidp with devidp_factory, or "
                "override devidp_session here with a fixture of scope module"
            )


@pytest.fixture
def devidp_factory(
    devidp_seed: Any, devidp_profile: str | None, request: pytest.FixtureRequest
) -> Iterator[Callable[..., DevIdP]]:
    """Starts another devidp, which ends with the test: ``devidp_factory(seed)``, with any argument of ``DevIdP``."""
    with ExitStack() as stack:

        def start(seed: Any = devidp_seed, **options: Any) -> DevIdP:
            options = {"profile": devidp_profile, **options}
            running: DevIdP = stack.enter_context(resolve_name("devidp:DevIdP")(seed, **options))
            request.node.stash.setdefault(_RUNNING, []).append(running)
            return running

        yield start
        for running in request.node.stash.get(_RUNNING, []):
            _pause(request, running)
            _note_tried(request.config, running)


def _pause(request: pytest.FixtureRequest, running: DevIdP) -> None:
    if request.config.getoption("--devidp-keep") and request.node.stash.get(_FAILED, False):
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else ExitStack():
            input(f"\n{request.node.nodeid} failed; its devidp is at {running.url} until you press Enter ")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What devidp saw in a test that failed is a part of its report."""
    report = yield
    running = item.stash.get(_RUNNING, [])
    if running and report.failed:
        item.stash[_FAILED] = True
        as_text = resolve_name("devidp.system.event_log:as_text")
        for each in running:
            seen = "\n".join(as_text(event) for event in each.events()) or "no request"
            report.sections.append((f"devidp at {each.url}", seen))
    return report
