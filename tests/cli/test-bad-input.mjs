// SPDX-License-Identifier: GPL-3.0-or-later
//
// Input that is broken, huge or meant to harm: a clear answer within the limits, through the command line and through
// the server, and no process that grows. Everything is made here; nothing of it is kept.
import assert from 'node:assert/strict'
import { chmodSync, closeSync, openSync, readFileSync, truncateSync, unlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { askApi, breaks, check, familyOf, filesUnder, kinds, newFolder, newPath, newToken, setUp, source, startServer, watchUse } from './sonae.mjs'

const ANSWER_MAX_MS = 3000 // of the processor
const PEAK_MAX_MB = 256    // 64 MB of input, its copy in the reader, and what is made of it
const GROWTH_MAX_MB = 24

const head = 'From: a@example.net\r\nTo: b@example.net\r\nSubject: test\r\nDate: Mon, 09 Nov 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n'
const html = `${head}Content-Type: text/html\r\n\r\n`
const fraud = readFileSync(join(source, 'tests/mail/fraud-ja/booklet-xyz-bank.eml'))
const many = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join('')
const noise = size => { // the same bytes at each run
  const bytes = Buffer.alloc(size)
  for (let i = 0, x = 12345; i < size; i++) bytes[i] = (x = Math.imul(x, 1103515245) + 12345 >>> 0) >>> 16
  return bytes
}

// A zip with one entry (APPNOTE 4.3), deflated: the gzip stream without its frame.
function zip(name, data) {
  const packed = gzipSync(data, { level: 9 }), body = packed.subarray(10, -8), title = Buffer.from(name)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(8, 4)
  packed.copy(common, 10, packed.length - 8, packed.length - 4)
  common.writeUInt32LE(body.length, 14)
  common.writeUInt32LE(data.length, 18)
  common.writeUInt16LE(title.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, title, body])
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, Buffer.alloc(14), title])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}
const attached = (name, bytes) => `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee the attachment\r\n--b\r\n` +
  `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${bytes.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`

