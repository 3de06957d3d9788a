// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mail as it arrives: the real processes, a real Postfix, the mailboxes read back. And everything that goes wrong on
// the way: a server that is away, hangs, is somebody else, or does not know the password.
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { Visitor, freePort, newPath, password, program, run, setUp, sleep, startServer } from '../cli/sonae.mjs'
import { secret, startPostfix, user } from './postfix.mjs'

const west = new Date().getUTCHours() - 12
const noon = `Etc/GMT${west < 0 ? '' : '+'}${west}` // it is twelve o'clock there, whenever this runs
let postfix, server, visitor

// A name server of the tests' own, which the jailed process finds through its /etc/resolv.conf: mail.house.example is
// here, nothing else is anywhere.
const nameServer = '127.0.0.77', asked = new Set()
const names = createSocket('udp4')
const startNames = () => new Promise((done, failed) => {
  names.on('message', (question, from) => {
    if (question.includes('silent')) { asked.add('silent'); return }
    let name = '', at = 12
    for (let n; (n = question[at]) > 0; at += n + 1) name += (name && '.') + question.toString('latin1', at + 1, at + 1 + n)
    const isA = question.readUInt16BE(at + 1) === 1, known = name.toLowerCase() === 'mail.house.example'
    asked.add(name.toLowerCase())
    const head = Buffer.from(question.subarray(0, at + 5))
    head.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
    for (const [place, count] of [[4, 1], [6, known && isA ? 1 : 0], [8, 0], [10, 0]]) head.writeUInt16BE(count, place)
    const answer = known && isA ? [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1] : []
    names.send(Buffer.concat([head, Buffer.from(answer)]), from.port, from.address)
  })
  names.once('error', failed).bind(53, nameServer, () => { names.unref(); done() })
})

const look = () => visitor.get('/settings/mail').then(answer => answer.json)
async function settle(values) {
  const answer = await visitor.send('/settings/mail', values)
  assert.equal(answer.status, 303, answer.text)
}
const rightServer = () => ({ 'mail.host': 'localhost', 'mail.port': String(postfix.ports.submission), 'mail.tls': 'starttls', 'mail.user': user, 'mail.from': 'sonae@minato.example', password: secret })

// The answer of a test message, as the page shows it.
async function sendTest() {
  const sent = await visitor.send('/settings/mail/test', {}, '/settings/mail')
  assert.equal(sent.status, 303, sent.text)
  const path = sent.headers.get('location').replace(/#.*/, '')
  for (let i = 0; i < 150; i++, await sleep(100)) {
    const { test } = (await visitor.get(path)).json
    if (!test.is.waiting) return test
  }
  throw new Error('no answer')
}
const pidOf = name => server.processes().find(one => one.name === name).pid
async function waitFor(what, limitMs = 15_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(50)) {
    const found = await what()
    if (found) return found
  }
  throw new Error('waited in vain')
}

before(async () => {
  postfix = await startPostfix()
  await startNames()
  const resolver = newPath('resolv.conf')
  writeFileSync(resolver, `nameserver ${nameServer}\noptions timeout:5 attempts:2\n`)
  const data = newPath('data')
  mkdirSync(join(data, 'tls'), { recursive: true, mode: 0o700 })
  copyFileSync(postfix.ca, join(data, 'tls/mail-ca.pem'))
  server = await startServer({ data, args: ['--zone', noon], command: ['unshare', '-m', 'sh', '-c', `mount --bind ${resolver} /etc/resolv.conf && exec "$0" "$@"`, program] })
  visitor = await setUp(server)
})
after(async () => {
  const ended = await server?.stop()
  await postfix?.stop()
  if (process.env.POST_LOG) console.error(server?.output())
  if (ended) assert.equal(ended.status, 0)
})

