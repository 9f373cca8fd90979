// @okta/jwt-verifier, unchanged and with its default key address: for each line of JSON, why each token is refused.
import { createInterface } from "node:readline";
import OktaJwtVerifier from "@okta/jwt-verifier";

let crashed;
process.on("uncaughtException", (error) => crashed(error));  // njwt throws where nobody can catch it

function refusal(verify) {
  return new Promise((resolve) => {
    crashed = (error) => resolve(`crash: ${error.message}`);
    verify().then(() => resolve(""), (error) => resolve(error.message || String(error)));
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { kind, expected, nonce, tokens, ...options } = JSON.parse(line);
  const verifier = new OktaJwtVerifier(options);
  const check = kind === "id"
    ? (token) => verifier.verifyIdToken(token, expected, nonce)
    : (token) => verifier.verifyAccessToken(token, expected);
  const verdicts = [];
  for (const token of tokens) verdicts.push(await refusal(() => check(token)));
  console.log(JSON.stringify({ verdicts }));
}
