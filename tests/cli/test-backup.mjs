// SPDX-License-Identifier: GPL-3.0-or-later
//
// Saving everything and bringing it back: on the same folder, on a fresh one, with a damaged file, with a full target.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { askApi, filesUnder, newFolder, newPath, newToken, password, program, run, setUp, startServer, Visitor } from './sonae.mjs'

const one = { args: ['--web-processes', '1'] }
const report = { kind: 'sms', verdict: 'danger', score: '0.97', brand: 'amazon', host: 'evil.example', question: '開いてもよいですか' }
const verified = async (folder, more = []) => JSON.parse((await run(['ledger', 'verify', '--json', ...more, folder])).stdout)
const contents = folder => Object.fromEntries(filesUnder(folder).filter(path => !/\/(run|cache)\/|-(wal|shm)$/.test(path)).map(path => [path, readFileSync(path).toString('base64')]))

let data, backup, token, kept, made
before(async () => {
  const server = await startServer(one)
  data = server.data
  const visitor = await setUp(server)
  token = await newToken(visitor)
  assert.equal((await visitor.send('/settings', { name: 'session.idle-minutes', value: '61' })).status, 303)
  assert.equal((await askApi(server, token, '/check/report', { body: new URLSearchParams(report) })).status, 303)
  const invited = await visitor.send('/people/invite', { name: '高橋 次郎', role: 'staff' }, '/people')
  assert.equal(invited.status, 200, invited.text)
  mkdirSync(join(data, 'rules'), { recursive: true })
  writeFileSync(join(data, 'rules/words.yaml'), '')
  mkdirSync(join(data, 'tls'))
  writeFileSync(join(data, 'tls/note'), 'kept')
  kept = newPath('checkpoint')
  writeFileSync(kept, (await run(['ledger', 'checkpoint', '--data', data])).stdout)
  backup = newPath('backup')
  made = await run(['backup', '--json', '--data', data, backup]) // while it runs
  assert.equal((await visitor.send('/settings', { name: 'session.idle-minutes', value: '62' })).status, 303)
  assert.equal((await askApi(server, token, '/check/report', { body: new URLSearchParams({ ...report, brand: 'rakuten' }) })).status, 303)
  await server.stop()
})

// What a person sees of a folder, through its server.
async function look(folder) {
  const server = await startServer({ ...one, data: folder })
  const visitor = new Visitor(server.origin)
  const signedIn = await visitor.signIn()
  const cases = (await visitor.get('/cases')).json, settings = (await visitor.get('/settings')).text
  const people = (await visitor.get('/people')).text, ledger = (await visitor.get('/ledger')).text
  const byToken = await askApi(server, token, '/api/check?kind=text', { body: 'hello' })
  const setup = await visitor.get('/setup')
  const stopped = await server.stop()
  assert.equal(stopped.status, 0)
  return { signedIn: signedIn.status, cases, settings, people, ledger, byToken: byToken.status, setup: setup.status }
}

describe('a backup, made while the server runs', () => {
  test('it says how much it saved, and only its owner may read it', () => {
    assert.equal(made.status, 0, made.stderr)
    const { files, bytes } = JSON.parse(made.stdout)
    assert.ok(files >= 3 && bytes === statSync(backup).size)
    assert.equal(statSync(backup).mode & 0o777, 0o600)
  })

  test('it does not write over a file, and says when there is nothing to save', async () => {
    const before = readFileSync(backup)
    const nowhere = await run(['backup', '--data', data, newPath('no-folder') + '/x'])
    assert.equal(nowhere.status, 2)
    assert.match(nowhere.stderr, /No such file or directory/)
    const again = await run(['backup', '--data', data, backup])
    assert.equal(again.status, 2)
    assert.ok(readFileSync(backup).equals(before))
    const nothing = newPath('nothing')
    const empty = await run(['backup', '--data', newFolder(), nothing])
    assert.equal(empty.status, 2)
    assert.match(empty.stderr, /no data of Sonae/)
    assert.ok(!existsSync(nothing))
  })

  test('no password, token or text lies in it in the clear', () => {
    const bytes = readFileSync(backup)
    for (const secret of [password, token, '開いてもよいですか']) assert.ok(!bytes.includes(Buffer.from(secret)))
  })
})

