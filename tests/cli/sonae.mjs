// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the real program on folders of its own: as a command, and as a server that is asked over HTTP. Only what comes
// with node. SONAE: the program under test (default build-plain/sonae); SONAE_RULES: its rules.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const source = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const program = resolve(process.env.SONAE ?? join(source, 'build-plain/sonae'))
export const rules = resolve(process.env.SONAE_RULES ?? join(source, 'rules'))
export const password = 'a long sentence for tests'
export const fixture = name => join(source, 'tests/mail', name)
export const sleep = ms => new Promise(done => setTimeout(done, ms))

// On a machine that has much else to do; what is measured is processor time.
const STARTED_WITHIN_MS = 120_000
const ENDED_WITHIN_MS = 60_000
const COMMAND_WITHIN_MS = 120_000
const SAMPLE_MS = 25

// One folder for all that a test file makes, on the machine's temporary disk; gone when the file's process ends.
const scratch = mkdtempSync(join(tmpdir(), 'sonae-cli-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
let made = 0
export function newFolder(name = 'folder') {
  const folder = join(scratch, `${name}-${made++}`)
  mkdirSync(folder, { recursive: true })
  return folder
}
export const newPath = (name = 'file') => join(scratch, `${made++}-${name}`)

// Nothing of whoever runs the tests: own home, own cache, own data folder, English.
export const environment = (more = {}) => ({
  PATH: process.env.PATH, HOME: scratch, XDG_CACHE_HOME: join(scratch, 'cache'), LC_ALL: 'C.UTF-8',
  SONAE_RULES: rules, SONAE_DATA: join(scratch, 'no-data'), ...more,
})

/* ---- memory and processor time ---- */

const read = path => { try { return readFileSync(path, 'latin1') } catch { return '' } }
export const childrenOf = pid => read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
export const familyOf = pid => [pid, ...childrenOf(pid).flatMap(familyOf)]
export const commandOf = pid => read(`/proc/${pid}/cmdline`).split('\0')
const kilobytes = (pid, field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`))?.[1] ?? 0)

const TICK_MS = 10 // of /proc/<pid>/stat
function processorMs(pid) {
  const fields = read(`/proc/${pid}/stat`).replace(/^.*\) /s, '').split(' ')
  return fields.length > 12 ? (Number(fields[11]) + Number(fields[12])) * TICK_MS : 0
}

// Highest resident memory of a process of the family, and processor time of all of it, as seen while they live.
export function watchUse(pid) {
  const peaks = new Map(), times = new Map()
  const look = () => {
    for (const one of familyOf(pid)) {
      peaks.set(one, Math.max(peaks.get(one) ?? 0, kilobytes(one, 'VmHWM')))
      times.set(one, Math.max(times.get(one) ?? 0, processorMs(one)))
    }
  }
  const timer = setInterval(look, SAMPLE_MS)
  look()
  return {
    peakMb: () => Math.max(0, ...peaks.values()) / 1024,
    processorMs: () => [...times.values()].reduce((sum, ms) => sum + ms, 0),
    stop: () => clearInterval(timer),
  }
}

/* ---- as a command ---- */

// { status, stdout, stderr, processorMs, peakMb }; input: bytes for standard input.
export function run(args, { input, env, cwd, command = [program], limitMs = COMMAND_WITHIN_MS } = {}) {
  return new Promise((done, failed) => {
    const [name, ...before] = command
    const child = spawn(name, [...before, ...args], { env: environment(env), cwd: cwd ?? scratch, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
    const use = watchUse(child.pid)
    const out = [], err = []
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.stdout.on('data', piece => out.push(piece))
    child.stderr.on('data', piece => err.push(piece))
    child.on('error', failed)
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      use.stop()
      done({
        status, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(),
        processorMs: use.processorMs(), peakMb: use.peakMb(),
      })
    })
    if (input !== undefined) {
      child.stdin.on('error', () => {}) // who stops reading says why in the answer
      child.stdin.end(input)
    }
  })
}

// The answers of `sonae check --json ARGS`, and how the command ended.
export async function check(args, options) {
  const ended = await run(['check', '--json', ...args], options)
  return { ...ended, answers: ended.stdout.split('\n').filter(Boolean).map(line => JSON.parse(line)) }
}

/* ---- as a server ---- */

export const freePort = () => new Promise((done, failed) => {
  const server = createServer().once('error', failed)
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => done(port))
  })
})

// Patterns that an earlier server compiled, to save its second to the next ones.
let compiled = null

// A server on a folder. env.SONAE_RULES: its rules. Waits until it greets. cold: it compiles its patterns itself.
export async function startServer({ data = newPath('data'), port, args = [], env, command = [program], cold = false } = {}) {
  port ??= await freePort()
  if (compiled && !cold && !existsSync(join(data, 'cache'))) {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    cpSync(compiled, join(data, 'cache'), { recursive: true })
  }
  const [name, ...before] = command
  const child = spawn(name, [...before, 'server', '--data', data, '--listen', `127.0.0.1:${port}`, '--gate-listen', 'none', '--language', 'en', ...args],
    { env: environment(env), cwd: scratch, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise(done => child.once('exit', (status, signal) => done({ status, signal })))
  await new Promise((done, failed) => {
    const timer = setTimeout(() => { child.kill('SIGTERM'); failed(new Error(`not started in time:\n${output}`)) }, STARTED_WITHIN_MS)
    const take = piece => {
      output += piece
      if (output.includes(`http://127.0.0.1:${port}/`)) {
        clearTimeout(timer)
        done()
      }
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', error => { clearTimeout(timer); failed(error) })
    child.once('exit', status => { clearTimeout(timer); failed(new Error(`ended with ${status}:\n${output}`)) })
  })
  // A test that fails before it stops its server must not wait for it: the end of this process ends it.
  for (const one of [child, child.stdout, child.stderr]) one.unref()
  compiled ??= join(data, 'cache')
  const server = {
    child, data, port, origin: `http://127.0.0.1:${port}`, output: () => output,
    async setupCode() {
      for (let i = 0; i < 100; i++, await sleep(50)) {
        const found = /\b([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b/.exec(output)
        if (found) return found[1]
      }
      throw new Error(`no setup code:\n${output}`)
    },
    processes() { return JSON.parse(readFileSync(join(data, 'run/status.json'), 'utf8')).processes },
    async stop(signal = 'SIGTERM') {
      const timer = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS)
      child.kill(signal)
      const how = await ended
      clearTimeout(timer)
      return how
    },
  }
  running.add(server)
  ended.then(() => running.delete(server))
  return server
}
const running = new Set()
process.on('exit', () => { for (const server of running) server.child.kill('SIGKILL') })

