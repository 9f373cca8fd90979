// node-oidc-provider on a free port of this machine: prints its URL and an access token of a client, then serves.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer().listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "service", client_secret: "service-secret", grant_types: ["client_credentials"],
    redirect_uris: [], response_types: [],
  }],
  scopes: ["openid", "offline_access", "api:read"],
  ttl: { ClientCredentials: 600 },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:api",
      getResourceServerInfo: () => ({ scope: "api:read", accessTokenFormat: "jwt", audience: "urn:api" }),
    },
  },
});
server.on("request", provider.callback());
const answer = await fetch(`${issuer}/token`, {
  method: "POST",
  headers: { authorization: `Basic ${btoa("service:service-secret")}` },
  body: new URLSearchParams({ grant_type: "client_credentials", scope: "api:read" }),
});
console.log(JSON.stringify({ issuer, token: (await answer.json()).access_token }));
