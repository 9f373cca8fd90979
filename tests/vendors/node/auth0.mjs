// Auth0's packages for Express, unchanged: an application with pages, and an API. A line of standard input has its settings,
// {"issuer": URL, "audience": API, "strict": API whose tokens follow RFC 9068, "client": id, "secret": of the client},
// a line of standard output its URL.

import { createInterface } from 'node:readline'
import express from 'express'
import { auth, claimIncludes, requiredScopes } from 'express-oauth2-jwt-bearer'
import openid from 'express-openid-connect'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const settings = JSON.parse((await lines.next()).value)
const issuerBaseURL = settings.issuer
const app = express()

app.get('/api', auth({ issuerBaseURL, audience: settings.audience }), requiredScopes('read:notes'), (request, response) =>
  response.json(request.auth.payload))
app.get('/permitted', auth({ issuerBaseURL, audience: settings.audience }), claimIncludes('permissions', 'read:notes'),
  (request, response) => response.json(request.auth.payload))
app.get('/strict', auth({ issuerBaseURL, audience: settings.strict, strict: true }), requiredScopes('read:notes'),
  (request, response) => response.json(request.auth.payload))

const server = app.listen(0, '127.0.0.1', () => {
  const baseURL = `http://localhost:${server.address().port}`
  const common = {
    issuerBaseURL,
    clientID: settings.client,
    clientSecret: settings.secret,
    secret: 'a secret of the cookies, of 32 characters',
    authRequired: false,
    idpLogout: true,
  }
  const pages = {
    // its default: an ID token in a form that the browser posts
    '/front': { authorizationParams: { response_type: 'id_token', response_mode: 'form_post', scope: 'openid profile email' } },
    '/code': {
      authorizationParams: { response_type: 'code', audience: settings.audience, scope: 'openid profile offline_access read:notes' },
      auth0Logout: true,
    },
  }
  for (const [path, own] of Object.entries(pages)) {
    const routes = express.Router()
    routes.use(openid.auth({ ...common, ...own, baseURL: baseURL + path, session: { name: path.slice(1) } }))
    routes.get('/', openid.requiresAuth(), async (request, response) => {
      const { idTokenClaims: claims, accessToken } = request.oidc
      await accessToken?.refresh()
      response.json({ claims, userinfo: accessToken && (await request.oidc.fetchUserInfo()) })
    })
    app.use(path, routes)
  }
  app.use((error, request, response, next) =>
    response.status(error.status ?? 500).set(error.headers).json({ error: error.message }))
  console.log(JSON.stringify({ url: baseURL }))
})
