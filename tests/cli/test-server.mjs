// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server from outside: first run and API over HTTP, killed processes under load, rules read again while it runs.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { askApi, breaks, childrenOf, commandOf, familyOf, fixture, newFolder, newPath, newToken, password, rules, run, setUp, sleep, source, startServer, Visitor } from './sonae.mjs'

const report = { kind: 'sms', verdict: 'danger', score: '0.97', brand: 'amazon', host: 'evil.example' }
const verify = async (path, more = []) => JSON.parse((await run(['ledger', 'verify', '--json', ...more, path])).stdout)
const within = async (ms, holds) => {
  for (const end = Date.now() + ms; ; await sleep(30)) {
    const found = await holds()
    if (found || Date.now() >= end) return found
  }
}
const until = async (holds, what, ms = 90_000) => {
  const found = await within(ms, holds)
  assert.ok(found, `not in time: ${what}`)
  return found
}

describe('a server on a fresh folder', () => {
  let server, visitor, token, code
  before(async () => { server = await startServer({ cold: true }) })
  after(async () => { await server?.stop() })

  test('the folder and its key are for the owner alone', () => {
    for (const [path, mode] of [['.', 0o700], ['keys/ledger.key', 0o600], ['sonae.db', 0o600]]) assert.equal(statSync(join(server.data, path)).mode & 0o777, mode, path)
  })

  test('before the set-up: pages lead to it, the API asks for a sign-in', async () => {
    code = await server.setupCode()
    const one = new Visitor(server.origin)
    assert.equal((await one.ask('/', { html: true })).headers.get('location'), '/setup')
    assert.equal((await askApi(server, 'x'.repeat(40), '/api/check', { body: 'hello' })).status, 401)
  })

  test('a new code can be had on the terminal, and the earlier one is worth nothing then', async () => {
    const ended = await run(['setup-code', '--data', server.data])
    assert.equal(ended.status, 0, ended.stderr)
    const fresh = /\b([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b/.exec(ended.stdout)[1]
    const first = new Visitor(server.origin)
    const form = { company: 'みなと商会', name: '佐藤 花子', login: 'sato', password }
    if (fresh !== code) assert.notEqual((await first.send('/setup', { ...form, code })).status, 303)
    visitor = new Visitor(server.origin)
    assert.equal((await visitor.send('/setup', { ...form, code: fresh })).status, 303)
    assert.notEqual((await run(['setup-code', '--data', server.data])).status, 0)
  })

  test('a token from one\'s own page; the API says what it opens', async () => {
    token = await newToken(visitor)
    const { json } = await askApi(server, token, '/api', { method: 'GET' })
    assert.ok(json.paths.some(entry => entry.path === '/api/check' && entry.scope === 'check' && entry.methods.includes('POST')))
  })

  test('check by bytes, by JSON, by form and by upload: the contract of the command line', async () => {
    const mail = readFileSync(fixture('fraud-ja/amazon-payment.eml'))
    const upload = new FormData()
    upload.set('kind', 'mail')
    upload.set('file', new Blob([mail]), '怪しい.eml')
    const answers = [
      await askApi(server, token, '/api/check?kind=mail&parts=1', { body: mail }),
      await askApi(server, token, '/api/check', { body: JSON.stringify({ kind: 'sms', text: '不在でした http://sagawa-exp.duckdns.org/' }), headers: { 'content-type': 'application/json' } }),
      await askApi(server, token, '/api/check', { body: new URLSearchParams({ kind: 'url', text: 'http://www.amazon.co.jp.evil.xyz/' }) }),
      await askApi(server, token, '/api/check', { body: upload }),
    ]
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.text)
      assert.match(answer.headers.get('content-type'), /^application\/json/)
      assert.deepEqual(breaks(answer.json), [])
      assert.equal(answer.json.verdict, 'danger')
    }
    assert.deepEqual(answers.map(answer => [answer.json.kind, answer.json.input]), [['mail', 'body'], ['sms', 'text'], ['url', 'text'], ['mail', '怪しい.eml']])
    const line = JSON.parse((await run(['check', '--json', '--parts', '--language', 'ja', '--kind', 'mail', '--own-domain', '', fixture('fraud-ja/amazon-payment.eml')])).stdout)
    const plain = ({ input, elapsed_us, ...rest }) => rest
    assert.deepEqual(plain(answers[0].json).reasons.map(r => r.id), plain(line).reasons.map(r => r.id))
    assert.equal(answers[0].json.score, line.score)
  })

  test('scopes hold, a revoked token opens nothing, and every refusal has a word', async () => {
    const reader = await newToken(visitor, ['read']), checker = await newToken(visitor, ['check'])
    const word = async (given, path, options, status) => {
      const answer = await askApi(server, given, path, options)
      assert.equal(answer.status, status, `${path} ${answer.text}`)
      assert.equal(typeof answer.json.error.word, 'string')
      assert.ok(answer.json.error.message.length > 0)
    }
    assert.equal((await askApi(server, reader, '/status', { method: 'GET' })).status, 200)
    await word(reader, '/api/check', { body: 'hello' }, 403)
    await word(checker, '/status', { method: 'GET' }, 403)
    await word(checker, '/check/report', { body: new URLSearchParams(report) }, 403)
    await word(token, '/settings', { method: 'GET' }, 403)
    await word(token, '/nowhere', { method: 'GET' }, 404)
    await word(token, '/api/check', { method: 'GET' }, 405)
    await word(token, '/api/check', { body: '' }, 400)
    const shown = (await visitor.get('/me')).json.tokens
    for (const { id } of shown) assert.equal((await visitor.send(`/me/tokens/${id}/revoke`, {}, '/me')).status, 303)
    await word(token, '/api/check', { body: 'hello' }, 401)
    token = await newToken(visitor)
  })

  test('what was checked is nowhere in the folder, what happened is in the ledger', async () => {
    const secret = `極秘の見積書 ${Math.random()}`
    assert.equal((await askApi(server, token, '/api/check?kind=text', { body: secret })).status, 200)
    for (const name of ['sonae.db', 'sonae.db-wal']) {
      try { assert.ok(!readFileSync(join(server.data, name)).includes(Buffer.from(secret))) } catch (error) { if (error.code !== 'ENOENT') throw error }
    }
    assert.ok(!server.output().includes(secret) && !server.output().includes(token))
    const csv = (await visitor.get('/ledger.csv')).text
    assert.ok(!csv.includes(secret))
  })

  test('a machine on UTC shows the time of Japan', async () => {
    const hour = when => new Date(when + 9 * 3600_000).toISOString().slice(0, 13).replace('T', ' ')
    const hours = [0, 300_000].map(past => hour(Date.now() - past))
    const page = (await visitor.get('/ledger')).text
    assert.ok(hours.some(text => page.includes(`${text}:`)), `${hours}`)
  })

  test('a second server on the folder, a taken port, a wrong address: refused, and the first goes on', async () => {
    const taken = createServer()
    const port = await new Promise(done => taken.listen(0, '127.0.0.1', () => done(taken.address().port)))
    for (const [args, status] of [[['--data', server.data, '--listen', '127.0.0.1:0'], null], [['--data', newFolder(), '--listen', `127.0.0.1:${port}`], 2], [['--data', newFolder(), '--listen', 'nonsense'], 1],
      [['--data', newFolder(), '--listen', `127.0.0.1:${server.port}`, '--gate-listen', 'none'], 2],
      [['--data', newFolder(), '--web-processes', '99'], 1], [['--data', newFolder(), '--zone', 'Asia/Nowhere'], 1], [['--data', newFolder(), '--zone', '../../etc/passwd'], 1], [['--data', '/proc/nowhere'], 2]]) {
      const ended = await run(['server', ...args])
      assert.equal(ended.signal, null, `${args} did not end`)
      if (status === null) assert.ok(ended.status === 1 || ended.status === 2)
      else assert.equal(ended.status, status, `${args} ${ended.stderr}`)
      assert.match(ended.stderr, /sonae: ./)
    }
    taken.close()
    assert.equal((await askApi(server, token, '/api/check?kind=text', { body: 'hello' })).status, 200)
  })

  test('doctor names every process of the running server, and what happened to one', async () => {
    const rows = async () => JSON.parse((await run(['doctor', '--json', '--data', server.data])).stdout).filter(row => row.id.startsWith('process.'))
    for (const name of ['keeper.0', 'reader.0', 'press.0', 'post.0', 'gate.0', 'web.0', 'web.1']) assert.ok((await rows()).some(row => row.name === name && row.ok), name)
    process.kill(childrenOf(server.child.pid).find(pid => commandOf(pid).includes('press')), 'SIGKILL')
    await until(async () => (await rows()).some(row => row.name === 'press.0' && row.ok && /signal 9/.test(row.detail)), 'the press is there again')
  })

  test('SIGTERM ends all of it, with status 0 and a sealed ledger', async () => {
    const pids = familyOf(server.child.pid)
    assert.deepEqual(await server.stop(), { status: 0, signal: null })
    for (const pid of pids) assert.equal(commandOf(pid).join(''), '', `process ${pid} is left`)
    const result = await verify(server.data)
    assert.deepEqual([result.integrity, result.completeness], ['holds', 'sealed'])
  })
})

