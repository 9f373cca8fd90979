"""Users and clients."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller

Sorted = Annotated[list[str], AfterValidator(sorted)]


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
    scopes: Sorted | None
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
    grants: Sorted
    redirect_uris: list[str]
    scopes: Sorted | None
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


@operation(Nothing, Users)
def users(control: Controller, _: Nothing) -> Any:
    """List the users."""
    return {"users": [each.record for each in control.users.values()]}


@operation(NewUser, User)
def add_user(control: Controller, body: NewUser) -> Any:
    """Add a user."""
    return control.users.add(**body.keywords()).record


@operation(UserChange, User)
def change_user(control: Controller, body: UserChange, username: str) -> Any:
    """Change a user, for instance disable it."""
    control.users[username].change(**body.keywords())
    return control.users[username].record


@operation(Nothing, Deleted)
def delete_user(control: Controller, _: Nothing, username: str) -> Any:
    """Delete a user."""
    control.users[username].delete()
    return {"deleted": username}


@operation(Nothing, Revoked)
def revoke(control: Controller, _: Nothing, username: str) -> Any:
    """End every session of a user, and revoke everything that the user has authorized."""
    return {"revoked": control.users[username].revoke()}


@operation(Nothing, Clients)
def clients(control: Controller, _: Nothing) -> Any:
    """List the clients of the seed, and those added."""
    return {"clients": [each.record for each in control.clients.values()]}


@operation(NewClient, Client)
def add_client(control: Controller, body: NewClient) -> Any:
    """Add a client."""
    return control.clients.add(**body.keywords()).record


@operation(ClientChange, Client)
def change_client(control: Controller, body: ClientChange, client_id: str) -> Any:
    """Change a client, also one that registered, for instance disable it."""
    control.clients[client_id].change(**body.keywords())
    return control.clients[client_id].record


@operation(Nothing, Deleted)
def delete_client(control: Controller, _: Nothing, client_id: str) -> Any:
    """Delete a client, also one that registered."""
    control.clients[client_id].delete()
    return {"deleted": client_id}
