"""Who logs in, and at which devidp; apart from the browser, which most starts do without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from devidp.web.control.errors import ControlError

SecondFactorOutcome = Literal["pass", "fail"]


class LoginFailed(Exception):
    """A login that came to no end. ``error`` is the OAuth error code, if any."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}" if error else description)
        self.error = error
        self.description = description


class Base(NamedTuple):
    """The base URL of devidp as clients see it, and the one at which this machine reaches it."""

    public: str
    local: str
    hosts: frozenset[str] = frozenset()
    """Names of hosts that belong to issuers: they are reached at the local address, too."""

    @classmethod
    def of_issuers(cls, public: str, local: str, issuers: Iterable[str]) -> Base:
        """With the hosts of those of ``issuers`` that are not below ``public``."""
        elsewhere = (each for each in issuers if each != public and not each.startswith(f"{public}/"))
        return cls(public, local, frozenset(urlsplit(each).hostname or "" for each in elsewhere))

    def holds(self, url: str) -> bool:
        return self._is_own(url) or url == self.public or url.startswith((f"{self.public}/", f"{self.public}?"))

    def reached(self, url: str) -> tuple[str, dict[str, str]]:
        """``url``, which it holds, at the local address, and the headers that say what it was."""
        if not self._is_own(url):
            return self.local + url.removeprefix(self.public), {}
        parts = urlsplit(url)
        return self.local + url.removeprefix(f"{parts.scheme}://{parts.netloc}"), {"Host": parts.netloc}

    def _is_own(self, url: str) -> bool:
        return bool(self.hosts) and urlsplit(url).hostname in self.hosts


@dataclass(frozen=True, slots=True)
class Person:
    """What is done on the pages: logging in as ``user``, then allowing what is asked."""

    user: str
    deny: bool = False
    """Deny the access instead."""
    consent: Sequence[str] | None = None
    """The scopes that are allowed; ``None``: all that the page offers."""

    second_factor: SecondFactorOutcome = "pass"
    """Whether the second factor is shown where devidp asks for it, or a wrong one and then none."""

    def __post_init__(self) -> None:
        if self.second_factor not in get_args(SecondFactorOutcome):
            raise ControlError(f"second_factor: got {self.second_factor!r}, expected pass or fail")
        if isinstance(self.consent, str):
            raise ControlError(f"consent: got {self.consent!r}, expected a list of scopes; deny=True denies")
        if self.deny and self.consent is not None:
            raise ControlError("deny and consent contradict each other; leave one of them out")

    def allowed(self, offered: Sequence[str]) -> Sequence[str]:
        """Which of the scopes that the page offers; raises LoginFailed where it does not offer one."""
        for name in self.consent or ():
            if name not in offered and name != "openid":  # the page has no choice about that one
                raise LoginFailed("", f"got consent to {name!r}, expected one of: {', '.join(offered) or 'none'}")
        return offered if self.consent is None else self.consent

    def check_asked(self, asked: bool, asked_for_factor: bool) -> None:
        """Raises LoginFailed where the user was to decide, or to fail, and was not ``asked``."""
        if self.second_factor == "fail" and not asked_for_factor:
            raise LoginFailed("", "got second_factor='fail', but devidp did not ask for one; ask for it by acr_values")
        if (self.deny or self.consent is not None) and not asked:
            raise LoginFailed("", "got deny or consent, but devidp did not ask for consent; let the request ask for it")