test('without a server nothing is sent, and the page says how to begin', async () => {
  const page = await look()
  assert.equal(page.state, 'off')
  assert.match(page.state_help, /サーバー|server/i)
  assert.equal(server.processes().find(one => one.name === 'post').ready, true)
  const refused = await visitor.send('/settings/mail/test', {}, '/settings/mail')
  assert.equal(refused.status, 422)
  for (const bad of ['sato', 'sato@', 'a b@c.example', 'sato@minato', 'x@y.example>', '佐藤@minato.example']) {
    const answer = await visitor.send('/me/mail', { mail: bad }, '/me')
    assert.equal(answer.status, 422, bad)
    assert.equal(answer.json.typed_mail, bad)
  }
  assert.equal((await visitor.send('/me/mail', { mail: 'sato@minato.example', reminds: '1' }, '/me')).status, 303)
})

test('a test message arrives through STARTTLS and login; the password is shown nowhere', async () => {
  await settle({ ...rightServer(), 'mail.hour': '23' })
  const page = await look()
  assert.equal(page.state, 'ready')
  assert.equal(page.has_password, true)
  assert.ok(!JSON.stringify(page).includes(secret) && !(await visitor.ask('/settings/mail', { html: true })).text.includes(secret))
  const answer = await sendTest()
  assert.equal(answer.outcome_word, 'ok', JSON.stringify(answer))
  const [mail] = await postfix.wait('sato', 1)
  assert.equal(mail.one('Subject'), 'Sonaeからの試しのメール')
  assert.equal(mail.one('From'), '株式会社みなと商会 <sonae@minato.example>')
  assert.equal(mail.one('To'), '<sato@minato.example>')
  assert.equal(mail.one('Auto-Submitted'), 'auto-generated')
  assert.match(mail.one('Message-ID'), /^<sonae\.\d+\.\d+@minato\.example>$/)
  assert.ok(Math.abs(Date.parse(mail.one('Date')) - Date.now()) < 60_000)
  assert.match(mail.text, /^佐藤 花子 さん\r\n\r\nSonaeからメールが届くことを確かめました。/)
  assert.match(mail.field('Received').at(-1), /ESMTPSA/)
  assert.ok(mail.whole.includes('EHLO') || /from minato\.example/.test(mail.field('Received').at(-1)), 'the name of this machine is not told')
})

test('an invitation goes by mail and the address stays with the new person; English', async () => {
  const invited = await visitor.send('/people/invite', { name: 'Alice', role: 'officer' }, '/people')
  const { link } = invited.json
  assert.equal(link.may_mail, true)
  const bad = await visitor.send('/people/invite/mail', { token: link.token, address: 'alice' }, '/people')
  assert.equal(bad.status, 422)
  assert.equal(bad.json.link.path, link.path)
  const sent = await visitor.send('/people/invite/mail', { token: link.token, address: 'alice@minato.example' }, '/people')
  assert.equal(sent.status, 200)
  assert.equal(sent.json.link.path, link.path)
  const [mail] = await postfix.wait('alice', 1)
  const found = /http:\/\/[^\s]+\/invite\/\S+/.exec(mail.text)[0]
  assert.equal(found, server.origin + link.path)
  const alice = new Visitor(server.origin)
  const accepted = await alice.send(new URL(found).pathname, { login: 'alice', name: 'Alice', language: 'en', password })
  assert.equal(accepted.status, 303, accepted.text)
  assert.equal((await alice.send('/me/profile', { name: 'Alice', language: 'en' }, '/me')).status, 303)
  const { me } = (await alice.get('/me')).json
  assert.equal(me.mail, 'alice@minato.example')
  assert.equal(me.reminds, true)
  // What another's address is, is not for who only patrols.
  const people = (await alice.get('/people')).json.people
  assert.equal(people.find(one => one.login === 'sato').mail, '')
})

const inDays = days => new Date(Date.now() + (12 - new Date().getUTCHours()) * 3600_000 + days * 86400_000).toISOString().slice(0, 10)
const addTask = (task, owner, due) => visitor.send('/prepare/registers/tasks', { task, owner, due, 'task-state': 'open' })

