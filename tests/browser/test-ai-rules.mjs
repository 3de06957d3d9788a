// SPDX-License-Identifier: GPL-3.0-or-later
//
// 社内ルール in a real browser, without JavaScript: what may be used, what may be put in, who may, and for how much.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page

before(async () => {
  sonae = await startSonae({ more: ['--gate-listen', 'none'] })
  browser = await startBrowser()
  const first = await openContext(browser, sonae)
  await setUp(await first.newPage(), sonae)
  context = await openContext(browser, sonae, { javaScriptEnabled: false, storageState: await first.storageState() })
  page = await context.newPage()
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})

const main = () => page.textContent('main')
const json = async path => (await context.request.get(path, { headers: { accept: 'application/json' } })).json()
const press = (action, button = 'button') => Promise.all([page.waitForEvent('framenavigated'), page.click(`form[action="${action}"] ${button}`)])

test('the rail leads to every page of the house rules', async () => {
  await page.goto('/')
  await page.click('nav a[href="/rules"]')
  assert.match(await main(), /社内ルール/)
  const paths = await page.$$eval('ul.kinds a', list => list.map(a => a.getAttribute('href')))
  assert.equal(paths.length, 10)
  for (const path of paths) {
    const answer = await page.goto(path)
    assert.equal(answer.status(), 200, path)
    assert.equal(await page.getAttribute('nav a[href="/rules"]', 'aria-current'), 'page')
    await shoot(page, path.slice(1).replaceAll('/', '-'))
  }
})

test('a service is registered, and counts as contracted once training use was seen to be off', async () => {
  await page.goto('/rules/services/new')
  await page.fill('#name', '契約AI')
  await page.fill('#plan', 'Business')
  await page.fill('#base_url', 'http://api.example.com/v1')
  await page.fill('#models', 'gpt-4o\nsmall = gpt-4o-mini\nembed = text-embedding-3-small (embedding)')
  await press('/rules/services/new')
  assert.match(await page.textContent('.problem'), /https:/)
  assert.equal(await page.inputValue('#name'), '契約AI')
  assert.match(await page.inputValue('#models'), /small = gpt-4o-mini/)
  await page.fill('#base_url', 'https://api.example.com/v1/')
  await press('/rules/services/new')
  assert.match(await page.textContent('main'), /学習に使わせない設定を確かめてください/)
  const path = new URL(page.url()).pathname
  let service = (await json('/rules/services')).services[0]
  assert.equal(service.destination, 'other')
  assert.deepEqual(service.models, ['embed', 'gpt-4o', 'small'])
  await press(`${path}/confirm`)
  assert.match(await page.textContent('.problem'), /印を付けて/)
  await page.check('input[name=seen]')
  await page.fill('#note', '管理画面のデータ管理')
  await press(`${path}/confirm`)
  assert.match(await main(), /学習に使わせない：設定済み/)
  await page.fill('#key', 'sk-browser-secret-value')
  await press(`${path}/key`)
  assert.doesNotMatch(await page.content(), /sk-browser-secret-value/)
  await page.goto('/rules/services')
  assert.match(await main(), /学習に使わせない：設定済み/)
  assert.match(await main(), /次に確かめる日/)
  service = (await json('/rules/services')).services[0]
  assert.equal(service.destination, 'contracted')
  assert.equal(service.has_key, true)
  await shoot(page, 'services')
})

test('the table: a kind is loosened, the four hard stops cannot be', async () => {
  await page.goto('/rules/policy')
  for (const kind of ['my-number', 'credit-card', 'password', 'secret']) {
    assert.equal(await page.locator(`select[name="${kind}.contracted"]`).count(), 0)
    assert.equal(await page.locator(`select[name="${kind}.other"]`).count(), 0)
  }
  await page.selectOption('select[name="person.contracted"]', 'warn')
  await press('/rules/policy', '.actions button')
  const cell = (await json('/rules/policy')).kinds[0].cells[0]
  assert.equal(cell.action, 'warn')
  assert.equal(cell.own, true)
  const csrf = await page.inputValue('form[action="/rules/policy"] input[name=csrf]')
  const forced = await context.request.post('/rules/policy', { form: { csrf, 'my-number.contracted': 'allow' }, headers: { accept: 'application/json' } })
  assert.equal(forced.status(), 422)
  const after = (await json('/rules/policy')).kinds.find(kind => kind.word === 'my-number')
  assert.equal(after.cells[0].action, 'stop')
  assert.equal(after.cells[0].locked, true)
})

