"""A target that fell over, or began to refuse everything, is not praised for refusing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import jwt
import pytest
from flask import Flask, Response, request

from devidp import DevIdP
from devidp.probe import ground
from devidp.probe.call import Call
from devidp.probe.ground_kinds import FELL_OVER
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.options import Options, Watch
from devidp.probe.refusal import Refused
from devidp.probe.subject import Subject
from devidp.probe.trial import Trial, select
from devidp.probe.trials import table
from devidp.probe.turns import MAX_SLOW, Turns
from devidp.probe.wsgi_target import WsgiTarget
from devidp.report import Check, Finding
from devidp.web.api_client import ApiClient

Break = Callable[[], Response | None]
"""What is answered to everybody from the moment on at which the target was hit; ``None``: it is well."""


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


class Target:
    """Sound until it gets the token "hit"."""

    def __init__(self, idp: DevIdP, broken: Iterator[Response | None]) -> None:
        self.app = Flask("target")
        self._keys = jwt.PyJWKClient(idp.jwks_uri)
        self._broken = broken
        self._hit = False
        self.app.before_request(self._answer)

    def _answer(self) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self._hit |= token == "hit"
        found = next(self._broken, None) if self._hit else None
        self._hit &= found is not None
        return found or self._checked(token)

    def _checked(self, token: str) -> Response:
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            jwt.decode(token, key, ["RS256"], audience="http://localhost:8000/mcp")
        except jwt.PyJWTError:
            return Response(status=401)
        return Response('{"orders": []}', content_type="application/json")


def sends(token: str, *, alone: bool = False) -> Trial:
    def run(subject: Subject) -> Check:
        answer = subject.ask(token)
        return Check(token, "group", "passed", note=f"{answer.status}{answer.problem}")

    return Trial(token, "group", "must", run, alone)


def subject_of(idp: DevIdP, target: Flask, parallel: int = 4, seconds: float = 10) -> Subject:
    options = Options(parallel=parallel, seconds=seconds, watch=Watch(pause=lambda seconds: None))
    side = IssuerSide(ApiClient(idp.local_url))
    subject = Subject(WsgiTarget(target), Call("http://localhost:8000/"), side, options)
    ground.prepare(subject)
    assert subject.ground.cause == ""
    return subject


def tried(
    idp: DevIdP, target: Flask, trials: Sequence[Trial], parallel: int = 4, seconds: float = 10
) -> dict[str, Check]:
    subject = subject_of(idp, target, parallel, seconds)
    checks = Turns(subject, trials, lambda done, total, name: None).checks()
    assert [check.name for check in checks] == [trial.name for trial in trials]
    return {check.name: check for check in checks}


def test_one_that_stays_down_ends_the_probe_with_one_finding(idp: DevIdP) -> None:
    target = Target(idp, itertools.repeat(Response(status=500)))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "b", "hit", "d", "e", "f")])
    findings = [finding for check in checks.values() for finding in check.findings]
    assert [finding.id for finding in findings] == ["fell-over"]
    assert findings[0].detail == "after one of a, b, hit, d: a sound token got 500"
    assert {name: check.outcome for name, check in checks.items() if check.outcome != "failed"} == dict.fromkeys(
        ("b", "hit", "d", "e", "f"), "inconclusive"
    )


def test_one_that_comes_back_is_asked_again_and_the_cause_is_named(idp: DevIdP) -> None:
    for_a_while = [Response(status=503)] * 4
    target = Target(idp, itertools.chain(for_a_while, [None], for_a_while[:2]))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "hit", "c")])
    assert {name: [finding.id for finding in check.findings] for name, check in checks.items()} == {
        "a": [],
        "hit": ["fell-over:hit"],
        "c": [],
    }
    assert checks["a"].outcome == checks["c"].outcome == "passed"


def test_alone_it_is_named_at_once(idp: DevIdP) -> None:
    target = Target(idp, itertools.repeat(Response(status=401)))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "hit", "c")], parallel=1)
    assert [finding.id for finding in checks["hit"].findings] == ["fell-over:hit"]
    assert checks["a"].outcome == "passed"
    assert checks["c"].note == "not tried: the target fell over: a sound token got 401"


def test_a_limit_of_the_rate_is_called_that(idp: DevIdP) -> None:
    target = Target(idp, itertools.repeat(Response(status=429)))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "hit")])
    assert "limits the rate" in checks["a"].findings[0].detail


def test_what_a_limit_of_the_rate_refuses_is_tried_again_and_not_judged(idp: DevIdP) -> None:
    for_a_while = [Response(status=429, headers={"Retry-After": "7"})] * 4
    target = Target(idp, iter(for_a_while))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "hit", "c")])
    assert {check.outcome for check in checks.values()} == {"passed"}
    assert checks["hit"].note == "401"


def test_a_trial_that_always_meets_the_limit_is_inconclusive(idp: DevIdP) -> None:
    target = Target(idp, itertools.cycle([Response(status=429), None]))
    checks = tried(idp, target.app, [sends(name) for name in ("a", "hit", "c")], parallel=1)
    assert checks["hit"].outcome == "inconclusive"
    assert "limits the rate" in checks["hit"].note
    assert checks["a"].outcome == checks["c"].outcome == "passed"


def test_one_that_does_not_answer_faulty_tokens_is_not_waited_for_all_night(idp: DevIdP) -> None:
    target = Target(idp, iter(()))
    names = [f"slow-{number}" for number in range(3 * MAX_SLOW)]

    @target.app.after_request
    def never_ends(response: Response) -> Response:
        if request.headers.get("Authorization", "").startswith("Bearer slow"):
            response.response = itertools.repeat(b"." * 65536)
        return response

    checks = tried(idp, target.app, [sends(name) for name in names], parallel=8)
    outcomes = [check.outcome for check in checks.values()]
    assert MAX_SLOW < outcomes.count("passed") < MAX_SLOW + 10
    assert "did not answer in time" in checks[names[-1]].note


def test_trials_that_change_devidp_come_last_and_one_by_one(idp: DevIdP) -> None:
    order: list[str] = []

    def noted(name: str, *, alone: bool) -> Trial:
        def run(_: Subject) -> Check:
            order.append(name)
            return Check(name, "group", "passed")

        return Trial(name, "group", "must", run, alone)

    trials = [noted("first", alone=True), noted("a", alone=False), noted("second", alone=True), noted("b", alone=False)]
    tried(idp, Target(idp, iter(())).app, trials)
    assert set(order[:2]) == {"a", "b"}
    assert order[2:] == ["first", "second"]


def test_a_trial_that_says_itself_what_broke_the_target_is_enough(idp: DevIdP) -> None:
    target = Target(idp, itertools.repeat(Response(status=401)))
    own = Finding(FELL_OVER, "keys")

    def run(subject: Subject) -> Check:
        subject.ask("hit")
        return Check("keys", "group", "failed", (own,))

    checks = tried(idp, target.app, [Trial("keys", "group", "must", run, alone=True), sends("next", alone=True)])
    assert checks["keys"].findings == (own,)
    assert checks["next"].outcome == "inconclusive"


def test_every_trial_has_a_name_of_its_own(idp: DevIdP) -> None:
    names = [trial.name for trial in table.trials(subject_of(idp, Target(idp, iter(())).app))]
    assert len(names) > 200
    assert len(set(names)) == len(names)


def test_trials_are_chosen_by_words() -> None:
    trials = [sends("a"), sends("b", alone=True), Trial("c", "other", "advice", sends("c").run)]
    chosen = {
        (("a",), ()): ["a"],
        (("group",), ()): ["a", "b"],
        (("must",), ("changes",)): ["a"],
        (("changes", "advice"), ()): ["b", "c"],
        ((), ("group",)): ["c"],
        (("ground",), ()): [],
    }
    for (only, skip), names in chosen.items():
        assert [trial.name for trial in select(trials, only, skip, always=["ground"])] == names
    with pytest.raises(
        Refused, match=r"got 'chagnes', expected a name, a group \(group, other\).* Did you mean changes"
    ):
        select(trials, skip=["chagnes"])


def test_what_devidp_refuses_makes_a_trial_inconclusive(idp: DevIdP) -> None:
    def run(subject: Subject) -> Check:
        subject.mint(fault="no-such-fault")
        raise AssertionError

    checks = tried(idp, Target(idp, iter(())).app, [Trial("a", "group", "must", run)])
    assert checks["a"].outcome == "inconclusive"
    assert "no-such-fault" in checks["a"].note
