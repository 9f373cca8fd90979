-- A database of the tenth schema, with what was told at run time in plain text, as `.dump` writes it; never to be changed.
BEGIN TRANSACTION;
CREATE TABLE "amendments" (
   "issuer" TEXT,
   "token_id" TEXT,
   "members" TEXT,
   "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "token_id")
);
CREATE TABLE "authorization_codes" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "username" TEXT,
   "grant_id" TEXT,
   "record" TEXT,
   "used_at" INTEGER,
   "purge_at" INTEGER
);
CREATE TABLE "clients" (
   "issuer" TEXT,
   "client_id" TEXT,
   "record" TEXT,
   "created_at" INTEGER, "access_hash" TEXT, "secret_generation" INTEGER NOT NULL DEFAULT 0, "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "client_id")
);
INSERT INTO "clients" VALUES('default','old-client','{"redirect_uris": ["http://localhost:5555/callback"], "grant_types": ["authorization_code"], "response_types": ["code"], "token_endpoint_auth_method": "none"}',1760000000,NULL,0,NULL);
CREATE TABLE "consents" (
   "issuer" TEXT,
   "client_id" TEXT,
   "username" TEXT,
   "scopes" TEXT,
   "granted_at" INTEGER,
   PRIMARY KEY ("issuer", "client_id", "username")
);
INSERT INTO "consents" VALUES('default','web','alice','["mcp:read", "openid"]',1760000000);
CREATE TABLE "controls" (
   "generation" INTEGER PRIMARY KEY,
   "run" TEXT,
   "text" TEXT
);
INSERT INTO "controls" VALUES(3,'a run of then','{"clock":{"offset":0.0,"frozen_at":null},"users":{"default":{"carol":{"username":"carol","sub":"carol","password":"a-password-of-carol","claims":{},"scopes":null,"disabled":false},"dave":{"username":"dave","sub":"dave","password":"a-password-of-dave","claims":{},"scopes":null,"disabled":false}},"enterprise":{"carol":{"username":"carol","sub":"carol","password":"a-password-of-carol","claims":{},"scopes":null,"disabled":false},"dave":{"username":"dave","sub":"dave","password":"a-password-of-dave","claims":{},"scopes":null,"disabled":false}}},"clients":{"default":{"batch":{"client_id":"batch","name":"batch","secret":"a-secret-of-batch","auth_methods":["client_secret_basic","client_secret_post"],"auth_signing_alg":null,"id_token_signed_response_alg":null,"userinfo_signed_response_alg":null,"introspection_signed_response_alg":null,"access_token_format":null,"jwks":null,"jwks_uri":null,"redirect_uris":[],"grants":["client_credentials"],"response_types":[],"scopes":null,"default_scopes":null,"default_audience":null,"lifetimes":null,"dpop_bound":false,"sector":null,"rotate_refresh_tokens":true,"post_logout_redirect_uris":[],"backchannel_logout_uri":null,"frontchannel_logout_uri":null,"consent":"remembered","client_ids":{},"metadata":{},"registered":false,"document":null,"disabled":false,"unused":false}},"enterprise":{"batch":{"client_id":"batch","name":"batch","secret":"a-secret-of-batch","auth_methods":["client_secret_basic","client_secret_post"],"auth_signing_alg":null,"id_token_signed_response_alg":null,"userinfo_signed_response_alg":null,"introspection_signed_response_alg":null,"access_token_format":null,"jwks":null,"jwks_uri":null,"redirect_uris":[],"grants":["client_credentials"],"response_types":[],"scopes":null,"default_scopes":null,"default_audience":null,"lifetimes":null,"dpop_bound":false,"sector":null,"rotate_refresh_tokens":true,"post_logout_redirect_uris":[],"backchannel_logout_uri":null,"frontchannel_logout_uri":null,"consent":"remembered","client_ids":{},"metadata":{},"registered":false,"document":null,"disabled":false,"unused":false}}},"faults":[],"failures":[],"last_id":0}');
CREATE TABLE "device_codes" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "user_code" TEXT,
   "record" TEXT,
   "decision" TEXT,
   "interval" INTEGER,
   "polled_at" REAL,
   "used_at" INTEGER,
   "purge_at" INTEGER
);
CREATE TABLE "granted_scopes" (
   "issuer" TEXT,
   "client_id" TEXT,
   "username" TEXT,
   "audience" TEXT,
   "grant_id" TEXT,
   "scopes" TEXT,
   "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "client_id", "username", "audience")
);
CREATE TABLE "logins" (
   "issuer" TEXT,
   "sid" TEXT,
   "grant_id" TEXT,
   "client_id" TEXT,
   "offline" INTEGER,
   "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "grant_id")
);
CREATE TABLE "opaque_tokens" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "claims" TEXT,
   "purge_at" INTEGER
);
CREATE TABLE "pushed_requests" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "record" TEXT,
   "purge_at" INTEGER
);
CREATE TABLE "refresh_tokens" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "username" TEXT,
   "grant_id" TEXT,
   "record" TEXT,
   "used_at" INTEGER,
   "purge_at" INTEGER
);
INSERT INTO "refresh_tokens" VALUES('cffee87888180dae212f6f3083aac9aa24711511adad79ec0b777be19df64bb3','default','alice','ggggggggggggggggggggggggggggggggggggggggggg','{"grant_id": "ggggggggggggggggggggggggggggggggggggggggggg", "client_id": "web", "username": "alice", "scope": ["openid", "mcp:read"], "resources": [], "auth_time": 1760000000, "expires_at": 4102444800}',NULL,4102444800);
CREATE TABLE "revocations" (
   "issuer" TEXT,
   "id" TEXT,
   "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "id")
);
INSERT INTO "revocations" VALUES('default','rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',4102444800);
CREATE TABLE "sessions" (
   "hash" TEXT PRIMARY KEY,
   "issuer" TEXT,
   "username" TEXT,
   "record" TEXT,
   "purge_at" INTEGER
, "sid" TEXT);
CREATE TABLE "used_ids" (
   "issuer" TEXT,
   "hash" TEXT,
   "purge_at" INTEGER,
   PRIMARY KEY ("issuer", "hash")
);
CREATE INDEX "idx_authorization_codes_purge_at"
    ON "authorization_codes" ("purge_at");