const zeros = Buffer.alloc(200_000_000)
const bomb = zip('zeros.txt', zeros), nested = zip('a.zip', zip('b.zip', zip('c.zip', bomb)))
const gzipped = gzipSync(zeros, { level: 9 })
const nestedMail = levels => head + many(levels, i => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`) + 'Content-Type: text/plain\r\n\r\ndeep\r\n' + many(levels, i => `--b${levels - 1 - i}--\r\n`)

// what, its bytes (made when needed), what must be said of it
const bad = [
  ['empty', () => '', { verdict: 'cannot-tell', says: /no text/ }],
  ['one line feed', () => '\n', { verdict: 'cannot-tell', says: /no text/ }],
  ['10,000 parts', () => `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${many(10_000, i => `--b\r\nContent-Type: text/plain\r\n\r\npart ${i}\r\n`)}--b--\r\n`, { kind: 'mail', says: /too many/ }],
  ['10,000 attachments', () => `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${many(10_000, i => `--b\r\nContent-Disposition: attachment; filename=a${i}.exe\r\n\r\nx\r\n`)}--b--\r\n`, { kind: 'mail', says: /too many/ }],
  ['1,000 levels', () => nestedMail(1000), { kind: 'mail', says: /too deeply/ }],
  ['1,000 mails within each other', () => `${`${head}Content-Type: message/rfc822\r\n\r\n`.repeat(1000)}${head}\r\ndeep\r\n`, { kind: 'mail', says: /too deeply/ }],
  ['1 million links, HTML', () => html + many(1_000_000, i => `<a href="http://h${i}.example.com/p">x${i}</a>\n`), { kind: 'mail', says: /too many/ }],
  ['1 million links, text', () => many(1_000_000, i => `http://h${i}.example.com/p\n`), { verdict: 'cannot-tell', says: /too many/ }],
  ['a bad link behind 3,000 good ones is not "nothing found"', () => many(3000, i => `http://h${i}.example.com/p\n`) + 'http://amazon.co.jp.evil.example/\n', { never: 'nothing-found', says: /too many/ }],
  ['a decompression bomb', () => attached('bomb.zip', bomb), { kind: 'mail', says: /too large/ }],
  ['a decompression bomb in three archives', () => attached('bomb.zip', nested), { kind: 'mail', says: /too deeply/ }],
  ['a decompression bomb alone', () => bomb, { says: /too large/ }],
  ['a compressed file of zeros', () => attached('bomb.gz', gzipped), { kind: 'mail' }],
  ['a header of 10 MB', () => `Subject: ${'a'.repeat(10_000_000)}\r\n${head}\r\nhello\r\n`, { says: /too large/ }],
  ['a folded header of 10 MB', () => `Subject: ${'a\r\n '.repeat(2_500_000)}\r\n${head}\r\nhello\r\n`, { says: /too large/ }],
  ['1 million header fields', () => `${many(1_000_000, i => `X-A${i}: b\r\n`)}${head}\r\nhello\r\n`, { kind: 'mail' }],
  ['a fraud behind 1 million header fields', () => Buffer.concat([Buffer.from(many(1_000_000, i => `X-A${i}: b\r\n`)), fraud]), { kind: 'mail', verdict: 'danger' }],
  ['a fraud behind one header field of 10 MB', () => Buffer.concat([Buffer.from(`X-A: ${'a'.repeat(70)}${`\r\n ${'b'.repeat(70)}`.repeat(140_000)}\r\n`), fraud]), { kind: 'mail', verdict: 'danger' }],
  ['a fraud behind 100,000 stamps', () => Buffer.concat([Buffer.from('Received: from a by b; Mon, 09 Nov 2026 10:00:00 +0900\r\n'.repeat(100_000)), fraud]), { kind: 'mail', verdict: 'danger' }],
  ['300,000 encoded words', () => `Subject: ${'=?iso-2022-jp?B?GyRCJCIbKEI=?= '.repeat(300_000)}\r\n${head}\r\nhello\r\n`, { says: /too large/ }],
  ['random bytes', () => noise(1_000_000), { verdict: 'cannot-tell', says: /no text/ }],
  ['random bytes behind a header', () => Buffer.concat([Buffer.from(`${head}\r\n`), noise(1_000_000)]), { kind: 'mail', says: /encoding/ }],
  ['a program as text', () => readFileSync('/bin/true'), { ask: 'text', verdict: 'cannot-tell', says: /no text/ }],
  ['zero bytes', () => Buffer.alloc(1_000_000), { verdict: 'cannot-tell', says: /no text/ }],
  ['invalid UTF-8', () => Buffer.from('口座を停止\xe3\x81 \xf0\x9f \xc0\xaf ログイン\xff '.repeat(1000), 'latin1'), { says: /encoding/ }],
  ['1 million open elements', () => `${html}${'<div>'.repeat(1_000_000)}x`, { says: /too deeply/ }],
  ['1 million attributes', () => `${html}<a ${'b=c '.repeat(1_000_000)}>x</a>`, {}],
  ['one word of 2 MB as an address', () => `http://${'a.'.repeat(1_000_000)}com/`, { ask: 'url', says: /too large/ }],
  ['1 million @ in an address', () => `http://${'a@'.repeat(1_000_000)}com/`, { ask: 'url', says: /too large/ }],
  ['5 MB of brand names', () => 'Amazon 三井住友銀行 '.repeat(200_000), { says: /too large/ }],
  ['8 MB of urgent words', () => '今すぐログインしてください。アカウントが停止されました。'.repeat(100_000), { says: /too large/ }],
]

function judge(name, answer, expected) {
  assert.deepEqual(breaks(answer), [], name)
  if (expected.kind) assert.equal(answer.kind, expected.kind, name)
  if (expected.verdict) assert.equal(answer.verdict, expected.verdict, name)
  if (expected.never) assert.notEqual(answer.verdict, expected.never, name)
  if (expected.says) assert.match(answer.not_checked.join('\n'), expected.says, name)
}

// A file of zeros takes no room on the disk; what stands before them is real.
function largeFile(megabytes) {
  const path = newPath(`${megabytes}mb.eml`), fd = openSync(path, 'w')
  writeSync(fd, `${head}\r\nhello, this is the beginning of a long mail\r\n`)
  closeSync(fd)
  truncateSync(path, megabytes * 1_000_000)
  return path
}

