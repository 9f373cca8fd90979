"""Every group of trials, in the order in which a report lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from devidp.probe.subject import Subject
from devidp.probe.trial import Trial
from devidp.probe.trials import (
    caches,
    challenge,
    faults,
    headers,
    introspection,
    leaks,
    metadata,
    outage,
    places,
    revocation,
    rotation,
    scopes,
    sessions,
    step_up,
    strangers,
)

Group = Callable[[Subject], Iterable[Trial]]
"""What ``trials(subject)`` of a file beside this one is: the trials that make sense for the subject."""
GROUPS: tuple[Group, ...] = (
    faults.trials,
    headers.trials,
    places.trials,
    challenge.trials,
    metadata.trials,
    leaks.trials,
    scopes.trials,
    strangers.trials,
    sessions.trials,
    caches.trials,
    step_up.trials,
    revocation.trials,
    rotation.trials,
    introspection.trials,
    outage.trials,
)


def trials(subject: Subject) -> Iterator[Trial]:
    return (trial for group in GROUPS for trial in group(subject))
