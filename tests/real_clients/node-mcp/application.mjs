// An application with an MCP SDK; talks with a test as tests/real_clients/programs/lines.py does.
//
// `node application.mjs PACKAGE [CLIENT_METADATA_URL]`: @modelcontextprotocol/sdk or @modelcontextprotocol/client.
import { createInterface } from "node:readline";

const [name, clientMetadataUrl] = process.argv.slice(2);
const REDIRECT_URI = "http://localhost:5555/callback";
const GRANTS = ["authorization_code", "refresh_token"];

async function load() {
  if (name !== "@modelcontextprotocol/sdk") return import(name);
  const [{ Client }, { StreamableHTTPClientTransport }, { UnauthorizedError }, extensions] = await Promise.all([
    import(`${name}/client/index.js`),
    import(`${name}/client/streamableHttp.js`),
    import(`${name}/client/auth.js`),
    import(`${name}/client/auth-extensions.js`),
  ]);
  return { Client, StreamableHTTPClientTransport, UnauthorizedError, ...extensions };
}

// Time passes for this program as for the test that says so.
let passed = 0;
const Present = globalThis.Date;
globalThis.Date = class extends Present {
  constructor(...parts) { super(...(parts.length ? parts : [Present.now() + passed])); }
  static now() { return Present.now() + passed; }
};

const sdk = await load();
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const answer = (members) => process.stdout.write(`${JSON.stringify(members)}\n`);

async function ask(members) {
  answer(members);
  return JSON.parse((await lines.next()).value);
}

class Provider {
  redirectUrl = REDIRECT_URI;
  clientMetadataUrl = clientMetadataUrl;

  constructor(metadata) {
    this.clientMetadata = { client_name: "A test", redirect_uris: [REDIRECT_URI], grant_types: GRANTS, ...metadata };
  }

  clientInformation() { return this.client; }
  saveClientInformation(client) { this.client = client; }
  tokens() { return this.saved; }
  saveTokens(tokens) { this.saved = tokens; }
  saveCodeVerifier(verifier) { this.verifier = verifier; }
  codeVerifier() { return this.verifier; }
  saveDiscoveryState(state) { this.discovery = state; }
  discoveryState() { return this.discovery; }

  async redirectToAuthorization(url) {
    this.answer = new URL((await ask({ open: url.href })).address).searchParams;
  }

  invalidateCredentials(what) {
    if (what === "all" || what === "client") this.client = undefined;
    if (what === "all" || what === "tokens") this.saved = undefined;
    if (what === "all" || what === "discovery") this.discovery = undefined;
  }
}

async function call(provider, server, tool, given) {
  for (;;) {
    const transport = new sdk.StreamableHTTPClientTransport(new URL(server), { authProvider: provider });
    const client = new sdk.Client({ name: "a test", version: "1" });
    try {
      await client.connect(transport);
      const result = await client.callTool({ name: tool, arguments: given });
      await client.close();
      return result.content[0].text;
    } catch (error) {
      if (!(error instanceof sdk.UnauthorizedError) || !provider.answer) throw error;
      const { answer: returned } = provider;
      provider.answer = undefined;
      if (returned.get("error")) throw error;
      await transport.finishAuth(returned.get("code"), returned.get("iss"));
    }
  }
}

const providers = new Map();
let login;
const assertion = async ({ authorizationServerUrl: audience, resourceUrl: resource, scope }) =>
  (await sdk.discoverAndRequestJwtAuthGrant({ ...login, audience, resource, scope })).jwtAuthGrant;

function providerOf({ server, metadata, credentials, idp }) {
  login = idp;
  if (!providers.has(server)) {
    const options = { ...credentials?.options, ...(idp && { assertion }) };
    providers.set(server, credentials ? new sdk[credentials.kind](options) : new Provider(metadata));
  }
  return providers.get(server);
}

for (let next = await lines.next(); !next.done; next = await lines.next()) {
  const command = JSON.parse(next.value);
  if (command.let_pass) {
    passed += command.let_pass * 1000;
    answer({});
    continue;
  }
  try {
    const provider = providerOf(command);
    const text = await call(provider, command.server, command.call, command.arguments ?? {});
    const client = await provider.clientInformation();
    const tokens = await provider.tokens();
    answer({ text, client_id: client?.client_id, scope: tokens?.scope });
  } catch (error) {
    answer({ error: `${error.name}: ${error.message}` });
  }
}
