"""The tables, as one ordered list of statements. A change of the schema is a new statement at the end, for ever.

Times are seconds since the epoch. Rows with a ``purge_at`` are deleted after it.
"""

MIGRATIONS: tuple[str, ...] = (
    """CREATE TABLE authorization_codes (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, client_id TEXT NOT NULL, username TEXT, grant_id TEXT,
        record TEXT NOT NULL, used_at BIGINT, purge_at BIGINT)""",
    "CREATE INDEX authorization_codes_purge_at ON authorization_codes (purge_at)",
    """CREATE TABLE refresh_tokens (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, client_id TEXT NOT NULL, username TEXT, grant_id TEXT,
        record TEXT NOT NULL, used_at BIGINT, purge_at BIGINT)""",
    "CREATE INDEX refresh_tokens_purge_at ON refresh_tokens (purge_at)",
    """CREATE TABLE sessions (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, username TEXT, sid TEXT, record TEXT NOT NULL, purge_at BIGINT)""",
    "CREATE INDEX sessions_issuer_sid ON sessions (issuer, sid)",
    "CREATE INDEX sessions_purge_at ON sessions (purge_at)",
    """CREATE TABLE logins (
        issuer TEXT NOT NULL, sid TEXT NOT NULL, grant_id TEXT NOT NULL, client_id TEXT NOT NULL,
        offline INTEGER NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, grant_id))""",
    "CREATE INDEX logins_issuer_sid ON logins (issuer, sid)",
    "CREATE INDEX logins_purge_at ON logins (purge_at)",
    """CREATE TABLE revocations (
        issuer TEXT NOT NULL, id TEXT NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, id))""",
    "CREATE INDEX revocations_purge_at ON revocations (purge_at)",
    """CREATE TABLE consents (
        issuer TEXT NOT NULL, client_id TEXT NOT NULL, username TEXT NOT NULL, scopes TEXT NOT NULL,
        granted_at BIGINT, PRIMARY KEY (issuer, client_id, username))""",
    """CREATE TABLE granted_scopes (
        issuer TEXT NOT NULL, client_id TEXT NOT NULL, username TEXT NOT NULL, audience TEXT NOT NULL, grant_id TEXT,
        scopes TEXT NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, client_id, username, audience))""",
    "CREATE INDEX granted_scopes_purge_at ON granted_scopes (purge_at)",
    """CREATE TABLE clients (
        issuer TEXT NOT NULL, client_id TEXT NOT NULL, record TEXT NOT NULL, created_at BIGINT, access_hash TEXT,
        secret_generation INTEGER NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, client_id))""",
    "CREATE INDEX clients_purge_at ON clients (purge_at)",
    """CREATE TABLE used_ids (
        issuer TEXT NOT NULL, hash TEXT NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, hash))""",
    "CREATE INDEX used_ids_purge_at ON used_ids (purge_at)",
    """CREATE TABLE pushed_requests (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, record TEXT NOT NULL, purge_at BIGINT)""",
    "CREATE INDEX pushed_requests_purge_at ON pushed_requests (purge_at)",
    """CREATE TABLE device_codes (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, user_code TEXT NOT NULL, record TEXT NOT NULL, decision TEXT,
        interval INTEGER NOT NULL, polled_at DOUBLE PRECISION, used_at BIGINT, purge_at BIGINT,
        UNIQUE (issuer, user_code))""",
    "CREATE INDEX device_codes_purge_at ON device_codes (purge_at)",
    """CREATE TABLE opaque_tokens (
        hash TEXT PRIMARY KEY, issuer TEXT NOT NULL, claims TEXT NOT NULL, purge_at BIGINT)""",
    "CREATE INDEX opaque_tokens_purge_at ON opaque_tokens (purge_at)",
    """CREATE TABLE amendments (
        issuer TEXT NOT NULL, token_id TEXT NOT NULL, members TEXT NOT NULL, purge_at BIGINT,
        PRIMARY KEY (issuer, token_id))""",
    "CREATE INDEX amendments_purge_at ON amendments (purge_at)",
    """CREATE TABLE failed_logins (
        issuer TEXT NOT NULL, address TEXT NOT NULL, failures INTEGER NOT NULL, purge_at BIGINT,
        PRIMARY KEY (issuer, address))""",
    "CREATE INDEX failed_logins_purge_at ON failed_logins (purge_at)",
    """CREATE TABLE lifetimes (
        issuer TEXT NOT NULL, seconds BIGINT NOT NULL, purge_at BIGINT, PRIMARY KEY (issuer, seconds))""",
    """CREATE TABLE signing_keys (
        issuer TEXT NOT NULL, kid TEXT NOT NULL, place INTEGER NOT NULL, algorithm TEXT NOT NULL, state TEXT NOT NULL,
        hidden INTEGER NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (issuer, kid))""",
    "CREATE TABLE overrides (run TEXT PRIMARY KEY, sealed TEXT NOT NULL)",
    "CREATE TABLE generation (number BIGINT NOT NULL)",
    "INSERT INTO generation (number) VALUES (0)",
    """CREATE TABLE pushes (
        issuer TEXT NOT NULL, id TEXT NOT NULL, username TEXT NOT NULL, client_id TEXT NOT NULL,
        sent_at BIGINT NOT NULL, decision TEXT, purge_at BIGINT, PRIMARY KEY (issuer, id))""",
    "CREATE INDEX pushes_purge_at ON pushes (purge_at)",
    # a grant has its session, and a date of its own: what these two tables knew
    "DROP TABLE logins",
    "DROP TABLE lifetimes",
    """CREATE TABLE grants (
        grant_id TEXT PRIMARY KEY, issuer TEXT NOT NULL, username TEXT NOT NULL, client_id TEXT NOT NULL,
        sid TEXT NOT NULL, offline INTEGER NOT NULL, ended INTEGER NOT NULL, purge_at BIGINT)""",
    "CREATE INDEX grants_issuer_username ON grants (issuer, username)",
    "CREATE INDEX grants_issuer_sid ON grants (issuer, sid)",
    "CREATE INDEX grants_purge_at ON grants (purge_at)",
    # beside opaque access tokens, all that do not say themselves what they mean
    "ALTER TABLE opaque_tokens RENAME TO kept_tokens",
    "ALTER TABLE kept_tokens ADD COLUMN token_type TEXT NOT NULL DEFAULT 'access'",
    "ALTER TABLE kept_tokens ADD COLUMN shown TEXT",
    "ALTER TABLE signing_keys ADD COLUMN created_at BIGINT",
)

EVENTS: tuple[str, ...] = (
    # of a database of its own
    "CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL, event TEXT NOT NULL)",
    # AUTOINCREMENT writes a second page for each row; the row with the highest id is never deleted instead
    "DROP TABLE events",
    "CREATE TABLE events (id INTEGER PRIMARY KEY, run TEXT NOT NULL, event TEXT NOT NULL)",
)
