// SPDX-License-Identifier: GPL-3.0-or-later
//
// 定める: each paper from a few blanks and the registers; a preview beside the form; versions, approval by the president,
// publication, who has read it; PDF with embedded fonts.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openContext, password, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page, folder, staff
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  folder = mkdtempSync(join(tmpdir(), 'sonae-papers-'))
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
  if (folder) rmSync(folder, { recursive: true })
})
async function importCsv(register, text) {
  await page.goto(`/prepare/registers/${register}/import`)
  await page.setInputFiles('#file', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.click('button[name=take]')
}
async function pdfText(path) {
  const answer = await context.request.get(path)
  assert.equal(answer.status(), 200, path)
  writeFileSync(join(folder, 'a.pdf'), await answer.body())
  const fonts = execFileSync('pdffonts', ['a.pdf'], { cwd: folder, encoding: 'utf8' }).trim().split('\n').slice(2)
  assert.ok(fonts.length > 0 && fonts.every(line => / yes yes yes /.test(line)), fonts.join('\n'))
  return execFileSync('pdftotext', ['-layout', 'a.pdf', '-'], { cwd: folder, encoding: 'utf8' })
}
const now = new Date(), today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
const review = `${now.getFullYear() + 1}-${String(now.getMonth() + 1).padStart(2, '0')}-01`
const japanese = day => day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')
const words = ['policy', 'guideline', 'ban', 'bcp', 'procedure', 'cards']

test('before: businesses and contacts are in the registers', async () => {
  await importCsv('businesses', '順番,名前,止まってよい時間（時間）,手でやる方法,元に戻す方法\n1,受注,4,電話とFAXで受ける,控えから戻す\n2,経理,48,,\n')
  await importCsv('partners', '名前,関係,担当の人,電話\nみなとIT,IT保守・お助け隊,山本,045-000-1111\nよこはま銀行,銀行,,045-000-2222\n')
})

test('each paper opens with a preview, in both languages, on a phone too', async () => {
  await page.goto('/prepare')
  await page.click('a[href="/prepare/papers"]')
  await shoot(page, 'papers')
  for (const word of words) {
    await page.goto(`/prepare/papers/${word}`)
    const text = await page.innerText('.paper')
    assert.ok(text.length > 100, word)
    assert.ok(!/\{[a-z]/.test(text), `${word}: ${text}`)
    await shoot(page, `paper-${word}`)
    await page.setViewportSize({ width: 360, height: 740 })
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), word)
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`/prepare/papers/${word}?lang=en`)
    assert.ok(!/[ぁ-ん]{4}/.test((await page.innerText('.paper')).replace(/みなと商会|よこはま銀行|みなと|電話とFAXで受ける|控えから戻す|受注|経理/g, '')), word)
    await page.goto('/prepare/papers?lang=ja')
  }
})

