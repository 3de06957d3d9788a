// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scene C, Monday 08:12: from the poster to the zip. A phone without scripts and without an account comes in with the
// code of the paper; the office works on the same board; nothing is lost when processes die in the middle.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, office, desk, phone, page, code, board
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  office = await openContext(browser, sonae)
  desk = await office.newPage()
  await setUp(desk, sonae)
  phone = await openContext(browser, sonae, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
  page = await phone.newPage()
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})
const tooWide = at => at.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
  : [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 80)))
const local = when => `${when.getFullYear()}-${String(when.getMonth() + 1).padStart(2, '0')}-${String(when.getDate()).padStart(2, '0')}`

async function importCsv(register, text) {
  await desk.goto(`/prepare/registers/${register}/import`)
  await desk.setInputFiles('#file', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await desk.click('button[name=take]')
  assert.match(await desk.innerText('main'), /取り込みました/)
}

test('before: contacts and businesses are in the registers, the code is on the paper', async () => {
  await importCsv('partners', '名前,関係,担当の人,電話,もしもの時の役割\nみなとIT,IT保守・お助け隊,山本,045-000-1111,ログを残す\nよこはま銀行,銀行,,045-000-2222,\n')
  await importCsv('businesses', '順番,名前,止まってよい時間（時間）,手でやる方法\n1,受注,4,電話とFAXで受け、紙の伝票に書く\n2,経理,48,\n')
  await desk.goto('/prepare/kit')
  code = (await desk.innerText('code.paper-code')).trim()
  assert.match(code, /^[a-z2-9]{4}-[a-z2-9]{4}$/)
})

test('C0, C1: from the poster to 「始めました」 on a phone, without scripts; a wrong code starts nothing', async () => {
  await page.goto('/119')
  await page.click('a[href="/119/ransomware"]')
  await page.click('form button.big')
  await page.fill('#code', 'aaaa-bbbb')
  await page.click('button.big')
  assert.match(await page.innerText('.problem'), /番号が違います/)
  await page.goto('/119/incident/1')
  assert.match(page.url(), /\/119\/now$/, 'nothing is there for a stranger')
  await page.goto('/119/start?kind=ransomware')
  await page.fill('#code', code.toUpperCase())
  await page.click('button.big')
  assert.match(page.url(), /\/119\/incident\/\d+$/)
  const pass = (await phone.cookies()).find(cookie => cookie.name === 'sonae-incident')
  assert.ok(Math.abs(pass.expires - Date.now() / 1000 - 7 * 86400) < 100, 'the cookie lives as long as the pass')
  board = new URL(page.url()).pathname
  assert.match(await page.innerText('h1'), /ファイルが開けない/)
  assert.deepEqual(await tooWide(page), [], 'the board fits a phone')
  await shoot(page, 'incident-phone')
})

test('C2: roles, and phones that can be tapped, the company\'s own first', async () => {
  await page.fill('#r-leader', '田中（工場長、社長の代わり）')
  await page.fill('#r-caller', '鈴木')
  await page.click('form:has(#r-leader) button')
  await desk.goto('/')
  await desk.click('.notice.problem a')
  assert.equal(new URL(desk.url()).pathname, board, 'the office sees on its home page that something goes on')
  assert.equal(await desk.inputValue('#r-caller'), '鈴木')
  assert.deepEqual(await page.$$eval('ul.phones a', list => list.slice(0, 3).map(a => a.getAttribute('href'))), ['tel:0450000001', 'tel:0450001111', 'tel:0450002222'])
})

test('on paper a new board is four sheets at most', async () => {
  await desk.goto(board)
  assert.ok((await desk.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g).length <= 4)
})

test('C1, C10: each step is pressed, and the time that it took is kept', async () => {
  const steps = page.locator('ol.steps li')
  const count = await steps.count()
  for (let i = 0; i < 3; i++) await page.locator('ol.steps li').nth(i).locator('button').click()
  assert.equal(await page.locator('ol.steps .done').count(), 3)
  assert.ok(count > 3)
  await page.locator('ol.steps li').nth(2).locator('button').click()
  assert.equal(await page.locator('ol.steps .done').count(), 2, 'and can be taken back')
})

test('C3: the timeline is filled by people, on both sides, and by the ledger; text is shown as text', async () => {
  await page.fill('#n-text', '受注.xlsx.locked が開けない <script>alert(1)</script>')
  await page.click('form:has(#n-text) button')
  await desk.goto(board)
  const text = await desk.innerText('#timeline ~ .sheet.scroll')
  assert.match(text, /locked が開けない <script>/)
  assert.match(text, /紙の番号で入った人/)
  assert.match(text, /Sonaeの記録[\s\S]*台帳の項目を書いた/)
  assert.ok(!/Sonaeの記録/.test(await page.innerText('#timeline ~ .sheet.scroll')), 'the ledger is not for the paper')
  await desk.setInputFiles('#e-file', { name: 'note.png', mimeType: 'image/png', buffer: Buffer.from('a picture of the note') })
  await desk.fill('#e-place', '鈴木のスマホ')
  await desk.click('form:has(#e-file) button')
  await page.setInputFiles('#e-file', { name: 'phone.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(3_000_000, 7) })
  await page.click('form:has(#e-file) button')
  assert.match(await page.innerText('#evidence ~ .sheet'), new RegExp(createHash('sha256').update(Buffer.alloc(3_000_000, 7)).digest('hex')), 'who came in with the paper too')
  assert.match(await desk.innerText('#evidence ~ .sheet'), new RegExp(createHash('sha256').update('a picture of the note').digest('hex')))
})

test('C6: deadlines from the clock; unknown is never "not reportable"; malice makes it 60 days', async () => {
  const rows = () => page.$$eval('#deadlines ~ .sheet tr', list => list.map(tr => tr.textContent))
  const known = new Date()
  const last = days => local(new Date(known.getTime() + (days - 1) * 86400_000))
  let text = (await rows()).join('\n')
  assert.ok(text.includes(`${last(3)} 〜 ${last(5)}`), `速報 ${last(3)} to ${last(5)}: ${text}`)
  assert.ok(text.includes(last(60)), 'ransomware: malice, 60 days')
  assert.match(text, /報告が要るものとして扱います/)
  const answer = async answers => {
    for (const [name, value] of Object.entries(answers)) await page.check(`input[name=${name}][value=${value}]`)
    await page.click('form:has(input[name=personal]) .actions button')
  }
  await answer({ malice: 'unknown' })
  assert.ok((await rows()).join('').includes(last(30)), 'malice unknown: 30 days, the earlier one')
  await answer({ personal: 'yes', sensitive: 'no', property: 'no', malice: 'no' })
  assert.match((await rows()).join(''), /報告が要るものとして扱います/, 'the number is unknown')
  await answer({ many: 'no' })
  assert.match(await page.innerText('main'), /報告の対象に当たりません/)
  await answer({ malice: 'yes', many: 'unknown' })
  assert.ok((await rows()).join('').includes(last(60)))
  await page.click('button[name=sent][value=police]')
  assert.match((await rows()).join(''), /警察[\s\S]*に済み/)
})

test('C4, C8: businesses in BCP order, by hand, back, against the stop they can bear', async () => {
  const row = name => page.locator('#businesses ~ .sheet tr', { hasText: name }).first()
  assert.match(await row('受注').innerText(), /電話とFAX[\s\S]*いつも通り[\s\S]*4時間/)
  await row('受注').locator('button[value="1"]').click()
  assert.match(await row('受注').innerText(), /止まった/)
  await row('受注').locator('button[value="2"]').click()
  assert.match(await row('受注').innerText(), /手で動かす/)
  await row('経理').locator('button[value="1"]').click()
  await row('受注').locator('button[value="3"]').click()
  assert.match(await row('受注').innerText(), /再開した/)
})

test('C4, C5, C6: drafts filled from what was written; the president\'s page with basis, n and three decisions', async () => {
  await desk.goto(board)
  await desk.click('#details summary')
  await desk.fill('#d-overview', 'ファイルサーバーの受注データが暗号化された')
  await desk.fill('#d-items', '氏名、電話')
  await desk.click('#details .actions button')
  await desk.goto(board)
  await desk.fill('#c-publish', '今日17時に主な取引先へ第一報')
  await desk.click('form:has(#c-publish) button')
  await page.goto(`${board}/drafts`)
  const drafts = await page.$$eval('textarea', list => list.map(t => t.value))
  assert.match(drafts[0], /電源を切らず、ケーブルを抜き[\s\S]*止めている仕事：経理[\s\S]*田中/)
  assert.match(drafts[1], /受注データが暗号化された[\s\S]*窓口：鈴木/)
  assert.match(drafts.join('\n'), /3 本人の数：確認中/)
  assert.equal(drafts.length, 5 + 9)
  await desk.goto(`${board}/president`)
  const text = await desk.innerText('main')
  for (const words of ['52%が1,000万円以上', '回答89件', '警察庁', '知らせる範囲', '外の助け', '事業の続け方', '今日17時に', '経理']) assert.ok(text.includes(words), words)
  await shoot(desk, 'incident-president')
  const pdf = await desk.pdf({ format: 'A4' })
  assert.ok(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length <= 2)
})

test('power cut: every process dies; what was acknowledged is there, and the phone is still in', async () => {
  const children = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  await page.goto(board)
  await page.fill('#n-text', '停電の直前に書いたこと')
  await page.click('form:has(#n-text) button')
  for (const pid of children(sonae.pid)) process.kill(Number(pid), 'SIGKILL')
  for (let i = 0; ; i++) {
    const answer = await page.goto(board).catch(() => null)
    if (answer?.status() === 200) break
    assert.ok(i < 100, 'comes back')
    await new Promise(done => setTimeout(done, 100))
  }
  assert.match(await page.innerText('#timeline ~ .sheet.scroll'), /停電の直前に書いたこと/)
})

test('with everything else hung but keeper and web, first steps and board still work', async () => {
  const children = readFileSync(`/proc/${sonae.pid}/task/${sonae.pid}/children`, 'utf8').trim().split(' ')
  const named = pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const others = children.filter(pid => !named(pid).includes('keeper') && !named(pid).includes('web'))
  assert.ok(others.length >= 3, 'reader, gate, press')
  for (const pid of others) process.kill(Number(pid), 'SIGSTOP')
  try {
    assert.equal((await fetch(`${sonae.origin}/119/ransomware`)).status, 200)
    await page.goto(board)
    await page.fill('#n-text', 'ほかが止まっていても書ける')
    await page.click('form:has(#n-text) button')
    assert.match(await page.innerText('#timeline ~ .sheet.scroll'), /ほかが止まっていても書ける/)
  } finally { for (const pid of others) process.kill(Number(pid), 'SIGCONT') }
})

test('what was typed into one form stays when the button of another is pressed, until it is saved', async () => {
  await desk.goto(board)
  await desk.fill('#n-text', '書きかけのメモ')
  await desk.fill('#r-writer', '佐藤')
  await desk.fill('#c-experts', 'みなとITに頼む')
  await desk.click('form:has(#r-writer) button')
  assert.equal(await desk.inputValue('#n-text'), '書きかけのメモ')
  assert.equal(await desk.inputValue('#c-experts'), 'みなとITに頼む')
  assert.equal(await desk.locator('form:has(#r-writer) [data-unsaved]').count(), 0)
  assert.match(await desk.innerText('form:has(#n-text) [data-unsaved]'), /まだ保存していません/)
  await desk.click('form:has(#n-text) button')
  assert.equal(await desk.inputValue('#n-text'), '')
  await desk.click('form:has(#c-experts) button')
  await desk.goto(board)
  assert.equal(await desk.inputValue('#n-text'), '')
  assert.equal(await desk.inputValue('#c-experts'), 'みなとITに頼む')
  assert.equal(await desk.locator('[data-unsaved]').count(), 0)
})

test('odd forms write nothing, and what was typed stays', async () => {
  const count = async () => (await (await office.request.get(board, { headers: { accept: 'application/json' } })).json()).incident.entries
  const token = await desk.inputValue('input[name=csrf]')
  const send = form => office.request.post(board, { form: { csrf: token, ...form } })
  const before = await count()
  assert.equal((await office.request.get('/119/start?kind=title')).status(), 404)
  await send({ what: 'step', step: 'figure.npa-2025.cost' })
  await send({ what: 'step', step: 'playbook.lost.1' })
  await send({ what: 'business', business: '1', state: '99' })
  for (const when of ['1970-01-01T00:00', '2026-02-31T08:00', '2999-01-01T00:00', 'soon', '2026-11-23T08:12 and more']) {
    const answer = await (await send({ what: 'note', text: 'とても大事なこと', when })).text()
    assert.match(answer, /書けませんでした。時刻は/, when)
    assert.match(answer, /とても大事なこと/)
  }
  assert.match(await (await send({ what: 'roles', leader: '社長', when: 'soon' })).text(), /value="社長"/)
  assert.match(await (await send({ what: 'details', overview: '消せない字\u0085がある' })).text(), /書けませんでした[\s\S]*消せない字/)
  assert.match(await (await send({ what: 'task', text: 'あ\u007fい' })).text(), /書けませんでした[\s\S]*value="あ/)
  assert.equal(await count(), before)
})

test('a deadline that somebody changed into nonsense is refused, and the board stands', async () => {
  await desk.goto('/facts/deadline.ppc.first')
  for (const values of ['to_days: ', 'from_days: 3\nto_days: 99999', 'from_days: 3\nto_days: 3.5', 'from_days: 3\nto_days: -1', 'from_days: 9\nto_days: 5', 'from_days: 3\nto_days: soon', 'to_days: 5']) {
    await desk.fill('[name=values]', values)
    await desk.click('form:has([name=values]) button')
    assert.equal(await desk.locator('.problem').count() > 0, true, values)
  }
  assert.equal((await desk.goto(board)).status(), 200)
  assert.match(await desk.innerText('#deadlines ~ .sheet'), /おおむね3〜5日以内/)
})

test('as much as one may write: the board turns pages, and the file holds all of it', async () => {
  const token = await desk.inputValue('input[name=csrf]')
  for (let i = 0; i < 160; i++) assert.equal((await office.request.post(board, { form: { csrf: token, what: 'note', text: `${i}: ${'長い記録"'.repeat(700)}` } })).status(), 200)
  assert.equal((await desk.goto(board)).status(), 200)
  assert.match(await desk.innerText('#timeline ~ .sheet.scroll'), /159: /)
  assert.ok(!(await desk.innerText('#timeline ~ .sheet.scroll')).includes('\n20: '))
  await desk.click('a:has-text("件を見る")')
  assert.match(await desk.innerText('#timeline ~ .sheet.scroll'), /20: /)
  assert.equal((await office.request.get(`${board}/file`)).status(), 200)
  assert.equal((await office.request.get(`${board}/drafts`)).status(), 200)
  await desk.goto(board)
})

test('lists of long lines keep nobody from the board either, and none of them is lost', async () => {
  const token = await desk.inputValue('input[name=csrf]')
  const send = (what, text) => office.request.post(board, { form: { csrf: token, what, text } })
  assert.match(await (await send('task', '"'.repeat(1300))).text(), /書けませんでした。長すぎる/)
  for (let i = 0; i < 240; i++) assert.equal((await send('task', `${i}:${'"'.repeat(1190)}`)).status(), 200)
  assert.equal((await desk.goto(board)).status(), 200)
  assert.match(await desk.innerText('#tasks + .sheet'), /ほかに \d+ 件あります/)
  assert.match(await desk.innerText('#tasks + .sheet'), /239:/)
  await desk.goto(`${board}?until=300`)
  assert.match(await desk.innerText('#timeline ~ .sheet.scroll'), /やること：\d+:/)
  assert.equal((await office.request.get(`${board}/file`)).status(), 200)
  await desk.goto(board)
})

test('C9: one zip with everything and its hashes, each entry proven by the ledger; lessons become tasks', async () => {
  await desk.goto(board)
  await desk.fill('#lessons ~ .sheet input[name=text]', 'VPN機器を月に1回更新する')
  await desk.click('#lessons ~ .sheet button')
  await desk.click('form[action$="/close"] button')
  assert.match(await desk.innerText('.clock'), /に終わりました/)
  await desk.goto('/prepare/due')
  assert.match(await desk.innerText('table'), /VPN機器を月に1回更新する/)
  const folder = mkdtempSync(join(tmpdir(), 'sonae-zip-'))
  writeFileSync(join(folder, 'all.zip'), await (await office.request.get(`${board}/file`)).body())
  execFileSync('unzip', ['-q', 'all.zip'], { cwd: folder })
  execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: folder })
  const whole = JSON.parse(readFileSync(join(folder, 'incident.json'), 'utf8'))
  assert.match(readFileSync(join(folder, 'incident.html'), 'utf8'), /&lt;script&gt;/)
  assert.ok(!/https?:\/\//.test(readFileSync(join(folder, 'incident.html'), 'utf8')))
  const text = await (await office.request.get('/ledger/export')).text()
  const records = text.split(/\s/).filter(word => word.length > 40).map(word => Buffer.from(word, 'base64'))
  for (const e of whole.entries) {
    const size = text => Buffer.byteLength(text)
    const head = `${e.incident}\n${e.value}\n${e.at_us}\n${e.made_us}\n${e.made_by}\n${size(e.kind)} ${size(e.name)} ${size(e.text)} ${size(e.digest)}\n`
    const hash = createHash('sha256').update(Buffer.from(e.salt, 'hex')).update(head + e.kind + e.name + e.text + e.digest).digest()
    assert.ok(records.some(record => record.includes(hash)), `entry ${e.number} is in the ledger`)
  }
  for (const word of ['受注', '暗号化', 'VPN']) assert.ok(!records.some(record => record.includes(word)), 'no text in the ledger')
})

test('C10: a drill is announced, apart from real ones, and listed with its time', async () => {
  await desk.goto('/119/start?kind=credentials')
  await desk.check('input[name=drill]')
  await desk.click('button.big')
  assert.match(await desk.innerText('main'), /これは訓練です[\s\S]*見本です[\s\S]*想定：/)
  const drill = new URL(desk.url()).pathname
  // The company's own numbers are not there, no number can be tapped, and what is done to a business is done to a sample.
  const board = await desk.innerText('main')
  for (const word of ['みなとIT', '045-000-1111']) assert.ok(!board.includes(word), word)
  assert.match(board, /見本銀行[\s\S]*【見本】受注/)
  assert.equal(await desk.locator('ul.phones a').count(), 0)
  await desk.locator('#businesses ~ .sheet tr', { hasText: '【見本】受注' }).first().locator('button').nth(1).click()
  assert.match(await desk.locator('#businesses ~ .sheet tr', { hasText: '【見本】受注' }).first().innerText(), /手で/)
  await shoot(desk, 'incident-drill')
  await desk.goto(`${drill}/drafts`)
  assert.match(await desk.locator('textarea').first().inputValue(), /^これは訓練です/)
  await desk.goto(drill)
  await desk.fill('#r-leader', '田中')
  await desk.click('form:has(#r-leader) button')
  await desk.locator('ol.steps li').first().locator('button').click()
  await desk.fill('#lessons ~ .sheet input[name=text]', '銀行の夜の番号を紙に足す')
  await desk.click('#lessons ~ .sheet button')
  await desk.click('form[action$="/close"] button')
  await desk.click('a[href$="/minutes"]')
  assert.match(await desk.innerText('.paper'), /訓練の記録[\s\S]*これは訓練です[\s\S]*田中[\s\S]*0分[\s\S]*まだ[\s\S]*銀行の夜の番号を紙に足す/)
  await shoot(desk, 'incident-minutes')
  const folder = mkdtempSync(join(tmpdir(), 'sonae-minutes-'))
  writeFileSync(join(folder, 'minutes.pdf'), await (await office.request.get(`${drill}/minutes.pdf`)).body())
  assert.match(execFileSync('pdfinfo', [join(folder, 'minutes.pdf')], { encoding: 'utf8' }), /Pages:\s+1\n/)
  assert.match(execFileSync('pdftotext', ['-layout', join(folder, 'minutes.pdf'), '-'], { encoding: 'utf8' }), /訓練の記録[\s\S]*銀行の夜の番号/)
  assert.equal((await fetch(`${sonae.origin}${drill}/minutes`, { redirect: 'manual' })).headers.get('location'), '/119/now')
  await desk.goto('/prepare/incidents')
  const rows = await desk.$$eval('tbody tr', list => list.map(tr => tr.textContent))
  assert.equal(rows.length, 2)
  assert.match(rows[0], /訓練/)
  await shoot(desk, 'incidents')
})

test('the paper lets a phone into its own incident alone', async () => {
  await desk.goto('/119/start?kind=lost')
  await desk.click('button.big')
  const other = new URL(desk.url()).pathname
  await page.goto(other)
  assert.match(page.url(), /\/119\/now$/)
  const answer = await fetch(sonae.origin + other, { headers: { accept: 'application/json' }, redirect: 'manual' })
  assert.ok(!/田中|みなとIT/.test(await answer.text()))
})
