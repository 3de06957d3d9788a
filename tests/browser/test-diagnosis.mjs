// SPDX-License-Identifier: GPL-3.0-or-later
//
// 診る in a real browser: answered half and whole, by two people, summed up, compared, beside what is proven; SECURITY
// ACTION and the self-check of SCS noted.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, password, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true }
let sonae, browser, context, page, plain, staff

before(async () => {
  sonae = await startSonae({ more: ['--gate-listen', 'none'] })
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  plain = await (await openContext(browser, sonae, { javaScriptEnabled: false, storageState: await context.storageState() })).newPage()
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})

const json = async (path, from = context) => (await from.request.get(path, { headers: { accept: 'application/json' } })).json()
const text = (where = page) => where.innerText('main')
const pick = (where, answers) => where.evaluate(letters => {
  letters.forEach((letter, i) => { if (letter !== '-') document.querySelector(`input[name=q${i + 1}][value=${letter}]`).checked = true })
}, [...answers])
const press = (where, selector) => Promise.all([where.waitForEvent('framenavigated'), where.click(selector)])
const events = async kind => (await json(`/ledger?kind=${kind}`)).total

test('nothing yet: it is said, and one button starts it', async () => {
  await page.goto('/prepare/diagnosis')
  assert.match(await text(), /まだ結果がありません/)
  await press(page, 'form[action="/prepare/diagnosis/start"] button')
  assert.equal(await page.locator('fieldset').count(), 25)
  assert.deepEqual(await page.locator('main h2').allInnerTexts().then(all => all.slice(0, 3)), ['1　まず基本', '2　従業員として', '3　会社として'])
  assert.match(await text(), /設問の版 2025-04/)
})

test('by keyboard alone, kept as one goes, and there again after leaving', async () => {
  await page.goto('/prepare/diagnosis')
  await page.focus('input[name=q1][value=y]')
  await page.keyboard.press('Space')
  await page.focus('input[name=q2][value=y]')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.waitForSelector('[data-saved]:not([hidden])')
  assert.equal(await page.textContent('[data-answered]'), '2')
  await page.goto('/')
  await page.goto('/prepare/diagnosis')
  assert.equal(await page.isChecked('input[name=q1][value=y]'), true)
  assert.equal(await page.isChecked('input[name=q2][value=p]'), true)
  assert.equal(await page.getAttribute('progress', 'value'), '2')
})

test('without JavaScript: half, then whole; another person for another site', async () => {
  await plain.goto('/prepare/diagnosis')
  await plain.check('input[name=q3][value=u]')
  await press(plain, 'form.quiz button.big')
  assert.match(await text(plain), /ここまでの答えを保存しました/)
  for (let i = 1; i <= 25; i++) await plain.check(`input[name=q${i}][value=${i === 3 ? 'u' : i === 12 ? 'n' : 'y'}]`)
  await press(plain, 'form.quiz button.big')
  assert.match(await text(plain), /すべて答えました/)
  await shoot(plain, 'diagnosis-whole')

  await page.goto('/people')
  const csrf = await page.inputValue('input[name=csrf]')
  const made = await context.request.post('/people/invite', { form: { csrf, name: '高橋 次郎', role: 'staff', language: 'ja' }, headers: { accept: 'application/json' } })
  const address = JSON.stringify(await made.json()).match(/\/invite\/[\w-]+/)[0]
  const other = await openContext(browser, sonae, PHONE)
  staff = await other.newPage()
  await staff.goto(address)
  await staff.fill('#login', 'takahashi')
  await staff.fill('#password', password)
  await press(staff, 'main button.big')
  await staff.goto('/prepare/diagnosis')
  await staff.fill('#site', '川崎 工場&倉庫')
  await shoot(staff, 'diagnosis-phone')
  await pick(staff, 'yyu' + 'p'.repeat(22))
  await press(staff, 'form.quiz button.big')
  assert.match(await text(staff), /川崎 工場&倉庫/)
  const own = await json('/prepare/diagnosis', other)
  assert.deepEqual(own.sets.map(one => [one.site, one.answered]), [['川崎 工場&倉庫', 25]])
  assert.equal((await other.request.get('/prepare/diagnosis/sum', { maxRedirects: 0 })).status(), 403)
})