CREATE INDEX "idx_refresh_tokens_purge_at"
    ON "refresh_tokens" ("purge_at");
CREATE INDEX "idx_sessions_purge_at"
    ON "sessions" ("purge_at");
CREATE INDEX "idx_revocations_purge_at"
    ON "revocations" ("purge_at");
CREATE INDEX "idx_used_ids_purge_at"
    ON "used_ids" ("purge_at");
CREATE INDEX "idx_clients_purge_at"
    ON "clients" ("purge_at");
CREATE INDEX "idx_pushed_requests_purge_at"
    ON "pushed_requests" ("purge_at");
CREATE UNIQUE INDEX "idx_device_codes_issuer_user_code"
    ON "device_codes" ("issuer", "user_code");
CREATE INDEX "idx_device_codes_purge_at"
    ON "device_codes" ("purge_at");
CREATE INDEX "idx_sessions_issuer_sid"
    ON "sessions" ("issuer", "sid");
CREATE INDEX "idx_logins_issuer_sid"
    ON "logins" ("issuer", "sid");
CREATE INDEX "idx_logins_purge_at"
    ON "logins" ("purge_at");
CREATE INDEX "idx_amendments_purge_at"
    ON "amendments" ("purge_at");
CREATE INDEX "idx_opaque_tokens_purge_at"
    ON "opaque_tokens" ("purge_at");
CREATE INDEX "idx_granted_scopes_purge_at"
    ON "granted_scopes" ("purge_at");
PRAGMA user_version = 10;
COMMIT;
