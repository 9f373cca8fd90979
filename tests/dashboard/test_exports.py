"""What can be taken along of a flow: JSON, an HTTP Archive, a report, and a command for a shell."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft6Validator
from playwright.sync_api import Browser
from referencing import Registry
from referencing.jsonschema import DRAFT6

from devidp import DevIdP
from devidp.dashboard.flows import curl, report
from devidp.dashboard.flows.strangers import Strangers
from devidp.dashboard.flows.trace import trace
from devidp.models import Event
from tests.dashboard.browser import HERE
from tests.flow import CHALLENGE, VERIFIER

SCHEMAS = HERE / "node" / "node_modules" / "har-schema" / "lib"
CALLBACK = "http://127.0.0.1:5555/callback"
SECRET_STATE = "a-secret-state"


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


@pytest.fixture(scope="module")
def http(idp: DevIdP) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=idp.url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def flow(idp: DevIdP, http: httpx.Client) -> list[Event]:
    """A login whose code is exchanged with the wrong verifier."""
    asked = httpx.URL(f"{idp.issuer}/authorize").copy_merge_params(
        {
            "client_id": "web",
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": "openid mcp:read",
            "resource": "http://localhost:8000/mcp",
            "state": SECRET_STATE,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
    )
    code = httpx.URL(idp.authorize(str(asked))).params["code"]
    sent = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER[::-1]}
    http.post("/default/token", data={"code": code, **sent}, auth=("web", "web-secret"))
    steps = idp.events(flow=idp.events("token")[0].flow)
    assert [(each.endpoint, each.status) for each in steps][-1] == ("token", 400)
    return steps


@pytest.fixture
def har(http: httpx.Client, flow: list[Event]) -> Any:
    return exported(http, flow, "har").json()


def exported(http: httpx.Client, flow: list[Event], ending: str) -> httpx.Response:
    """The download of the flow that one of its events is in."""
    answer = http.get(f"/_devidp/flows/{flow[-1].id}.{ending}")  # the address may be that of any request in it
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(
    ("ending", "media_type"), [("json", "application/json"), ("har", "application/json"), ("md", "text/markdown")]
)
def test_a_download_has_the_right_name_and_no_secret(
    ending: str, media_type: str, http: httpx.Client, flow: list[Event]
) -> None:
    answer = exported(http, flow, ending)
    assert answer.headers["Content-Disposition"] == f"attachment; filename=devidp-flow-{flow[-1].flow}.{ending}"
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    for secret in (SECRET_STATE, CHALLENGE, VERIFIER, VERIFIER[::-1], "web-secret"):
        assert secret not in answer.text


def test_a_flow_that_there_is_not_is_said_to_be_none(http: httpx.Client) -> None:
    answer = http.get("/_devidp/flows/nothing.json")
    assert answer.status_code == 404
    assert "nothing" in answer.text


def test_json_has_what_is_known_of_the_flow_and_its_events_as_the_control_api_has_them(
    http: httpx.Client, flow: list[Event]
) -> None:
    (document,) = exported(http, flow, "json").json()["flows"]
    assert document["events"] == http.get("/_devidp/api/events", params={"flow": flow[-1].flow}).json()["events"]
    assert (document["id"], document["client"], document["user"]) == (flow[-1].flow, "web", "alice")
    assert (document["outcome"], document["missing"]) == ("refused", None)


def test_a_har_is_valid_by_the_schema_of_the_format(har: Any) -> None:
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")]
    known = Registry().with_resources((each["$id"].rstrip("#"), DRAFT6.create_resource(each)) for each in schemas)
    Draft6Validator({"$ref": "har.json"}, registry=known).validate(har)
    har["log"]["entries"][0]["request"].pop("method")
    assert not Draft6Validator({"$ref": "har.json"}, registry=known).is_valid(har)


def test_a_har_has_an_entry_for_each_request(har: Any, flow: list[Event], idp: DevIdP) -> None:
    entries = har["log"]["entries"]
    assert [(each["request"]["method"], each["response"]["status"]) for each in entries] == [
        (event.asked["method"], event.status) for event in flow
    ]
    first, last = entries[0]["request"], entries[-1]
    assert first["url"].startswith(f"{idp.issuer}/authorize?")
    assert httpx.URL(first["url"]).params["redirect_uri"] == CALLBACK
    assert {"name": "state", "value": "", "comment": "devidp does not keep this value"} in first["queryString"]
    assert {"name": "grant_type", "value": "authorization_code"} in last["request"]["postData"]["params"]
    assert last["comment"].startswith("The code_verifier does not fit")


def test_a_browser_plays_a_har(browser: Browser, http: httpx.Client, flow: list[Event], tmp_path: Path) -> None:
    """Playwright answers from it what was answered, without a devidp."""
    path = tmp_path / "flow.har"
    path.write_bytes(exported(http, flow, "har").content)
    asked = json.loads(path.read_bytes())["log"]["entries"][0]["request"]["url"]
    with browser.new_context() as context:
        context.route_from_har(path, not_found="abort")
        answer = context.new_page().goto(asked)
        assert answer is not None
        assert answer.status == flow[0].status


def test_a_report_says_what_happened_step_by_step(http: httpx.Client, flow: list[Event]) -> None:
    text = exported(http, flow, "md").text
    assert text.startswith("## devidp: `invalid_grant` at `default/token` in a flow of client `web`\n")
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == len(flow)
    assert "**400** `invalid_grant`" in text
    assert "RFC 7636 section 4.6" in text
    assert re.search(r"^- devidp \S+, Python 3\.\d+\.\d+, \S+", text, re.MULTILINE)


ELSEWHERE = Event(
    "authorize",
    "default",
    400,
    client="https://client.corp.test/id.json",
    error="invalid_request",
    reason="The redirect URI 'https://app.corp.test/cb/' is not registered, which has: https://app.corp.test/cb",
    remedy="Mail alice@corp.test",
    asked={
        "method": "GET",
        "path": "/default/authorize",
        "address": "192.0.2.7",
        "redirect_uri": "https://[2001:db8::1]/",
    },
    got="https://app.corp.test/cb/",
    expected=("https://app.corp.test/cb", "http://localhost:3000/cb"),
)


def text_of(event: Event, public_url: str = "http://localhost:6749", *, hosts: bool = False) -> str:
    (flow,) = trace([event], event.at)
    text = report.report(flow)
    return text if hosts else Strangers([event], public_url).hide(text)


def test_a_report_names_no_other_host_unless_asked() -> None:
    text = text_of(ELSEWHERE, "https://idp.corp.test")
    assert not re.search(r"corp|192\.0\.2|2001:db8", text)
    assert "`https://host-" in text
    assert "http://localhost:3000/cb" in text
    assert "corp.test" in text_of(ELSEWHERE, hosts=True)


def test_a_host_that_was_refused_is_not_named_either() -> None:
    refused = Event(
        "jwks", "default", 421, error="invalid_request", reason="The Host header names 'idp.corp'", got="idp.corp"
    )
    assert "corp" not in text_of(refused._replace(expected=("localhost",)))


def test_what_others_wrote_is_no_markup_in_a_report() -> None:
    hostile = "x`](javascript:alert(1)) <img src=x>\n## h\u202e"
    event = ELSEWHERE._replace(
        client=hostile, reason=hostile, outcome=hostile, asked={"method": "GET", "resource": hostile}
    )
    text = text_of(event)
    assert "\n## h" not in text
    assert "\u202e" not in text
    for line in text.splitlines():
        outside = re.sub(r"`[^`]*`", "", re.sub(r"\\.", "", line))
        assert "<img" not in outside or line.startswith("    ")
        assert "](" not in outside or line.startswith("    ")


def run(command: str, **variables: str) -> str:
    """The answer to a command that is typed into a shell."""
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60, env={**os.environ, **variables}
    )
    return done.stdout


def asked_again(idp: DevIdP, event: Event, **variables: str) -> tuple[str, Event]:
    """What comes of the curl line of ``event``, and the event that it makes."""
    known = len(idp.events())
    answer = run(curl.curl(event, idp.url), **variables)
    (again,) = idp.events()[known:]
    return answer, again


def compared(event: Event) -> dict[str, str]:
    """What two requests that say the same have in common."""
    other = ("user_agent", "sent")
    return {name: value for name, value in event.asked.items() if name not in other}


def test_a_curl_line_asks_for_the_same_again(idp: DevIdP, flow: list[Event]) -> None:
    assert set(curl.variables(flow[0], idp.url)) == {"STATE", "CODE_CHALLENGE"}
    answer, again = asked_again(idp, flow[0], STATE="a 'new\" state", CODE_CHALLENGE=CHALLENGE)
    assert answer.startswith("HTTP/1.1 200")
    assert (again.outcome, again.error) == (flow[0].outcome, "")
    assert compared(again) == compared(flow[0])


def test_a_curl_line_of_a_client_with_a_secret(idp: DevIdP, flow: list[Event]) -> None:
    assert curl.variables(flow[-1], idp.url) == ["CLIENT_SECRET", "CODE", "CODE_VERIFIER"]
    answer, again = asked_again(idp, flow[-1], CLIENT_SECRET="web-secret", CODE="c", CODE_VERIFIER=VERIFIER)
    assert answer.startswith("HTTP/1.1 400")
    assert again.reason.startswith("The code is not known")
    assert compared(again) == compared(flow[-1])


@pytest.mark.parametrize(
    ("method", "path", "sent", "variables"),
    [
        (
            "POST",
            "/default/token",
            {"grant_type": "client_credentials", "client_id": "service", "client_secret": "s"},
            1,
        ),
        ("POST", "/default/token", {"grant_type": 'it\'s $HOME `id` "x" %41\n\x1b'}, 1),
        ("GET", "/default/userinfo", {}, 1),
        ("GET", "/default/.well-known/openid-configuration", {}, 0),
        ("GET", "/de fault/'$(id)'/[1-2]/{a,b}/ü", {}, 0),
        ("POST", "/default/revoke", {"token": "t", "client_id": "spa"}, 1),
        ("DELETE", "/default/token", {}, 0),
    ],
)
def test_every_request_can_be_made_again(
    method: str, path: str, sent: dict[str, str], variables: int, idp: DevIdP, http: httpx.Client
) -> None:
    http.request(method, path, data=sent or None)
    event = idp.events()[-1]
    names = curl.variables(event, idp.url)
    assert len(names) == variables
    answer, again = asked_again(idp, event, **dict.fromkeys(names, "x"))
    assert answer.startswith(f"HTTP/1.1 {event.status}") or "GRANT_TYPE" in names
    assert compared(again) == compared(event)


def test_a_registration_is_made_again(idp: DevIdP, http: httpx.Client) -> None:
    http.post("/default/register", json={"redirect_uris": [CALLBACK, f"{CALLBACK}/2"], "client_name": "A tool"})
    answer, again = asked_again(idp, idp.events("register")[-1])
    assert answer.startswith("HTTP/1.1 201")
    assert again.asked["redirect_uri"] == f"{CALLBACK} {CALLBACK}/2"


def test_what_only_a_browser_can_send_has_no_curl_line(idp: DevIdP, flow: list[Event]) -> None:
    (form,) = (event for event in flow if event.endpoint == "login")
    assert curl.curl(form, idp.url) == ""


def test_a_report_says_what_never_came_and_what_was_changed_meanwhile(http: httpx.Client, idp: DevIdP) -> None:
    http.get("/default/.well-known/openid-configuration", headers={"User-Agent": "shy/1.0"})
    http.post("/_devidp/api/clock", json={"advance": "1s"})
    http.post("/default/register", json={"redirect_uris": [CALLBACK]}, headers={"User-Agent": "shy/1.0"})
    path = f"/_devidp/flows/{idp.events('register')[-1].id}.md"
    text = http.get(path).text
    assert "registered" in text.partition("### What has not come yet")[2].splitlines()[2]
    assert re.search(r"^2\. .*Control POST `/_devidp/api/clock`", text, re.MULTILINE)
    idp.clock.advance("1h")
    assert "### What never came" in http.get(path).text


def test_a_list_is_exported_as_it_is_searched(http: httpx.Client, flow: list[Event]) -> None:
    def ids(query: str) -> list[str]:
        return [each["id"] for each in http.get(f"/_devidp/flows/list.json{query}").json()["flows"]]

    everything = ids("")
    assert flow[-1].flow in everything
    assert ids("?client=web&outcome=refused&text=code_verifier") == [flow[-1].flow]
    assert ids("?client=nobody") == []
    har = http.get("/_devidp/flows/list.har?client=web&outcome=refused&text=code_verifier").json()
    assert {event.id for event in flow} <= {each["_event"] for each in har["log"]["entries"]}
    answer = http.get("/_devidp/flows/list.md?outcome=refused&client=web")
    assert re.fullmatch(r"attachment; filename=devidp-flows-\d{8}-\d{6}\.md", answer.headers["Content-Disposition"])
    assert re.search(r"^\| \S+ \| `web` \| `alice` \| .*code.* \| refused \|$", answer.text, re.MULTILINE)


def test_single_requests_are_exported_as_they_are_searched(http: httpx.Client, flow: list[Event]) -> None:
    query = {"show": "requests", "endpoint": "token", "text": flow[-1].id}
    (event,) = http.get("/_devidp/flows/list.json", params=query).json()["events"]
    assert event["id"] == flow[-1].id
    assert "400 refused" in http.get("/_devidp/flows/list.md", params=query).text
