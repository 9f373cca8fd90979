// Libraries for Microsoft Entra ID, unchanged: MSAL as an application; passport-azure-ad, and jose with the address of
// the keys, as APIs. One JSON command a line on standard input, one answer a line on standard output.
// {"open": URL} in between asks for a person at a browser; the next line has the address at which the browser ends.

import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { ConfidentialClientApplication, PublicClientApplication, CryptoProvider, ProtocolMode } from '@azure/msal-node'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import passportAzureAd from 'passport-azure-ad'

const CALLBACK = 'http://localhost/callback'
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => JSON.parse((await lines.next()).value)
const write = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`)
const open = async (address) => {
  write({ open: address })
  return new URL((await read()).address)
}

function application({ client, secret, authority, oidc }) {
  const mode = oidc ? { protocolMode: ProtocolMode.OIDC } : {}
  const auth = { clientId: client, authority, knownAuthorities: [new URL(authority).host] }
  const options = { auth: secret ? { ...auth, clientSecret: secret } : auth, system: mode }
  return secret ? new ConfidentialClientApplication(options) : new PublicClientApplication(options)
}

const known = ({ accessToken, scopes, fromCache, account, idTokenClaims }) => ({
  access_token: accessToken,
  scopes,
  from_cache: fromCache,
  username: account?.username,
  local: account?.localAccountId,
  home: account?.homeAccountId,
  tenant: account?.tenantId,
  id_token_claims: idTokenClaims,
})
const refusal = ({ name, errorCode, errorMessage }) => ({ error: errorCode ?? name, description: errorMessage, name })

const passed = (strategy, token) =>
  new Promise((resolve) => {
    process.once('uncaughtException', (error) => resolve(`uncaught ${error.name}`))
    const request = { headers: { authorization: `Bearer ${token}` }, query: {}, body: {} }
    const one = Object.create(strategy)
    one.success = () => resolve('')
    one.fail = (challenge) => resolve(String(challenge?.message ?? challenge))
    one.error = (error) => resolve(String(error.message))
    one.authenticate(request, {})
  })

const commands = {
  async daemon({ scopes, ...settings }) {
    const app = application(settings)
    const ask = () => app.acquireTokenByClientCredential({ scopes })
    return [known(await ask()), known(await ask())]
  },

  async login({ scopes, further, ...settings }) {
    const app = application(settings)
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
    const request = { scopes, redirectUri: CALLBACK, nonce: randomUUID() }
    const proof = { codeChallenge: challenge, codeChallengeMethod: 'S256' }
    const answer = await open(await app.getAuthCodeUrl({ ...request, ...proof }))
    const code = answer.searchParams.get('code')
    const first = await app.acquireTokenByCode({ ...request, code, codeVerifier: verifier }, { code, nonce: request.nonce })
    const results = [known(first)]
    for (const wanted of [scopes, further]) {
      const silent = app.acquireTokenSilent({ account: first.account, scopes: wanted })
      results.push(await silent.then(known, refusal))
    }
    return results
  },

  async device({ scopes, ...settings }) {
    const app = application(settings)
    let opened
    const deviceCodeCallback = (answer) => {
      opened = open(`${answer.verificationUri}?user_code=${answer.userCode}`)
    }
    const tokens = await app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback })
    await opened
    return [known(tokens)]
  },

  async passport({ tokens, issuer, app_id, scope }) {
    const strategy = new passportAzureAd.BearerStrategy(
      {
        identityMetadata: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        clientID: app_id,
        scope: scope ? [scope] : undefined,
        loggingLevel: 'fatal',
        loggingNoPII: true,
      },
      (claims, done) => done(null, claims),
    )
    const verdicts = []
    for (const token of tokens) {
      verdicts.push(await passed(strategy, token))
      process.removeAllListeners('uncaughtException')
    }
    return verdicts
  },

  async jose({ tokens, issuer, app_id, jwks, scope }) {
    const keys = createRemoteJWKSet(new URL(jwks), { cooldownDuration: 0 })
    const verdict = (token) =>
      jwtVerify(token, keys, { issuer, audience: app_id, algorithms: ['RS256'] }).then(
        ({ payload: { scp } }) => (typeof scp === 'string' && scp.split(' ').includes(scope) ? '' : 'scp'),
        (error) => error.code ?? error.name,
      )
    return Promise.all(tokens.map(verdict))
  },
}

for (;;) {
  const { value, done } = await lines.next()
  if (done) break
  const { do: wanted, ...command } = JSON.parse(value)
  write({ answer: await commands[wanted](command).catch((error) => [refusal(error)]) })
}