test('the reminders of the day: one digest for each, counts and links, no titles', async () => {
  for (const [task, owner, due] of [['金庫の鍵を替える', 'Alice', inDays(0)], ['NASの更新', 'Alice', inDays(7)], ['契約の確認', '佐藤花子', inDays(-7)], ['遠い先', 'Alice', inDays(30)]]) {
    assert.equal((await addTask(task, owner, due)).status, 303)
  }
  assert.equal((await visitor.send('/ai/todos', { task: '議事録を送る', owner: '田中', due: inDays(0) })).status, 303)
  assert.equal((await visitor.send('/ai/todos', { task: '議事録を読む', owner: 'Alice', due: inDays(0) })).status, 303)
  await visitor.send('/settings', { name: 'company.address', value: 'http://sonae.minato:8119/' })
  const before = postfix.box('sato').length
  await settle({ 'mail.hour': '0' })
  const alice = (await postfix.wait('alice', 3)).slice(1), sato = (await postfix.wait('sato', before + 1)).slice(before)
  const digest = alice.find(one => /^Reminders/.test(one.one('Subject')))
  assert.equal(digest.one('Subject'), 'Reminders: 3 due or overdue')
  assert.equal(digest.one('Content-Language'), 'en')
  assert.match(digest.text, /- Tasks: 2 due soon/)
  assert.match(digest.text, /- To-dos made with AI: 1 due soon/, 'a to-do that names her')
  assert.match(digest.text, /http:\/\/sonae\.minato:8119\/prepare\/due/)
  assert.equal(sato[0].one('Subject'), '期限のお知らせ 2件')
  assert.match(sato[0].text, /・やること：期限を過ぎたもの 1件/)
  assert.match(sato[0].text, /・AIと作ったやること：期限の近いもの 1件/)
  for (const mail of [digest, sato[0]]) for (const word of ['金庫', 'NAS', '契約', '議事録', '田中']) assert.ok(!mail.text.includes(word), word)
  const checkpoint = alice.find(one => /checkpoint/.test(one.one('Subject')))
  const { checkpoint: now } = (await visitor.get('/ledger')).json
  assert.equal(/^(\S+)\r\n\d+\r\n/m.exec(checkpoint.text.split('\r\n\r\n')[2])[1], now.split('\n')[0])
  // Once a day: another round finds nothing new.
  await sleep(2500)
  assert.equal(postfix.box('alice').length, 3)
  const records = (await visitor.get('/ledger?kind=mail.sent')).text
  assert.match(records, /mail\.sent/)
  for (const word of ['minato.example', '金庫', 'Reminders']) assert.ok(!records.includes(word), word)
})

test('who switched reminders off gets none', async () => {
  assert.equal((await visitor.send('/me/mail', { mail: 'sato@minato.example' }, '/me')).status, 303)
  assert.equal((await visitor.get('/me')).json.me.reminds, false)
  assert.equal((await sendTest()).outcome_word, 'ok', 'a test that one asks for is none')
  assert.equal((await visitor.send('/me/mail', { mail: 'sato@minato.example', reminds: '1' }, '/me')).status, 303)
})

test('TLS from the start, and a relay of this machine', async () => {
  const had = postfix.box('sato').length
  await settle({ 'mail.port': String(postfix.ports.smtps), 'mail.tls': 'tls' })
  assert.equal((await sendTest()).outcome_word, 'ok')
  await settle({ 'mail.port': String(postfix.ports.relay), 'mail.tls': 'none' })
  assert.equal((await look()).state, 'plain-password')
  await settle({ 'mail.user': '', forget_password: '1' })
  assert.equal((await look()).state, 'ready')
  assert.equal((await sendTest()).outcome_word, 'ok')
  await settle({ 'mail.host': 'mail.example' })
  assert.equal((await look()).state, 'plain-outside')
  await postfix.wait('sato', had + 2)
})

