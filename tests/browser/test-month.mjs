// SPDX-License-Identifier: GPL-3.0-or-later
//
// The president's page: lights with words, figures, what is to decide, the checkpoint; grey and on one sheet of paper.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

test('score beside what is proven, overdue things, the last drill: on the page, to be decided, and in the PDF', async () => {
  let text = await page.goto('/months').then(() => page.innerText('main'))
  for (const words of ['まだ診断していません', 'まだ訓練をしていません', 'もしもの訓練をする日', '25問の自社診断をする日']) assert.ok(text.includes(words), words)
  const csrf = await (async () => { await page.goto('/check'); return page.inputValue('input[name=csrf]') })()
  const post = (path, form) => context.request.post(path, { form: { csrf, ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
  assert.equal((await post('/prepare/registers/tasks', { task: 'VPNを更新する', owner: '鈴木', due: '2026-01-05', 'task-state': 'open' })).status(), 303)
  assert.equal((await post('/prepare/diagnosis/start', {})).status(), 303)
  const answers = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`q${i + 1}`, 'y']))
  await post('/prepare/diagnosis', { site: '', ...answers })
  await post('/prepare/diagnosis/sum', { ...answers, do: 'close' })
  const drill = (await post('/119/start', { kind: 'lost', drill: '1' })).headers().location
  for (const note of ['電車に忘れた', '警察に届けた', '遠隔で消した']) await post(drill, { what: 'note', text: note })
  await post(`${drill}/close`, {})
  text = await page.goto('/months').then(() => page.innerText('main'))
  assert.match(text, /自社診断の点\s+100 \/ 100/)
  assert.match(text, /答えと記録の食い違い\s+[1-9]/)
  assert.match(text, /2026-01-05 VPNを更新する 鈴木/)
  assert.match(text, /最後の訓練\s+20\d\d-[\s\S]*0分/)
  assert.match(text, /期限を過ぎたものが1件/)
  assert.ok(!text.includes('もしもの訓練をする日'))
  await shoot(page, 'month-full')
  const folder = mkdtempSync(join(tmpdir(), 'sonae-month-'))
  writeFileSync(join(folder, 'a.pdf'), await (await context.request.get('/months.pdf')).body())
  const pdf = execFileSync('pdftotext', ['-layout', 'a.pdf', '-'], { cwd: folder, encoding: 'utf8' })
  for (const words of ['株式会社みなと商会', '100 / 100', 'VPNを更新する', '期限を過ぎたものが1件', '52%が1,000万円以上', '警察庁']) assert.ok(pdf.includes(words), words)
  if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '60', '-png', 'a.pdf', join(process.env.SHOTS, 'month-full-pdf')], { cwd: folder })
  assert.match(execFileSync('pdfinfo', ['a.pdf'], { cwd: folder, encoding: 'utf8' }), /Pages: +1\n/)
  const fonts = execFileSync('pdffonts', ['a.pdf'], { cwd: folder, encoding: 'utf8' }).trim().split('\n').slice(2)
  assert.ok(fonts.every(line => / yes yes yes /.test(line)))
  if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '60', '-png', 'a.pdf', join(process.env.SHOTS, 'month-pdf')], { cwd: folder })
  rmSync(folder, { recursive: true })
})

test('from a mail to its first report, and months that are over as they were closed: thirteen of them on one sheet', async () => {
  const sent = new Date(Date.now() - 40 * 60e3).toUTCString()
  await page.goto('/check?kind=mail')
  const mail = `From: "三井住友銀行" <info@smbc-check.example>\r\nTo: a@minato.example\r\nDate: ${sent}\r\nSubject: =?UTF-8?B?${Buffer.from('【重要】口座の利用停止').toString('base64')}?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n24時間以内に確認してください http://smbc.co.jp.login-check.example/ パスワードを入力\r\n`
  const csrf = await page.inputValue('input[name=csrf]')
  const shown = await context.request.post('/check', { multipart: { csrf, kind: 'mail', file: { name: 'a.eml', mimeType: 'message/rfc822', buffer: Buffer.from(mail) } }, headers: { origin: sonae.origin } })
  const html = await shown.text()
  const mail_us = html.match(/name="mail_us" value="(\d+)"/)[1]
  assert.equal(Number(mail_us), Math.floor(Date.parse(sent)) * 1000)
  const kept = await context.request.post('/check/report', { form: { csrf, kind: 'mail', verdict: 'danger', score: '0.9', sender: 'info@smbc-check.example', mail_us, question: '' }, maxRedirects: 0, headers: { origin: sonae.origin } })
  assert.equal(kept.status(), 303)
  assert.match((await json('/months')).now.first_report_minutes, /^4[01] \(n=1\)$/)
  const now = new Date(), months = Array.from({ length: 12 }, (_, i) => { const d = new Date(now.getFullYear(), now.getMonth() - 1 - i, 1); return d.getFullYear() * 100 + d.getMonth() + 1 })
  const rows = months.flatMap((month, i) => [['reports', i + 1], ['reports-danger', 1], ['answered', i], ['answer-minutes', 12], ['first-reports', 2], ['first-report-minutes', 30 + i], ['ai-requests', 1000], ['ai-stopped', i], ['ai-masked', 9], ['ai-yen', 12345], ['score-most', 100], ['score-lost', 20 + i], ['overdue', i], ['incidents', 0], ['drill-minutes', 25]].map(([name, value]) => `(${month}, '${name}', ${value}, 1)`))
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', join(sonae.data, 'sonae.db'), `INSERT OR REPLACE INTO month_figure (month, name, value, made_us) VALUES ${rows.join(',')}`])
  await page.goto('/months')
  const table = await page.locator('table', { has: page.locator('thead') }).innerText()
  assert.match(table, /30 \(n=2\)[\s\S]*12345\s+80 \/ 100\s+0/)
  assert.equal((await json('/months')).months.length, 13)
  const pdf = await page.pdf({ format: 'A4' })
  if (process.env.SHOTS) writeFileSync(join(process.env.SHOTS, 'month-print.pdf'), pdf)
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1)
  await shoot(page, 'month-year')
  await page.goto(`/months?month=${months[2]}`)
  const text = await page.innerText('main')
  for (const words of ['月が終わった時の数', '78 / 100', '32 (n=2)', '52%が1,000万円以上']) assert.ok(text.includes(words), words)
  assert.ok(!/今月決めること|VPNを更新する/.test(text), 'what is of today does not stand under an earlier month')
  const folder = mkdtempSync(join(tmpdir(), 'sonae-month-'))
  for (const [name, query] of [['now', ''], ['then', `?month=${months[2]}`]]) {
    writeFileSync(join(folder, `${name}.pdf`), await (await context.request.get(`/months.pdf${query}`)).body())
    assert.match(execFileSync('pdfinfo', [`${name}.pdf`], { cwd: folder, encoding: 'utf8' }), /Pages: +1\n/, name)
    if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '70', '-gray', '-png', `${name}.pdf`, join(process.env.SHOTS, `month-pdf-${name}`)], { cwd: folder })
  }
  assert.match(execFileSync('pdftotext', ['-layout', 'then.pdf', '-'], { cwd: folder, encoding: 'utf8' }), /78 \/ 100/)
  rmSync(folder, { recursive: true })
})

test('it prints on one sheet of A4, and a month that is none is not there', async () => {
  await page.goto('/months')
  const pdf = await page.pdf({ format: 'A4' })
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1)
  for (const month of ['203001', '12', 'x', '202613']) assert.equal((await context.request.get(`/months?month=${month}`)).status(), 404, month)
})
