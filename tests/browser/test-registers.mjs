// SPDX-License-Identifier: GPL-3.0-or-later
//
// 台帳: one mechanism for all of them; CSV out and in; what is due in one table; history; who may change.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})
const csv = async register => (await context.request.get(`/prepare/registers/${register}/csv`)).text()
const day = offset => new Date(Date.now() + offset * 86400_000 + 9 * 3600_000).toISOString().slice(0, 10)

async function upload(register, text, button = 'take') {
  await page.goto(`/prepare/registers/${register}/import`)
  await page.setInputFiles('#file', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.click(`button[name=${button}]`)
  return page.innerText('main')
}

test('every register opens empty, says what to do, and fits a phone', async () => {
  await page.goto('/')
  await page.click('nav a[href="/prepare"]')
  await shoot(page, 'prepare')
  const paths = await page.$$eval('ul.choices a[href^="/prepare/registers/"]', list => list.map(a => a.getAttribute('href')))
  assert.equal(paths.length, 14)
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of paths) {
    await page.goto(path)
    assert.match(await page.innerText('main'), path.endsWith('/partners') ? /鈴木 一郎/ : /まだ何もありません/)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), path)
    assert.ok(await page.locator('form input[required], form select[required]').count() > 0, path)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
})

test('a device with an end of support becomes due; changed, its history shows both; taken out, it is gone', async () => {
  await page.goto('/prepare/registers/devices')
  await page.fill('#f-name', '本社のルーター')
  await page.selectOption('#f-device-kind', 'network')
  await page.fill('#f-support-end', day(10))
  await page.click('details button')
  assert.match(await page.innerText('table'), /本社のルーター/)
  assert.match(await page.innerText('table'), /もうすぐ/)
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), /本社のルーター[\s\S]*機器/)
  await page.click('table a')
  await page.fill('#f-version', '1.2')
  await page.fill('#f-support-end', day(-3))
  await page.click('.actions button')
  await page.goto('/')
  await page.click('a[href="/prepare/due"]')
  assert.match(await page.innerText('main'), /期限切れが1件/)
  await page.click('table a')
  const history = await page.locator('h2 + .sheet tr').allInnerTexts()
  assert.equal(history.length, 3, 'a heading and two changes')
  await shoot(page, 'register-item')
  await page.click('button[name=remove]')
  assert.match(await page.innerText('table'), /まだ何もありません/)
})

test('what does not fit is said beside what was typed', async () => {
  await page.goto('/prepare/registers/partners')
  await page.click('details summary')
  await page.fill('#f-name', '保守の会社')
  await page.selectOption('#f-relation', 'it-firm')
  await page.fill('#f-phone', 'あとで聞く')
  await page.click('details button')
  assert.match(await page.innerText('.problem'), /書いたものは残っています/)
  assert.equal(await page.inputValue('#f-name'), '保守の会社')
  await page.fill('#f-phone', '０４５－０００－１２３４')
  await page.click('details button')
  assert.match(await csv('partners'), /"045-000-1234"/)
})

test('information assets: importance is the greatest of three, risk is said with its band', async () => {
  const told = await upload('assets', '名前,もれたときの影響,書き換わったときの影響,使えないときの影響,起こりやすさ（脅威）,守りの弱さ\n顧客名簿,3,2,1,3,3\n会社案内,1,1,1,3,2\n')
  assert.match(told, /取り込みました/)
  await page.goto('/prepare/registers/assets')
  const rows = await page.$$eval('tbody tr', list => list.map(tr => [...tr.children].map(td => td.textContent)))
  assert.deepEqual(rows.map(row => [row[1], row[5], row[6]]), [['顧客名簿', '3', '9 大'], ['会社案内', '1', '2 小']])
  assert.match(await page.innerText('main'), /まだ確かめていません/)
  await shoot(page, 'register-assets')
})

test('CSV: what comes out goes in again unchanged; a bad line keeps everything out and is named', async () => {
  await upload('businesses', 'rank,name,tolerable-hours,by-hand\n2,出荷,24,紙の伝票\n1,受注,4,"電話とFAX\n=手で書く"\n')
  const first = await csv('businesses')
  assert.ok(first.startsWith('\ufeff"番号","順番","名前"'), first.slice(0, 60))
  assert.ok(first.indexOf('受注') < first.indexOf('出荷'), 'by rank')
  assert.match(await upload('businesses', first), /同じ 2件/)
  assert.equal(await csv('businesses'), first)
  assert.match(await upload('businesses', first.replace('"24"', '"30"'), 'look'), /まだ取り込んでいません[\s\S]*直す 1件/)
  assert.equal(await csv('businesses'), first)
  for (const [text, words] of [
    ['順番,名前,止まってよい時間（時間）\n1,受注,4\n二,出荷,8\n', /3行目：\s*順番/],
    ['順番,名前,知らない列\n1,受注,4\n', /1行目：\s*知らない列/],
    ['番号,順番,名前,止まってよい時間（時間）\n99999,1,受注,4\n', /2行目：\s*99999/],
    ['順番,名前\n', /中身の行/],
    [Buffer.from([0xff, 0x81, 0x0a, 0x31, 0x0a]), /CSV UTF-8/],
    [Buffer.from('8f8794d42c96bc914f0a', 'hex'), /中身の行/], // 順番,名前 as Excel in Japanese writes it
  ]) assert.match(await upload('businesses', text), words)
  assert.equal(await csv('businesses'), first)
})

test('a task that is done is due no more; a note beginning with = opens no formula', async () => {
  await upload('tasks', `やること,期限,状態,メモ\nルーターを替える,${day(5).replaceAll('-', '/')},まだ,=1+1\n`)
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), /ルーターを替える/)
  assert.match(await csv('tasks'), /"'=1\+1"/)
  await page.click('table a')
  await page.selectOption('#f-task-state', 'done')
  await page.click('.actions button')
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), /期限のあるものはありません/)
})

test('English, and a register that is none', async () => {
  const english = await openContext(browser, sonae, { locale: 'en-GB' })
  const other = await english.newPage()
  await other.goto('/prepare/registers/devices')
  assert.equal((await context.request.get('/prepare/registers/nothing')).status(), 404)
  assert.equal((await context.request.get('/prepare/registers/devices/424242')).status(), 404)
  await page.goto('/prepare/registers/services?lang=en')
  assert.match(await page.innerText('main'), /Outside services[\s\S]*Nothing here yet/)
  await page.goto('/prepare?lang=ja')
})
