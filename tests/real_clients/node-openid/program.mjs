// openid-client as a program: one JSON command a line on standard input, one JSON answer a line on standard output.
// {"open": URL} in between asks for a person at a browser; the next line has the address at which the browser ends.

import { createInterface } from 'node:readline'
import * as client from 'openid-client'

const REDIRECT_URI = 'http://localhost:5555/callback'
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const HOME = 'http://localhost:5555/'
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const read = async () => JSON.parse((await lines.next()).value)
const write = (answer) => console.log(JSON.stringify(answer))
const open = async (address) => {
  write({ open: String(address) })
  return new URL((await read()).address)
}

async function configured({ issuer, authentication = client.ClientSecretBasic('web-secret'), id = 'web' }) {
  return client.discovery(new URL(issuer), id, {}, authentication, { execute: [client.allowInsecureRequests] })
}

async function login(config, build, extra = {}, options = undefined) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const address = await build(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid email mcp:read',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  })
  const answer = await open(address)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  return client.authorizationCodeGrant(config, answer, checks, undefined, options)
}

async function registered({ issuer }, metadata) {
  const wanted = { redirect_uris: [REDIRECT_URI], grant_types: ['authorization_code', 'refresh_token'], ...metadata }
  return client.dynamicClientRegistration(new URL(issuer), wanted, undefined, {
    execute: [client.allowInsecureRequests],
  })
}

const commands = {
  async code(command) {
    const config = await configured(command)
    const tokens = await login(config, client.buildAuthorizationUrl)
    const { sub } = tokens.claims()
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
    const before = await client.tokenIntrospection(config, refreshed.access_token)
    await client.tokenRevocation(config, refreshed.refresh_token)
    const after = await client.tokenIntrospection(config, refreshed.access_token)
    return { sub, email: userinfo.email, before: before.active, after: after.active }
  },

  async login(command) {
    const config = await configured(command)
    const tokens = await login(config, client.buildAuthorizationUrl)
    const { sub } = tokens.claims()
    return client.fetchUserInfo(config, tokens.access_token, sub)
  },

  async pushed(command) {
    const config = await configured(command)
    return (await login(config, client.buildAuthorizationUrlWithPAR)).claims()
  },

  async signed(command) {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'own', use: 'sig', alg: 'ES256' }
    const config = await registered(command, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      request_object_signing_alg: 'ES256',
      jwks: { keys: [{ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid: jwk.kid, use: jwk.use, alg: jwk.alg }] },
    })
    const key = { key: pair.privateKey, kid: 'own' }
    const own = await configured({
      ...command,
      id: config.clientMetadata().client_id,
      authentication: client.PrivateKeyJwt(key),
    })
    const build = (settings, parameters) => client.buildAuthorizationUrlWithJAR(settings, parameters, key)
    return (await login(own, build)).claims()
  },

  async bound(command) {
    const config = await configured(command)
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const tokens = await login(config, client.buildAuthorizationUrl, {}, { DPoP })
    const { sub } = tokens.claims()
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP })
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
    return { type: tokens.token_type, again: refreshed.token_type, sub: userinfo.sub }
  },

  async logout(command) {
    const config = await configured(command)
    const tokens = await login(config, client.buildAuthorizationUrl)
    const address = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: HOME,
      state: 'a state',
    })
    const back = await open(address)
    return { address: back.origin + back.pathname, state: back.searchParams.get('state') }
  },

  async device(command) {
    const config = await registered(command, {
      grant_types: [DEVICE_CODE, 'refresh_token'],
      redirect_uris: undefined,
      token_endpoint_auth_method: 'none',
    })
    const authorization = await client.initiateDeviceAuthorization(config, { scope: 'openid mcp:read' })
    await open(authorization.verification_uri_complete)
    const tokens = await client.pollDeviceAuthorizationGrant(config, authorization)
    const { sub } = tokens.claims()
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub)
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
    return { sub: userinfo.sub, scope: refreshed.scope }
  },

  async client(command) {
    const config = await configured({ ...command, id: 'service', authentication: client.ClientSecretPost('service-secret') })
    return { scope: (await client.clientCredentialsGrant(config, { scope: 'mcp:read' })).scope }
  },

  async pairwise(command) {
    const config = await registered(command, {
      subject_type: 'pairwise',
      token_endpoint_auth_method: 'client_secret_post',
    })
    return { sub: (await login(config, client.buildAuthorizationUrl)).claims().sub }
  },
}

for (;;) {
  const command = await read()
  try {
    write(await commands[command.run](command))
  } catch (error) {
    write({ failed: `${error}: ${error.cause?.error_description ?? error.error_description ?? error.cause ?? ''}` })
  }
}
