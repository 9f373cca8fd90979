"""The shipped seed as it is after all checks. Written by `make derived` out of seed.yaml: edit that."""

from devidp import records

FINGERPRINT = "423ee3b55883bc5f53a0a3fb01d148771e849cf049e3addf4fccd9c8ee88ab74"
USERS = {
    "alice": records.User(
        username="alice",
        sub="alice",
        password="alice",
        claims={
            "name": "Alice Anderson",
            "given_name": "Alice",
            "family_name": "Anderson",
            "preferred_username": "alice",
            "email": "alice@acme.example",
            "email_verified": True,
            "phone_number": "+1 555 0100",
            "phone_number_verified": True,
            "address": {"street_address": "1 Main Street", "locality": "Springfield", "country": "US"},
            "roles": ["admin"],
            "tenant_id": "acme",
        },
    ),
    "bob": records.User(
        username="bob",
        sub="bob",
        password="bob",
        claims={
            "name": "Bob Brown",
            "given_name": "Bob",
            "family_name": "Brown",
            "preferred_username": "bob",
            "email": "bob@globex.example",
            "email_verified": True,
            "roles": ["user"],
            "tenant_id": "globex",
        },
        scopes=frozenset({"address", "email", "mcp:read", "offline_access", "openid", "phone", "profile"}),
    ),
    "mallory": records.User(
        username="mallory",
        sub="mallory",
        password="mallory",
        claims={
            "name": "Mallory Moore",
            "preferred_username": "mallory",
            "email": "mallory@globex.example",
            "roles": ["user"],
            "tenant_id": "globex",
        },
        disabled=True,
    ),
}
CLIENTS = {
    "web": records.Client(
        client_id="web",
        name="Example web application",
        secret="web-secret",
        auth_methods=frozenset({"client_secret_basic", "client_secret_post"}),
        redirect_uris=(
            "http://localhost/callback",
            "http://localhost/cb",
            "http://127.0.0.1/callback",
            "http://127.0.0.1/cb",
            "http://[::1]/callback",
            "http://[::1]/cb",
        ),
        post_logout_redirect_uris=("http://localhost/", "http://127.0.0.1/", "http://[::1]/"),
    ),
    "spa": records.Client(
        client_id="spa",
        name="Example single-page application",
        redirect_uris=(
            "http://localhost/callback",
            "http://localhost/cb",
            "http://127.0.0.1/callback",
            "http://127.0.0.1/cb",
            "http://[::1]/callback",
            "http://[::1]/cb",
        ),
        post_logout_redirect_uris=("http://localhost/", "http://127.0.0.1/", "http://[::1]/"),
    ),
    "service": records.Client(
        client_id="service",
        name="Example service",
        secret="service-secret",
        auth_methods=frozenset({"client_secret_basic", "client_secret_post"}),
        grants=frozenset({"client_credentials"}),
        response_types=frozenset(),
    ),
}
SEED = records.Seed(
    issuers=(
        records.IssuerSettings(
            name="default",
            path="/default",
            grants=frozenset({"authorization_code", "client_credentials", "refresh_token"}),
            default_audience="http://localhost:8000/mcp",
            unknown_resources="loopback",
            users=USERS,
            clients=CLIENTS,
        ),
        records.IssuerSettings(
            name="enterprise",
            path="/enterprise",
            default_audience="http://localhost:8000/mcp",
            unknown_resources="loopback",
            users=USERS,
            clients=CLIENTS,
        ),
    ),
    scopes={
        "openid": records.Scope(name="openid", description="Know who you are", claims=("sub",)),
        "profile": records.Scope(
            name="profile",
            description="See your name and profile",
            claims=(
                "name",
                "family_name",
                "given_name",
                "middle_name",
                "nickname",
                "preferred_username",
                "profile",
                "picture",
                "website",
                "gender",
                "birthdate",
                "zoneinfo",
                "locale",
                "updated_at",
            ),
        ),
        "email": records.Scope(name="email", description="See your email address", claims=("email", "email_verified")),
        "phone": records.Scope(
            name="phone", description="See your phone number", claims=("phone_number", "phone_number_verified")
        ),
        "address": records.Scope(name="address", description="See your postal address", claims=("address",)),
        "offline_access": records.Scope(name="offline_access", description="Stay connected while you are away"),
        "mcp:read": records.Scope(name="mcp:read", description="Recall, search and read"),
        "mcp:write": records.Scope(name="mcp:write", description="Store, update and forget"),
        "mcp:admin": records.Scope(name="mcp:admin", description="Administer the server"),
        "read:tools": records.Scope(name="read:tools", description="List and call reading tools"),
        "write:tools": records.Scope(name="write:tools", description="Call tools that change things"),
    },
    resources={
        "http://localhost:8000/mcp": records.Resource(
            uri="http://localhost:8000/mcp",
            scopes=frozenset({"mcp:admin", "mcp:read", "mcp:write", "read:tools", "write:tools"}),
            name="Example MCP server",
        )
    },
)
