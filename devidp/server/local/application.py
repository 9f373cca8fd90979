"""The login of an application, through the client with which it is tested: to its redirect, and from its callback."""

from __future__ import annotations

import inspect
from typing import Any
from urllib.parse import urljoin

from devidp.web.browser import Browser, Callback
from devidp.web.person import Base, LoginFailed, Person

MAX_REDIRECTS = 8
WITHOUT_REDIRECTS = {
    "requests": {"allow_redirects": False},
    "httpx": {"follow_redirects": False},
    "httpx2": {"follow_redirects": False},
    "werkzeug": {"follow_redirects": False},
    "django": {"follow": False},
}
"""How a client is told to follow no redirect, by its package. Flask's is one of Werkzeug, Starlette's one of httpx."""


def authorize(base: Base, url: str, person: Person, http: Any) -> Any:
    """The response of the application to its callback, or the URL of the callback; raises LoginFailed and TypeError."""
    application = None if http is None else Application(http)
    if not base.holds(url):
        if application is None:
            raise LoginFailed(
                "",
                f"got {url!r}, expected an authorization request at {base.public}; "
                "for an address of your application give its client as well: authorize(url, http=client)",
            )
        url = application.authorization_request(url, base)
    callback = Browser(base, person).authorize(url)
    if not callback.posted:
        raise LoginFailed(
            "", "web_message gives the response to a script, which only a browser runs; ask for another response_mode"
        )
    if application is not None:
        return application.call_back(callback)
    if callback.fields is not None:
        raise LoginFailed(
            "", "form_post posts the response, so no URL holds it; give a client: authorize(…, http=client)"
        )
    return callback.url


class Application:
    """What ``http`` reaches: a session of requests, a client of httpx, a test client of Flask, Django or Starlette."""

    def __init__(self, http: Any) -> None:
        self._http = http
        packages = [each.__module__.partition(".")[0] for each in type(http).__mro__]
        known = next((name for name in packages if name in WITHOUT_REDIRECTS), None)
        if known is None or inspect.iscoroutinefunction(http.get):
            raise TypeError(
                f"http: got {type(http).__module__}.{type(http).__name__}, expected a session of requests, or a client "
                "of httpx, Flask, Django or Starlette that is not asynchronous; with any other, get the redirect and "
                "the callback yourself: callback = devidp.authorize(location)"
            )
        self._django, self._without_redirects = known == "django", WITHOUT_REDIRECTS[known]

    def authorization_request(self, url: str, base: Base) -> str:
        """The address at devidp to which ``url`` redirects, by way of others perhaps; raises LoginFailed."""
        for _ in range(MAX_REDIRECTS):
            response = self._http.get(url, **self._without_redirects, **self._scheme(url))
            location = response.headers.get("Location")
            if location is None:
                raise LoginFailed("", f"{url} answered {response.status_code}, expected a redirect to {base.public}")
            url = urljoin(url, location)
            if base.holds(url):
                return url
        raise LoginFailed("", f"{MAX_REDIRECTS} redirects, none to {base.public}; the last one led to {url}")

    def call_back(self, callback: Callback) -> Any:
        """Whether redirects are followed from there is up to the client."""
        scheme = self._scheme(callback.url)
        if callback.fields is None:
            return self._http.get(callback.url, **scheme)
        return self._http.post(callback.url, data=dict(callback.fields), **scheme)

    def _scheme(self, url: str) -> dict[str, bool]:
        """Django's client takes no more than the path of a URL."""
        return {"secure": True} if self._django and url.startswith("https:") else {}