test('what goes wrong is said: password, certificate, name, port, no STARTTLS, sender, recipient', async () => {
  const had = postfix.box('sato').length
  const outcome = async values => {
    await settle(values)
    return sendTest()
  }
  await settle(rightServer())
  const wrong = await outcome({ password: 'another password' })
  assert.equal(wrong.outcome_word, 'login')
  assert.match(wrong.answer, /^535 /)
  assert.match(wrong.help, /もう一度/)
  await settle(rightServer())
  assert.equal((await outcome({ 'mail.port': String(postfix.ports.wrong) })).outcome_word, 'certificate')
  assert.equal((await outcome({ 'mail.port': String(postfix.ports.relay) })).outcome_word, 'no-tls')
  assert.equal((await outcome({ 'mail.port': String(await freePort()) })).outcome_word, 'not-reached')
  assert.equal((await outcome({ 'mail.host': 'no-such-host.invalid' })).outcome_word, 'no-name')
  assert.equal((await look()).has_password, false, 'a password is for the server that it was given for')
  assert.ok(asked.has('no-such-host.invalid'))
  // A name that resolves, and a certificate that is of another one.
  assert.equal((await outcome({ 'mail.host': 'mail.house.example', 'mail.port': String(postfix.ports.submission) })).outcome_word, 'certificate')
  await settle(rightServer())
  await visitor.send('/me/mail', { mail: 'nobody@minato.example', reminds: '1' }, '/me')
  const unknown = await sendTest()
  assert.equal(unknown.outcome_word, 'recipient')
  assert.match(unknown.answer, /^550 /)
  await visitor.send('/me/mail', { mail: 'sato@minato.example', reminds: '1' }, '/me')
  assert.equal(postfix.box('sato').length, had)
  assert.ok(!server.output().includes(secret))
})

test('a server that hangs: a time limit, and nothing else waits', async () => {
  const sockets = new Set()
  const hung = createServer(socket => sockets.add(socket.on('error', () => {})))
  await new Promise(done => hung.listen(0, '127.0.0.1', done))
  await settle({ 'mail.port': String(hung.address().port), 'mail.seconds': '5' })
  const began = Date.now()
  const under = sendTest()
  await waitFor(() => sockets.size)
  const meanwhile = Date.now()
  assert.equal((await visitor.get('/')).status, 200)
  assert.ok(Date.now() - meanwhile < 4000)
  assert.equal((await under).outcome_word, 'timeout')
  assert.ok(Date.now() - began < 12_000)
  for (const socket of sockets) socket.destroy()
  hung.close()
})

test('a name server that is silent: the limit holds, and the process ends when it is told to', async () => {
  await settle({ 'mail.host': 'silent.house.example', 'mail.seconds': '2' })
  const asking = Date.now()
  assert.equal((await sendTest()).outcome_word, 'timeout')
  assert.ok(Date.now() - asking < 6000)
  await settle({ 'mail.seconds': '30' })
  asked.delete('silent')
  const unanswered = sendTest()
  await waitFor(() => asked.has('silent'))
  const told = Date.now(), pid = pidOf('post')
  process.kill(pid, 'SIGTERM')
  await waitFor(() => pidOf('post') !== pid)
  assert.ok(Date.now() - told < 4000, `${Date.now() - told} ms`)
  assert.equal((await unanswered).outcome_word, 'stopped')
  await settle(rightServer())
})

