"""The tables of a new database. Written by `make derived` out of the steps in steps.py: add one there.

A new database, and so each of those in memory, is there in a millisecond, without the library of the steps.
"""

VERSION = 13
TABLES = """
CREATE TABLE "authorization_codes" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "username" TEXT, "grant_id" TEXT,
    "record" TEXT, "used_at" INTEGER, "purge_at" INTEGER );
CREATE TABLE "refresh_tokens" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "username" TEXT, "grant_id" TEXT,
    "record" TEXT, "used_at" INTEGER, "purge_at" INTEGER );
CREATE TABLE "sessions" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "username" TEXT, "record" TEXT, "purge_at"
    INTEGER , "sid" TEXT);
CREATE TABLE "revocations" ( "issuer" TEXT, "id" TEXT, "purge_at" INTEGER, PRIMARY KEY ("issuer", "id") );
CREATE TABLE "consents" ( "issuer" TEXT, "client_id" TEXT, "username" TEXT, "scopes" TEXT, "granted_at"
    INTEGER, PRIMARY KEY ("issuer", "client_id", "username") );
CREATE TABLE "clients" ( "issuer" TEXT, "client_id" TEXT, "record" TEXT, "created_at" INTEGER, "access_hash"
    TEXT, "secret_generation" INTEGER NOT NULL DEFAULT 0, "purge_at" INTEGER, PRIMARY KEY ("issuer",
    "client_id") );
CREATE INDEX "idx_authorization_codes_purge_at" ON "authorization_codes" ("purge_at");
CREATE INDEX "idx_refresh_tokens_purge_at" ON "refresh_tokens" ("purge_at");
CREATE INDEX "idx_sessions_purge_at" ON "sessions" ("purge_at");
CREATE INDEX "idx_revocations_purge_at" ON "revocations" ("purge_at");
CREATE TABLE "used_ids" ( "issuer" TEXT, "hash" TEXT, "purge_at" INTEGER, PRIMARY KEY ("issuer", "hash") );
CREATE INDEX "idx_used_ids_purge_at" ON "used_ids" ("purge_at");
CREATE TABLE "controls" ( "generation" INTEGER PRIMARY KEY, "run" TEXT, "text" TEXT );
CREATE INDEX "idx_clients_purge_at" ON "clients" ("purge_at");
CREATE TABLE "pushed_requests" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "record" TEXT, "purge_at" INTEGER );
CREATE INDEX "idx_pushed_requests_purge_at" ON "pushed_requests" ("purge_at");
CREATE TABLE "device_codes" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "user_code" TEXT, "record" TEXT,
    "decision" TEXT, "interval" INTEGER, "polled_at" REAL, "used_at" INTEGER, "purge_at" INTEGER );
CREATE UNIQUE INDEX "idx_device_codes_issuer_user_code" ON "device_codes" ("issuer", "user_code");
CREATE INDEX "idx_device_codes_purge_at" ON "device_codes" ("purge_at");
CREATE INDEX "idx_sessions_issuer_sid" ON "sessions" ("issuer", "sid");
CREATE TABLE "logins" ( "issuer" TEXT, "sid" TEXT, "grant_id" TEXT, "client_id" TEXT, "offline" INTEGER,
    "purge_at" INTEGER, PRIMARY KEY ("issuer", "grant_id") );
CREATE INDEX "idx_logins_issuer_sid" ON "logins" ("issuer", "sid");
CREATE INDEX "idx_logins_purge_at" ON "logins" ("purge_at");
CREATE TABLE "amendments" ( "issuer" TEXT, "token_id" TEXT, "members" TEXT, "purge_at" INTEGER, PRIMARY KEY
    ("issuer", "token_id") );
CREATE INDEX "idx_amendments_purge_at" ON "amendments" ("purge_at");
CREATE TABLE "opaque_tokens" ( "hash" TEXT PRIMARY KEY, "issuer" TEXT, "claims" TEXT, "purge_at" INTEGER );
CREATE INDEX "idx_opaque_tokens_purge_at" ON "opaque_tokens" ("purge_at");
CREATE TABLE "granted_scopes" ( "issuer" TEXT, "client_id" TEXT, "username" TEXT, "audience" TEXT, "grant_id"
    TEXT, "scopes" TEXT, "purge_at" INTEGER, PRIMARY KEY ("issuer", "client_id", "username", "audience") );
CREATE INDEX "idx_granted_scopes_purge_at" ON "granted_scopes" ("purge_at");
CREATE TABLE "failed_logins" ( "issuer" TEXT, "address" TEXT, "failures" INTEGER, "purge_at" INTEGER, PRIMARY
    KEY ("issuer", "address") );
CREATE INDEX "idx_failed_logins_purge_at" ON "failed_logins" ("purge_at");
CREATE TABLE "lifetimes" ( "issuer" TEXT, "seconds" INTEGER, "purge_at" INTEGER, PRIMARY KEY ("issuer",
    "seconds") )
"""
