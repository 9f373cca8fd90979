"""The browser that a client opens: a user of the seed logs in, and the answer is brought back to the client."""

from __future__ import annotations

import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from devidp.judge.journal import Journal, Visit
from devidp.judge.opener import Opener
from devidp.oauth.redirect_uri import LOOPBACK_HOSTS
from devidp.system import http_client
from devidp.system.clock import pause
from devidp.web.browser import Browser, Callback
from devidp.web.control.errors import ControlError
from devidp.web.person import Base, LoginFailed, Person

SECONDS = 10.0
RETRIES = 50
RETRY_SECONDS = 0.1
"""Programs open the browser before they listen for its answer."""


class ClientBrowser:
    """At the devidp of ``base``, and at the foreign origin, used by ``user``; it opens nothing else.

    In a ``with`` programs find it, too: by ``variables``.
    """

    def __init__(self, base: Base, foreign: str, user: str, journal: Journal) -> None:
        self._base = base
        self._foreign = foreign
        self._user = user
        self._journal = journal
        self._opener = Opener(self.open)
        self.begin()

    def begin(self, *, deny: bool = False) -> None:
        """Forget the login before; the user denies the next ones, or allows them."""
        self._person = Person(self._user, deny=deny)
        self.problem = ""
        """Why the last login did not come back to the client; empty where it did."""

    def __enter__(self) -> Self:
        self._opener.__enter__()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._opener.__exit__()

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of a program whose browser is to be this one."""
        return self._opener.variables

    def authorize(self, address: str) -> str:
        """The address at which the browser ends, the client's callback, which is not opened. Raises LoginFailed."""
        callback = self._walk(address)
        if callback.fields is None:
            return callback.url
        return f"{callback.url}?{urlencode(callback.fields)}"

    __call__ = authorize

    def open(self, address: str) -> None:
        """As a person would: the whole login beside the client, and the visit of its callback."""
        threading.Thread(target=self._visit, args=(address,), daemon=True).start()

    def knows(self, address: str) -> bool:
        """Whether it opens the address."""
        return self._base.holds(address) or address.startswith(f"{self._foreign}/")

    def _walk(self, address: str) -> Callback:
        self._journal.add(Visit("browser", "GET", address))
        self.problem = ""
        try:
            if self._base.holds(address):
                return Browser(self._base, self._person).authorize(address)
            if self.knows(address):
                return Callback(self._location(address))
            raise LoginFailed("", "the browser was told to open what is neither devidp nor the judge: it did not")
        except (LoginFailed, ControlError, http_client.NoAnswer) as error:
            self.problem = str(error)
            raise LoginFailed("", self.problem) from error

    def _location(self, address: str) -> str:
        with http_client.request("GET", address, timeout=SECONDS) as response:
            location = response.headers.get("Location")
            if location is None:
                raise LoginFailed("", f"the foreign origin answered {response.status}")
            return urljoin(address, location)

    def _visit(self, address: str) -> None:
        with suppress(LoginFailed):
            callback = self._walk(address)
            if urlsplit(callback.url).hostname not in LOOPBACK_HOSTS:
                self.problem = "the callback is not on this machine, and was not opened"
                return
            self._call_back(callback)

    def _call_back(self, callback: Callback) -> None:
        for _ in range(RETRIES):
            try:
                _send(callback)
                return
            except http_client.NoAnswer as error:
                self.problem = f"nobody answers at {urlsplit(callback.url).netloc}: {error}"
                if "nothing listens" not in self.problem:
                    return
            pause(RETRY_SECONDS)


def _send(callback: Callback) -> None:
    """Open the callback as a browser would; raises NoAnswer."""
    method, body, headers = "GET", None, {"Accept": "text/html"}
    if callback.fields is not None:
        method, body = "POST", urlencode(callback.fields)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    with http_client.request(method, callback.url, timeout=SECONDS, body=body, headers=headers) as response:
        response.read()
