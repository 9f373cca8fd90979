"""``DevIdP``: a whole devidp for a test, in three lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from types import ModuleType
from typing import TYPE_CHECKING, Any

from devidp.models.addresses import seed_hosts
from devidp.server.local.controls import Controls
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.person import Base, Person, SecondFactorOutcome

if TYPE_CHECKING:
    from devidp.report import Report
    from devidp.server.local.login import LoginFlow
    from devidp.server.local.proof import DpopKey


class DevIdP(Controls):
    """An OAuth 2.1 and OpenID provider inside this program, from ``with`` to its end.

    ``seed`` is a path, YAML text or a mapping, or a list of these, each laid over those before it; the shipped one
    without it. ``profile`` is what its issuers start from that name none, by name or by path; without a seed the
    profile comes with its example. It listens on ``host`` and ``port``, where 0 is a free port. ``tls=True`` serves
    https by a CA of its own (``ca_file``), ``tls=(chain, key)`` with two PEM files. ``public_url`` is the base of the
    issuers where clients know another one than that address; ``{port}`` in it is the port. Everything is kept in
    memory. ``events`` names a file to which each event is appended as a line of JSON. Raises AddressError, SeedError,
    TlsError, and ValueError for the public URL and the profile.
    """

    # logins

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
        login: ModuleType = resolve_name("devidp.server.local.login")
        login.check_words(parameters)
        if acr is not None and "acr_values" in parameters:
            raise ControlError("acr and acr_values are the same; give one of them")
        wanted = scope if scope is None or isinstance(scope, str) else " ".join(scope)
        asked = [*parameters.items(), ("scope", wanted), ("audience", audience), ("acr_values", acr)]
        sent: dict[str, str | list[str]] = {name: value for name, value in asked if value is not None}
        at = issuers.named(self._runtime, issuer)
        record = at.find_client(client) or self.clients[client].record
        person = Person(user, deny, consent, second_factor)
        flow: LoginFlow = login.LoginFlow(self._base, at, record, person, sent, dpop)
        return flow.run()

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
        authorize = resolve_name("devidp.server.local.application:authorize")
        return authorize(self._base, url, Person(user, deny, consent, second_factor), http)

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
        complete_login = resolve_name("devidp.server.local.playwright:complete_login")
        complete_login(self._base, page, Person(user, deny, consent, second_factor))

    @property
    def _base(self) -> Base:
        return Base(self.url, self.local_url, seed_hosts(self._runtime.seed))

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