test('who sums up sees who answered and where it differs; nothing is closed with gaps', async () => {
  await plain.goto('/prepare/diagnosis/sum')
  const seen = await text(plain)
  assert.match(seen, /川崎 工場&倉庫\s+高橋 次郎/)
  assert.match(seen, /答えが分かれた項目 2\d件/)
  assert.match(seen, /一部実施している：川崎 工場&倉庫 高橋 次郎/)
  assert.equal(await plain.isChecked('input[name=q1][value=y]'), true) // both say so
  assert.equal(await plain.locator('input[name=q5]:checked').count(), 0)
  await press(plain, 'button[value=close]')
  assert.match(await text(plain), /まだ決まっていない項目があります/)
  assert.equal(await plain.isChecked('input[name=q1][value=y]'), true)
  await shoot(plain, 'diagnosis-sum')
  for (let i = 1; i <= 25; i++) await plain.check(`input[name=q${i}][value=${i === 3 ? 'u' : i === 12 ? 'n' : i < 12 ? 'y' : 'p'}]`)
  await press(plain, 'button[value=save]')
  assert.match(await text(plain), /まだ決まっていない項目 0件/)
  await press(plain, 'button[value=close]')
  assert.match(plain.url(), /rounds\/1$/)
})

test('the result: points, band, where to begin with the next criterion, what nobody knew', async () => {
  await page.goto('/prepare/diagnosis/rounds/1')
  const seen = await text()
  const result = await json('/prepare/diagnosis/rounds/1')
  assert.equal(result.score, 10 * 4 + 13 * 2 - 1)
  assert.equal(result.most, 100)
  assert.match(seen, /65\s*点（100点満点）/)
  assert.match(seen, /足りないところが多くあります/)
  assert.deepEqual(result.lowest.map(one => one.no), [3, 12, 13, 14, 15])
  assert.deepEqual(result.lowest[0].see.map(one => one.number), ['4-1-5', '4-1-6'])
  assert.deepEqual(result.unknown.map(one => one.no), [3])
  assert.doesNotMatch(seen, /安全です|違反|認定|取得/)
  await shoot(page, 'diagnosis-result')
  await staff.goto('/prepare/diagnosis/rounds/1')
  assert.equal(await staff.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), true)
  await shoot(staff, 'diagnosis-result-phone')
  const kept = (await json('/ledger?kind=diagnosis.closed')).records
  assert.deepEqual(kept[0].counts, [{ id: 'no', count: 1 }, { id: 'partly', count: 13 }, { id: 'unknown', count: 1 }, { id: 'yes', count: 10 }])
  assert.doesNotMatch(JSON.stringify(kept), /川崎|NAS/)
  assert.equal(await events('diagnosis.answered'), 2)
})

test('said to be done without a record is marked, until there is one', async () => {
  const marked = async () => (await json('/prepare/diagnosis/rounds/1')).marked.map(one => [one.no, one.mark_word])
  assert.ok((await marked()).some(([no, word]) => no === 11 && word === 'only-said'))
  assert.ok(!(await marked()).some(([no]) => no === 12), 'nothing is proven or disproven about item 12')
  await page.goto('/prepare/diagnosis/rounds/1')
  assert.match(await text(), /Sonaeのバックアップ：記録がありません/)
  const { spawnSync } = await import('node:child_process')
  const { program } = await import('./sonae.mjs')
  const made = spawnSync(program, ['backup', '--data', sonae.data, `${sonae.data}.tar.zst`], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stdout + made.stderr)
  ;(await import('node:fs')).rmSync(`${sonae.data}.tar.zst`, { force: true })
  assert.ok(!(await marked()).some(([no]) => no === 11))
  await page.reload()
  assert.match(await text(), /Sonaeのバックアップ：最後は\d{4}-\d\d-\d\d（0日前）、30日で1回/)
})

test('a second round is compared with the first; tables go out as CSV', async () => {
  await page.goto('/prepare/diagnosis')
  await press(page, 'form[action="/prepare/diagnosis/start"] button')
  await pick(page, 'y'.repeat(25))
  await press(page, 'form.quiz button.big')
  await page.goto('/prepare/diagnosis/sum')
  assert.equal(await page.locator('.answers input:checked').count(), 25)
  await press(page, 'button[value=close]')
  const seen = await text()
  assert.match(seen, /前回（\d{4}-\d\d-\d\d）は65点でした。差は\+35点/)
  assert.match(seen, /入門の段階は達成/)
  assert.equal(await page.locator('svg.plot circle').count(), 2)
  await shoot(page, 'diagnosis-second')
  const rounds = await (await context.request.get('/prepare/diagnosis.csv')).text()
  assert.match(rounds, /^\uFEFF"回"/)
  assert.match(rounds, /"65","100","10","13","1","1"/)
  const items = await (await context.request.get('/prepare/diagnosis/items.csv?round=2')).text()
  assert.equal(items.trim().split('\r\n').length, 26)
  assert.match(items, /"実施している","4","わからない"/)
  for (const path of ['/prepare/diagnosis/rounds/3', '/prepare/diagnosis/items.csv?round=x']) assert.equal((await context.request.get(path)).status(), 404)
})

test('nothing is fetched from elsewhere', () => {
  assert.deepEqual(context.seen.elsewhere, [])
  assert.deepEqual(context.seen.refused, [])
})
