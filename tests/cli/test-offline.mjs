// SPDX-License-Identifier: GPL-3.0-or-later
//
// Without the internet: a network namespace has no way out, not even to this machine, and strace sees that nobody tries.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { askApi, check, familyOf, fixture, has, newPath, newToken, program, run, setUp, sleep, startServer } from './sonae.mjs'

const unshared = ['unshare', '-rn']
const refused = spawnSync('unshare', ['-rn', 'true'])
const skip = refused.status === 0 ? false : `no network namespace on this machine: ${refused.stderr ?? refused.error}`
const traced = has('strace') && spawnSync('strace', ['-o', newPath('trace'), 'true']).status === 0
const noStrace = traced ? false : 'strace is not here or may not trace'

const inputs = [...readdirSync(fixture('fraud-ja')).map(name => fixture(`fraud-ja/${name}`)), ...readdirSync(fixture('ham-ja')).map(name => fixture(`ham-ja/${name}`))]
const strip = answers => answers.map(({ elapsed_us, ...rest }) => rest)

// Calls that leave the machine, of all processes: a socket of a family other than AF_UNIX, or a name that is looked up.
function outward(trace) {
  return readFileSync(trace, 'latin1').split('\n').filter(line =>
    /\bsocket\(AF_(?!UNIX)/.test(line) || /\bconnect\(.*sa_family=AF_(?!UNIX)/.test(line) || /\bsend(to|msg|mmsg)\(.*sa_family=AF_(?!UNIX)/.test(line) ||
    (/open(at)?\(.*"\/etc\/(resolv\.conf|hosts|nsswitch\.conf)"/.test(line) && !/O_PATH/.test(line))) // O_PATH: a jail that names what may be read later
}
const traceOptions = path => ['strace', '-f', '-qq', '-s', '64', '-e', 'trace=network,openat,open,execve', '-o', path]

describe('without a network', { skip }, () => {
  test('the namespace has no way out', async () => {
    const ended = await run(['-c', "import socket\ns = socket.socket()\ns.settimeout(2)\ns.connect(('192.0.2.1', 80))"], { command: [...unshared, 'python3'] })
    assert.notEqual(ended.status, 0)
  })

  test('check says the same of every mail of tests/mail, each within three seconds', async () => {
    const inside = await check(['--parts', ...inputs], { command: [...unshared, program] }), outside = await check(['--parts', ...inputs])
    assert.equal(inside.answers.length, inputs.length)
    assert.deepEqual(strip(inside.answers), strip(outside.answers))
    assert.ok(Math.max(...inside.answers.map(answer => answer.elapsed_us)) < 3_000_000)
  })

  test('doctor, rules check and the ledger need no network', async () => {
    const rows = JSON.parse((await run(['doctor', '--json'], { command: [...unshared, program] })).stdout)
    assert.deepEqual(rows.filter(row => !row.ok && row.id !== 'user').map(row => row.id), [], 'there is no other user in the namespace; all else works')
    for (const args of [['rules', 'check'], ['version']]) assert.equal((await run(args, { command: [...unshared, program] })).status, (await run(args)).status, args.join(' '))
  })
})

describe('nothing is contacted', { skip: noStrace }, () => {
  test('strace sees what leaves: this test can fail', async () => {
    const trace = newPath('trace')
    await run(['-c', "import socket\ns = socket.socket()\ns.settimeout(0.1)\ns.connect_ex(('127.0.0.1', 9))"], { command: [...traceOptions(trace), 'python3'] })
    assert.ok(outward(trace).length >= 2)
  })

  test('by check: mail with links and pictures, SMS, address, QR, call, screen', async () => {
    const plain = ['fraud-ja/amazon-payment.eml', 'fraud-ja/donation-qr.eml', 'fraud-ja/sms-nta.txt', 'fraud-ja/url-13-dynamic-dns.txt', 'fraud-ja/call-police.txt', 'fraud-ja/screen-support-scam.txt'].map(fixture)
    const bait = newPath('bait.eml')
    writeFileSync(bait, 'From: a@example.com\nSubject: x\nDate: Mon, 09 Nov 2026 10:00:00 +0900\nContent-Type: text/html\n\n<link rel=stylesheet href="http://127.0.0.1:9/a.css"><img src="http://127.0.0.1:9/b.png"><iframe src="http://localhost:9/"></iframe><a href="http://bit.ly/abc">x</a>')
    for (const kind of [null, 'mail', 'url']) {
      const trace = newPath('trace')
      const ended = await check([...(kind ? ['--kind', kind] : []), ...plain, bait], { command: [...traceOptions(trace), program] })
      assert.equal(ended.answers.length, plain.length + 1, ended.stderr)
      assert.deepEqual(outward(trace), [])
      assert.match(readFileSync(trace, 'latin1'), /execve\(/)
    }
  })

  describe('by the server', () => {
    let server, trace
    before(async () => {
      trace = newPath('trace')
      server = await startServer({ command: [...traceOptions(trace), program], args: ['--web-processes', '1'] })
    })
    // strace is the child here: what it follows is ended first.
    after(async () => {
      for (const pid of familyOf(server.child.pid).slice(1, 2)) process.kill(pid, 'SIGTERM')
      await sleep(300)
      await server.stop()
    })

    test('but the socket it was told to listen on', async () => {
      const visitor = await setUp(server), token = await newToken(visitor)
      for (const name of ['fraud-ja/amazon-payment.eml', 'fraud-ja/donation-qr.eml']) assert.equal((await askApi(server, token, '/api/check', { body: readFileSync(fixture(name)) })).json.verdict === 'nothing-found', false)
      for (const path of ['/', '/check', '/status', '/cases', '/contacts', '/brands', '/ledger']) assert.equal((await visitor.get(path)).status, 200, path)
      // The client of the gateway gets a way to look names up ready at the start; nobody asked it for anything.
      const clients = new Set(readFileSync(trace, 'latin1').split('\n').map(line => /^(\d+) +execve\(.*"run-process", "gate"/.exec(line)?.[1]).filter(Boolean))
      const calls = outward(trace).filter(line => !(clients.has(/^\d+/.exec(line)?.[0]) && /\b(openat\(|socket\(AF_INET6?, SOCK_DGRAM)/.test(line)))
      assert.deepEqual(calls.filter(line => !/socket\(AF_INET, SOCK_STREAM/.test(line)), [])
      assert.equal(calls.length, 2, 'a socket to see whether the address is free, and the one that listens')
      assert.ok(!/connect\(.*AF_INET/.test(readFileSync(trace, 'latin1')))
    })
  })
})
