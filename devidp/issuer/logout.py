"""The end of a session: its tokens, and the clients that it had logged in to.

Sessions that expire end nothing else: only a logout does, or another user who logs in in the same browser.
"""

from __future__ import annotations

from collections.abc import Iterable

from devidp.issuer.backchannel import LogoutNotice
from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.models import Client, Login, User
from devidp.oauth import names, redirect_uri
from devidp.system.fetch import Reach


def end(issuer: Issuer, username: str, sid: str) -> tuple[str, ...]:
    """End the session, tell its clients, and give the addresses that its browser has to load for the others."""
    for client_id in issuer.store.logins.clients(sid):
        issuer.client(client_id)  # a document that has to be fetched is fetched, and kept, before the session ends
    with issuer.store.at_once():
        logins = issuer.store.logins.end(sid)
        _revoke(issuer, logins)
    user = issuer.user(username)
    known = (issuer.client(client_id) for client_id in dict.fromkeys(login.client_id for login in logins))
    clients = [client for client in known if client is not None]
    if user is not None and issuer.supports(names.BACKCHANNEL_LOGOUT):
        for client in clients:
            _tell(issuer, client, user, sid)
    if not issuer.supports(names.FRONTCHANNEL_LOGOUT):
        return ()
    said = {"iss": issuer.url, "sid": sid}
    addresses = (client.frontchannel_logout_uri for client in clients)
    return tuple(redirect_uri.with_query(address, said) for address in addresses if address is not None)


def _revoke(issuer: Issuer, logins: Iterable[Login]) -> None:
    if not issuer.settings.revoke_on_logout:
        return
    keep_until = issuer.clock.seconds() + issuer.longest_lifetime
    for login in logins:
        # Back-Channel Logout section 2.7: offline_access is what outlives a session
        if not login.offline:
            issuer.store.revoke(login.grant_id, keep_until)


def _tell(issuer: Issuer, client: Client, user: User, sid: str) -> None:
    if client.backchannel_logout_uri is None:
        return
    now, key = issuer.clock.seconds(), issuer.keys.signing_with(client.id_token_signed_response_alg)
    draft = tokens.logout_draft(issuer.url, client.client_id, issuer.subject(user, client), sid, now, key)
    issuer.logout_notifier.send(
        LogoutNotice(
            issuer=issuer.name,
            client_id=client.client_id,
            username=user.username,
            url=client.backchannel_logout_uri,
            token=tokens.sign(draft),
            reach=Reach(loopback=not client.registered, private=issuer.settings.fetch_private_addresses),
        )
    )
