"""A browser without a screen: from an authorization request, through devidp's pages, to the answer at the client."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from http.client import HTTPMessage
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from devidp.system import http_client
from devidp.web.person import Base, LoginFailed, Person

MAX_STEPS = 8
TIMEOUT = 30
WRONG_CODE = "no code"
UNREAD = ("style", "script", "title", "header", "footer")


class Callback(NamedTuple):
    """The request with which devidp sends a browser back to the client."""

    url: str
    fields: tuple[tuple[str, str], ...] | None = None
    """What a page of devidp hands on, where the response mode is form_post or web_message."""
    posted: bool = True
    """Whether ``fields`` are posted; otherwise a script gives them to the page that opened devidp's."""

    def parameters(self) -> dict[str, str]:
        """The authorization response, in whatever response mode."""
        parts = urlsplit(self.url)
        return dict(self.fields if self.fields is not None else parse_qsl(parts.fragment or parts.query))


class Page(HTMLParser):
    """A response: the action and fields of its first form, and the words that a person would read on it."""

    def __init__(self, url: str, status: int, headers: HTTPMessage, text: str) -> None:
        super().__init__()
        self.url = url
        self.status = status
        self.headers = headers
        self.text = text
        self.action = ""
        self.posts = False
        self.hidden: list[tuple[str, str]] = []
        self.offered: dict[str, list[str]] = {}
        """The values of the fields that a user fills or clicks."""
        self._forms = 0
        self._unread = 0
        self._alert = ""
        """The element that says what is wrong, while it is read."""
        self._words: list[str] = []
        self._problem: list[str] = []

    @property
    def words(self) -> str:
        """What is wrong, where the page says so; otherwise all of it."""
        return " ".join(self._problem or self._words)[:400]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        values = {name: value or "" for name, value in attrs}
        self._forms += tag == "form"
        if values.get("role") == "alert":
            self._alert = tag
        if tag == "form" and not self.action:
            self.action, self.posts = values.get("action", ""), values.get("method") == "post"
        if tag not in ("input", "button") or "name" not in values:
            return
        if values.get("type") == "hidden":
            if self._forms > 1:
                return  # each form of a page has its own copy
            self.hidden.append((values["name"], values.get("value", "")))
        else:
            self.offered.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD
        if tag == self._alert:
            self._alert = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            (self._problem if self._alert else self._words).extend(data.split())


class Browser:
    """At the devidp of ``base``, used by ``person``; it keeps cookies."""

    def __init__(self, base: Base, person: Person) -> None:
        self._base = base
        self._person = person
        self._clicked = False
        self._searched = False
        self._decided = False
        self._asked_for_factor = False
        self._cookies: dict[str, str] = {}

    def authorize(self, url: str) -> Callback:
        """From the authorization request ``url`` to the client; raises LoginFailed."""
        callback = self._walk(url)
        self._person.check_asked(self._decided, self._asked_for_factor)
        return callback

    def _walk(self, url: str) -> Callback:
        page = self.send("GET", url)
        for _ in range(MAX_STEPS):
            location = page.headers.get("Location")
            if location is None:
                page.feed(page.text)
                action = urljoin(page.url, page.action)
                if page.status < 400 and page.action and not self._base.holds(action):
                    return Callback(action, tuple(page.hidden), page.posts)
                page = self._submit(page)
                continue
            target = urljoin(page.url, location)
            if not self._base.holds(target):
                return Callback(target)
            page = self.send("GET", target)
        raise LoginFailed("", f"no answer after {MAX_STEPS} steps; the last page was {page.text[:200]!r}")

    def _submit(self, page: Page) -> Page:
        if page.status >= 400 or not page.action:
            raise LoginFailed("", f"the issuer answered {page.status}: {page.words}")
        user = self._person.user
        if "decision" in page.offered:
            chosen = self._decide(page.offered.get("scope", []))
        elif "give_up" in page.offered:
            chosen = self._show_factor(page.offered)
        elif not self._clicked and (user in page.offered.get("login_as", []) or "anybody" in page.offered):
            self._clicked = True
            chosen = [("login_as", user)]
        elif "search" in page.offered and not self._searched:
            self._searched = True
            chosen = [("find", user), ("search", "yes")]
        elif self._clicked:
            raise LoginFailed("", f"the user {user!r} could not log in: {page.words}")
        else:
            there_are = ", ".join(page.offered.get("login_as", [])) or "none"
            raise LoginFailed("", f"the login page does not offer the user {user!r}; there are: {there_are}")
        return self.send("POST", urljoin(page.url, page.action), [*page.hidden, *chosen])

    def _decide(self, offered: Sequence[str]) -> list[tuple[str, str]]:
        self._decided = True
        if self._person.deny:
            return [("decision", "deny")]
        return [("decision", "allow"), *(("scope", name) for name in self._person.allowed(offered))]

    def _show_factor(self, offered: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        again, self._asked_for_factor = self._asked_for_factor, True
        if again:
            return [("give_up", "yes")]
        if "shown_code" in offered:
            right = self._person.second_factor == "pass"
            return [("shown_code", offered["shown_code"][0] if right else WRONG_CODE)]
        answer_push(self._base, self._person)
        return []

    def send(
        self,
        method: str,
        url: str,
        fields: Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """The response of devidp to one request, at a URL as clients know it."""
        reached, sent = self._base.reached(url)
        sent |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), **(headers or {})}
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if fields is None else urlencode(fields)
        tls = http_client.unverified(reached)
        with http_client.request(method, reached, timeout=TIMEOUT, body=body, headers=sent, tls=tls) as response:
            page = Page(url, response.status, response.headers, response.read().decode(errors="replace"))
        for line in page.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return page


def answer_push(base: Base, person: Person) -> None:
    """Approve or deny what is asked on the device of the user."""
    answer = {"decision": "approve" if person.second_factor == "pass" else "deny", "user": person.user}
    url, headers = f"{base.local}/_devidp/api/pushes", {"Content-Type": "application/json"}
    body, tls = json.dumps(answer), http_client.unverified(url)
    with http_client.request("POST", url, timeout=TIMEOUT, body=body, headers=headers, tls=tls) as response:
        if response.status != 200:
            raise LoginFailed("", f"the push could not be answered: {response.read(400).decode(errors='replace')}")