test('a server that is away: the mail is kept over kills of every process and arrives once', async () => {
  await settle({ 'mail.port': String(await freePort()) })
  const had = postfix.box('alice').length
  const { link } = (await visitor.send('/people/invite', { name: 'Bob', role: 'staff' }, '/people')).json
  assert.equal((await visitor.send('/people/invite/mail', { token: link.token, address: 'alice@minato.example' }, '/people')).status, 200)
  const kept = await waitFor(async () => (await look()).mails.find(one => one.is.waiting && one.outcome_word === 'not-reached'))
  assert.ok(kept.next.us > Date.now() * 1000)
  const status = (await visitor.get('/status')).json.mail
  assert.equal(status.waiting, 1)
  assert.ok(status.oldest.us > 0)
  for (const name of ['post', 'keeper']) process.kill(pidOf(name), 'SIGKILL')
  await waitFor(async () => server.processes().every(one => one.ready) && (await visitor.get('/settings/mail')).status === 200)
  assert.equal((await look()).waiting, 1)
  const rows = JSON.parse((await run(['doctor', '--json', '--data', server.data])).stdout)
  assert.match(rows.find(row => row.id === 'mail').detail, /^ready, 1 \(20/)
  assert.match((await visitor.get('/settings/mail.csv')).text, /^\uFEFF?"?作った時/)
  await settle(rightServer())
  const mails = await postfix.wait('alice', had + 1)
  assert.ok(mails.at(-1).text.includes(link.path))
  await waitFor(async () => (await look()).waiting === 0)
  await sleep(1500)
  const ids = postfix.box('alice').map(one => one.one('Message-ID'))
  assert.equal(ids.length, had + 1)
  assert.equal(new Set(ids).size, ids.length)
})

test('a certificate that nobody vouches for is refused', async () => {
  const other = await startServer() // without the authority of the tests
  const manager = await setUp(other)
  assert.equal((await manager.send('/me/mail', { mail: 'sato@minato.example', reminds: '1' }, '/me')).status, 303)
  assert.equal((await manager.send('/settings/mail', rightServer())).status, 303)
  const sent = await manager.send('/settings/mail/test', {}, '/settings/mail')
  const found = await waitFor(async () => {
    const { test } = (await manager.get(sent.headers.get('location').replace(/#.*/, ''))).json
    return test.is.waiting ? null : test
  })
  assert.equal(found.outcome_word, 'certificate', found.answer)
  await other.stop()
})

// A server of the older kind: knows no login but LOGIN, and wants to be asked twice.
function startOld(folder, said) {
  const server = createTlsServer({ key: readFileSync(join(folder, 'right.key')), cert: readFileSync(join(folder, 'right.pem')) }, socket => {
    let text = '', step = 'command', given = []
    const say = line => socket.write(`${line}\r\n`)
    const answers = {
      EHLO: () => say('250-old.example\r\n250 AUTH LOGIN'), MAIL: () => say('250 ok'), QUIT: () => socket.end('221 bye\r\n'), RSET: () => say('250 ok'),
      AUTH: line => { given = []; step = 'login'; const first = line.split(' ')[2]; if (first) given.push(first); say(first ? '334 UGFzc3dvcmQ6' : '334 VXNlcm5hbWU6') },
      RCPT: () => { said.recipients++; say(said.recipients === 1 ? '451 4.7.1 try again later' : '250 ok') },
      DATA: () => { step = 'data'; say('354 go on') },
    }
    socket.on('error', () => {})
    say('220 old')
    socket.on('data', piece => {
      text += piece
      for (let end; (end = text.indexOf('\r\n')) >= 0;) {
        const line = text.slice(0, end)
        text = text.slice(end + 2)
        if (step === 'data') { if (line === '.') { step = 'command'; said.messages++; say('250 taken') } continue }
        if (step === 'command') { (answers[line.slice(0, 4).toUpperCase()] ?? (() => say('500 what')))(line); continue }
        given.push(line)
        if (given.length < 2) { say('334 UGFzc3dvcmQ6'); continue }
        step = 'command'
        said.login = given.map(one => Buffer.from(one, 'base64').toString())
        say('235 welcome')
      }
    })
  })
  return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)))
}

test('a server that knows only LOGIN; and one that says "later" is asked again, which is no refusal', async () => {
  const said = { recipients: 0, messages: 0, login: null }, old = await startOld(dirname(postfix.ca), said)
  await settle({ ...rightServer(), 'mail.tls': 'tls', 'mail.port': String(old.address().port) })
  const { link } = (await visitor.send('/people/invite', { name: 'Carol', role: 'staff' }, '/people')).json
  assert.equal((await visitor.send('/people/invite/mail', { token: link.token, address: 'carol@minato.example' }, '/people')).status, 200)
  const kept = await waitFor(async () => (await look()).mails.find(one => one.is.waiting && one.outcome_word === 'recipient'))
  assert.match(kept.answer, /^451 /)
  assert.deepEqual(said.login, [user, secret])
  await settle({ 'mail.seconds': '29' }) // whatever was changed: it is tried at once
  await waitFor(() => said.messages === 1)
  await waitFor(async () => (await look()).waiting === 0)
  old.close()
})
