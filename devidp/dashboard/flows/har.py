"""Events as an HTTP Archive, which browsers and other tools for HTTP open.

https://w3c.github.io/web-performance/specs/HAR/Overview.html. What an event does not keep is an empty text, and its
``comment`` says so; sizes that nobody has counted are -1, as the format has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from devidp import __version__
from devidp.dashboard.flows.sent import Parameter, SentRequest, sent_request
from devidp.models import Event
from devidp.system.clock import utc

NOT_KEPT: Final = "devidp does not keep this value"
UNKNOWN: Final = -1
ANSWER_HEADERS: Final = {"content_type": "Content-Type", "location": "Location", "www_authenticate": "WWW-Authenticate"}


def archive(events: Iterable[Event], public_url: str) -> dict[str, Any]:
    """The document; its times are those of devidp's clock."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "devidp", "version": __version__},
            "entries": [_entry(event, public_url) for event in events],
        }
    }


def _entry(event: Event, public_url: str) -> dict[str, Any]:
    took = round(event.took, 3)
    began = utc(event.at - event.took / 1000)
    entry = {
        "startedDateTime": began.isoformat(timespec="milliseconds"),
        "time": took,
        "request": _request(event, sent_request(event, public_url)),
        "response": _response(event),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "comment": event.reason or event.outcome,
        "_flow": event.flow,
        "_event": event.id,
    }
    if address := event.asked.get("address"):
        entry["_client"] = address
    return entry


def _request(event: Event, sent: SentRequest) -> dict[str, Any]:
    headers = [*sent.headers]
    if "user_agent" in event.asked:
        headers.append(("User-Agent", event.asked["user_agent"]))
    hidden = [{"name": "Authorization", "value": "", "comment": NOT_KEPT}] if sent.basic or sent.bearer else []
    kept = [(each.name, each.value) for each in sent.parameters if each.value is not None]
    parameters = [_parameter(each) for each in sent.parameters]
    request: dict[str, Any] = {
        "method": sent.method,
        "url": f"{sent.url}?{urlencode(kept)}" if sent.in_query and kept else sent.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in headers] + hidden,
        "queryString": parameters if sent.in_query else [],
        "headersSize": UNKNOWN,
        "bodySize": 0 if sent.in_query else UNKNOWN,
    }
    if not sent.in_query and parameters:
        mime = "application/json" if sent.json else "application/x-www-form-urlencoded"
        request["postData"] = {"mimeType": mime, "params": parameters}
    return request


def _parameter(each: Parameter) -> dict[str, str]:
    if each.value is None:
        return {"name": each.name, "value": "", "comment": NOT_KEPT}
    return {"name": each.name, "value": each.value}


def _response(event: Event) -> dict[str, Any]:
    answered = event.answered
    return {
        "status": event.status,
        "statusText": _phrase(event.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": header, "value": answered[name]} for name, header in ANSWER_HEADERS.items() if name in answered
        ],
        "content": {"size": UNKNOWN, "mimeType": answered.get("content_type", ""), "comment": _content(answered)},
        "redirectURL": answered.get("location", ""),
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,
    }


def _content(answered: Any) -> str:
    return f"members: {answered['members']}" if "members" in answered else ""


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
