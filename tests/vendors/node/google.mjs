// google-auth-library, unchanged: what it says of ID tokens, and a login. One JSON command a line, one JSON answer a line;
// {"open": URL} in between asks for a person at a browser, and the next line has the address at which the browser ends.

import { createInterface } from 'node:readline'
import { CodeChallengeMethod, OAuth2Client } from 'google-auth-library'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => {
  const { value, done } = await lines.next()
  return done ? undefined : JSON.parse(value)
}
const write = (answer) => console.log(JSON.stringify(answer))
const refused = (error) => ({ refused: error.message.slice(0, 200) })

async function verdicts({ tokens, audience }) {
  const client = new OAuth2Client()
  const found = {}
  for (const [name, idToken] of Object.entries(tokens)) {
    found[name] = await client
      .verifyIdToken({ idToken, audience })
      .then((ticket) => ({ claims: ticket.getPayload() }), refused)
  }
  return { verdicts: found }
}

async function login({ clientId, clientSecret, redirectUri, hd }) {
  const client = new OAuth2Client({ clientId, clientSecret, redirectUri })
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync()
  const url = client.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope: ['openid', 'https://www.googleapis.com/auth/userinfo.email'],
    code_challenge: codeChallenge,
    code_challenge_method: CodeChallengeMethod.S256,
    hd,
  })
  write({ open: url })
  const { address } = await read()
  const { tokens } = await client.getToken({ code: new URL(address).searchParams.get('code'), codeVerifier })
  client.setCredentials(tokens)
  const ticket = await client.verifyIdToken({ idToken: tokens.id_token, audience: clientId })
  const userinfo = (await client.request({ url: 'https://openidconnect.googleapis.com/v1/userinfo' })).data
  const info = await client.getTokenInfo(tokens.access_token)
  const { credentials } = await client.refreshAccessToken()
  await client.revokeToken(credentials.access_token)
  const revoked = await client.getTokenInfo(credentials.access_token).then((data) => ({ data }), refused)
  return { tokens, claims: ticket.getPayload(), userinfo, info, refreshed: credentials, revoked }
}

const commands = { verdicts, login }
for (let command = await read(); command; command = await read()) {
  write(await commands[command.do](command).catch(refused))
}
