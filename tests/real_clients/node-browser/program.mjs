// Chromium as a program: one JSON command a line on standard input, one JSON answer a line on standard output.

import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

const FLAGS = [
  '--no-sandbox', // containers run tests as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const ANSWERED = ['address', 'complaints', 'run']
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS })
let page
let complaints = []

const commands = {
  async start() {
    await page?.context().close()
    page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(120_000) // tells a hang from a busy machine
    complaints = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  },
  end: () => browser.close(),
  open: ({ address }) => page.goto(address),
  press: ({ words }) => page.getByRole('button', { name: words }).first().click(),
  fill: ({ label, text }) => page.getByLabel(label).fill(text),
  // a page that has just come gets its focus with its first paint
  key: async ({ name }) => {
    await page.waitForFunction(() => document.activeElement !== document.body);
    await page.keyboard.press(name);
  },
  see: ({ words }) => page.getByText(words).first().waitFor(),
  arrive: ({ prefix }) => page.waitForURL((address) => address.href.startsWith(prefix)),
  address: () => page.url(),
  complaints: () => complaints,
  run: ({ script }) => page.evaluate(script),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...its } = JSON.parse(line)
  try {
    const result = await commands[command](its)
    const shown = ANSWERED.includes(command) ? result : undefined
    console.log(JSON.stringify({ result: shown ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ failed: `${error} at ${page?.url()}` }))
  }
}