// A browser without a window: keeps cookies, sends forms with the token of the page they stand on.
export class Visitor {
  constructor(origin) { Object.assign(this, { origin, cookies: new Map() }) }
  async ask(path, { method = 'GET', form, headers = {}, body, html = false } = {}) {
    const answer = await fetch(this.origin + path, {
      method, redirect: 'manual', signal: AbortSignal.timeout(30_000), body: form ? new URLSearchParams(form) : body,
      headers: { ...(html ? {} : { accept: 'application/json' }), cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; '), ...headers },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (/Max-Age=0/.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : null }
  }
  get(path) { return this.ask(path) }
  async send(path, form, page = path) {
    const shown = await this.ask(page, { html: true })
    const csrf = /name="csrf" value="([^"]+)"/.exec(shown.text)?.[1]
    return this.ask(path, { method: 'POST', form: { csrf, ...form } })
  }
  signIn(login = 'sato', secret = password) { return this.send('/login', { login, password: secret }) }
}

// First person, by the code on the terminal; returns who is signed in.
export async function setUp(server) {
  const visitor = new Visitor(server.origin)
  const code = await server.setupCode()
  const answer = await visitor.send('/setup', { code, company: '株式会社みなと商会', own_domains: 'minato-shokai.example', name: '佐藤 花子', login: 'sato', password })
  if (answer.status !== 303) throw new Error(`set-up: ${answer.status} ${answer.text}`)
  return visitor
}

export async function newToken(visitor, scopes = ['check', 'report', 'read']) {
  const answer = await visitor.send('/me/tokens', { token_name: 'test', ...Object.fromEntries(scopes.map(scope => [scope, '1'])) }, '/me')
  if (!answer.json?.fresh_token) throw new Error(`token: ${answer.status} ${answer.text}`)
  return answer.json.fresh_token
}

// Asks the API with a token; { status, json, text }.
export async function askApi(server, token, path, { method = 'POST', body, headers = {} } = {}) {
  const answer = await fetch(server.origin + path, { method, body, redirect: 'manual', signal: AbortSignal.timeout(60_000), headers: { authorization: `Bearer ${token}`, ...headers } })
  const text = await answer.text()
  let json = null
  try { json = JSON.parse(text) } catch { /* the caller looks at the status */ }
  return { status: answer.status, json, text, headers: answer.headers }
}

/* ---- the contract of docs/check.md ---- */

export const kinds = ['mail', 'text', 'sms', 'url', 'qr', 'call', 'screen']
export const verdicts = ['danger', 'doubtful', 'nothing-found', 'cannot-tell']
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i])
const isText = value => typeof value === 'string'
const partName = /^(header:[A-Za-z-]+(:\d+)?|subject(:\d+)?|body(:\d+)?|link:\d+|attachment:\d+|qr:\d+)$/

