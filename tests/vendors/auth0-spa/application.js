// A single-page application with auth0-spa-js. Its answer to an address is the promise `ready`.

const options = {
  domain: settings.issuer.slice(0, -1),
  clientId: settings.client,
  authorizationParams: {
    redirect_uri: `${location.origin}/callback`,
    audience: 'https://api.example.test',
    scope: 'openid profile email read:notes',
  },
}
const client = new auth0.Auth0Client({ ...options, useRefreshTokens: true })
const inFrame = () => new auth0.Auth0Client(options).getTokenSilently({ cacheMode: 'off', detailedResponse: true })

const ready = location.pathname === '/callback' ? client.handleRedirectCallback() : client.checkSession()

document.getElementById('in').onclick = () => client.loginWithRedirect()
document.getElementById('out').onclick = () => client.logout({ logoutParams: { returnTo: `${location.origin}/` } })
document.getElementById('where').textContent = `This is ${location.pathname}, the page`
