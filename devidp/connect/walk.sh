#!/bin/sh
# What an MCP client does before its first call, a request at a time.
set -eu
MCP=@URL@
REDIRECT=http://localhost:5555/callback   # nothing has to listen there
member() { sed -n "s/.*\"$1\": *\[*\"\([^\"]*\)\".*/\1/p"; }

echo "1. Without a token: 401, and where the metadata is" >&2
CHALLENGE=$(curl -si -X POST "$MCP" | grep -i '^www-authenticate:')
METADATA=$(printf %s "$CHALLENGE" | sed -n 's/.*resource_metadata="\([^"]*\)".*/\1/p')
SCOPE=$(printf %s "$CHALLENGE" | sed -n 's/.*[ ,]scope="\([^"]*\)".*/\1/p' | sed 's/ /%20/g')

echo "2. $METADATA names the issuer" >&2
RESOURCE=$(curl -s "$METADATA" | member resource)
ISSUER=$(curl -s "$METADATA" | member authorization_servers)

echo "3. The metadata of $ISSUER names the endpoints" >&2
AS=$(curl -s "$(printf %s "$ISSUER" | sed -E 's#^(https?://[^/]+)(.*)$#\1/.well-known/oauth-authorization-server\2#')")

echo "4. Register" >&2
CLIENT=$(curl -s "$(printf %s "$AS" | member registration_endpoint)" -H 'Content-Type: application/json' \
  -d "{\"client_name\": \"curl\", \"redirect_uris\": [\"$REDIRECT\"], \"token_endpoint_auth_method\": \"none\"}" | member client_id)

echo "5. Open this, log in, and paste the address at which the browser ends:" >&2
VERIFIER=$(openssl rand -hex 32)
PROOF=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=\n')
echo "$(printf %s "$AS" | member authorization_endpoint)?response_type=code&client_id=$CLIENT&redirect_uri=$REDIRECT&scope=$SCOPE&resource=$RESOURCE&state=1&code_challenge=$PROOF&code_challenge_method=S256"
read -r ANSWER
CODE=$(printf %s "$ANSWER" | sed -n 's/.*[?&]code=\([^&#]*\).*/\1/p')

echo "6. The code becomes a token" >&2
TOKEN=$(curl -s "$(printf %s "$AS" | member token_endpoint)" -d grant_type=authorization_code -d "code=$CODE" \
  -d "client_id=$CLIENT" -d "redirect_uri=$REDIRECT" -d "code_verifier=$VERIFIER" -d "resource=$RESOURCE" | member access_token)

echo "7. With the token: the tools" >&2
curl -s "$MCP" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
  -H 'Accept: application/json, text/event-stream' -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}'
