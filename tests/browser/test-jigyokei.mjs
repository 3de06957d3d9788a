// SPDX-License-Identifier: GPL-3.0-or-later
//
// 事業継続力強化計画: the form begins with what is known, the certificate and its end, what it opens and how far that is
// used, and the report for renewal with its marks.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page, folder
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  folder = mkdtempSync(join(tmpdir(), 'sonae-jigyokei-'))
})
after(async () => {
  assert.deepEqual(context.seen.refused, [])
  await browser?.close()
  await sonae?.stop()
  if (folder) rmSync(folder, { recursive: true })
})
const json = async path => (await context.request.get(path, { headers: { accept: 'application/json' } })).json()
const csrf = async () => { await page.goto('/check'); return page.inputValue('input[name=csrf]') }
async function post(path, form) {
  const answer = await context.request.post(path, { form: { csrf: await csrf(), ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
  return answer
}
const keep = async (register, form) => assert.equal((await post(`/prepare/registers/${register}`, form)).status(), 303, register)
const events = async kind => (await json(`/ledger?kind=${kind}`)).records.length
const day = days => new Date(Date.now() + days * 86400e3).toISOString().slice(0, 10)

test('the form begins with what registers, settings, papers, diagnosis and SCS know, says so, and keeps what a person wrote', async () => {
  const before = await json('/prepare/papers/jigyokei')
  assert.deepEqual(Object.keys(before.filled).sort(), ['contact', 'from-month', 'name', 'staff', 'to-month'].sort())
  await keep('company', { name: '株式会社みなと商会', site: 'head', kana: 'カブシキガイシャミナトショウカイ', 'representative-title': '代表取締役', representative: '佐藤　花子', postal: '231-0001', prefecture: '神奈川県', city: '横浜市中区', street: '本町1-1', capital: '10000000', staff: '25', industry: '飲食料品卸売業', 'corporate-number': '7000012050002', founded: '1990-04-01' })
  await keep('company', { name: '川崎倉庫', site: 'branch', prefecture: '北海道', staff: '3' })
  await keep('businesses', { rank: '1', name: '受注', 'tolerable-hours': '4' })
  await keep('businesses', { rank: '2', name: '配送', 'tolerable-hours': '24' })
  await keep('partners', { name: 'みなとIT', relation: 'it-firm', phone: '045-000-1111', duty: '復旧の作業' })
  await keep('partners', { name: 'よこはま保険', relation: 'insurer' })
  await keep('partners', { name: '得意先一', relation: 'customer' })
  await keep('assets', { name: '顧客名簿', confidentiality: '3', integrity: '2', availability: '2', threat: '2', weakness: '2' })
  await keep('devices', { name: '受注サーバー', 'device-kind': 'server' })
  await post('/prepare/papers/bcp', { leader: '佐藤', deputy: '田中', 'drill-month': '毎年9月', 'review-month': '3', established: '2026-12-01' })
  await post('/prepare/diagnosis/start', {})
  const answers = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`q${i + 1}`, i === 10 ? 'y' : 'n']))
  await post('/prepare/diagnosis', { site: '', ...answers })
  await post('/prepare/diagnosis/sum', { ...answers, do: 'close' })
  await post('/prepare/scs/4-3-4', { state1: 'met' })
  await page.goto('/prepare/papers/jigyokei')
  const value = name => page.inputValue(`#f-${name}`)
  for (const [name, text] of [['office', '関東経済産業局長'], ['prefecture', '神奈川県'], ['representative', '佐藤　花子'], ['staff', '25'], ['capital', '10000000'], ['training-month', '9'], ['review-month', '3'], ['applicant', 'corporation'], ['from-month', null]]) {
    if (text) assert.equal(await value(name), text, name)
    assert.ok((await value(name)).length > 0, name)
  }
  for (const [name, ...words] of [['overview', '受注、配送'], ['hazard', '自社診断', '100点中4点', '受注が'], ['effect-information', '顧客名簿', '紙の伝票', '受注'], ['effect-equipment', '受注サーバー'], ['organisation', '佐藤を長', '田中'], ['management', '代表取締役'], ['money-now', 'よこはま保険'], ['helpers', 'みなとIT（復旧の作業）'], ['customers', '顧客1社'], ['information-now', 'SCSの自己点検で1項目'], ['information-next', '自社診断', '：OSとソフトの更新、長く複雑なパスワードの利用、'], ['information-now', '：バックアップ。']]) {
    for (const word of words) assert.ok((await value(name)).includes(word), `${name}: ${await value(name)}`)
  }
  assert.match(await page.innerText('.notice'), /の欄に下書きを入れました/)
  assert.match(await page.locator('label[for=f-office]').innerText(), /台帳などから/)
  await shoot(page, 'jigyokei-filled')
  await page.fill('#f-overview', '自分で書いた概要')
  await page.selectOption('#f-evacuation-when', '1-hour')
  await page.fill('#f-evacuation', '広場へ')
  await page.click('form .actions button')
  const copies = Object.fromEntries(await page.$$eval('textarea[readonly]', list => list.map(each => [each.id, each.value])))
  assert.equal(copies['x-overview'], '自分で書いた概要')
  assert.equal(copies['x-evacuation-when'], '1時間以内')
  assert.equal((await page.goto('/prepare/papers/jigyokei'), await value('overview')), '自分で書いた概要')
  const findings = await page.$$eval('main > .sheet p', list => list.map(each => each.textContent))
  assert.ok(findings.some(each => each.includes('事前対策') && each.includes('事前に')), findings.join('\n'))
  assert.ok(!findings.some(each => each.includes('申請先')), 'what was filled is not asked for')
  await page.fill('#f-helpers', '')
  await page.click('form .actions button')
  assert.equal((await page.goto('/prepare/papers/jigyokei'), await value('helpers')), '', 'what a person left empty stays empty')
  await page.click('a[href$="?fill=1"]')
  assert.match(await value('helpers'), /みなとIT/)
  assert.equal(await value('overview'), '自分で書いた概要')
})