test('基本方針: five headings, nobody is "certified", saved, approved, published, due for review', async () => {
  await page.goto('/prepare/papers/policy')
  await page.click('form .actions button') // the browser asks for what is required
  assert.match(page.url(), /policy$/)
  for (const [name, value] of [['representative-title', '代表取締役'], ['representative', '佐藤　花子'], ['established', '2026-12-01'], ['desk', '総務 045-000-3333']]) await page.fill(`#f-${name}`, value)
  await page.click('form .actions button')
  const text = await page.innerText('.paper')
  for (const each of ['経営者の責任', '社内の体制', '従業員の取組', '法令と契約', '違反と事故', '株式会社みなと商会', '代表取締役 佐藤　花子', '2026年12月1日']) assert.ok(text.includes(each), each)
  assert.ok(!/認定|取得/.test(text))
  assert.match(await page.innerText('main'), /下書き/)
  await page.click('form[action$="/approve"] button')
  assert.match(await page.innerText('main'), /佐藤 花子 が承認/)
  await page.fill('#published_on', '2099-12-02')
  await page.click('form[action$="/publish"] button')
  assert.match(await page.innerText('.problem'), /今日まで/)
  await page.fill('#published_on', today)
  await page.fill('#address', 'https://minato-shokai.example/policy')
  await page.fill('#review_on', review)
  await page.click('form[action$="/publish"] button')
  assert.match(await page.innerText('main'), new RegExp(`${japanese(today)} 公開`))
  assert.match(await page.innerText('.paper'), new RegExp(`承認\\s+${japanese(today)} 佐藤 花子`), 'the paper says who approved it')
  await page.fill('#published_on', '')
  await page.click('form[action$="/publish"] button')
  assert.match(await page.innerText('.problem'), /公開した日は消せません/)
  await page.fill('#published_on', today)
  await page.fill('#address', 'https://x.example/"><script>alert(1)</script>')
  await page.click('form[action$="/publish"] button')
  assert.match(await page.innerText('.problem'), /https/)
  assert.equal(await page.locator('main script').count(), 0)
  await page.goto('/prepare/security-action')
  assert.ok(!/定める[^\n]*まだ|公開する[^\n]*まだ/.test(await page.innerText('main')), 'two stars know of it')
  await page.goto('/prepare/due')
  assert.match(await page.innerText('table'), new RegExp(`${review}[\\s\\S]*情報セキュリティ基本方針`))
  const version = (await context.request.get('/prepare/papers/policy/1/pdf'))
  assert.equal(version.status(), 200)
  assert.match(await pdfText('/prepare/papers/policy/1/pdf'), /佐藤[\s\S]*問い合わせ先/)
})

test('an approved version stays as it is when registers change; the next change is a new one', async () => {
  await page.goto('/prepare/papers/bcp')
  for (const name of ['leader', 'deputy', 'drill-month', 'review-month']) await page.fill(`#f-${name}`, `${name} の値`)
  await page.fill('#f-established', '2026-12-01')
  await page.click('form .actions button')
  await page.click('form[action$="/approve"] button')
  const path = new URL(page.url()).pathname
  const before = await page.innerText('.paper')
  assert.match(before, /1 受注[\s\S]*止まってよい時間 4時間[\s\S]*電話とFAXで受ける[\s\S]*2 経理/)
  await importCsv('businesses', '順番,名前,止まってよい時間（時間）\n3,研究,72\n')
  await page.goto(path)
  assert.equal(await page.innerText('.paper'), before)
  await page.goto('/prepare/papers/bcp')
  assert.match(await page.innerText('.paper'), /3 研究/)
  await page.click('form .actions button')
  assert.match(await page.innerText('h1'), /第2版/)
  assert.match(await pdfText(`${path}/pdf`), /電話とFAX/)
})

test('ガイドライン and 入力禁止リスト say what the gate is set to', async () => {
  await page.goto('/rules/guideline')
  await page.fill('#forbidden-uses', '採用の合否を決めること')
  await page.click('main form.sheet .actions button')
  await page.goto('/prepare/papers/guideline')
  assert.match(await page.innerText('.paper'), /採用の合否を決めること/)
  await page.fill('#f-established', '2026-12-01')
  await page.click('form .actions button')
  assert.match(await page.innerText('main'), /まだ空いているところが\d+か所[\s\S]*目的/)
  await page.click('form[action$="/approve"] button')
  assert.match(await page.innerText('.problem'), /承認できません/)
  assert.match(await page.innerText('main'), /下書き/)
  await page.goto('/prepare/papers/ban')
  const text = await page.innerText('.paper')
  assert.match(text, /入れない（入口が止めます）[\s\S]*マイナンバー[\s\S]*伏せて入れる[\s\S]*電話番号/)
})

