"""What is valid at this moment: requests that use it come further than those that guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.test import TestResponse

from devidp.app import create_app
from devidp.models.config import Config
from devidp.oauth import names
from tests.flow import Flow, Form
from tests.shipped import PUBLIC_URL, shipped

IN_MEMORY = Config(PUBLIC_URL)
RENEW_EVERY = 300
"""Requests; codes and refresh tokens are soon used up."""


@dataclass(frozen=True, slots=True)
class Live:
    """Values by the name of the parameter that takes them, and the cookies of the browser that got them."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    cookie: str = ""


def application(config: Config = IN_MEMORY) -> Flask:
    """The shipped seed, with a client and an issuer that may do everything."""
    features = {name: not name.startswith("require") for name in names.FEATURES}
    everything = {"grants": list(names.GRANTS), "features": features, "json_requests": True}
    return create_app(config, shipped(everything, clients={"web": {"grants": list(names.GRANTS)}}))


def found(app: Flask) -> Live:
    """Log in at the first issuer with a new browser, and keep what came of it."""
    flow = Flow(app)
    tokens, login = flow.tokens(scope="openid mcp:read offline_access"), flow.authorize(prompt="login")
    consent = flow.log_in(flow.authorize(prompt="login consent"))
    device = flow.http.post("/default/device_authorization", data={"scope": "openid"}, auth=("web", "web-secret"))
    access, identity, refresh = (tokens[name] for name in ("access_token", "id_token", "refresh_token"))
    values = {
        "transaction": [Form(page.text).hidden["transaction"] for page in (login, consent)],
        "code": [flow.redirect()["code"]],
        "refresh_token": [refresh],
        "token": [access, refresh],
        "access_token": [access],
        "subject_token": [access, identity, refresh],
        "actor_token": [access],
        "assertion": [access, identity],
        "client_assertion": [identity],
        "id_token_hint": [identity],
        "request": [identity],
        "device_code": [device.get_json()["device_code"]],
        "user_code": [device.get_json()["user_code"]],
    }
    return Live(values, _cookies(login, consent))


def _cookies(*pages: TestResponse) -> str:
    jar = dict(line.partition(";")[0].split("=", 1) for page in pages for line in page.headers.getlist("Set-Cookie"))
    return "; ".join(f"{name}={value}" for name, value in jar.items())
