"""The device authorization endpoint (RFC 8628 section 3.1)."""

from __future__ import annotations

from devidp.issuer import device_decision, policy, resource_scope
from devidp.issuer.issuer import Issuer
from devidp.models import Client, DeviceCode, DeviceDecision
from devidp.oauth import names, user_code
from devidp.oauth.errors import UnauthorizedClient, quoted
from devidp.oauth.identifiers import flow_of, new_grant, random_token
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server, target
from devidp.web.context import Context
from devidp.web.response import Response, json_response


def device_authorization(server: Server, context: Context) -> Response:
    issuer, form = server.issuer, context.request.form_parameters()
    form.refuse_repeated()
    client = server.engine.client_of(form, context.request.headers, context.facts)
    if names.DEVICE_CODE not in client.grants:
        raise UnauthorizedClient(
            f"Client {quoted(client.client_id)} may not use the grant {names.DEVICE_CODE}",
            remedy="Add the grant to the client in the seed, or register it with the grant",
            section="RFC 8628 section 3.1",
            got=names.DEVICE_CODE,
            expected=sorted(client.grants),
        )
    device_code, record = _store(issuer, client, resource_scope.separate(issuer, client, form))
    context.facts.scope, context.facts.outcome = " ".join(record.scope), "device code issued"
    context.facts.flow = flow_of(record.grant_id)
    _approve_at_once(issuer, client, record)
    page, shown = issuer.addresses.of("device"), user_code.display(record.user_code)
    return json_response(
        {
            "device_code": device_code,
            "user_code": shown,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={shown}",
            "expires_in": issuer.lifetimes(client).device_code,
            "interval": record.interval,
        }
    )


def _store(issuer: Issuer, client: Client, form: Parameters) -> tuple[str, DeviceCode]:
    resources = tuple(each.uri for each in target.resources(issuer, form))
    known = issuer.audience_resources(issuer.audience(client, resources))
    requested = policy.parse_request(form.get("scope"), issuer.seed, issuer.settings_for(client))
    scope = requested or policy.default_scopes(issuer.seed, issuer.settings, client, known)
    lifetime = issuer.lifetimes(client).device_code
    while True:
        record = DeviceCode(
            grant_id=new_grant(),
            client_id=client.client_id,
            user_code=user_code.generate(),
            scope=scope,
            resources=resources,
            interval=issuer.settings.device_interval,
            expires_at=issuer.clock.seconds() + lifetime,
        )
        device_code = random_token()
        if issuer.store.devices.add(device_code, record):
            return device_code, record


def _approve_at_once(issuer: Issuer, client: Client, record: DeviceCode) -> None:
    user = issuer.user(issuer.settings.auto_approve or "")
    if user is None:
        return
    resources = issuer.audience_resources(issuer.audience(client, record.resources))
    granted = policy.decide(record.scope, issuer.seed, client, user, resources).granted
    decision = DeviceDecision(user.username, granted, issuer.clock.seconds())
    device_decision.decide(issuer, record, client, decision)
