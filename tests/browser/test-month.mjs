// SPDX-License-Identifier: GPL-3.0-or-later
//
// The president's page: lights with words, figures, what is to decide, the checkpoint; grey and on one sheet of paper.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page
before(async () => {
  sonae = await startSonae({ more: ['--gate-listen', 'none'] })
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})
const json = async path => (await context.request.get(path, { headers: { accept: 'application/json' } })).json()

test('an empty house: what is missing is said in words, beside its sign', async () => {
  await page.goto('/')
  await page.click('a[href="/months"]')
  const text = await page.innerText('main')
  for (const words of ['まだ取っていません', '戻した記録がまだありません', 'バックアップを取る日', '52%が1,000万円以上']) assert.ok(text.includes(words), words)
  await shoot(page, 'month')
})

test('a report raises the count, waits for a decision, and falls when it is answered', async () => {
  await page.goto('/check')
  const csrf = await page.inputValue('input[name=csrf]')
  const post = (path, form) => context.request.post(path, { form: { csrf, ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
  const sent = await post('/check/report', { kind: 'mail', verdict: 'danger', score: '0.99', question: 'これは？' })
  assert.equal(sent.status(), 303, await sent.text())
  let now = await json('/months')
  assert.equal(now.now.reports, '1')
  assert.equal(now.lights[0].good, false)
  assert.ok(now.decisions.some(each => each.path.startsWith('/cases')))
  const path = sent.headers().location
  assert.equal((await post(`${path.split('?')[0]}/answer`, { note: '開かないでください' })).status(), 303)
  now = await json('/months')
  assert.equal(now.now.answered, '1')
  assert.equal(now.lights[0].good, true)
  assert.match(now.checkpoint, /\n\n— /)
  const csv = await (await context.request.get('/months.csv')).text()
  assert.match(csv, /"届いた相談と報告","1"/)
})

test('it prints on one sheet of A4, and a month that is none is not there', async () => {
  await page.goto('/months')
  const pdf = await page.pdf({ format: 'A4' })
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1)
  for (const month of ['203001', '12', 'x', '202613']) assert.equal((await context.request.get(`/months?month=${month}`)).status(), 404, month)
})