test('the guideline shows what differs, and the settings follow it', async () => {
  await page.goto('/rules/guideline')
  assert.match(await main(), /人の名前.*契約したサービス.*決まりは「伏せて送る」、設定は「本人に確かめる」/s)
  await press('/rules/guideline/apply')
  assert.match(await main(), /違いはありません/)
  await page.selectOption('#personal', 'forbid')
  await page.fill('#purpose', '見積りと文書の下書き')
  await press('/rules/guideline', '.actions button')
  assert.equal(await page.inputValue('#purpose'), '見積りと文書の下書き')
  assert.equal((await json('/rules/guideline')).differ.length, 12)
  await page.selectOption('#personal', 'mask')
  await press('/rules/guideline', '.actions button')
})

test('house words: a CSV goes up, comes back as it was, and an older version returns', async () => {
  await page.goto('/rules/words')
  const list = 'word,kind\r\n' + Array.from({ length: 100000 }, (_, i) => `青空商事${i},customer`).join('\r\n') + '\r\n'
  await page.setInputFiles('#file', { name: '顧客.csv', mimeType: 'text/csv', buffer: Buffer.from('\uFEFF' + list) })
  await press('/rules/words', '.actions button')
  assert.equal((await json('/rules/words')).lists[0].words, 100000)
  const back = await (await context.request.get('/rules/words.csv')).body()
  assert.equal(back.toString(), '\uFEFF' + list)
  await page.fill('#words', '海原工業,partner')
  await press('/rules/words', '.actions button')
  let lists = (await json('/rules/words')).lists
  assert.deepEqual(lists.map(one => one.words), [1, 100000])
  await page.goto('/rules/words')
  await press(`/rules/words/lists/${lists[1].version}`)
  lists = (await json('/rules/words')).lists
  assert.equal(lists[0].words, 100000)
  await page.uncheck('input[name=product]')
  await press('/rules/words/groups', '.actions button')
  assert.deepEqual((await json('/rules/words')).groups.filter(group => !group.on).map(group => group.word), ['product'])
  await page.setInputFiles('#file', { name: 'sjis.csv', mimeType: 'text/csv', buffer: Buffer.from([0x90, 0xC2, 0x8B, 0xF3]) })
  await press('/rules/words', '.actions button')
  assert.match(await page.textContent('.problem'), /CSV UTF-8/)
  await page.fill('#words', 'あおぞら,customer\n"閉じていない,customer')
  await press('/rules/words', '.actions button')
  assert.match(await main(), /2行目の引用符/)
  assert.equal((await json('/rules/words')).lists[0].words, 100000)
  await shoot(page, 'words')
})

test('the officer is asked and approves; hard stops are not on the list', async () => {
  await page.goto('/rules/approvals')
  assert.equal(await page.locator('input[name="my-number"]').count(), 0)
  await page.check('input[name=person]')
  await page.fill('#reason', 'お礼状のあて名を確かめるため')
  await press('/rules/approvals', '.actions button')
  assert.match(await main(), /返事を待っています/)
  await page.goto('/rules')
  assert.match(await page.textContent('.notice'), /1件/)
  await page.goto('/rules/approvals')
  await page.fill('input[name=hours]', '2')
  await page.click('button[value=approve]')
  assert.match(await main(), /承認しました/)
  await page.click('button.link[value=refuse]')
  assert.match(await main(), /見送りました/)
  await page.check('input[name=passport]')
  await page.selectOption('#destination', 'other')
  await page.fill('#reason', '渡航の手配')
  await press('/rules/approvals', '.actions button')
  assert.match(await page.textContent('.problem'), /承認があっても送れません/)
})

