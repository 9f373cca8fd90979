"""Which flows, or which single requests, somebody looks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from devidp.dashboard.flows.trace import Flow, Step
from devidp.models import Event

REQUESTS = "requests"
"""The value of ``show`` that lists single requests in place of attempts."""


@dataclass(frozen=True, slots=True)
class Search:
    """Every field that is not empty has to fit; of ``client``, ``user`` and ``text`` a part, whatever its case."""

    client: str = ""
    user: str = ""
    outcome: str = ""
    endpoint: str = ""
    text: str = ""
    show: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        return cls(**{name: query.get(name, "").strip() for name in cls.__dataclass_fields__})

    @property
    def query(self) -> dict[str, str]:
        """What asks for the same."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def narrows(self) -> bool:
        """Whether anything is looked for."""
        return bool({**self.query, "show": ""}.keys() - {"show"})

    def flows(self, flows: Iterable[Flow]) -> list[Flow]:
        """The attempts that fit, newest first."""
        return [each for each in reversed(list(flows)) if each.attempt and self._fits_flow(each)]

    def requests(self, flows: Iterable[Flow]) -> list[Step]:
        """The requests that fit, newest first."""
        found = [step for flow in flows for step in flow.steps if self._fits(flow, (step.event,))]
        return sorted(found, key=lambda each: each.place, reverse=True)

    def _fits_flow(self, flow: Flow) -> bool:
        return self._fits(flow, flow.events)

    def _fits(self, flow: Flow, events: Sequence[Event]) -> bool:
        return (
            (_holds(flow.client, self.client) or _holds(flow.client_name, self.client))
            and _holds(flow.user, self.user)
            and self.outcome in ("", flow.outcome)
            and (not self.endpoint or any(each.endpoint == self.endpoint for each in events))
            and (not self.text or any(_holds(text, self.text) for text in _texts(flow, events)))
        )


def _holds(text: str, part: str) -> bool:
    return not part or part.casefold() in text.casefold()


def _texts(flow: Flow, events: Sequence[Event]) -> Iterable[str]:
    yield from (flow.id, flow.status, flow.scope, flow.resource)
    for each in events:
        yield from (each.id, each.error, each.reason, each.outcome, each.detail, *each.asked.values())
