"""Pages of the dashboard without a browser: their forms are posted, and the calls that they show are read."""

from __future__ import annotations

import html
import re
from types import TracebackType

import httpx

from devidp import DevIdP

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Visitor:
    """Somebody at the dashboard of ``idp`` who keeps cookies and follows where a form leads."""

    def __init__(self, idp: DevIdP) -> None:
        self._http = httpx.Client(base_url=f"{idp.url}/_devidp", follow_redirects=True)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, /, **query: str) -> httpx.Response:
        return self._http.get(path, params=query)

    def post(self, path: str, /, **fields: str) -> httpx.Response:
        """Press the button of a form."""
        (token, *_) = FORM_TOKEN.findall(self.get("/controls/reset").text)
        return self._http.post(path, data={"form_token": token, **fields})

    def calls(self, path: str, place: str, **query: str) -> tuple[list[str], list[str]]:
        """The commands and the curl lines that the page shows at ``place``."""
        page = self.get(path, **query).text
        cli, curl = (
            html.unescape(found).splitlines() for found in re.findall(rf'id="{place}-(?:cli|http)">([^<]+)<', page)
        )
        return cli, curl
