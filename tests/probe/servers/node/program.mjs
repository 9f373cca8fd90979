// Servers on Node, as the documentation of each package has them: one JSON command a line, one JSON answer a line.
//
// {"serve": "jose", "issuer": URL, "options": {…}}; `options` are those of the package, beside issuer and audience.

import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { createMcpExpressApp, getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter, requireBearerAuth } from '@modelcontextprotocol/express'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const SCOPE = 'mcp:read'
const keysOf = (issuer) => createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))

// The package alone, without a framework.
function jose({ issuer, options }, audience) {
  const keys = keysOf(issuer)
  const answer = (response, status, body, headers) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
  const refuse = (response, status, error, more = '') =>
    answer(response, status, { error }, { 'WWW-Authenticate': error ? `Bearer error="${error}"${more}` : 'Bearer' })
  return async (request, response) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization)?.[1]
    if (!token) return refuse(response, 401)
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, ...options })
      if (payload.scope?.split(' ').includes(SCOPE)) answer(response, 200, { owner: payload.sub })
      else refuse(response, 403, 'insufficient_scope', `, scope="${SCOPE}"`)
    } catch {
      refuse(response, 401, 'invalid_token')
    }
  }
}

function expressBearer({ issuer: issuerBaseURL, options }, audience) {
  const app = express()
  app.get('/notes', auth({ issuerBaseURL, audience, ...options }), requiredScopes(SCOPE), (request, response) =>
    response.json({ owner: request.auth.payload.sub }))
  app.use((error, request, response, next) =>
    response.status(error.status ?? 500).set(error.headers).json({ error: error.message }))
  return app
}

async function mcp({ issuer, options }, audience) {
  const mcpServerUrl = new URL(audience)
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(mcpServerUrl)
  const oauthMetadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  const keys = keysOf(issuer)

  async function verifyAccessToken(token) {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, ...options })
      return { token, clientId: payload.client_id, scopes: payload.scope.split(' '), expiresAt: payload.exp }
    } catch (error) {
      throw new OAuthError(OAuthErrorCode.InvalidToken, error.message)
    }
  }

  function buildServer() {
    const server = new McpServer({ name: 'probed', version: '1' })
    server.registerTool('whoami', { description: 'Report the caller' }, async (context) =>
      ({ content: [{ type: 'text', text: `called by ${context.http.authInfo.clientId}` }] }))
    return server
  }

  const app = createMcpExpressApp()
  const handler = toNodeHandler(createMcpHandler(buildServer, { scopeChallenge: { resourceMetadataUrl } }))
  app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: mcpServerUrl }))
  const gate = requireBearerAuth({ verifier: { verifyAccessToken }, requiredScopes: [SCOPE], resourceMetadataUrl })
  app.all('/mcp', gate, (request, response) => void handler(request, response, request.body))
  return app
}

const SERVERS = { jose: [jose, 'notes'], 'express-oauth2-jwt-bearer': [expressBearer, 'notes'], 'mcp-typescript': [mcp, 'mcp'] }

async function serve(command) {
  const [make, path] = SERVERS[command.serve]
  const server = createServer()
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://localhost:${server.address().port}/${path}`
  server.on('request', await make(command, url))
  return url
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ server: await serve(JSON.parse(line)) }))