test('equipment is added up line by line', async () => {
  await page.goto('/prepare/papers/jigyokei')
  await page.fill('#f-equipment-list', '2027-06,UPS AB-1,本社,器具備品,300,2,600\n2027-07,蓄電池,倉庫,器具備品,300,2,601')
  await page.fill('#f-equipment-sum', '1200')
  await page.click('form .actions button')
  await page.goto('/prepare/papers/jigyokei')
  let text = await page.innerText('main')
  assert.match(text, /単価に数量をかけたもの/)
  assert.match(text, /設備の行の合計と合いません/)
  await page.fill('#f-equipment-list', '2027-06,UPS AB-1,本社,器具備品,300,2,600\n2027-07,蓄電池,倉庫,器具備品,300,2,600')
  await page.fill('#f-funds-sum', '1200')
  await page.click('form .actions button')
  text = (await page.goto('/prepare/papers/jigyokei'), await page.innerText('main'))
  assert.ok(!/単価に数量|設備の行の合計|資金の合計が合いません/.test(text))
})

test('what the certificate opens: source, mark and day of each fact, beside our own state; both are kept and due', async () => {
  await page.goto('/prepare/jigyokei')
  let text = await page.innerText('main')
  for (const words of ['特別償却16%', '2027-03-31までに認定', '日本政策金融公庫', '信用保証の別枠', '未確認', 'ロゴ', '審査があります', '出典', '使っていない']) assert.ok(text.includes(words), words)
  assert.ok(!/安全/.test(text))
  const rows = (await json('/prepare/jigyokei')).benefits
  assert.deepEqual(rows.map(row => row.word), ['tax', 'jfc', 'guarantee', 'city-loan', 'points', 'logo'])
  for (const row of rows) assert.ok(row.facts.length > 0 && row.facts.every(fact => fact.checked && fact.source), row.word)
  assert.equal(rows[0].days_left, Math.round((Date.parse('2027-03-31') - Date.parse((await json('/prepare/help')).today.iso)) / 86400e3))
  assert.ok(rows.find(row => row.word === 'guarantee').facts[0].is_unverified)
  await shoot(page, 'jigyokei-hub')
  const before = await events('item.changed')
  await page.click('#benefit-tax summary')
  await page.selectOption('#state-tax', 'planned')
  await page.fill('#by-tax', day(20))
  await page.fill('#owner-tax', '経理 鈴木')
  await page.fill('#note-tax', 'UPSを買う')
  await page.click('#benefit-tax button')
  await page.waitForURL(/done=1/)
  text = await page.innerText('#benefit-tax')
  for (const words of ['使う予定', 'UPSを買う', '経理 鈴木']) assert.ok(text.includes(words), words)
  assert.equal(await events('item.changed'), before + 1)
  assert.match((await page.goto('/prepare/due'), await page.innerText('table')), new RegExp(`${day(20)}[\\s\\S]*税制`))
  const wrong = await post('/prepare/jigyokei', { what: 'tax', state: 'applied', by_day: '2027-13-01', note: 'まだ残る言葉' })
  assert.equal(wrong.status(), 422)
  assert.match(await wrong.text(), /まだ残る言葉/)
  assert.equal((await post('/prepare/jigyokei', { what: 'tax', state: 'done', state_on: '2026-11-01', by_day: day(20) })).status(), 303)
  assert.ok(!(await page.goto('/prepare/due'), await page.innerText('main')).includes('税制'), 'received: nothing is due')
  assert.equal((await json('/prepare/jigyokei')).benefits[0].state_on, '2026-11-01')
  assert.equal((await post('/prepare/jigyokei', { what: 'nothing' })).status(), 404)
})

