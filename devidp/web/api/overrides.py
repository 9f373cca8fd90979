"""Users and clients."""

from __future__ import annotations

from typing import Any

from devidp.issuer.entries import entry_of
from devidp.models import Client as ClientRecord
from devidp.models import User as UserRecord
from devidp.seed.client import ClientEntry
from devidp.seed.entries import UserEntry
from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.api.seed_keys import keys_of
from devidp.web.control.controller import Controller


class UserChange(Body):
    """Keys of a user, as in the seed; `issuer` names one issuer, without it all that have the user are meant."""

    model_config = keys_of(UserEntry)

    issuer: str | None = None


class NewUser(UserChange):
    """A user to add, with any key that one has in the seed."""

    username: str


class ClientChange(Body):
    """Keys of a client, as in the seed; `issuer` names one issuer, without it all that have the client are meant."""

    model_config = keys_of(ClientEntry)

    issuer: str | None = None


class NewClient(ClientChange):
    """A client to add, with any key that one has in the seed."""

    client_id: str


class Which(Body):
    """The one at `issuer`, by name or URL; without it all that have it are meant."""

    issuer: str | None = None


class User(Result):
    """A user, with the keys of the seed except the password; null: the key is left out."""

    model_config = keys_of(UserEntry, without=("password",))

    username: str


class Users(Result):
    """The users."""

    users: list[User]


class Client(Result):
    """A client, with the keys of the seed except the secret; null: the key is left out."""

    model_config = keys_of(ClientEntry, without=("secret",))

    client_id: str
    registered: bool
    """Whether it registered itself, or has a document (Client ID Metadata Document)."""


class Clients(Result):
    """The clients of the seed, and those added."""

    clients: list[Client]


class Revoked(Result):
    """How many authorizations were revoked."""

    revoked: int


class Deleted(Result):
    """What was deleted."""

    deleted: str


@operation(Nothing, Users)
def users(control: Controller, _: Nothing) -> Any:
    """List the users."""
    return {"users": [_user(each.record) for each in control.users.values()]}


@operation(Nothing, User)
def user(control: Controller, _: Nothing, username: str) -> Any:
    """Show a user."""
    return _user(control.users[username].record)


@operation(NewUser, User)
def add_user(control: Controller, body: NewUser) -> Any:
    """Add a user."""
    return _user(control.users.add(**body.keywords()).record)


@operation(UserChange, User)
def change_user(control: Controller, body: UserChange, username: str) -> Any:
    """Change a user, for instance disable it."""
    control.users[username].change(**body.keywords())
    return _user(control.users[username].record)


@operation(Which, Deleted)
def delete_user(control: Controller, query: Which, username: str) -> Any:
    """Delete a user, and end all that the user has authorized."""
    control.users[username].delete(issuer=query.issuer)
    return {"deleted": username}


@operation(Which, Revoked)
def revoke(control: Controller, body: Which, username: str) -> Any:
    """End every session of a user, and revoke everything that the user has authorized."""
    return {"revoked": control.users[username].revoke(issuer=body.issuer)}


@operation(Which, User)
def reset_user(control: Controller, body: Which, username: str) -> Any:
    """Take back what was changed of a user of the seed, also its deletion."""
    control.users.reset(username, issuer=body.issuer)
    return _user(control.users[username].record)


@operation(Which, Client)
def reset_client(control: Controller, body: Which, client_id: str) -> Any:
    """Take back what was changed of a client of the seed, also its deletion, or of one that registered."""
    control.clients.reset(client_id, issuer=body.issuer)
    return _client(control.clients[client_id].record)


@operation(Nothing, Clients)
def clients(control: Controller, _: Nothing) -> Any:
    """List the clients of the seed, and those added."""
    return {"clients": [_client(each.record) for each in control.clients.values()]}


@operation(Nothing, Client)
def client(control: Controller, _: Nothing, client_id: str) -> Any:
    """Show a client, also one that registered."""
    return _client(control.clients[client_id].record)


@operation(NewClient, Client)
def add_client(control: Controller, body: NewClient) -> Any:
    """Add a client."""
    return _client(control.clients.add(**body.keywords()).record)


@operation(ClientChange, Client)
def change_client(control: Controller, body: ClientChange, client_id: str) -> Any:
    """Change a client, also one that registered, for instance disable it."""
    control.clients[client_id].change(**body.keywords())
    return _client(control.clients[client_id].record)


@operation(Which, Deleted)
def delete_client(control: Controller, query: Which, client_id: str) -> Any:
    """Delete a client, also one that registered."""
    control.clients[client_id].delete(issuer=query.issuer)
    return {"deleted": client_id}


def _user(record: UserRecord) -> dict[str, Any]:
    entry = entry_of(record)
    del entry["password"]
    return {"username": record.username, **entry}


def _client(record: ClientRecord) -> dict[str, Any]:
    entry = entry_of(record)
    del entry["secret"]
    return {"client_id": record.client_id, "registered": record.registered, **entry}