describe('a restore', () => {
  test('into a fresh folder: people, sign-in, settings, cases, tokens, own rules, ledger, key', async () => {
    const folder = join(newFolder(), 'new')
    const ended = await run(['restore', '--data', folder, backup])
    assert.equal(ended.status, 0, ended.stderr)
    assert.ok(existsSync(join(folder, 'rules/words.yaml')))
    assert.equal(readFileSync(join(folder, 'tls/note'), 'utf8'), 'kept')
    assert.ok(readFileSync(join(folder, 'keys/ledger.key')).equals(readFileSync(join(data, 'keys/ledger.key'))))
    const result = await verified(folder, ['--checkpoint', kept])
    assert.deepEqual([result.integrity, result.compared], ['holds', true])
    const seen = await look(folder)
    assert.equal(seen.signedIn, 303)
    assert.equal(seen.byToken, 200)
    assert.equal(seen.setup, 303, 'the set-up does not open again')
    assert.equal(seen.cases.total, 1)
    assert.match(seen.cases.cases[0].brand ?? JSON.stringify(seen.cases), /amazon/i)
    assert.match(seen.settings, /"value":"61"/)
    assert.match(seen.people, /佐藤 花子[\s\S]*高橋 次郎|高橋 次郎[\s\S]*佐藤 花子/)
    assert.match(seen.ledger, /restore/)
  })

  test('over what is there: a restore point first, and it brings back what was there', async () => {
    const folder = join(newFolder(), 'used')
    assert.equal((await run(['restore', '--data', folder, backup])).status, 0)
    const later = newPath('later')
    const server = await startServer({ ...one, data: folder })
    await askApi(server, token, '/check/report', { body: new URLSearchParams(report) })
    await server.stop()
    const before = (await verified(folder)).records
    const ended = await run(['restore', '--data', folder, backup])
    assert.equal(ended.status, 0, ended.stderr)
    const points = readdirSync(join(folder, 'restore-points'))
    assert.equal(points.length, 1)
    assert.ok(ended.stdout.includes(points[0]), ended.stdout)
    assert.equal((await look(folder)).cases.total, 1)
    const point = join(folder, 'restore-points', points[0])
    assert.equal((await run(['restore', '--data', later, point])).status, 0)
    assert.ok((await verified(later)).records >= before)
    assert.equal((await look(later)).cases.total, 2)
  })

  test('while the server runs: refused, nothing changed', async () => {
    const server = await startServer({ ...one, data: newFolder('data') })
    await setUp(server)
    const ended = await run(['restore', '--data', server.data, backup])
    assert.equal(ended.status, 2)
    assert.match(ended.stderr, /running/)
    const visitor = new Visitor(server.origin)
    assert.equal((await visitor.signIn()).status, 303)
    assert.equal((await visitor.get('/cases')).json.total, 0)
    await server.stop()
  })

  test('of a cut or changed backup: refused, and nothing of the folder changes', async () => {
    const folder = join(newFolder(), 'kept')
    assert.equal((await run(['restore', '--data', folder, backup])).status, 0)
    const before = contents(folder), bytes = readFileSync(backup), wrong = []
    const damaged = [
      ...[0, 1, 9, bytes.length >> 1, bytes.length - 100, bytes.length - 1].map(n => ['cut', n, bytes.subarray(0, n)]),
      ...Array.from({ length: 24 }, (_, i) => Math.floor(i * (bytes.length - 1) / 23)).map(at => {
        const changed = Buffer.from(bytes)
        changed[at] ^= 0x10
        return ['changed', at, changed]
      }),
      ['longer', 0, Buffer.concat([bytes, Buffer.from('x')])], ['twice', 0, Buffer.concat([bytes, bytes])], ['a program', 0, readFileSync(program).subarray(0, 100_000)],
    ]
    for (const [how, at, content] of damaged) {
      const path = newPath('damaged')
      writeFileSync(path, content)
      const ended = await run(['restore', '--data', folder, path])
      if (ended.status !== 2 || !/Nothing was changed/.test(ended.stderr)) wrong.push([how, at, ended.status, ended.stderr])
    }
    assert.deepEqual(wrong, [])
    assert.deepEqual(contents(folder), before)
    assert.equal((await verified(folder)).integrity, 'holds')
  })

  test('of nothing, of a folder, into a place that cannot be: refused with a word', async () => {
    const folder = join(newFolder(), 'x'), file = newPath('file')
    writeFileSync(file, 'a file')
    for (const [args, status] of [[[newPath('nobody')], 2], [[newFolder()], 2], [[], 1], [[backup, backup], 1], [['--data', file, backup], 2], [['--data', '/proc/nowhere', backup], 2]]) {
      const ended = await run(['restore', '--data', folder, ...args])
      assert.equal(ended.status, status, `${args}: ${ended.stderr}`)
      assert.match(ended.stderr, /^sonae: ./)
    }
    assert.equal(readFileSync(file, 'utf8'), 'a file')
    assert.ok(!existsSync(join(folder, 'sonae.db')))
  })

  test('of a backup whose ledger was changed before it was packed: refused', async () => {
    const folder = join(newFolder(), 'forged'), forged = newPath('forged')
    assert.equal((await run(['restore', '--data', folder, backup])).status, 0)
    const change = 'import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], isolation_level=None)\nd.executescript("DELETE FROM ledger_record WHERE number = 2;")'
    assert.equal((await run(['-c', change, join(folder, 'sonae.db')], { command: ['python3'] })).status, 0)
    assert.equal((await run(['backup', '--data', folder, forged])).status, 0)
    const target = join(newFolder(), 'target')
    assert.equal((await run(['restore', '--data', target, backup])).status, 0)
    const before = contents(target)
    const ended = await run(['restore', '--data', target, forged])
    assert.equal(ended.status, 2)
    assert.match(ended.stderr, /does not verify/)
    assert.deepEqual(contents(target), before)
  })
})