test('the certificate, its end, and the report for renewal with ◎○△×－', async () => {
  await page.goto('/prepare/jigyokei')
  await page.click('main > details summary')
  await page.fill('#certified_on', '2026-10-01')
  await page.fill('#certified_number', '20261001関東第1号')
  await page.fill('#certified_until', day(30))
  await page.click('main > details button')
  assert.match(await page.innerText('.way'), /2026-10-01に認定されました。 20261001関東第1号[\s\S]*あと(29|30)日/)
  assert.match((await page.goto('/prepare/due'), await page.innerText('table')), /事業継続力強化計画の認定/)
  await page.goto('/prepare/papers/jigyokei')
  await page.fill('#f-training', '毎年9月に教育と訓練をする')
  await page.click('form .actions button')
  await page.click('form[action$="/approve"] button')
  await page.goto('/prepare/papers/renewal')
  assert.equal(await page.inputValue('#f-certified-number'), '20261001関東第1号')
  assert.ok((await page.inputValue('#f-to-month')).length > 0)
  await page.fill('#f-reported-on', '2026-11-20')
  for (const [measure, mark] of [['evacuation', 'as-planned'], ['training', 'insufficient'], ['money', 'not-begun']]) await page.selectOption(`#f-mark-${measure}`, mark)
  await page.fill('#f-why-money', '予算がなかった')
  await page.fill('#f-by-money', '2027-03-31')
  await page.click('form .actions button')
  const path = new URL(page.url()).pathname
  const paper = await page.innerText('.paper')
  assert.match(paper, /教育及び訓練[\s\S]*計画\s+毎年9月に教育と訓練をする[\s\S]*実施状況\s+△ 足りない/)
  assert.match(paper, /資金の対策[\s\S]*－ 始めていない[\s\S]*予算がなかった[\s\S]*2027-03-31/)
  await page.goto('/prepare/papers/renewal')
  const findings = (await page.$$eval('main > .sheet p', list => list.map(each => each.textContent)))
  assert.ok(findings.some(each => each.includes('教育及び訓練：理由')) && findings.some(each => each.includes('教育及び訓練：いつまでに')))
  assert.ok(!findings.some(each => each.includes('資金の対策：')))
  await shoot(page, 'jigyokei-renewal')
  writeFileSync(join(folder, 'a.pdf'), await (await context.request.get(`${path}/pdf`)).body())
  const pdf = execFileSync('pdftotext', ['-layout', 'a.pdf', '-'], { cwd: folder, encoding: 'utf8' })
  for (const words of ['◎ 計画どおり', '△ 足りない', '20261001関東第1号']) assert.ok(pdf.includes(words), words)
  if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '60', '-png', 'a.pdf', join(process.env.SHOTS, 'renewal-pdf')], { cwd: folder })
})

test('a phone, English, and people without the role', async () => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const path of ['/prepare/jigyokei?lang=en', '/prepare/papers/renewal?lang=en']) {
    await page.goto(path)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), path)
  }
  await page.goto('/prepare/jigyokei?lang=ja')
  await shoot(page, 'jigyokei-phone')
  assert.equal((await fetch(`${sonae.origin}/prepare/jigyokei`, { redirect: 'manual' })).status, 303)
})
