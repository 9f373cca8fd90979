"""What is allowed and still deserves a word has one, with its line."""

from __future__ import annotations

import pytest

from tests.seed.reading import read

APP = "secret: s, redirect_uris: [http://localhost/cb]"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("issuers:\n  main:\n    lifetimes: {access_token: 61m}",
         "seed.yaml:3: issuers.main.lifetimes.access_token: access tokens live 1 hour 1 minute"),
        ("issuers: {main: {unknown_clients: loopback}, open: {unknown_clients: accept}}",
         "seed.yaml:1: issuers.open.unknown_clients: "),
        (f"clients: {{app: {{{APP}, lifetimes: {{access_token: 2h}}}}}}",
         "seed.yaml:1: clients.app.lifetimes.access_token: "),
        (f"issuers: {{main: {{clients: {{app: {{{APP}, lifetimes: {{access_token: 2h}}}}}}}}}}",
         "seed.yaml:1: issuers.main.clients.app.lifetimes.access_token: "),
        ("clients:\n  app: {secret: s, redirect_uris: [https://a.example/cb,\n    http://a.example/cb]}",
         "seed.yaml:3: clients.app.redirect_uris[1]: "),
        ("clients:\n  app: {secret: s, redirect_uris: ['https://*.example/cb']}",
         "seed.yaml:2: clients.app.redirect_uris[0]: "),
        ("clients:\n  app: {secret: s, redirect_uris: ['htpp://localhost/cb']}",
         "seed.yaml:2: clients.app.redirect_uris[0]: 'htpp://localhost/cb' has the scheme 'htpp'"),
        ("resources:\n  api.example/v1:\n", "seed.yaml:2: resources[\"api.example/v1\"]: 'api.example/v1' is a name"),
        ("resources:\n  orders:\n    aliases: [api.example/v1]", "seed.yaml:3: resources.orders.aliases[0]: 'api.exa"),
        ("users:\n  zoé:\n", "seed.yaml:2: users.zoé: "),
        ("clients:\n  app: {secret: 'a b:c', redirect_uris: [http://localhost/cb]}", "seed.yaml:2: clients.app: "),
        (f"issuers: {{main: {{grants: [client_credentials]}}}}\nclients: {{app: {{{APP}}}}}",
         "seed.yaml:2: clients.app.grants: "),
    ],
)  # fmt: skip
def test_a_seed_that_works_with_a_catch_gets_a_warning(text: str, start: str) -> None:
    (warning,) = read(text).warnings
    assert warning.startswith(start)


@pytest.mark.parametrize(
    "text",
    [
        "issuers: {main: {lifetimes: {access_token: 1h}}}",
        "users: {zoé: {sub: zoe}}",
        "clients: {app: {public: true, redirect_uris: [http://127.0.0.1/cb, 'http://[::1]/cb', com.example:/cb]}}",
        f"issuers: {{few: {{grants: [client_credentials]}}, all: }}\nclients: {{app: {{{APP}}}}}",
        f"issuers: {{few: {{grants: [client_credentials], clients: {{}}}}}}\nclients: {{app: {{{APP}}}}}",
    ],
)
def test_a_seed_without_a_catch_gets_none(text: str) -> None:
    assert read(text).warnings == ()


def test_warnings_come_in_the_order_of_the_file() -> None:
    warnings = read(f"clients:\n  app: {{{APP}, lifetimes: {{access_token: 2h}}}}\nusers:\n  zoé:\n").warnings
    assert [warning.split(": ")[0] for warning in warnings] == ["seed.yaml:2", "seed.yaml:4"]