const KILLS = 25, FOLLOWS_MS = 3000, CLIENTS = 3, KINDS = ['keeper', 'web', 'reader', 'gate', 'press', 'post']
const brandOf = page => JSON.stringify(page).match(/brand-\d+-\d+/)?.[0]

describe('a part that cannot be opened', () => {
  test('the others are there, the address is told, and the log names the file', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'tls'))
    writeFileSync(join(folder, 'tls/services-ca.pem'), 'no certificate')
    const server = await startServer({ data: folder })
    assert.match(server.output(), /services-ca\.pem: no certificate could be read/)
    await server.stop()
  })
})

describe('processes killed while requests run', () => {
  test('whichever child of the keeper dies, the house works on', async () => {
    const server = await startServer({ args: ['--web-processes', '1'] })
    try {
      const token = await newToken(await setUp(server))
      const keeper = () => childrenOf(server.child.pid).find(pid => commandOf(pid).includes('keeper'))
      const count = childrenOf(keeper()).length
      assert.ok(count >= 3, `${count} children: two workers and the one that syncs`)
      let renewed = 0
      for (let i = 0; i < count; i++) {
        await until(async () => keeper() !== undefined && childrenOf(keeper()).length === count, 'a whole keeper')
        const before = keeper()
        process.kill(childrenOf(before)[i], 'SIGKILL')
        await until(async () => (await askApi(server, token, '/check/report', { body: new URLSearchParams({ ...report, brand: `child-${i}` }) })).status === 303, `an answer after child ${i}`)
        // The keeper follows the one that syncs, soon but not at once; a worker it does without.
        if (await within(FOLLOWS_MS, () => keeper() !== before)) renewed++
        else {
          process.kill(before, 'SIGKILL')
          await until(async () => ![undefined, before].includes(keeper()), 'a new keeper')
        }
      }
      assert.ok(renewed >= 1, 'the keeper goes when the one that syncs is gone')
    } finally { await server.stop() }
  })

  test(`${KILLS} times one of them by chance, then the master: nothing acknowledged is lost`, async () => {
    let server = await startServer({ args: ['--web-processes', '2'] })
    const data = server.data, visitor = await setUp(server), token = await newToken(visitor)
    const cases = new Map(), victims = new Map()
    let checks = 0, refused = 0, isOver = false
    // An answer that says yes is counted; one that is cut off or says 503 may or may not have been done.
    const client = async me => {
      for (let n = 0; !isOver; n++) {
        const brand = `brand-${me}-${n}`
        try {
          if (n % 2) {
            const answer = await askApi(server, token, '/api/check?kind=text', { body: `hello ${n}` })
            if (answer.status === 200 && answer.json.verdict !== 'cannot-tell') checks++
            // 504: the reader was away for longer than a document may take (its pause doubles with each kill).
            else { refused++; assert.ok([200, 503, 504].includes(answer.status), `${answer.status} ${answer.text}`) }
          } else {
            const answer = await askApi(server, token, '/check/report', { body: new URLSearchParams({ ...report, brand }) })
            if (answer.status === 303) cases.set(/\/cases\/(\d+)/.exec(answer.headers.get('location'))[1], brand)
            else { refused++; assert.equal(answer.status, 503, answer.text) }
          }
        } catch (error) {
          if (error.code === 'ERR_ASSERTION') throw error
          refused++
          await sleep(20)
        }
      }
    }
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, me) => client(me)))
    clients.catch(() => {})
    for (let i = 0; i < KILLS; i++) {
      await sleep(20 + Math.random() * 150)
      const all = familyOf(server.child.pid).slice(1).filter(pid => commandOf(pid).length > 1)
      const direct = childrenOf(server.child.pid)
      // Every kind in turn, so that none is left out by chance; whichever of its processes by chance.
      const wanted = KINDS[i % KINDS.length]
      const named = (i % 4 === 3 ? all : direct).filter(pid => commandOf(pid).includes(wanted))
      const victim = named[Math.floor(Math.random() * named.length)]
      if (victim === undefined) { // it is just being started
        i--
        continue
      }
      victims.set(wanted, (victims.get(wanted) ?? 0) + 1)
      process.kill(victim, 'SIGKILL')
      const before = cases.size, checked = checks
      await until(() => cases.size > before && checks > checked, `work again after the kill of ${wanted}, ${refused} refused`)
    }
    await sleep(200)
    server.child.kill('SIGKILL') // the master itself, under load
    isOver = true
    await clients
    assert.deepEqual([...victims.keys()].sort(), [...KINDS].sort())

    assert.equal((await verify(data)).integrity, 'holds', 'before the next start')
    server = await startServer({ data, args: ['--web-processes', '1'] })
    const again = new Visitor(server.origin)
    assert.equal((await again.signIn()).status, 303)
    for (const [id, brand] of cases) assert.equal(brandOf((await again.get(`/cases/${id}`)).json), brand, `case ${id}`)
    const exported = newPath('export')
    assert.equal((await run(['ledger', 'export', '--data', data, exported])).status, 0)
    await server.stop()
    for (const path of [data, exported]) assert.equal((await verify(path)).integrity, 'holds')
    assert.equal((await run([join(source, 'tools/verify-ledger.mjs'), exported], { command: [process.execPath] })).status, 0)
    const records = readFileSync(exported, 'latin1').split('\n').filter(line => line.startsWith('record ')).map(line => Buffer.from(line.split(' ')[3], 'base64'))
    const count = kind => records.filter(bytes => bytes.includes(Buffer.from(kind))).length
    assert.ok(count('case.opened') >= cases.size, `${count('case.opened')} events for ${cases.size} cases`)
    assert.ok(count('check.verdict') >= checks, `${count('check.verdict')} events for ${checks} checks`)
    assert.ok(cases.size > KILLS && checks > KILLS, `${cases.size} cases, ${checks} checks under load`)
  })
})