test('事業継続力強化計画: kept half done, what it would be returned for is said beside its field, and goes when it is mended', async () => {
  await page.goto('/prepare/papers/jigyokei')
  assert.equal(await page.inputValue('#f-name'), '株式会社みなと商会')
  await page.fill('#f-representative', '佐藤花子')
  await page.fill('#f-hazard', '地震')
  await page.fill('#f-training', '毎年訓練をする')
  await page.fill('#f-from-month', '2027-01')
  await page.fill('#f-to-month', '2030-01')
  await page.click('form .actions button')
  const text = await page.innerText('main')
  assert.match(text, /下書き/)
  await page.goto('/prepare/papers/jigyokei')
  const findings = await page.$$eval('main > .sheet p', list => list.map(each => each.textContent))
  const has = words => findings.some(each => words.every(word => each.includes(word)))
  for (const words of [['氏名', '全角の空白'], ['想定', '出典'], ['想定', '数値'], ['教育及び訓練', '「教育」'], ['終わり', '36か月'], ['申請先', '必ず書く']]) assert.ok(has(words), words.join(' '))
  await page.fill('#f-representative', '佐藤　花子')
  await page.fill('#f-hazard', '横浜市のハザードマップで震度6弱')
  await page.fill('#f-training', '毎年、教育と訓練をする')
  await page.fill('#f-to-month', '2029-12')
  await page.click('form .actions button')
  const copies = await page.$$eval('textarea[readonly]', list => list.map(each => [each.id, each.value]))
  assert.ok(copies.some(([id, value]) => id === 'x-hazard' && value === '横浜市のハザードマップで震度6弱'))
  const path = new URL(page.url()).pathname
  assert.match(await pdfText(`${path}/pdf`), /ハザードマップ/)
  await page.goto('/prepare/papers/jigyokei')
  const left = (await page.$$eval('main > .sheet p', list => list.map(each => each.textContent))).join('\n')
  assert.ok(!/全角の空白|出典を書きます|「教育」|36か月/.test(left))
  await page.click('details summary')
  assert.match(await page.innerText('details'), /サイバー攻撃[\s\S]*ランサムウェア/)
  await shoot(page, 'jigyokei')
})

test('docx: every part is well-formed, LibreOffice opens it, and its text is that of the PDF', async () => {
  const parts = {}
  for (const path of ['/prepare/papers/bcp/2', '/prepare/papers/policy/1', '/prepare/kit']) {
    const kind = path === '/prepare/kit' ? '.' : '/'
    writeFileSync(join(folder, 'b.docx'), await (await context.request.get(`${path}${kind}docx`)).body())
    writeFileSync(join(folder, 'own.pdf'), await (await context.request.get(`${path}${kind}pdf`)).body())
    for (const name of execFileSync('unzip', ['-Z1', 'b.docx'], { cwd: folder, encoding: 'utf8' }).trim().split('\n')) {
      if (/png$/.test(name)) continue
      parts[name] = execFileSync('unzip', ['-p', 'b.docx', name.replaceAll('[', '\\[')], { cwd: folder, encoding: 'utf8' })
      assert.equal(await page.evaluate(xml => new DOMParser().parseFromString(xml, 'application/xml').querySelector('parsererror')?.textContent, parts[name]), undefined, name)
    }
    execFileSync('soffice', [`-env:UserInstallation=file://${folder}/office`, '--headless', '--convert-to', 'pdf', 'b.docx'], { cwd: folder, timeout: 60_000 })
    const text = name => execFileSync('pdftotext', ['-raw', name, '-'], { cwd: folder, encoding: 'utf8' }).replace(/\s|\f|\d+\/\d+(?=\f|$)/g, '')
    const words = [...parts['word/document.xml'].matchAll(/<w:t[^>]*>([^<]*)</g)].map(found => found[1].replaceAll('&amp;', '&').replace(/\s/g, '')).filter(Boolean)
    assert.ok(words.length > 10)
    const own = text('own.pdf'), theirs = text('b.pdf')
    for (const each of words) for (const [who, all] of [['PDF', own], ['LibreOffice', theirs]]) assert.ok(all.includes(each), `${path} ${who}: ${each}`)
    assert.match(execFileSync('pdfinfo', ['b.pdf'], { cwd: folder, encoding: 'utf8' }), /A4/)
  }
})

