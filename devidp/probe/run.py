"""The probe: the ground, then every trial, with sound calls around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from devidp.probe import evidence, ground, ground_kinds, receiver_ground
from devidp.probe.call import Call
from devidp.probe.diagnosis import is_redirect
from devidp.probe.exchange import Transport
from devidp.probe.issuer_side import IssuerSide
from devidp.probe.metadata import is_same_server
from devidp.probe.options import Options
from devidp.probe.receiver import Receiver
from devidp.probe.recognition import is_success
from devidp.probe.refusal import Refused
from devidp.probe.subject import Subject
from devidp.probe.trial import OF_THE_TARGET, Trial, select
from devidp.probe.trials import assertions, table
from devidp.probe.turns import Found, Progress, Turns
from devidp.report import Check, Finding, Report
from devidp.system.clock import machine_seconds, stopwatch

GROUND = "ground"
CHECKS = ("no-token", "made-up-token", "sound-token")
"""Those of the ground."""


def probe(
    transport: Transport,
    url: str,
    issuer_side: IssuerSide,
    options: Options,
    progress: Progress = lambda done, total, name: None,
    found: Found = lambda check: None,
) -> Report:
    """What the target at ``url`` wrongly accepts. Raises ApiError and Refused."""
    at, began = machine_seconds(), stopwatch()
    subject = checked(transport, url, issuer_side, options)
    checks = _prepare(subject)
    for check in checks:
        found(check)
    if not subject.ground.cause:
        checks += Turns(subject, _select(subject, options.only, options.skip), progress, found).checks()
    subject.close_sessions()
    known = subject.ground
    return Report(
        "assertion receiver" if options.assertions else "resource server",
        url,
        subject.issuer_url or issuer_side.api.url,
        at,
        stopwatch() - began,
        tuple(checks),
        options.stack,
        known.cause,
        known.remedy,
    )


def checked(transport: Transport, url: str, issuer_side: IssuerSide, options: Options) -> Subject:
    """The target, which was not asked anything yet. Raises ApiError, and Refused for mistakes in ``options``."""
    call = options.call or Call(url)
    if not is_same_server(call.url, url):
        raise Refused(f"the call goes to {call.url}, expected an address of the target: {url}")
    issuer_side.expect_answer()
    subject = (Receiver if options.assertions else Subject)(transport, call, issuer_side, options)
    _select(subject, [word for word in (*options.only, *options.skip) if not word.startswith(OF_THE_TARGET)])
    return subject


def _select(subject: Subject, only: Collection[str], skip: Collection[str] = ()) -> list[Trial]:
    """Raises Refused."""
    if isinstance(subject, Receiver):
        return select(assertions.trials(subject), only, skip, (GROUND, *receiver_ground.CHECKS))
    return select(table.trials(subject), only, skip, (GROUND, *CHECKS))


def _prepare(subject: Subject) -> list[Check]:
    """Complete the ground; what that says itself."""
    if isinstance(subject, Receiver):
        receiver_ground.prepare(subject)
        return list(receiver_ground.checks(subject))
    ground.prepare(subject)
    return list(_ground_checks(subject))


def _ground_checks(subject: Subject) -> Iterator[Check]:
    found = subject.ground
    for name, answer, kind in (
        ("no-token", found.without, ground_kinds.NO_TOKEN),
        ("made-up-token", found.made_up, ground_kinds.MADE_UP),
    ):
        if not is_success(found.sound) or answer.status is None or _redirects_all(subject):
            yield Check(name, GROUND, "inconclusive", note=found.cause)
        elif ground.lets_in(subject, answer):
            shown = Finding(kind, "", f"answered {answer.status}, expected 401", (evidence.exchange(answer),))
            yield Check(name, GROUND, "failed", (shown,), seconds=answer.seconds)
        else:
            dressed = ", a refusal that looks like a success" if answer.status < 400 else ""
            yield Check(name, GROUND, "passed", note=f"answered {answer.status}{dressed}", seconds=answer.seconds)
    yield _sound_check(subject)


def _redirects_all(subject: Subject) -> bool:
    """Whether everybody is sent elsewhere: nobody is let in by that."""
    return is_redirect(subject.ground.sound) and ground.is_open(subject)


def _sound_check(subject: Subject) -> Check:
    found = subject.ground
    if not is_success(found.sound) or found.minted is None or _redirects_all(subject):
        return Check("sound-token", GROUND, "inconclusive", note=found.cause)
    claims = {name: found.minted.claims.get(name) for name in ("iss", "aud", "scope")}
    described = ", ".join(f"{name} {value}" for name, value in claims.items() if value)
    note = f"{subject.call.method} {subject.url} answered {found.sound.status} to a token with {described}"
    return Check("sound-token", GROUND, "passed", note=note, seconds=found.sound.seconds)
