// Auth.js' Google provider, unchanged, in an application of two pages: /auth/… and who is logged in. One JSON command a
// line, one JSON answer a line; {"open": URL} asks for a person at a browser, and the next line has the address that follows.

import { createInterface } from 'node:readline'
import { Auth } from '@auth/core'
import Google from '@auth/core/providers/google'

const HOME = 'http://localhost:3000'
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => {
  const { value, done } = await lines.next()
  return done ? undefined : JSON.parse(value)
}
const write = (answer) => console.log(JSON.stringify(answer))

class Browser {
  cookies = new Map()

  async visit(application, address, form) {
    const headers = { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') }
    const body = form && new URLSearchParams(form)
    const answer = await application(new Request(new URL(address, HOME), { method: form ? 'POST' : 'GET', headers, body }))
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(';')
      const [name, ...value] = pair.split('=')
      this.cookies.set(name, value.join('='))
    }
    return answer
  }
}

async function login() {
  const problems = []
  const config = {
    basePath: '/auth',
    secret: 'of this test',
    trustHost: true,
    providers: [Google({ clientId: process.env.GOOGLE_CLIENT_ID, clientSecret: process.env.GOOGLE_CLIENT_SECRET })],
    logger: { error: (error) => problems.push(`${error.name}: ${error.cause?.err?.message ?? error.message}`), warn() {}, debug() {} },
    callbacks: {
      jwt: ({ token, account, profile }) => ({ ...token, ...(account && { scope: account.scope, profile }) }),
      session: ({ session, token }) => ({ ...session, scope: token.scope, profile: token.profile }),
    },
  }
  const application = (request) => Auth(request, config)
  const browser = new Browser()
  const { csrfToken } = await (await browser.visit(application, '/auth/csrf')).json()
  const sent = await browser.visit(application, '/auth/signin/google', { csrfToken, callbackUrl: `${HOME}/` })
  if (problems.length) return { refused: problems.join('; ') }
  write({ open: sent.headers.get('location') })
  const { address } = await read()
  await browser.visit(application, address)
  if (problems.length) return { refused: problems.join('; ') }
  const session = await (await browser.visit(application, '/auth/session')).json()
  return { user: session.profile, session }
}

for (let command = await read(); command; command = await read()) {
  write(await login().catch((error) => ({ refused: error.message })))
}
