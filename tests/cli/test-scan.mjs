// SPDX-License-Identifier: GPL-3.0-or-later
//
// `sonae scan` from outside: the JSON of its answers, offsets in the bytes of the original, house words, bad input.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { newPath, run } from './sonae.mjs'

const KINDS = ['person', 'phone', 'email', 'address', 'postal-code', 'birth-date', 'my-number', 'corporate-number', 'licence', 'passport', 'residence-card', 'pension-number', 'health-insurance', 'bank-account', 'credit-card', 'password', 'secret', 'internal-address', 'confidential-mark', 'sensitive', 'house-word']

async function scan(args, options) {
  const ended = await run(['scan', '--json', ...args], options)
  return { ...ended, answers: ended.stdout.split('\n').filter(Boolean).map(line => JSON.parse(line)) }
}

function file(content, name) {
  const path = newPath(name ?? 'text.txt')
  writeFileSync(path, content)
  return path
}

const text = '担当：山田太郎\n携帯は０９０－１２３４－５６７８です。\nマイナンバー：1234-5678-9018\nカード 4111\u200b1111 1111 1111\n【社外秘】パスワード：Abc12345!\n'
const piece = (bytes, span) => Buffer.from(bytes).subarray(span.start, span.end).toString()

describe('sonae scan', () => {
  test('one object per input with exactly its fields; offsets are bytes of the original', async () => {
    const path = file(text)
    const { status, stderr, answers } = await scan([path, '-'], { input: 'なにもない文章です。' })
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.equal(answers.length, 2)
    assert.deepEqual(Object.keys(answers[0]), ['input', 'spans', 'elapsed_us'])
    assert.equal(answers[0].input, path)
    assert.equal(answers[1].input, '-')
    assert.deepEqual(answers[1].spans, [])
    let last = 0
    for (const span of answers[0].spans) {
      assert.deepEqual(Object.keys(span), ['start', 'end', 'kind', 'confidence', 'action', 'why'])
      assert.ok(span.start >= last && span.end > span.start)
      last = span.end
      assert.ok(KINDS.includes(span.kind), span.kind)
      assert.ok(['high', 'medium', 'low'].includes(span.confidence))
      assert.ok(['stop', 'mask', 'warn', 'allow'].includes(span.action))
      assert.ok(span.why.length > 5)
    }
    const found = Object.fromEntries(answers[0].spans.map(span => [span.kind, piece(text, span)]))
    assert.deepEqual(found, { person: '山田太郎', phone: '０９０－１２３４－５６７８', 'my-number': '1234-5678-9018', 'credit-card': '4111\u200b1111 1111 1111', 'confidential-mark': '社外秘', password: 'Abc12345!' })
  })

  test('what must never leave is stopped on its way out, whatever the service', async () => {
    const path = file(text)
    for (const destination of ['other', 'contracted']) {
      const { answers: [answer] } = await scan(['--destination', destination, path])
      for (const span of answer.spans)
        if (['my-number', 'credit-card', 'password'].includes(span.kind))
          assert.equal(span.action, 'stop', `${span.kind} ${destination}`)
    }
  })

  test('the found text itself is not printed for people', async () => {
    const { status, stdout } = await run(['scan', file(text)])
    assert.equal(status, 0)
    assert.match(stdout, /My Number/)
    assert.doesNotMatch(stdout, /9018|山田|Abc12345/)
  })

  test("the company's own words", async () => {
    const words = file('word,kind\n"ミナトケミカル",customer\nZephyr,product\n', 'words.csv')
    const { status, answers: [answer] } = await scan(['--words', words], { input: '株式会社ﾐﾅﾄｹﾐｶﾙへ zephyr を納品' })
    assert.equal(status, 0)
    assert.equal(answer.spans.filter(span => span.kind === 'house-word').length, 2)
  })

  test('bad words, bad options: nothing is scanned', async () => {
    assert.equal((await scan(['--words', file('a\n"open', 'bad.csv')], { input: 'x' })).status, 1)
    assert.equal((await scan(['--destination', 'moon'], { input: 'x' })).status, 1)
    assert.equal((await scan(['--max-bytes', '0'], { input: 'x' })).status, 1)
  })

  test('what is not UTF-8, not there or too large is said, and the others are scanned', async () => {
    const sjis = file(Buffer.from([0x93, 0x64, 0x98, 0x62, 0x30, 0x33, 0x2d, 0x31]), 'sjis.txt')
    const { status, stderr, answers } = await scan([sjis, newPath('missing'), file('03-1234-5678')])
    assert.equal(status, 2)
    assert.match(stderr, /UTF-8/)
    assert.equal(answers.length, 3)
    assert.equal(answers[0].error, 'not-utf-8')
    assert.ok(answers[1].error)
    assert.equal(answers[2].spans.length, 1)
    const large = await scan(['--max-bytes', '100', file('x'.repeat(101))])
    assert.equal(large.status, 2)
    assert.equal(large.answers[0].error, 'too-large')
  })

  test('a large text takes time in proportion', async () => {
    const unit = '本日の打ち合わせの内容を共有します。次回は来週の火曜日に行います。\n'.repeat(60) + '電話は03-1234-5678です。\n'
    const times = []
    for (const count of [50, 400]) {
      const { answers: [answer] } = await scan([file(unit.repeat(count))])
      assert.equal(answer.spans.filter(span => span.kind === 'phone').length, count)
      times.push(answer.elapsed_us)
    }
    assert.ok(times[1] < 8 * times[0] * 4, `${times}`)
  })
})
