// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON of a verdict on the command line, as docs/check.md has it, and the project's own mails.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { breaks, check, fixture, kinds, newPath, run } from './sonae.mjs'

const mail = fixture('fraud-ja/amazon-payment.eml')
const holds = answer => assert.deepEqual(breaks(answer), [], answer.input)

const byKind = {
  mail: readFileSync(mail), text: 'お客様の口座を停止しました。 http://xyz-bank.co.jp.login-check.xyz/', sms: 'お荷物のお届けにあがりましたが不在でした http://sagawa-exp.duckdns.org/',
  url: 'http://www.amazon.co.jp.evil.xyz/login', qr: 'https://rnicrosoft.com/login', call: '銀行の者ですが、電子証明書の更新のためメールアドレスを教えてください。', screen: 'ウイルスに感染しました。050-0000-0000 に電話してください。',
}

describe('the JSON contract of check', () => {
  test('fields, order and types; quote is the bytes of the part; the score is the sum', async () => {
    const { status, answers, stderr } = await check(['--parts', mail])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.equal(answers.length, 1)
    holds(answers[0])
    assert.equal(answers[0].input, mail)
    assert.equal(answers[0].verdict, 'danger')
    assert.deepEqual(answers[0].claims, ['Amazon'])
    assert.ok(answers[0].reasons.length > 5 && answers[0].parts.length > 5)
    assert.ok(answers[0].reasons.every((r, i, all) => i === 0 || Math.abs(r.weight) <= Math.abs(all[i - 1].weight)), 'heaviest first')
    assert.deepEqual(answers[0].links[0], { text: '支払方法の情報を更新する', url: 'https://amazon.co.jp.ap-signin.buzz/?k=9931', host: 'amazon.co.jp.ap-signin.buzz', registrable: 'ap-signin.buzz' })
  })

  test('parts only with --parts', async () => {
    const { answers: [answer] } = await check([mail])
    holds(answer)
    assert.ok(!('parts' in answer))
  })

  test('each kind by its name', async () => {
    for (const kind of kinds) {
      const { status, answers: [answer] } = await check(['--parts', '--kind', kind], { input: byKind[kind] })
      assert.equal(status, 0, kind)
      holds(answer)
      assert.equal(answer.kind, kind)
      assert.equal(answer.input, '-')
      assert.ok(answer.reasons.length > 0, kind)
    }
  })

  test('the kind is found without --kind', async () => {
    const { answers } = await check([mail, fixture('fraud-ja/sms-tax-unpaid.txt')])
    assert.equal(answers[0].kind, 'mail')
    assert.ok(['sms', 'text'].includes(answers[1].kind), answers[1].kind)
  })

  test('one line for each input, in their order, "-" among them', async () => {
    const { status, stdout, answers } = await check([mail, '-', fixture('ham-ja/' + readdirSync(fixture('ham-ja'))[0])], { input: byKind.sms })
    assert.equal(status, 0)
    assert.equal(stdout.split('\n').length, 4)
    assert.ok(stdout.endsWith('}\n'))
    assert.deepEqual(answers.map(answer => answer.input).slice(0, 2), [mail, '-'])
    answers.forEach(holds)
  })

  test('a repeated field has a number, and its reasons point into it', async () => {
    const received = n => `Received: from a${n}.example.net (a${n}.example.net [192.0.2.${n}]) by b.example.net; Mon, 09 Nov 2026 10:00:0${n} +0900\r\n`
    const { answers: [answer] } = await check(['--parts', '--kind', 'mail'], { input: `${received(1)}${received(2)}${received(3)}From: a@example.net\r\nSubject: x\r\nDate: Mon, 09 Nov 2026 10:00:00 +0900\r\n\r\nhello\r\n` })
    holds(answer)
    assert.deepEqual(answer.parts.map(part => part.name).filter(name => name.startsWith('header:Received')), ['header:Received', 'header:Received:2', 'header:Received:3'])
  })

  test('of a long place the beginning is quoted, and its offsets fit', async () => {
    const text = '口座を停止しました。'.repeat(60)
    const { answers: [answer] } = await check(['--parts', '--kind', 'mail'], { input: `From: "三井住友銀行" <a@evil.xyz>\nSubject: x\nDate: Mon, 09 Nov 2026 10:00:00 +0900\nContent-Type: text/html; charset=utf-8\n\n<a href="http://smbc.co.jp.evil.xyz/">${text}</a>` })
    holds(answer)
    const longest = Math.max(...answer.reasons.map(reason => Buffer.byteLength(reason.quote)))
    assert.ok(longest > 390 && longest <= 400, String(longest))
  })

  test('invisible and control characters survive as JSON', async () => {
    const { answers: [answer] } = await check(['--parts', '--kind', 'text'], { input: 'ロ\u200bグ\u202eイン\u0001して "ください" \\ \u2028 😀' })
    holds(answer)
    assert.match(answer.parts[0].text, /😀/)
  })

  test('both languages say the same in their own words', async () => {
    const ja = await check(['--language', 'ja', mail]), en = await check(['--language', 'en', mail])
    assert.deepEqual(ja.answers[0].reasons.map(r => [r.id, r.weight, r.start, r.end]), en.answers[0].reasons.map(r => [r.id, r.weight, r.start, r.end]))
    assert.ok(ja.answers[0].reasons.every(r => /[ぁ-ん]/.test(r.detail)))
    assert.ok(en.answers[0].reasons.every(r => !/[ぁ-ん]/.test(r.title)))
  })

  test('the same input gives the same answer', async () => {
    const strip = ({ elapsed_us, ...rest }) => rest
    const first = await check(['--parts', mail]), second = await check(['--parts', mail])
    assert.deepEqual(strip(first.answers[0]), strip(second.answers[0]))
  })

  test('exit status: 0 all judged, 2 one could not be, 1 bad use', async () => {
    assert.equal((await check([mail])).status, 0)
    const some = await check([mail, newPath('nobody'), fixture('fraud-ja/call-police.txt')])
    assert.equal(some.status, 2)
    assert.deepEqual(some.answers.map(answer => answer.verdict === 'cannot-tell'), [false, true, false])
    some.answers.forEach(holds)
    for (const bad of [['--kind', 'letter', mail], ['--nonsense', mail], ['--timeout-ms', '0', mail], ['--timeout-ms', 'soon', mail], ['--kind']]) {
      const ended = await run(['check', '--json', ...bad])
      assert.equal(ended.status, 1, bad.join(' '))
      assert.equal(ended.stdout, '')
      assert.match(ended.stderr, /^sonae: ./)
    }
  })

  test('a name with spaces, quotes and Japanese comes back as it is', async () => {
    const path = newPath('見積 "書" ; rm -rf.txt')
    writeFileSync(path, 'こんにちは。明日の会議は10時からです。')
    const { answers: [answer] } = await check([path])
    assert.equal(answer.input, path)
    holds(answer)
  })
})

describe('the mails of tests/mail', () => {
  const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8'))

  for (const kind of [...new Set(Object.values(expected).map(one => one.kind))]) {
    test(`fraud of the kind ${kind}: as expected.json says`, async () => {
      const names = Object.keys(expected).filter(name => expected[name].kind === kind)
      const { answers } = await check(['--parts', '--kind', kind, ...names.map(name => fixture(`fraud-ja/${name}`))])
      assert.equal(answers.length, names.length)
      const wrong = names.filter((name, i) => !expected[name].verdict.includes(answers[i].verdict))
      assert.deepEqual(wrong, [])
      answers.forEach(holds)
    })
  }

  test('legitimate mail: none is danger', async () => {
    const names = readdirSync(fixture('ham-ja')).filter(name => name.endsWith('.eml'))
    const { status, answers } = await check(['--parts', ...names.map(name => fixture(`ham-ja/${name}`))])
    assert.equal(status, 0)
    assert.ok(names.length >= 130 && answers.length === names.length)
    assert.deepEqual(answers.filter(answer => answer.verdict === 'danger').map(answer => answer.input), [])
    answers.forEach(holds)
  })
})
