"""What is wrong: a finding is a kind of mistake, met at one place, with what was sent and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from devidp.report import redact

Header = tuple[str, str]


class Severity(IntEnum):
    """By consequence: what whoever uses the mistake gets."""

    ADVICE = 0
    """Nobody gets in by it; clients have less to go by."""
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4
    """Anybody can make a token of their own."""

    @property
    def label(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Severity:
        """By its label; raises ValueError."""
        for each in cls:
            if each.label == label:
                return each
        labels = ", ".join(each.label for each in cls)
        raise ValueError(f"got the severity {label!r}, expected one of {labels}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What ``devidp explain NAME`` explains."""

    name: str
    """Unique among all kinds of servers and clients: ``accepted-expired``, ``challenge-missing``."""
    severity: Severity
    title: str
    """What is wrong, in one short sentence without a full stop."""
    why: str
    """The consequence: who can do what because of it."""
    section: str
    """The section of a specification that it violates."""
    topic: str
    """Key of the remedies: a check that is missing, such as ``audience``."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back; whatever it is made of, it holds no tokens, codes and secrets."""

    method: str
    url: str
    sent: tuple[Header, ...] = ()
    sent_body: str = ""
    status: int | None = None
    """``None`` where no answer came: ``problem`` says why."""
    headers: tuple[Header, ...] = ()
    body: str = ""
    """The beginning of it."""
    seconds: float = 0.0
    problem: str = ""

    def __post_init__(self) -> None:
        for name in ("url", "sent_body", "body", "problem"):
            object.__setattr__(self, name, redact.text(getattr(self, name)))
        for name in ("sent", "headers"):
            kept = tuple((each, redact.header(each, value)) for each, value in getattr(self, name))
            object.__setattr__(self, name, kept)


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake at one place."""

    kind: Kind
    subject: str = ""
    """Where the same kind can be met several times: the fault, the tool, the scenario. Empty otherwise."""
    detail: str = ""
    """What came and what was expected, here."""
    exchanges: tuple[Exchange, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", redact.text(self.detail))

    @property
    def id(self) -> str:
        """The same in every run: what a baseline names."""
        return f"{self.kind.name}:{self.subject}" if self.subject else self.kind.name
