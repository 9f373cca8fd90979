// aws-jwt-verify, with the options of its own that send a request to another address, and oidc-client-ts as Amazon's
// quick start for user pools sets it up; both unchanged.
import { createInterface } from "node:readline";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { SimpleFetcher } from "aws-jwt-verify/https";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from "oidc-client-ts";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => JSON.parse((await lines.next()).value);
const say = (answer) => console.log(JSON.stringify(answer));

async function verdicts({ options, at, tokens }) {
  // Cognito's host is built in: a connection to it ends at devidp, whose certificate is for that host
  const fetcher = new SimpleFetcher({ defaultRequestOptions: at });
  const verifier = CognitoJwtVerifier.create(options, { jwksCache: new SimpleJwksCache({ fetcher }) });
  const found = {};
  for (const [name, token] of Object.entries(tokens)) {
    try {
      found[name] = { claims: await verifier.verify(token) };
    } catch (error) {
      found[name] = { refused: `${error.constructor.name}: ${error.message}` };
    }
  }
  return { verdicts: found };
}

async function login({ settings, logoutUri }) {
  const client = new OidcClient({ ...settings, stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }) });
  const { url } = await client.createSigninRequest({});
  say({ open: url });
  const response = await client.processSigninResponse((await read()).address);
  const refreshed = response.refresh_token && await client.useRefreshToken({
    state: {
      refresh_token: response.refresh_token, id_token: response.id_token, profile: response.profile,
      scope: response.scope, session_state: null, data: undefined,
    },
  });
  const metadata = await client.metadataService.getMetadata();
  return {
    profile: response.profile, access: response.access_token, refreshed: refreshed?.access_token ?? null,
    out: `${metadata.end_session_endpoint}?client_id=${settings.client_id}&logout_uri=${encodeURIComponent(logoutUri)}`,
  };
}

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  const command = JSON.parse(line.value);
  try {
    say(await (command.do === "login" ? login(command) : verdicts(command)));
  } catch (error) {
    say({ failed: `${error.constructor.name}: ${error.message}` });
  }
}