test('every field filled to its limit: kept, read again, set as PDF, docx and HTML', async () => {
  await page.goto('/prepare/papers/bcp')
  const csrf = await page.locator('input[name=csrf]').first().inputValue()
  const json = async path => (await context.request.get(path, { headers: { accept: 'application/json' } })).json()
  for (const word of ['bcp', 'jigyokei']) {
    const form = Object.fromEntries((await json(`/prepare/papers/${word}`)).fields.map(each => [each.name,
      each.choices ? each.choices.find(one => one.word)?.word ?? '' : each.is_words ? 'あ'.repeat(2000) : each.is_number ? '999' : each.type === 'date' ? '2026-12-01' : 'い'.repeat(300)]))
    const answer = await context.request.post(`/prepare/papers/${word}`, { form: { csrf, ...form }, headers: { origin: sonae.origin }, maxRedirects: 0 })
    assert.equal(answer.status(), 303, `${word}: ${(await answer.text()).match(/role="alert">[^]*?<\/div>/)}`)
    const path = answer.headers().location.split('?')[0]
    const kept = await json(`/prepare/papers/${word}`)
    for (const each of kept.fields) assert.equal(each.value, form[each.name], each.name)
    const text = await pdfText(`${path}/pdf`)
    const most = Object.values(form).join('').length
    assert.ok(text.replace(/[^あい]/g, '').length > 0.9 * Object.values(form).join('').replace(/[^あい]/g, '').length, `${word}: ${most}`)
    writeFileSync(join(folder, 'c.docx'), await (await context.request.get(`${path}/docx`)).body())
    execFileSync('sh', ['-c', 'unzip -p c.docx word/document.xml | xmllint --noout -'], { cwd: folder })
    assert.equal((await context.request.get(`${path}/html`)).status(), 200)
  }
})

test('staff see what is approved, read it, and are counted once; drafts are not theirs', async () => {
  await page.goto('/people')
  const csrf = await page.locator('input[name=csrf]').first().inputValue()
  const post = (path, form) => context.request.post(path, { form: { csrf, ...form }, headers: { origin: sonae.origin, accept: 'application/json' } })
  const invited = await (await post('/people/invite', { name: '高橋', role: 'staff', language: 'ja' })).json()
  const link = JSON.stringify(invited).match(/\/invite\/[A-Za-z0-9_-]+/)[0]
  staff = await openContext(browser, sonae)
  const other = await staff.newPage()
  await other.goto(link)
  await other.fill('#login', 'takahashi')
  await other.fill('#password', password)
  await other.click('main form button')
  await other.goto('/prepare/papers')
  assert.equal(await other.locator('a', { hasText: '下書き' }).count(), 0)
  await other.goto('/prepare/papers/policy/1')
  await other.click('form[action$="/agree"] button')
  assert.match(await other.innerText('main'), /読んで同意しました/)
  assert.equal((await staff.request.get('/prepare/papers/policy')).status(), 403)
  const readers = async who => (await (await who.request.get('/prepare/papers/policy/1', { headers: { accept: 'application/json' } })).json()).agreements
  assert.deepEqual(await readers(staff), [], 'who read it is for those who keep the papers')
  assert.equal((await readers(context))[0].person, '高橋')
  const drafts = await (await context.request.get('/prepare/papers/bcp', { headers: { accept: 'application/json' } })).json()
  const draft = drafts.versions.find(each => each.approved === null)
  assert.equal((await staff.request.get(`/prepare/papers/bcp/${draft.id}`)).status(), 404)
  assert.equal((await staff.request.get(`/prepare/papers/policy/${draft.id}`)).status(), 404)
  await page.goto('/prepare/papers')
  assert.match(await page.locator('tr', { hasText: '情報セキュリティ基本方針' }).innerText(), /1人/)
})