// What an answer breaks of the contract, in words; nothing when it keeps it.
export function breaks(answer) {
  const out = []
  const must = (holds, what) => { if (!holds) out.push(what) }
  const wasRead = 'bias' in answer
  const fields = ['input', 'kind', 'verdict', 'score', 'claims', 'reasons', ...(wasRead ? ['bias'] : []), 'links', 'not_checked', ...('parts' in answer ? ['parts'] : []), 'elapsed_us']
  must(same(Object.keys(answer), fields), `fields ${Object.keys(answer)}`)
  must(isText(answer.input) && kinds.includes(answer.kind) && verdicts.includes(answer.verdict), `${answer.input} ${answer.kind} ${answer.verdict}`)
  must(answer.score >= 0 && answer.score <= 1, `score ${answer.score}`)
  must(answer.claims.every(isText) && answer.not_checked.every(isText), 'claims or not_checked')
  must(Number.isInteger(answer.elapsed_us) && answer.elapsed_us >= 0, `elapsed_us ${answer.elapsed_us}`)
  must(answer.links.every(link => same(Object.keys(link), ['text', 'url', 'host', 'registrable']) && Object.values(link).every(isText)), 'links')
  if (!wasRead) must(answer.verdict === 'cannot-tell' && answer.score === 0 && answer.reasons.length === 0 && answer.not_checked.length > 0, 'unread, and not said so')
  else must(Math.abs(1 / (1 + Math.exp(-answer.reasons.reduce((sum, reason) => sum + reason.weight, answer.bias))) - answer.score) < 0.0002, 'score is not the sum')
  const parts = new Map((answer.parts ?? []).map(part => [part.name, Buffer.from(part.text)]))
  must(parts.size === (answer.parts ?? []).length, 'two parts of one name')
  for (const reason of answer.reasons) {
    const where = `${reason.id} at ${reason.part} ${reason.start}-${reason.end}`
    must(same(Object.keys(reason), ['id', 'weight', 'title', 'detail', 'part', 'start', 'end', 'quote']), `fields of ${where}`)
    must(/^[a-z0-9-]+$/.test(reason.id) && Number.isFinite(reason.weight) && reason.title.length > 0 && reason.detail.length > 0, where)
    must(!/\{[a-z_]+\}|�/.test(reason.title + reason.detail), `a gap in the text of ${where}: ${reason.title} ${reason.detail}`)
    if (reason.part === null) must(reason.start === 0 && reason.end === 0 && reason.quote === '', where)
    else must(partName.test(reason.part) && Number.isInteger(reason.start) && reason.start <= reason.end, where)
    if (reason.part !== null && answer.parts) must(parts.get(reason.part)?.subarray(reason.start, reason.end).equals(Buffer.from(reason.quote)), `quote of ${where}`)
  }
  return out
}

export const filesUnder = folder => readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
  entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)])
export const has = name => (process.env.PATH ?? '').split(':').some(folder => existsSync(join(folder, name)))
