// @ory/client, unchanged: what Ory's SDK reads of an issuer. One JSON command a line, one JSON answer a line.

import { createInterface } from 'node:readline'
import { Configuration, OAuth2Api, OidcApi, WellknownApi } from '@ory/client'

const refused = (error) => ({ status: error.response?.status, refused: error.response?.data ?? error.message })

async function introspect({ basePath, tokens, scope }) {
  const api = new OAuth2Api(new Configuration({ basePath }))
  const answers = await Promise.all(tokens.map((token) => api.introspectOAuth2Token({ token, scope })))
  return { answers: answers.map(({ data }) => data) }
}

async function documents({ basePath }) {
  const configuration = new Configuration({ basePath })
  const discovery = await new OidcApi(configuration).discoverOidcConfiguration()
  const keys = await new WellknownApi(configuration).discoverJsonWebKeys()
  return { discovery: discovery.data, keys: keys.data }
}

async function userinfo({ basePath, token }) {
  return (await new OidcApi(new Configuration({ basePath, accessToken: token })).getOidcUserInfo()).data
}

async function revoke({ basePath, token, clientId, clientSecret }) {
  const { status } = await new OAuth2Api(new Configuration({ basePath })).revokeOAuth2Token({ token, clientId, clientSecret })
  return { status }
}

async function token({ basePath, clientId, clientSecret }) {
  const api = new OAuth2Api(new Configuration({ basePath }))
  const auth = { username: clientId, password: clientSecret }
  return (await api.oauth2TokenExchange({ grantType: 'client_credentials' }, { auth })).data
}

const commands = { introspect, documents, userinfo, revoke, token }
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line)
  console.log(JSON.stringify(await commands[command.do](command).catch(refused)))
}