describe('rules read again without a restart', () => {
  let server, token, folder, pids
  const status = async () => (await askApi(server, token, '/status', { method: 'GET' })).json
  const claims = async () => (await askApi(server, token, '/api/check?kind=text', { body: 'ネコジャラシ銀行です。口座を停止しました。 http://evil.xyz/' })).json.claims
  const brand = '\n- id: nekojarashi\n  name: {ja: ネコジャラシ銀行, en: Nekojarashi Bank}\n  kind: bank\n  spellings: [ネコジャラシ銀行]\n  domains: [nekojarashi.example]\n  source: none\n  checked: 2026-11-23\n  evidence: memory\n'
  before(async () => {
    folder = join(newFolder(), 'rules')
    cpSync(rules, folder, { recursive: true })
    server = await startServer({ env: { SONAE_RULES: folder }, args: ['--web-processes', '2'] })
    token = await newToken(await setUp(server))
    pids = server.processes().map(process => process.pid)
  })
  after(async () => { await server?.stop() })
  // Two web processes answer by turns; both must have it.
  const everywhere = (holds, what) => until(async () => (await Promise.all(Array.from({ length: 8 }, holds))).every(Boolean), what)

  test('a new brand is known after SIGHUP, by the same processes', async () => {
    const first = await status()
    assert.equal(first.ok, true)
    assert.deepEqual(await claims(), [])
    writeFileSync(join(folder, 'brands.yaml'), readFileSync(join(folder, 'brands.yaml'), 'utf8') + brand)
    assert.deepEqual(await claims(), [], 'not before it is asked')
    server.child.kill('SIGHUP')
    await everywhere(async () => (await claims()).includes('ネコジャラシ銀行'), 'the new brand')
    const second = await status()
    assert.equal(second.rules.brands, first.rules.brands + 1)
    assert.notEqual(second.rules.version, first.rules.version)
    assert.deepEqual(server.processes().map(process => process.pid), pids)
  })

  test('with a mistake the earlier rules stay, and the status names file and line', async () => {
    const good = readFileSync(join(folder, 'brands.yaml'), 'utf8')
    writeFileSync(join(folder, 'brands.yaml'), `${good}\n- id: nekojarashi\n  nonsense: x\n`)
    server.child.kill('SIGHUP')
    await everywhere(async () => (await status()).rules.complaint, 'the complaint')
    const { ok, rules: { complaint } } = await status()
    assert.equal(ok, false)
    assert.match(complaint.file, /brands\.yaml$/)
    assert.ok(Math.abs(complaint.line - good.split('\n').length - 2) <= 2, String(complaint.line))
    assert.ok(complaint.text.length > 0)
    assert.ok((await claims()).includes('ネコジャラシ銀行'))
    writeFileSync(join(folder, 'brands.yaml'), good)
    server.child.kill('SIGHUP')
    await everywhere(async () => (await status()).ok, 'all well again')
    assert.deepEqual(server.processes().map(process => process.pid), pids)
  })

  test('the company\'s own additions, the same way', async () => {
    mkdirSync(join(server.data, 'rules'), { recursive: true })
    writeFileSync(join(server.data, 'rules/brands.yaml'), brand.replaceAll('ネコジャラシ', 'エノコログサ').replaceAll('nekojarashi', 'enokoro'))
    server.child.kill('SIGHUP')
    await everywhere(async () => (await askApi(server, token, '/api/check?kind=text', { body: 'エノコログサ銀行です。口座を停止しました。 http://evil.xyz/' })).json.claims.includes('エノコログサ銀行'), 'the company\'s brand')
  })

  test('each time it is in the ledger', async () => {
    const exported = newPath('export')
    assert.equal((await run(['ledger', 'export', '--data', server.data, exported])).status, 0)
    const records = readFileSync(exported, 'latin1').split('\n').filter(line => line.startsWith('record ')).map(line => Buffer.from(line.split(' ')[3], 'base64'))
    assert.ok(records.filter(bytes => bytes.includes(Buffer.from('rules.loaded'))).length >= 3)
  })
})
