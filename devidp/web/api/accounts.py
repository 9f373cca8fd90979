"""Users and clients."""

from __future__ import annotations

from typing import Any

from devidp.web.api.operation import Body, Nothing, OperationCall, Result, given, operation
from devidp.web.control.clients import ClientControl
from devidp.web.control.users import UserControl


class UserChange(Body):
    """Keys of a user, as in the seed; `issuer` names one issuer, without it all that have the user are meant."""

    issuer: str | None = None
    sub: str | None = None
    password: str | None = None
    claims: dict[str, Any] | None = None
    scopes: list[str] | None = None
    disabled: bool | None = None


class NewUser(UserChange):
    """A user to add."""

    username: str


class ClientChange(Body):
    """Keys of a client, as in the seed; `issuer` names one issuer, without it all that have the client are meant."""

    issuer: str | None = None
    name: str | None = None
    secret: str | None = None
    public: bool | None = None
    auth_method: str | None = None
    grants: list[str] | None = None
    redirect_uris: list[str] | None = None
    scopes: list[str] | None = None
    default_scopes: list[str] | None = None
    default_audience: str | None = None
    lifetimes: dict[str, str | int] | None = None
    rotate_refresh_tokens: bool | None = None
    consent: str | None = None
    disabled: bool | None = None


class NewClient(ClientChange):
    """A client to add."""

    client_id: str


class User(Result):
    """A user, without the password."""

    username: str
    sub: str
    claims: dict[str, Any]
    scopes: list[str] | None
    """What the user may grant; null: every scope."""
    disabled: bool


class Users(Result):
    """The users."""

    users: list[User]


class Client(Result):
    """A client, without the secret."""

    client_id: str
    name: str
    public: bool
    grants: list[str]
    redirect_uris: list[str]
    scopes: list[str] | None
    """What it may ask for; null: every scope."""
    registered: bool
    disabled: bool


class Clients(Result):
    """The clients of the seed, and those added."""

    clients: list[Client]


class Revoked(Result):
    """How many authorizations were revoked."""

    revoked: int


class Deleted(Result):
    """What was deleted."""

    deleted: str


def _user(each: UserControl) -> User:
    record = each.record
    return User(
        username=record.username,
        sub=record.sub,
        claims=dict(record.claims),
        scopes=None if record.scopes is None else sorted(record.scopes),
        disabled=record.disabled,
    )


def _client(each: ClientControl) -> Client:
    record = each.record
    return Client(
        client_id=record.client_id,
        name=record.name,
        public=record.public,
        grants=sorted(record.grants),
        redirect_uris=list(record.redirect_uris),
        scopes=None if record.scopes is None else sorted(record.scopes),
        registered=record.registered,
        disabled=record.disabled,
    )


@operation("GET", "/users", Nothing, Users)
def users(call: OperationCall[Nothing]) -> Users:
    """List the users."""
    return Users(users=[_user(each) for each in call.control.users.values()])


@operation("POST", "/users", NewUser, User, 201)
def add_user(call: OperationCall[NewUser]) -> User:
    """Add a user."""
    return _user(call.control.users.add(**given(call.body)))


@operation("PATCH", "/users/{username}", UserChange, User)
def change_user(call: OperationCall[UserChange]) -> User:
    """Change a user, for instance disable it."""
    found = call.control.users[call.path["username"]]
    found.change(**given(call.body))
    return _user(found)


@operation("DELETE", "/users/{username}", Nothing, Deleted)
def delete_user(call: OperationCall[Nothing]) -> Deleted:
    """Delete a user."""
    call.control.users[call.path["username"]].delete()
    return Deleted(deleted=call.path["username"])


@operation("POST", "/users/{username}/revoke", Nothing, Revoked)
def revoke(call: OperationCall[Nothing]) -> Revoked:
    """End every session of a user, and revoke everything that the user has authorized."""
    return Revoked(revoked=call.control.users[call.path["username"]].revoke())


@operation("GET", "/clients", Nothing, Clients)
def clients(call: OperationCall[Nothing]) -> Clients:
    """List the clients of the seed, and those added."""
    return Clients(clients=[_client(each) for each in call.control.clients.values()])


@operation("POST", "/clients", NewClient, Client, 201)
def add_client(call: OperationCall[NewClient]) -> Client:
    """Add a client."""
    return _client(call.control.clients.add(**given(call.body)))


@operation("PATCH", "/clients/{client_id}", ClientChange, Client)
def change_client(call: OperationCall[ClientChange]) -> Client:
    """Change a client, also one that registered, for instance disable it."""
    found = call.control.clients[call.path["client_id"]]
    found.change(**given(call.body))
    return _client(found)


@operation("DELETE", "/clients/{client_id}", Nothing, Deleted)
def delete_client(call: OperationCall[Nothing]) -> Deleted:
    """Delete a client, also one that registered."""
    call.control.clients[call.path["client_id"]].delete()
    return Deleted(deleted=call.path["client_id"])
