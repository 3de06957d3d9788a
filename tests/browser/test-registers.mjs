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

const cells = text => text.trim().split('\r\n').map(line => line.slice(1, -1).split('","'))

test('CSV: columns that are absent keep what is stored; a line without number changes the entry of that name, said before', async () => {
  await upload('services', '名前,使い道,2段階の確認,メモ\nメール,連絡,一部,残す\n会計,経理,全員,\n')
  const first = cells(await csv('services'))
  const text = '名前,2段階の確認\nメール,全員\n,\n勤怠,ついていない\n勤怠,ついていない\n'
  const look = await upload('services', text, 'look')
  assert.match(look, /まだ取り込んでいません[\s\S]*新しい 1件、直す 1件[\s\S]*番号がなくても[\s\S]*まったく同じ行 1行[\s\S]*空の行 1行/)
  assert.match(look, /2\s+メール\s+名前などが同じ項目を直します\s+2段階の確認：一部 → 全員/)
  await shoot(page, 'register-import')
  assert.deepEqual(cells(await csv('services')), first)
  await upload('services', text)
  const after = cells(await csv('services'))
  assert.equal(after.length, first.length + 1)
  const mail = after.find(row => row.includes('メール'))
  for (const name of ['番号', '使い道', 'メモ']) {
    const row = first.find(each => each.includes('メール'))
    const i = first[0].findIndex(each => each.endsWith(name))
    assert.equal(mail[i], row[i], name)
  }
  assert.ok(mail.includes('全員'))
  const number = mail[0]
  assert.match(await upload('services', `番号,メモ\n${number},新しいメモ\n`), /直す 1件/)
  assert.ok(cells(await csv('services')).some(row => row[0] === number && row.includes('新しいメモ') && row.includes('連絡')))
  const before = await csv('services')
  for (const [bad, words] of [
    [`番号,メモ\n${number},a\n${number},b\n`, /3行目：\s*\d+/],
    ['番号,メモ\n0,a\n', /2行目：\s*0/],
    ['名前,名前,2段階の確認\na,b,全員\n', /1行目：\s*名前/],
    ['名前,2段階の確認\n新しい,全員\n新しい,ついていない\n', /3行目：\s*新しい（2）/],
    ['名前,2段階の確認,メモ\n"一\n\n二",全員,\n', /2行目：\s*名前/],
    ['名前,2段階の確認\n\n\nよい,全員\nわるい,そうかも\n', /5行目：\s*2段階の確認/],
    ['名前,2段階の確認\nよい,全員,はみだす\n', /2行目：/],
    ['番号,サービス\n,名刺管理\n,"会計\n,勤怠\n', /引用符[\s\S]*3行目/],
  ]) assert.match(await upload('services', bad), words)
  assert.equal(await csv('services'), before)
})

test('the largest file that is allowed: 1000 lines twice fill a register, which is listed, exported and taken in again', async () => {
  const rows = from => Array.from({ length: 1000 }, (each, i) => `機器${from + i},パソコン,"${'メモ'.repeat(50)}"`).join('\n')
  for (const from of [0, 1000]) assert.match(await upload('devices', `名前,種類,メモ\n${rows(from)}\n`), /新しい 1000件/)
  assert.match(await upload('devices', '名前,種類\nもう1台,パソコン\n'), /2,000件まで/)
  const all = await csv('devices')
  assert.equal(all.trim().split('\r\n').length, 2001)
  assert.match(await upload('devices', all), /1,000行/)
  assert.match(await upload('devices', all.split('\r\n').slice(0, 1001).join('\r\n')), /同じ 1000件/)
  await page.goto('/prepare')
  assert.match(await page.innerText('main'), /2000|2,000/)
})

test('a task that is done is due no more; a note beginning with = opens no formula', async () => {
  await upload('tasks', `やること,期限,状態,メモ\nルーターを替える,${day(5).replaceAll('-', '/')},まだ,=1+1\n`)
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), /ルーターを替える/)
  assert.match(await csv('tasks'), /"'=1\+1"/)
  await upload('tasks', `やること,期限,状態,メモ\n＝全角,${day(6)},まだ,＋1\n`)
  const guarded = await csv('tasks')
  assert.match(guarded, /"'＝全角"[\s\S]*"'＋1"/)
  assert.match(await upload('tasks', guarded), /同じ 2件/)
  for (let i = 0; i < 2; i++) {
    await page.goto('/prepare/due')
    await page.click('table a')
    await page.selectOption('#f-task-state', 'done')
    await page.click('.actions button')
  }
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), /期限のあるものはありません/)
})

test('English, and a register that is none', async () => {
  const english = await openContext(browser, sonae, { locale: 'en-GB' })
  const other = await english.newPage()
  await other.goto('/prepare/registers/devices')
  assert.equal((await context.request.get('/prepare/registers/nothing')).status(), 404)
  assert.equal((await context.request.get('/prepare/registers/devices/424242')).status(), 404)
  await page.goto('/prepare/registers/networks?lang=en')
  assert.match(await page.innerText('main'), /Networks[\s\S]*Nothing here yet/)
  await page.goto('/prepare?lang=ja')
})
