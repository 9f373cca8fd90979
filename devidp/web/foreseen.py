"""What a request is about, as far as that can be told before it is served: by this, failures find theirs."""

from __future__ import annotations

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.oauth.errors import OAuthError, shortened
from devidp.oauth.identifiers import flow_of
from devidp.oauth.parameters import Parameters
from devidp.system.event_log import Facts
from devidp.web.context import Context


def foresee(issuer: Issuer, context: Context) -> Facts:
    """The facts of a request that are known before it is served."""
    parameters = parameters_of(context)
    facts = Facts(
        client=shortened(_client(context) or parameters.get("client_id") or _asserted(parameters)),
        grant=shortened(parameters.get("grant_type", "")),
        state=parameters.get("state", ""),
    )
    code, refresh_token = parameters.get("code"), parameters.get("refresh_token")
    record = issuer.store.find_code(code) if code else None
    family = issuer.find_refresh_token(refresh_token) if refresh_token else None
    for found in (record, family):
        if found is not None:
            facts.user, facts.state, facts.flow = found.username, found.state or "", flow_of(found.grant_id)
    device = issuer.store.devices.find(parameters["device_code"]) if "device_code" in parameters else None
    if device is not None and device[1] is not None:
        facts.user = device[1].username or ""
    claims = issuer.read_access_token(context.request.bearer_token() or "")
    user = issuer.user_of(claims) if claims else None
    if claims and user:
        facts.client, facts.user = claims["client_id"], user.username
    return facts


def _asserted(parameters: Parameters) -> str:
    """The client that an assertion speaks for, before it is verified (RFC 7523 section 3)."""
    assertion = parameters.get("client_assertion", "").split(".")
    return str((tokens.members(assertion[1]) or {}).get("sub", "")) if len(assertion) == 3 else ""


def parameters_of(context: Context) -> Parameters:
    """The parameters of the body or the query; none where they cannot be read."""
    request = context.request
    try:
        return request.form_parameters() if request.has_parameters else request.query_parameters()
    except OAuthError:
        return Parameters()


def _client(context: Context) -> str:
    scheme, _, credentials = context.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return unquote_plus(b64decode(credentials, validate=True).decode().partition(":")[0])
    except (binascii.Error, ValueError):
        return ""
