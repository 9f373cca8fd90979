-- A database of the first schema, as `.dump` writes it; never to be changed.
BEGIN TRANSACTION;
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
   "created_at" INTEGER,
   PRIMARY KEY ("issuer", "client_id")
);
INSERT INTO "clients" VALUES('default','old-client','{"redirect_uris": ["http://localhost:5555/callback"], "grant_types": ["authorization_code"], "response_types": ["code"], "token_endpoint_auth_method": "none"}',1760000000);
CREATE TABLE "consents" (
   "issuer" TEXT,
   "client_id" TEXT,
   "username" TEXT,
   "scopes" TEXT,
   "granted_at" INTEGER,
   PRIMARY KEY ("issuer", "client_id", "username")
);
INSERT INTO "consents" VALUES('default','web','alice','["mcp:read", "openid"]',1760000000);
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
);
CREATE INDEX "idx_authorization_codes_purge_at"
    ON "authorization_codes" ("purge_at");
CREATE INDEX "idx_refresh_tokens_purge_at"
    ON "refresh_tokens" ("purge_at");
CREATE INDEX "idx_sessions_purge_at"
    ON "sessions" ("purge_at");
CREATE INDEX "idx_revocations_purge_at"
    ON "revocations" ("purge_at");
COMMIT;
PRAGMA user_version = 1;