describe('bad input on the command line', () => {
  for (const [name, make, expected] of bad) {
    test(name, async () => {
      const path = newPath('bad'), bytes = make()
      writeFileSync(path, bytes)
      const ended = await check(['--parts', ...(expected.ask ? ['--kind', expected.ask] : []), path])
      unlinkSync(path)
      assert.equal(ended.answers.length, 1, ended.stderr)
      judge(name, ended.answers[0], expected)
      assert.equal(ended.status, ended.answers[0].verdict === 'cannot-tell' ? 2 : 0)
      assert.ok(ended.processorMs < ANSWER_MAX_MS, `${ended.processorMs} ms`)
      // A run can be over between two looks at its memory.
      assert.ok((ended.peakMb > 5 || ended.processorMs < 200) && ended.peakMb < PEAK_MAX_MB, `${ended.peakMb} MB`)
    })
  }

  for (const [megabytes, verdict] of [[60, 'cannot-tell'], [100, 'cannot-tell'], [5000, 'cannot-tell']]) {
    test(`a mail of ${megabytes} MB`, async () => {
      const path = largeFile(megabytes)
      const ended = await check(['--kind', 'mail', path])
      unlinkSync(path)
      judge(path, ended.answers[0], { kind: 'mail', verdict, says: /too large/ })
      assert.ok(ended.processorMs < ANSWER_MAX_MS && ended.peakMb < PEAK_MAX_MB, `${ended.processorMs} ms, ${ended.peakMb} MB`)
    })
  }

  test('100 MB through standard input', async () => {
    const ended = await check(['--kind', 'text'], { input: Buffer.alloc(100_000_000, 'hello ') })
    judge('-', ended.answers[0], { kind: 'text', verdict: 'cannot-tell', says: /too large/ })
    assert.equal(ended.status, 2)
    assert.ok(ended.peakMb < PEAK_MAX_MB, `${ended.peakMb} MB`)
  })

  test('a folder, a missing file, a file that may not be read, a device: named, and the others are judged', async () => {
    const closed = newPath('closed'), good = newPath('good.txt')
    writeFileSync(closed, 'secret')
    chmodSync(closed, 0)
    writeFileSync(good, '明日の会議は10時からです。')
    const mayReadAll = process.getuid() === 0
    const inputs = [newFolder(), newPath('nobody'), mayReadAll ? '/proc/self/mem' : closed, good]
    const ended = await check(inputs)
    assert.equal(ended.status, 2)
    assert.deepEqual(ended.answers.map(answer => answer.verdict), ['cannot-tell', 'cannot-tell', 'cannot-tell', 'nothing-found'])
    ended.answers.forEach((answer, i) => { assert.equal(answer.input, inputs[i]); assert.deepEqual(breaks(answer), []) })
    ended.answers.slice(0, 3).forEach(answer => assert.match(answer.not_checked.join(), /could not be opened/))
    for (const path of inputs.slice(0, 3)) assert.ok(ended.stderr.includes(path), path)
    assert.ok(!ended.stderr.includes(good))
  })

  test('a pipe without an end is left after 64 MB', async () => {
    const ended = await check(['/dev/zero'])
    judge('/dev/zero', ended.answers[0], { verdict: 'cannot-tell', says: /too large/ })
    assert.ok(ended.peakMb < PEAK_MAX_MB)
  })

  test('every file of the fuzz corpora, as every kind', async () => {
    const files = filesUnder(join(source, 'fuzz/corpus'))
    assert.ok(files.length >= 100)
    for (const kind of [null, ...kinds]) {
      const ended = await check(['--parts', ...(kind ? ['--kind', kind] : []), ...files])
      assert.equal(ended.answers.length, files.length, ended.stderr)
      ended.answers.forEach((answer, i) => { assert.equal(answer.input, files[i]); assert.deepEqual(breaks(answer), [], `${kind} ${files[i]}`) })
      assert.ok(ended.peakMb < PEAK_MAX_MB)
    }
  })

  test('a thousand inputs in one run do not make it grow', async () => {
    const files = filesUnder(join(source, 'fuzz/corpus'))
    const once = await check(files), often = await check(Array(10).fill(files).flat())
    assert.equal(often.answers.length, files.length * 10)
    assert.ok(often.peakMb < once.peakMb + GROWTH_MAX_MB, `${once.peakMb} and ${often.peakMb} MB`)
  })

  test('a time limit that is too short is said, not guessed over', async () => {
    const path = newPath('slow.eml')
    writeFileSync(path, bad.find(([name]) => name === '1 million open elements')[1]())
    const ended = await check(['--timeout-ms', '1', path])
    judge(path, ended.answers[0], { verdict: 'cannot-tell', says: /took longer/ })
    assert.equal(ended.status, 2)
  })
})

