"""``DevIdP``: a whole devidp for a test, in three lines."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Self

from devidp.app import create_app
from devidp.models import Event
from devidp.models.addresses import seed_hosts, seed_names
from devidp.server import address
from devidp.server.local import application, playwright
from devidp.server.local.arguments import SeedSource, Tls, configuration, read_certificate, read_seed
from devidp.server.local.login import LoginFlow, check_words
from devidp.server.local.proof import DpopKey, key_of
from devidp.server.tls import server_context
from devidp.store.overrides import Scripted
from devidp.system.http_server import LocalServer
from devidp.system.urls import public_base
from devidp.web.browser import Base, Person, SecondFactorOutcome
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.housekeeping import warm_up
from devidp.web.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from devidp.faults.minting import Minted
    from devidp.report import Report
    from devidp.web.control.clients import Clients
    from devidp.web.control.clock import ClockControl
    from devidp.web.control.controller import Controller
    from devidp.web.control.keys import KeyControl
    from devidp.web.control.sessions import Authorizations, Sessions
    from devidp.web.control.users import Users

HOST = "127.0.0.1"
WARM_UP_AFTER = 0.05
"""Seconds."""


class DevIdP:
    """An OAuth 2.1 and OpenID provider inside this program, from ``with`` to its end.

    ``seed`` is a path, YAML text or a mapping, or a list of these, each laid over those before it; the shipped one
    without it. ``profile`` is what its issuers start from that name none, by name or by path; without a seed the
    profile comes with its example. It listens on ``host`` and ``port``, where 0 is a free port. ``tls=True`` serves
    https by a CA of its own (``ca_file``), ``tls=(chain, key)`` with two PEM files. ``public_url`` is the base of the
    issuers where clients know another one than that address; ``{port}`` in it is the port. Everything is kept in
    memory. ``events`` names a file to which each event is appended as a line of JSON. Raises AddressError, SeedError,
    TlsError, and ValueError for the public URL and the profile.
    """

    def __init__(
        self,
        seed: SeedSource = None,
        *,
        profile: str | Path | None = None,
        host: str = HOST,
        port: int = 0,
        tls: Tls = False,
        public_url: str | None = None,
        events: Path | str | None = None,
    ) -> None:
        with ExitStack() as opening:
            self._listening = opening.enter_context(address.listen(host, port)[0])
            listens_on, taken = self._listening.getsockname()[:2]
            self.local_url = address.local_url(listens_on, taken, tls=bool(tls))
            """Where it listens, as this machine reaches it."""
            url = public_base((public_url or self.local_url).replace("{port}", str(taken)))
            found = read_seed(seed, profile)
            self._certificate = read_certificate(tls, url, seed_names(found), opening)
            app = create_app(configuration(url, host, listens_on, events, seed, profile), found)
            self._runtime: Runtime = app.extensions["devidp"]
            opening.callback(self._runtime.close)
            self._opened = opening.pop_all()
        self.wsgi_app: WSGIApplication = app.wsgi_app
        """The application, for tools that call it in process instead of over HTTP."""
        self._server: LocalServer | None = None
        self._process = os.getpid()
        self._stopped = threading.Event()
        self._warming = threading.Thread(target=self._warm_up, name="devidp-warm-up", daemon=True)

    def start(self) -> Self:
        """Start serving; ``with`` does it. Raises ControlError after ``stop``."""
        self._expect_alive()
        if self._server is None:
            if "pytest" in sys.modules:
                # it parses each module that is imported, which CPython 3.11 cannot do in two threads at a time
                warm_up(self._runtime)
            tls = server_context(self._certificate) if self._certificate else None
            self._server = LocalServer(self._listening, self.wsgi_app, tls)
            self._warming.start()
        return self

    def stop(self) -> None:
        """Stop serving, and forget everything but the events; ``with`` does it."""
        self._expect_own_process()
        self._stopped.set()
        if self._server is not None:
            self._warming.join()
            self._server.stop()
            self._server = None
        self._opened.close()

    def _expect_alive(self) -> None:
        self._expect_own_process()
        if self._stopped.is_set():
            raise ControlError("this devidp was stopped, and all that was in it is gone: make a new one with DevIdP(…)")

    def _expect_own_process(self) -> None:
        """A fork has a copy of everything but the threads: nobody would see what is changed in it."""
        if os.getpid() != self._process:
            raise ControlError(
                f"this devidp runs in process {self._process}, from which process {os.getpid()} was forked: control "
                f"and stop it there, or make one here with DevIdP(…). Over HTTP it answers both, at {self.local_url}"
            )

    def _warm_up(self) -> None:
        # a first answer comes sooner when nothing else runs beside it
        if not self._stopped.wait(WARM_UP_AFTER):
            warm_up(self._runtime)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<DevIdP {self.issuer}>"

    # where it is

    @property
    def url(self) -> str:
        """Base of every issuer, as clients know it."""
        return self._runtime.config.public_url

    def set_public_url(self, url: str | None) -> None:
        """Another base from now on: for names and ports that are known once it runs; ``None``: that of the start.

        Raises ControlError.
        """
        self.control.set_public_url(url)

    @property
    def issuer(self) -> str:
        """The first issuer of the seed, as its tokens name it."""
        return self._runtime.first().url

    @property
    def ca_file(self) -> Path | None:
        """The CA file that clients have to trust, PEM; ``None`` unless ``tls=True``."""
        return self._certificate.ca_file if self._certificate else None

    @property
    def discovery_url(self) -> str:
        return self._runtime.first().addresses.of("openid-configuration")

    @property
    def jwks_uri(self) -> str:
        return self._runtime.first().addresses.of("jwks")

    @property
    def control(self) -> Controller:
        """Everything that can be controlled; the attributes below are the most used parts. Raises ControlError."""
        self._expect_alive()
        return self._controller

    @cached_property
    def _controller(self) -> Controller:
        controller: Controller = resolve_name("devidp.web.control.controller:Controller")(self._runtime)
        return controller

    @property
    def clock(self) -> ClockControl:
        return self.control.clock

    @property
    def keys(self) -> KeyControl:
        return self.control.keys

    @property
    def users(self) -> Users:
        return self.control.users

    @property
    def clients(self) -> Clients:
        return self.control.clients

    @property
    def sessions(self) -> Sessions:
        return self.control.sessions

    @property
    def authorizations(self) -> Authorizations:
        return self.control.authorizations

    # tokens

    def token(self, **parameters: Any) -> str:
        """A token as the issuer would issue it, changed as asked: see ``mint``."""
        return self.control.mint(**parameters).token

    def mint(self, **parameters: Any) -> Minted:
        """A token, its header and claims, and what is wrong with it.

        Parameters: ``user``, ``client``, ``scope``, ``audience``, ``resource``, ``issuer``, ``free``, ``lifetime``,
        ``not_before``, ``claims``, ``drop``, ``header``, ``drop_header``, ``key``, ``token_type``, ``fault``. An
        unknown one is refused; docs/control.md explains them.
        """
        return self.control.mint(**parameters)

    def login(
        self,
        user: str = "alice",
        client: str = "web",
        *,
        scope: str | Sequence[str] | None = None,
        audience: str | list[str] | None = None,
        issuer: str | None = None,
        deny: bool = False,
        consent: Sequence[str] | None = None,
        dpop: DpopKey = False,
        acr: str | None = None,
        second_factor: SecondFactorOutcome = "pass",
        **parameters: str | None,
    ) -> dict[str, Any]:
        """The token response of a whole login over HTTP: authorization request with PKCE, login, consent, token.

        ``audience``, ``acr`` (as ``acr_values``) and further ``parameters`` such as ``state``, ``nonce``, ``prompt``
        and ``response_type`` go into the authorization request; one that it does not have is refused. The user allows
        everything, or the scopes of ``consent``, or denies. ``dpop`` binds the tokens to a new key, or to a private
        JWK. Where a second factor is asked for, it is shown; with ``second_factor="fail"`` it is wrong, and the login
        is denied.
        Raises LoginFailed.
        """
        self._expect_running()
        check_words(parameters)
        if acr is not None and "acr_values" in parameters:
            raise ControlError("acr and acr_values are the same; give one of them")
        wanted = scope if scope is None or isinstance(scope, str) else " ".join(scope)
        asked = [*parameters.items(), ("scope", wanted), ("audience", audience), ("acr_values", acr)]
        sent: dict[str, str | list[str]] = {name: value for name, value in asked if value is not None}
        record, person = self.clients[client].record, Person(user, deny, consent, second_factor)
        return LoginFlow(self._base, issuers.named(self._runtime, issuer), record, person, sent, key_of(dpop)).run()

    def authorize(
        self,
        url: str,
        user: str = "alice",
        *,
        http: Any = None,
        deny: bool = False,
        consent: Sequence[str] | None = None,
        second_factor: SecondFactorOutcome = "pass",
    ) -> Any:
        """The login of your application: from ``url``, which redirects to devidp, to the response of its callback.

        ``http`` is what you test the application with: a session of requests, a client of httpx, or a test client of
        Flask, Django or Starlette. Without it ``url`` is an authorization request at devidp, and the result is the URL
        of the callback. The user allows everything, or the scopes of ``consent``, or denies.
        ``second_factor`` says whether the user passes or fails it, where it is asked for.
        Raises LoginFailed where the user does not get back to the application.
        """
        self._expect_running()
        return application.authorize(self._base, url, Person(user, deny, consent, second_factor), http)

    def complete_login(
        self,
        page: Any,
        user: str = "alice",
        *,
        deny: bool = False,
        consent: Sequence[str] | None = None,
        second_factor: SecondFactorOutcome = "pass",
    ) -> None:
        """The login in a ``Page`` of Playwright that your application sends to devidp, until it is back there."""
        self._expect_running()
        playwright.complete_login(self._base, page, Person(user, deny, consent, second_factor))

    @property
    def _base(self) -> Base:
        return Base(self.url, self.local_url, seed_hosts(self._runtime.seed))

    def _expect_running(self) -> None:
        self._expect_alive()
        if self._server is None:
            raise ControlError("the server has not been started: use `with DevIdP() as idp:`, or call start()")

    # scripted answers

    def arm(
        self,
        fault: str,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        token_type: str | None = None,
        **match: str,
    ) -> Scripted:
        """Spoil the next tokens that real flows get: ``arm("expired", client="web", times=2)``.

        Matched by ``client``, ``user``, ``issuer``, ``grant`` or ``state``; ``times=None``: until ``reset``.
        ``token_type`` is ``access``, ``id``, ``logout`` or ``id-jag``; the token in ``access_token`` without it.
        """
        return self.control.arm(fault, times=times, probability=probability, token_type=token_type, **match)

    def fail(
        self,
        endpoint: str,
        failure: str | None = None,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        **options: Any,
    ) -> Scripted:
        """Spoil the next answers of an endpoint: ``fail("token", error="invalid_grant", client="web")``,
        ``fail("jwks", "keys-empty", times=None)``, ``fail("discovery", status=503, times=2)``.

        Matched as ``arm`` is; docs/failures.md names every failure and its options.
        """
        return self.control.failures.fail(endpoint, failure, times=times, probability=probability, **options)

    @property
    def tried_faults(self) -> frozenset[str]:
        """Names of the faults that tokens have had so far, minted or armed; ``reset`` does not forget them."""
        return frozenset(self._runtime.tried_faults)

    # verdicts

    def probe(
        self,
        target: str | Callable[..., Any],
        *,
        url: str | None = None,
        issuer: str | None = None,
        audience: str | Sequence[str] | None = None,
        scope: str | None = None,
        client: str | None = None,
        user: str | None = None,
        path: str | None = None,
        method: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
        tool: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        read_only_tools: bool = False,
        assertions: bool = False,
        credentials: tuple[str, str] | None = None,
        resource: str | Sequence[str] = (),
        only: Sequence[str] = (),
        skip: Sequence[str] = (),
        parallel: int = 8,
        timeout: float = 10,
        patience: float = 30,
        allow_hosts: Sequence[str] = (),
        stack: str = "",
    ) -> Report:
        """What a resource server wrongly accepts: it is called with every faulty token.

        ``target`` is its URL, or a WSGI or ASGI application, which is called without a socket as ``url`` names it.
        Issuer, audience and scopes come from its protected-resource metadata where they are not said. The call is a
        GET, or ``tools/list`` of an MCP server, unless ``path``, ``method``, ``headers`` and ``body``, or ``tool`` and
        ``arguments`` describe another; ``read_only_tools`` adds those that say that they change nothing. With
        ``assertions`` the target is a token endpoint that takes ID-JAGs, for ``resource``, from the client with these
        ``credentials`` (id, secret). ``only`` and ``skip`` name trials, groups or levels. An answer may take
        ``timeout`` seconds, and what changes here ``patience`` seconds to be noticed there. Hosts other than this
        machine have to be in ``allow_hosts``. Raises ControlError.
        """
        self._expect_running()
        report: Report = resolve_name("devidp.probe.in_program:probe")(
            self.local_url,
            target,
            url=url,
            issuer=issuer,
            audience=audience,
            scope=scope,
            client=client,
            user=user,
            path=path,
            method=method,
            headers=headers,
            body=body,
            tool=tool,
            arguments=dict(arguments or {}),
            read_only_tools=read_only_tools,
            assertions=assertions,
            credentials=credentials,
            resource=resource,
            only=only,
            skip=skip,
            parallel=parallel,
            seconds=timeout,
            patience=patience,
            allow_hosts=allow_hosts,
            stack=stack,
        )
        return report

    def judge(
        self,
        client: Callable[..., object],
        *,
        only: Sequence[str] = (),
        skip: Sequence[str] = (),
        user: str | None = None,
        issuer: str | None = None,
        oidc: bool = False,
        timeout: float = 30,
        mcp_port: int = 0,
    ) -> Report:
        """What ``client`` wrongly follows: it is called once for each scenario in which an answer is wrong.

        It gets the URL of an MCP server, or with ``oidc`` the issuer, and where it takes a second argument the browser:
        ``browser(address)`` logs ``user`` in and gives the address of the callback. ``only`` and ``skip`` name
        scenarios, groups or endpoints. An attempt may take ``timeout`` seconds. With
        ``mcp_port`` the MCP server is at ``/mcp`` there in every scenario. Raises ControlError for a name that is
        unknown.
        """
        self._expect_running()
        verdict: Report = resolve_name("devidp.judge.in_program:judge")(
            client, self.local_url, only, skip, user=user, issuer=issuer, oidc=oidc, seconds=timeout, port=mcp_port
        )
        return verdict

    # state

    def reset(self, *, keys: bool = False) -> None:
        """Everything back to the seed; keys stay unless ``keys`` asks for new ones."""
        self.control.reset(keys=keys)

    # what happened: also to be read after the end

    def events(self, endpoint: str | None = None, **wanted: str | int) -> list[Event]:
        """The matching events, oldest first: ``events("token", client="web", error="invalid_grant")``."""
        return self._controller.events.find(endpoint, **wanted)

    def wait_for(self, endpoint: str | None = None, *, timeout: float = 5.0, **wanted: str | int) -> Event:
        """The first matching event, now or within ``timeout`` seconds; raises AssertionError."""
        return self._controller.events.wait_for(endpoint, timeout=timeout, **wanted)

    def assert_seen(self, endpoint: str | None = None, **wanted: str | int) -> Event:
        """The first matching event; raises AssertionError that shows the nearest one and what differs."""
        return self._controller.events.assert_seen(endpoint, **wanted)

    def assert_not_seen(self, endpoint: str | None = None, **wanted: str | int) -> None:
        """Raises AssertionError where an event matches."""
        self._controller.events.assert_not_seen(endpoint, **wanted)
