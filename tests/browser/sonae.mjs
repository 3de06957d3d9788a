// SPDX-License-Identifier: GPL-3.0-or-later
//
// Starts the real program on a temporary data folder and a loopback port, and a browser in front of it.
// SONAE: the program. SHOTS: a folder for pictures of the pages (none are made without it).
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const program = resolve(process.env.SONAE ?? join(source, 'build/sonae'))
const STARTED_WITHIN_MS = 60_000

export const password = 'a long sentence for tests'

export const fixture = name => readFileSync(join(source, 'tests/mail', name))
export const fixturePath = name => join(source, 'tests/mail', name)

const freePort = () => new Promise((done, failed) => {
  const server = createServer().once('error', failed)
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => done(port))
  })
})

// The server keeps the time of Japan by itself, wherever the machine is; the tests read their calendar as it does.
delete process.env.TZ
const environment = { ...process.env }
process.env.TZ = 'Asia/Tokyo'

// folder: data that is there already and stays; without it a new one that is removed at the end. before: a program that
// starts it.
export async function startSonae({ folder, more = [], before = [] } = {}) {
  const data = folder ?? mkdtempSync(join(tmpdir(), 'sonae-browser-'))
  const port = await freePort()
  const [command, ...first] = [...before, program]
  const child = spawn(command, [...first, 'server', '--data', data, '--rules', process.env.SONAE_RULES ?? join(source, 'rules'), '--listen', `127.0.0.1:${port}`, '--gate-listen', 'none', '--language', 'en', ...more], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const code = await new Promise((done, failed) => {
    const timer = setTimeout(() => { child.kill('SIGTERM'); failed(new Error(`not started in time:\n${output.slice(0, 4000)}`)) }, STARTED_WITHIN_MS)
    const take = piece => {
      output += piece
      const found = output.match(/\b([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b/)
      if (found) {
        clearTimeout(timer)
        done(found[1])
      }
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('exit', status => { clearTimeout(timer); failed(new Error(`ended with ${status}:\n${output}`)) })
  })
  return {
    code, data, pid: child.pid, origin: `http://127.0.0.1:${port}`, output: () => output,
    async stop() {
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
      if (!folder) rmSync(data, { recursive: true, force: true })
    },
  }
}

export const startBrowser = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

// A context that remembers what it asked for elsewhere and what the content policy refused.
export async function openContext(browser, sonae, options = {}) {
  const context = await browser.newContext({ baseURL: sonae.origin, locale: 'ja-JP', viewport: { width: 1280, height: 900 }, ...options })
  const seen = { elsewhere: [], refused: [] }
  context.on('request', request => { if (!request.url().startsWith(sonae.origin) && !request.url().startsWith('data:')) seen.elsewhere.push(request.url()) })
  context.on('console', message => { if (/Content Security Policy/i.test(message.text())) seen.refused.push(message.text()) })
  context.setDefaultTimeout(15_000)
  return Object.assign(context, { seen })
}

export async function shoot(page, name, options = {}) {
  if (!process.env.SHOTS) return
  mkdirSync(process.env.SHOTS, { recursive: true })
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true, ...options })
}

// RFC 6238 with the usual values, to stand in for the telephone.
export function totp(secret, when = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/[ =]/g, '')].map(c => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(when / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = hash[19] & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

// The shortest way through the first run, for tests of something else.
export async function setUp(page, sonae) {
  await page.goto('/setup')
  await page.fill('#code', sonae.code)
  await page.click('main button.big')
  await page.fill('#company', '株式会社みなと商会')
  await page.fill('#own_domains', 'minato-shokai.example')
  await page.fill('#name', '佐藤 花子')
  await page.fill('#login', 'sato')
  await page.fill('#password', password)
  await page.click('main button.big')
  await page.waitForURL('**/me/second-factor*')
  await page.goto('/setup/ask')
  await page.fill('#ask_name', '鈴木 一郎')
  await page.fill('#ask_phone', '045-000-0001')
  await page.fill('#partners', 'yokohama-company.co.jp')
  await page.click('main button.big')
  await page.waitForURL('**/prepare/kit?setup=1')
  await page.click('a.button.big')
  await page.waitForURL('**/check?first=1')
}

export async function checkText(page, kind, text) {
  await page.goto(kind ? `/check?kind=${kind}` : '/check')
  await page.fill('#text', text)
  await page.click('main button.big')
  await page.waitForSelector('section.verdict')
  return verdictOf(page)
}

export async function checkFile(page, kind, file) {
  await page.goto(kind ? `/check?kind=${kind}` : '/check')
  await page.setInputFiles('#file', file)
  await page.click('main button.big')
  await page.waitForSelector('section.verdict')
  return verdictOf(page)
}

export const verdictOf = async page => (await page.getAttribute('section.verdict', 'class')).replace('verdict ', '')