test('keys are shown once, and revoked', async () => {
  await page.goto('/rules/keys')
  await page.fill('#name', '会計ソフト')
  await page.selectOption('#owner', 'program')
  await page.fill('#requests', '６０')
  await press('/rules/keys', '.actions button')
  const key = await page.textContent('.secret')
  assert.match(key, /^sonae-ai-[\w-]{40,}$/)
  await page.goto('/rules/keys')
  assert.doesNotMatch(await page.content(), new RegExp(key))
  assert.equal((await json('/rules/keys')).keys[0].requests_per_minute, 60)
  await page.click('a:has-text("会計ソフト")')
  assert.equal(await page.inputValue('#requests'), '60')
  await page.fill('#requests', 'たくさん')
  await page.fill('#models', 'small')
  await page.click('main form .actions button')
  assert.equal(await page.inputValue('#requests'), 'たくさん', 'what was typed stays')
  await page.fill('#requests', '12')
  const until = new Date(Date.now() + 30 * 86400_000).toISOString().slice(0, 10)
  await page.fill('#until', until)
  await page.click('main form .actions button')
  const changed = (await json('/rules/keys')).keys[0]
  assert.deepEqual([changed.requests_per_minute, changed.models, changed.expires.local], [12, 'small', `${until} 23:59`])
  await page.goto('/ledger')
  assert.match(await page.textContent('main'), /鍵の決まりを変えた/)
  await page.goto('/rules/keys')
  await page.click('form[action$="/revoke"] button')
  assert.equal((await json('/rules/keys')).keys[0].living, false)
})

test('a budget is set in yen; prices are dated and can be changed', async () => {
  await page.goto('/rules/budget')
  await page.fill('#month', '３０,０００円')
  await press('/rules/budget', '.actions button')
  let budget = await json('/rules/budget')
  assert.equal(budget.meters[0].month.limit, '30,000')
  assert.equal(await page.locator('meter').count(), 1)
  await page.fill('#yen', '151.25')
  await press('/rules/rate')
  budget = await json('/rules/budget')
  assert.equal(budget.rates[0].yen, 151.25)
  assert.equal(budget.rates[0].own, true)
  assert.ok(budget.prices.every(price => price.source.length > 0 && price.checked))
  const csv = await (await context.request.get('/rules/budget.csv')).text()
  assert.match(csv, /^\uFEFF"/)
  assert.match(csv, /30000\.00/)
  await page.fill('#month', 'たくさん')
  await press('/rules/budget', '.actions button')
  assert.match(await page.textContent('.problem'), /数字/)
  await shoot(page, 'budget')
})

test('B7 another AI is declared without a name and without blame, and the answer names what may be used', async () => {
  await page.goto('/rules/declare')
  await page.fill('#service', '無料の翻訳サイト')
  await page.check('input[name=unnamed]')
  await press('/rules/declare', '.actions button')
  assert.match(await main(), /お名前なし/)
  assert.match(await main(), /使えるサービス：契約AI/)
  const events = await json('/ledger')
  assert.doesNotMatch(JSON.stringify(events), /翻訳サイト/)
  await page.fill('input[name=note]', '契約AIで訳せます')
  await page.click('form[action^="/rules/declare/"] button')
  assert.match(await main(), /契約AIで訳せます/)
  assert.doesNotMatch(await main(), /違反|安全/)
})

test('the weekly patrol counts what waits and keeps who looked', async () => {
  await page.goto('/rules/patrol')
  const items = (await json('/rules/patrol')).items
  assert.equal(items.length, 8)
  for (const one of items) {
    await page.goto('/rules/patrol')
    await page.click(`form:has(input[name=item][value="${one.item}"]) button`)
  }
  assert.match(await main(), /今週の見回りは終わりました/)
  assert.ok((await json('/rules/patrol')).items.every(one => one.done))
  await shoot(page, 'patrol')
})

test('nothing is fetched from elsewhere, and nobody sees the rules without a login', async () => {
  assert.deepEqual(context.seen.elsewhere, [])
  assert.deepEqual(context.seen.refused, [])
  const nobody = await openContext(browser, sonae)
  const answer = await nobody.request.get('/rules/policy', { headers: { accept: 'application/json' }, maxRedirects: 0 })
  assert.ok([303, 401, 403].includes(answer.status()))
})
