// The code of a remedy as its stack runs it: one JSON command a line, what it says to each token as one JSON answer.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'

const MORE = {
  jose: 'export const verify = verified; export { errors }',
  'mcp-typescript': 'export const verify = verifyAccessToken; export { OAuthError }',
}

async function loaded(stack, { verify, verifier, auth, errors }, folder) {
  const path = `${folder}/${stack}.mjs`
  if (stack === 'express-oauth2-jwt-bearer') {
    const app = 'import express from "express"\nexport const app = express()\n'
    writeFileSync(path, `${app}${auth}\n${errors}`)
  } else writeFileSync(path, `${verify ?? verifier}\n${MORE[stack]}`)
  return import(path)
}

async function verdict(module, token) {
  try {
    await module.verify(token)
    return 'accepts'
  } catch (error) {
    return error instanceof (module.OAuthError ?? module.errors.JOSEError) ? 'refuses' : `crashes with ${error}`
  }
}

async function answered(url, token) {
  const { status } = await fetch(`${url}/notes`, { headers: { Authorization: `Bearer ${token}` } })
  return { 200: 'accepts', 401: 'refuses', 403: 'refuses' }[status] ?? `answers ${status}`
}

async function verdicts({ stack, code, tokens, folder }) {
  const module = await loaded(stack, code, folder)
  const found = []
  if (!module.app) {
    for (const token of tokens) found.push(await verdict(module, token))
    return found
  }
  const server = createServer({ maxHeaderSize: 1 << 20 }, module.app)
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  for (const token of tokens) found.push(await answered(`http://127.0.0.1:${server.address().port}`, token))
  return found
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify({ verdicts: await verdicts(JSON.parse(line)) }))
