"""The end of a session: its tokens, and the clients that it had logged in to.

Sessions that expire end nothing else: only a logout does, or another user who logs in in the same browser.
"""

from __future__ import annotations

from devidp.issuer.backchannel import LogoutNotice
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, User
from devidp.oauth import names, redirect_uri
from devidp.system.fetch import Reach


def end(issuer: Issuer, username: str, sid: str) -> tuple[str, ...]:
    """End the session, notify its clients, and return the URLs that its browser has to load for the others."""
    for client_id in issuer.store.grants.clients_of_session(sid):
        issuer.client(client_id)  # a document that has to be fetched is fetched, and kept, before the session ends
    # Back-Channel Logout section 2.7: offline_access is what outlives a session
    client_ids = issuer.store.grants.end_session(sid, grants=issuer.settings.revoke_on_logout)
    user = issuer.user(username)
    known = (issuer.client(client_id) for client_id in client_ids)
    clients = [client for client in known if client is not None]
    if user is not None and issuer.supports(names.BACKCHANNEL_LOGOUT):
        for client in clients:
            if client.backchannel_logout_uri is not None:
                _notify(issuer, client, client.backchannel_logout_uri, user, sid)
    if not issuer.supports(names.FRONTCHANNEL_LOGOUT):
        return ()
    query = {"iss": issuer.url, "sid": sid}
    uris = (client.frontchannel_logout_uri for client in clients)
    return tuple(redirect_uri.with_query(uri, query) for uri in uris if uri is not None)


def _notify(issuer: Issuer, client: Client, uri: str, user: User, sid: str) -> None:
    token = issuer.sign(issuer.logout_draft(user, client, sid), "logout", Authorization(client, "", (), (), user=user))
    reach = Reach(loopback=not client.registered, private=issuer.settings.fetch_private_addresses)
    notice = LogoutNotice(issuer.name, client.client_id, user.username, uri, token, reach)
    issuer.host.logout_notifier.send(notice)
