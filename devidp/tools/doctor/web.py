"""Requests to servers that may be broken: a response, or the reason why there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from devidp.oauth.resource import is_loopback
from devidp.system.fetch import FetchError, Reach, Reply, ask
from devidp.tools.doctor.finding import CLOUD, Finding, bad, good

EVERYWHERE = Reach(loopback=True, private=True)
ORIGIN = "http://localhost:6274"
"""A page on this machine, as the Inspector is one."""
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@dataclass(frozen=True, slots=True)
class Response:
    """Status 0: there was no response, and ``problem`` says why."""

    url: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str = ""

    def __bool__(self) -> bool:
        return self.status != 0

    @property
    def members(self) -> dict[str, Any]:
        """The JSON object of the body; empty where it is none."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def summary(self) -> str:
        return f"{self.url} answers {self.status}" if self.status else self.problem

    def redirect(self) -> dict[str, str]:
        """The parameters that a redirect brings to the client."""
        return dict(parse_qsl(urlsplit(self.headers.get("location", "")).query))


def send(method: str, url: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Response:
    try:
        reply: Reply = ask(method, url, EVERYWHERE, body, {"Accept": "application/json", **(headers or {})})
    except FetchError as error:
        return Response(url, problem=error.reason)
    return Response(url, reply.status, dict(reply.headers), reply.body)


def get(url: str) -> Response:
    return send("GET", url, headers={"Origin": ORIGIN})


def get_with(url: str, parameters: dict[str, str]) -> Response:
    return get(f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}")


def post_json(url: str, content: dict[str, Any], **headers: str) -> Response:
    return send("POST", url, json.dumps(content).encode(), {**JSON, **headers})


def post_form(url: str, fields: dict[str, str]) -> Response:
    return send("POST", url, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"})


def preflight(url: str) -> Response:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    return send("OPTIONS", url, headers={"Origin": ORIGIN, **asked})


def transport_of(url: str, answer: Response) -> Finding:
    """How ``url`` is reached: TLS where it is needed, and trusted."""
    parts = urlsplit(url)
    if not answer.status and "certificate" in answer.problem.lower():
        return bad(
            f"the certificate of {parts.netloc} is not trusted: {answer.problem}",
            "Give clients the CA: SSL_CERT_FILE for Python and this command, NODE_EXTRA_CA_CERTS for Node",
        )
    if not answer.status:
        return bad(answer.problem, "Start the server, or correct the URL")
    if parts.scheme == "https":
        return good("https, with a certificate that is trusted here")
    if is_loopback(url):
        return good(f"plain http on this machine, which is enough for clients on it; not for {CLOUD}")
    return bad(
        f"{url} is plain http and not on this machine", "Use https: clients take http for loopback addresses only"
    )
