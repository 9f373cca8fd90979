// Verdicts of jose on many tokens at once: JSON in, JSON out.
import { readFileSync } from 'node:fs'
import { createLocalJWKSet, errors, jwtVerify } from 'jose'

const { server, tokens } = JSON.parse(readFileSync(0, 'utf8'))
const keys = createLocalJWKSet(server.jwks)

class Refused extends Error {}

const refuseUnless = (condition) => {
  if (!condition) throw new Refused()
}

async function usual(token) {
  const { payload } = await jwtVerify(token, keys, { issuer: server.issuer, audience: server.audience })
  refuseUnless((payload.scope ?? '').split(' ').includes(server.scope))
}

async function strict(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer: server.issuer,
    audience: server.audience,
    algorithms: ['RS256'],
    typ: 'at+jwt',
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'],
    maxTokenAge: '1 day',
  })
  refuseUnless(token.length <= 16 * 1024)
  refuseUnless(typeof payload.scope === 'string' && payload.scope.split(' ').includes(server.scope))
  refuseUnless(Number.isInteger(payload.exp) && payload.exp - payload.iat <= 86400)
  refuseUnless(payload.iss === server.issuer && [payload.aud].flat().every((one) => one === server.audience))
  refuseUnless(payload.sub === server.subject && payload.tenant_id === server.tenant)
  refuseUnless((payload.token_use ?? 'access') === 'access')
  refuseUnless([payload.jti, payload.client_id].every((one) => typeof one === 'string' && one !== ''))
}

async function verdict(verify, token) {
  try {
    await verify(token)
    return 'accepts'
  } catch (error) {
    return error instanceof errors.JOSEError || error instanceof Refused ? 'refuses' : 'crashes'
  }
}

const verdicts = { usual: [], strict: [] }
for (const token of tokens) {
  verdicts.usual.push(await verdict(usual, token))
  verdicts.strict.push(await verdict(strict, token))
}
console.log(JSON.stringify(verdicts))