describe('bad input through the server', () => {
  let server, token, use
  before(async () => {
    server = await startServer({ args: ['--web-processes', '1'] })
    const visitor = await setUp(server)
    token = await newToken(visitor)
    // A sender who was seen before weighs less: the same mail twice would not be the same question.
    assert.equal((await visitor.send('/settings', { name: 'check.remember-senders', value: 'no' })).status, 303)
    use = watchUse(server.child.pid)
  })
  after(async () => { use?.stop(); await server?.stop() })

  for (const name of ['one line feed', '10,000 parts', '1,000 levels', '1 million links, text', 'a decompression bomb', 'a decompression bomb in three archives', 'a header of 10 MB', 'random bytes', 'zero bytes', 'invalid UTF-8', '1 million open elements', '1 million attributes']) {
    const [, make, expected] = bad.find(([one]) => one === name)
    test(name, async () => {
      const answer = await askApi(server, token, '/api/check?parts=1&kind=' + (expected.ask ?? ''), { body: make() })
      assert.equal(answer.status, 200, answer.text.slice(0, 300))
      judge(name, answer.json, { ...expected, says: undefined })
      assert.ok(!expected.says || answer.json.not_checked.length > 0)
    })
  }

  test('nothing, and what is too large for an upload, are refused with a word', async () => {
    const nothing = await askApi(server, token, '/api/check', { body: '' })
    assert.equal(nothing.status, 400)
    assert.equal(typeof nothing.json.error.word, 'string')
    const large = await askApi(server, token, '/api/check', { body: Buffer.alloc(100_000_000) })
    assert.equal(large.status, 413)
    assert.equal(typeof large.json.error.word, 'string')
    const after = await askApi(server, token, '/api/check?kind=text', { body: 'hello' })
    assert.equal(after.status, 200)
  })

  test('forms and JSON that are broken are refused', async () => {
    const send = (type, body) => askApi(server, token, '/api/check', { body, headers: { 'content-type': type } })
    for (const [type, body] of [
      ['application/json', '{"text": '], ['application/json', '[]'], ['application/json', `${'['.repeat(100_000)}`], ['application/json', '{"a":1,"a":2}'],
      ['application/json', '{"text": "\\ud800"}'], ['multipart/form-data', 'x'], ['multipart/form-data; boundary=b', '--b\r\nno end'], ['application/x-www-form-urlencoded', 'text=%zz'], ['application/x-www-form-urlencoded', many(100_000, i => `f${i}=x&`)],
    ]) {
      const answer = await send(type, body)
      assert.ok([400, 413, 415].includes(answer.status), `${answer.status} for ${type} ${body.slice(0, 40)}`)
      assert.equal(typeof answer.json.error.word, 'string')
    }
  })

  test('the fuzz corpora: an answer for each, the same verdicts as on the command line, and no process grows or ends', async () => {
    const files = filesUnder(join(source, 'fuzz/corpus')).filter(file => readFileSync(file).length > 0)
    const pids = server.processes().map(process => process.pid)
    const all = async () => {
      const answers = []
      for (const file of files) {
        const answer = await askApi(server, token, '/api/check', { body: readFileSync(file), headers: { 'content-type': 'application/octet-stream' } })
        assert.equal(answer.status, 200, file)
        assert.deepEqual(breaks(answer.json), [], file)
        answers.push([file, answer.json.verdict])
      }
      return answers
    }
    const resident = () => Math.max(...pids.flatMap(familyOf).map(pid => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0))) / 1024
    const first = await all(), before = resident()
    await all()
    await all()
    assert.ok(resident() < before + GROWTH_MAX_MB, `${before} to ${resident()} MB`)
    assert.deepEqual(server.processes().map(process => process.pid), pids)
    const { answers } = await check(files.map(file => join(file)))
    const differ = first.filter(([file, verdict], i) => answers[i].verdict !== verdict && !/\.(html?|exe|lnk)$/.test(file))
    assert.deepEqual(differ.map(([file]) => file), [])
  })

  test('no process took more memory than its limit', () => {
    assert.ok(use.peakMb() < 512, `${use.peakMb()} MB`)
  })
})
