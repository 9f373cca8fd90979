// keycloak-connect, unchanged, in two applications: an API that takes bearer tokens, and one that people log in to.
// The first line on standard input is the configuration; then {"advance": seconds} moves the clock of this program.

import { createInterface } from 'node:readline'
import express from 'express'
import session from 'express-session'
import Keycloak from 'keycloak-connect'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => JSON.parse((await lines.next()).value)
const write = (answer) => console.log(JSON.stringify(answer))
const realm = await read()

function listen(application) {
  return new Promise((resolve) => {
    const server = application.listen(0, '127.0.0.1', () => resolve(`http://localhost:${server.address().port}`))
  })
}

function api(settings) {
  const application = express()
  const keycloak = new Keycloak({}, { ...realm, 'bearer-only': true, ...settings })
  application.use(keycloak.middleware())
  const answer = (request, response) => response.json({ sub: request.kauth.grant.access_token.content.sub })
  application.get('/', keycloak.protect(), answer)
  application.get('/admin', keycloak.protect('realm:admin'), answer)
  application.get('/edit', keycloak.protect('web:editor'), answer)
  return application
}

function site() {
  const application = express()
  const store = new session.MemoryStore()
  const keycloak = new Keycloak({ store, scope: 'profile email' }, realm)
  application.use(session({ secret: 'a secret', resave: false, saveUninitialized: true, store }))
  application.use(keycloak.middleware({ logout: '/logout', admin: '/' }))
  application.get('/', (request, response) => response.send('Home'))
  application.get('/me', keycloak.protect(), async (request, response) => {
    const { access_token: access, id_token: id, refresh_token: refresh } = request.kauth.grant
    response.json({
      username: access.content.preferred_username,
      email: id.content.email,
      refresh: refresh.content.typ,
      jti: access.content.jti,
      session: request.session.id,
      userinfo: await keycloak.grantManager.userInfo(access),
      active: (await keycloak.grantManager.validateAccessToken(access)) !== false,
    })
  })
  application.get('/admin', keycloak.protect('realm:admin'), (request, response) => response.send('Welcome'))
  application.get('/sso', keycloak.checkSso(), (request, response) => response.json({ known: !!request.kauth.grant }))
  return application
}

write({
  api: await listen(api({})),
  audience: await listen(api({ 'verify-token-audience': true })),
  site: await listen(site()),
})
const now = Date.now
for (;;) {
  const { advance } = await read()
  Date.now = () => now() + advance * 1000
  write({})
}
