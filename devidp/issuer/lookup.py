"""What an issuer knows: its users and clients, by seed, by row and by document, and the resources of tokens."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from devidp.clients import metadata
from devidp.clients.documents import ClientDocuments
from devidp.issuer.unlisted import unlisted_client, unlisted_user
from devidp.models import Client, IssuerSettings, Lifetimes, Registration, Resource, Seed, User
from devidp.models.addresses import addresses, follows, is_called
from devidp.oauth import base64url, names, resource
from devidp.oauth.errors import InvalidTarget, quoted
from devidp.oauth.identifiers import composed
from devidp.oauth.suggestion import nearest
from devidp.store import Store
from devidp.system.clock import Clock


class Lookup:
    """Users, clients and resources of one issuer. ``secret`` derives what need not be stored."""

    def __init__(
        self, settings: IssuerSettings, seed: Seed, base_url: str, *, clock: Clock, store: Store, secret: bytes
    ) -> None:
        self.settings = settings
        self.seed = seed
        self.name = settings.name
        self._public_url = base_url
        self._call(base_url)
        self.clock = clock
        self.store = store
        self.client_documents = ClientDocuments(settings, seed.scopes, clock)
        """The clients whose ids are URLs."""
        self._secret = secret
        self.form_key = self.derive("form", "")
        """What signs the forms of its pages."""
        self._users_by_sub = {user.sub: user for user in settings.users.values()}

    def _call(self, base_url: str) -> None:
        self._base_url = base_url
        self.addresses = addresses(self.settings, base_url)
        self.url = self.addresses.url
        """The issuer identifier: the same string in metadata, in tokens and in ``iss`` parameters."""

    def is_called(self, identifier: str) -> bool:
        """Whether ``identifier`` is the issuer's: where it follows the host, it has several."""
        return identifier == self.url or self._is_name_of(self.settings, identifier)

    def _is_name_of(self, settings: IssuerSettings, identifier: str) -> bool:
        if identifier in self.settings.trusted_issuers:
            # the seed says that it is another issuer's, which one that follows every host may share a path with
            return identifier == addresses(settings, self._public_url).url
        return is_called(settings, identifier, self._public_url)

    def user(self, username: str) -> User | None:
        users = self.settings.users
        return users.get(username) or users.get(composed(username)) or self._unlisted_user(username)

    def user_by_sub(self, sub: str) -> User | None:
        return self._users_by_sub.get(sub) or self._unlisted_user(sub)

    def _unlisted_user(self, name: str) -> User | None:
        """Somebody of this name, which is no name and no subject of another one, where the issuer takes anybody."""
        if self.settings.unknown_users == "refuse" or composed(name) in self.settings.users:
            return None
        return None if composed(name) in self._users_by_sub else unlisted_user(composed(name))

    def subject(self, user: User, client: Client) -> str:
        """What ``client`` knows ``user`` by (OpenID Connect Core section 8); of whom nobody has named, there is one."""
        if client.sector is None or user.unlisted or not self.supports(names.PAIRWISE):
            return user.sub
        return self.derive("subject", f"{client.sector}\0{user.sub}")

    def user_by_subject(self, subject: str, client: Client) -> User | None:
        """Whom ``client`` knows by ``subject``."""
        if client.sector is None:
            return self.user_by_sub(subject)
        known = (user for user in self.settings.users.values() if self.subject(user, client) == subject)
        return next(known, None) or self._unlisted_user(subject)

    def user_of(self, claims: Mapping[str, Any]) -> User | None:
        """The user of an access token or ID token; ``None`` where there is no such user or client any more."""
        client = self.client(claims.get("client_id") or claims["aud"])
        if client is None:
            return None
        found = self.user_by_subject(claims["sub"], client)
        # the subject of a client that acts for itself is no user
        return None if found is not None and found.unlisted and found.sub == client.client_id else found

    def client(self, client_id: str) -> Client | None:
        """The client of this id in the seed, in the store or of a document, unless it is disabled."""
        found = self.find_client(client_id)
        return None if found is None or found.disabled else found

    def find_client(self, client_id: str) -> Client | None:
        """The client of this id, even a disabled one."""
        seeded = self.settings.clients.get(client_id)
        if seeded is not None:
            return seeded
        registration = self.store.clients.find(client_id)
        if registration is None:
            return self.client_documents.find(client_id) or self._unlisted(client_id)
        client = metadata.to_client(client_id, registration.metadata)
        secret = self.registered_secret(client_id, registration)
        return replace(client, secret=secret, unused=registration.expires_at is not None)

    def _unlisted(self, client_id: str) -> Client | None:
        is_url = self.client_documents.why_not(client_id) is not None
        return None if is_url else unlisted_client(client_id, self.settings.unknown_clients)

    def unknown_client(self, client_id: str) -> tuple[str, str]:
        """Why there is no client of this id, and what to change."""
        if self.find_client(client_id) is not None:
            return f"Client {quoted(client_id)} is disabled at issuer {self.url}", "Enable it, or use another client"
        return self.client_documents.why_not(client_id) or (
            f"Client {quoted(client_id)} is not known to issuer {self.url}",
            "Check client_id, register the client, add it to the seed, or set 'unknown_clients: loopback' there",
        )

    def clients_like(self, client_id: str) -> tuple[str, ...]:
        """The client of the seed that an unknown id was most likely meant to be, or none."""
        near = nearest(client_id, self.settings.clients)
        return () if near in (None, client_id) else (near,)

    def registered_secret(self, client_id: str, registration: Registration) -> str | None:
        """The current secret of a registered client; ``None`` where it authenticates otherwise, or not at all."""
        if registration.metadata["token_endpoint_auth_method"] in names.WITHOUT_SECRET:
            return None
        generation = registration.secret_generation
        return self.derive("client_secret", f"{client_id}.{generation}" if generation else client_id)

    def settings_for(self, client: Client) -> IssuerSettings:
        """The settings, with what the seed says of ``client`` otherwise."""
        if client.settings is None:
            return self.settings  # almost always
        said = ((each.name, getattr(client.settings, each.name)) for each in fields(client.settings))
        own: dict[str, Any] = {name: value for name, value in said if value is not None}
        return replace(self.settings, **own)

    def lifetimes(self, client: Client) -> Lifetimes:
        return client.lifetimes or self.settings.lifetimes

    def keep_until(self, client: Client) -> int:
        """When nothing lives any more that ``client`` gets of an authorization at this moment."""
        return self.clock.seconds() + self.lifetimes(client).longest

    def supports(self, feature: str) -> bool:
        return feature in self.settings.features

    def grants(self) -> tuple[str, ...]:
        """The grant types that are on, in the order of the specifications."""
        return tuple(name for name in names.GRANTS if name in self.settings.grants)

    def sibling(self, name: str) -> str:
        """The URL of another issuer of the same seed, under the same name if that goes by it too."""
        settings = next(each for each in self.seed.issuers if each.name == name)
        return addresses(settings, self._base_url if follows(settings, self._base_url) else self._public_url).url

    def sibling_called(self, identifier: object) -> str | None:
        """The name of the issuer of the same seed that goes by ``identifier``."""
        if not isinstance(identifier, str):
            return None
        return next((each.name for each in self.seed.issuers if self._is_name_of(each, identifier)), None)

    def page(self, endpoint: str) -> str:
        """Where our own pages post their forms: without a host, so that a browser keeps the name by which it came."""
        return urlsplit(self.addresses.of(endpoint)).path

    def find_resource(self, uri: str, parameter: str = "resource") -> Resource:
        """The resource that a request names, under the name that it used; raises InvalidTarget.

        ``resource`` takes a URI (RFC 8707 section 2) or a name of the seed, anything else, such as ``audience``, any
        logical name (RFC 8693 section 2.1).
        """
        why = None if uri in self.seed.resources else resource.problem(uri)
        if why and (parameter == "resource" or not resource.is_name(uri)):
            raise InvalidTarget(
                f"The {parameter} {quoted(uri)} is refused: {why}",
                remedy="Send an absolute URI, or a name that the seed has under 'resources'",
            )
        known = self._known_resource(uri)
        if known is not None:
            return Resource(uri, known.scopes, known.name)
        accepted = self.settings.unknown_resources
        if accepted == "accept" or (accepted == "loopback" and resource.is_loopback(uri)):
            return Resource(uri)
        enough = "loopback" if resource.is_loopback(uri) else "accept"
        raise InvalidTarget(
            f"The {parameter} {quoted(uri)} is not in the seed, which has: {' '.join(self.seed.resources) or 'none'}",
            remedy=f"Add it under 'resources' in the seed, or set 'unknown_resources: {enough}' for the issuer",
            got=uri,
            expected=self.seed.resources,
        )

    def audience(self, client: Client, resources: tuple[str, ...]) -> tuple[str, ...]:
        """The audience of a token: the requested one, the default of client or issuer, or the issuer itself."""
        return resources or (client.default_audience or self.settings.default_audience or self.url,)

    def knows_resource(self, uri: str) -> bool:
        return self._known_resource(uri) is not None

    def _known_resource(self, uri: str) -> Resource | None:
        """The resource of the seed that ``uri`` names."""
        known = resource.find(self.seed.resources, uri)
        return None if known is None else self.seed.resources[known]

    def own_name(self, uri: str) -> str:
        """What ``aud`` says of ``uri``: as the client spelled it, but for another name of a resource its own."""
        known = resource.find(self.seed.resources, uri)
        found = None if known is None else self.seed.resources[known]
        return uri if found is None or found.uri == known else found.uri

    def own_names(self, audience: Iterable[str]) -> tuple[str, ...]:
        """The same of several, each once."""
        return tuple(dict.fromkeys(map(self.own_name, audience)))

    def is_among(self, audience: Iterable[str], uri: str) -> bool:
        """Whether ``uri`` is one of ``audience``, in whatever spelling and under whichever of its names."""
        return resource.find(self.own_names(audience), self.own_name(uri)) is not None

    def audience_resources(self, audience: tuple[str, ...]) -> tuple[Resource, ...]:
        """What the seed says of each audience; one that it does not know limits no scope."""
        return tuple(self._known_resource(uri) or Resource(uri) for uri in audience)

    def shown_resources(self, uris: tuple[str, ...]) -> list[str]:
        """How people read of ``uris``: with the name that the seed gives."""
        known = zip(uris, self.audience_resources(uris), strict=True)
        return [f"{each.name} ({uri})" if each.name else uri for uri, each in known]

    def derive(self, purpose: str, text: str) -> str:
        """A token that only this installation can compute, always the same for the same ``text``."""
        message = "\0".join((purpose, self.name, text)).encode()
        return base64url.encode(hmac.digest(self._secret, message, "sha256"))
