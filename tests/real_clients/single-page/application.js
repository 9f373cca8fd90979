// A single-page application with oidc-client-ts. Its answer to an address is the promise `ready`.

const manager = new oidc.UserManager({
  authority: settings.issuer,
  client_id: settings.client,
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/cb`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile email',
  loadUserInfo: true,
  automaticSilentRenew: false,
})

const seen = []
manager.events.addUserLoaded(() => seen.push('loaded'))
manager.events.addUserUnloaded(() => seen.push('unloaded'))

const pages = {
  '/callback': () => manager.signinCallback(),
  '/cb': () => manager.signinSilentCallback(),
  '/frontchannel_logout': () => manager.removeUser(),
}
const ready = pages[location.pathname]?.()

document.getElementById('in').onclick = () => manager.signinRedirect()
document.getElementById('out').onclick = () => manager.signoutRedirect({ state: { from: 'here' } })
