// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first run with the one-time code, signing in and out with a second step, people and invitations, forged forms.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openContext, password, setUp, startBrowser, startSonae, totp } from './sonae.mjs'

describe('the first run, without JavaScript', () => {
  let sonae, browser, context, page, secret, codes
  before(async () => {
    sonae = await startSonae()
    browser = await startBrowser()
    context = await openContext(browser, sonae, { javaScriptEnabled: false })
    page = await context.newPage()
  })
  after(async () => { await browser?.close(); await sonae?.stop() })

  test('every page leads to the set-up, but what to do after a mishap opens', async () => {
    await page.goto('/ledger')
    assert.match(page.url(), /\/setup$/)
    await page.goto('/check/after/ransomware')
    assert.match(await page.innerText('h1'), /身代金/)
  })

  test('a wrong code is refused and kept in its field', async () => {
    await page.goto('/setup')
    await page.fill('#code', 'aaaa-bbbb-cccc-dddd')
    await page.click('main button.big')
    assert.match(await page.innerText('[role=alert]'), /設定コードが違う/)
    assert.equal(await page.inputValue('#code'), 'aaaa-bbbb-cccc-dddd')
  })

  test('the wizard: at most ten questions, nothing typed is lost', async () => {
    await page.fill('#code', sonae.code)
    await page.click('main button.big')
    await page.fill('#company', '株式会社みなと商会')
    await page.fill('#own_domains', 'a b c')
    await page.fill('#name', '佐藤 花子')
    await page.fill('#login', 'sato')
    await page.fill('#password', password)
    await page.click('main button.big')
    assert.ok(await page.isVisible('[role=alert]'))
    assert.equal(await page.inputValue('#company'), '株式会社みなと商会')
    assert.equal(await page.inputValue('#password'), '')
    await page.fill('#own_domains', 'minato-shokai.example')
    await page.fill('#password', password)
    await page.click('main button.big')
    assert.match(page.url(), /\/me\/second-factor/)
  })

  test('the second step: a code to photograph, digits to prove it, recovery codes once', async () => {
    assert.ok(await page.isVisible('.qr svg path'))
    await page.fill('#code', '000000')
    await page.click('main button.big')
    assert.match(await page.innerText('[role=alert]'), /数字が違います/)
    secret = await page.textContent('.secret')
    await page.fill('#code', totp(secret))
    await page.click('main button.big')
    codes = await page.locator('#codes li').allInnerTexts()
    assert.equal(codes.length, 10)
    await page.goto('/me/second-factor')
    assert.equal(await page.locator('#codes').count(), 0)
  })

  test('whom to ask, the bank, the partners; then the paper kit with both, and the first check', async () => {
    await page.goto('/setup/ask')
    await page.fill('#ask_name', '鈴木 一郎')
    await page.fill('#ask_phone', '045-000-0001')
    await page.fill('#bank_name', '三井住友銀行')
    await page.fill('#bank_phone', '045-000-0002')
    await page.fill('#partners', 'yokohama-company.co.jp')
    await page.click('main button.big')
    assert.match(page.url(), /\/prepare\/kit\?setup=1$/)
    assert.match(await page.innerText('code.paper-code'), /^[a-z2-9]{4}-[a-z2-9]{4}$/)
    const kit = await (await context.request.get('/prepare/kit.html')).text()
    for (const words of ['鈴木 一郎', '045-000-0001', '三井住友銀行', '045-000-0002']) assert.ok(kit.includes(words), words)
    await page.click('a.button.big')
    assert.match(page.url(), /\/check\?first=1$/)
    assert.match(await page.innerText('.notice'), /ひとつ確かめて/)
    await page.goto('/contacts')
    assert.match(await page.innerText('table'), /三井住友銀行[\s\S]*045-000-0002/)
  })

  test('the set-up does not open twice', async () => {
    await page.goto('/setup')
    assert.equal(new URL(page.url()).pathname, '/')
  })

  test('signing in: password, then digits, or a recovery code once', async () => {
    const other = await openContext(browser, sonae, { javaScriptEnabled: false })
    const login = await other.newPage()
    const first = async () => {
      await login.goto('/login?next=/ledger')
      await login.fill('#login', 'sato')
      await login.fill('#password', password)
      await login.click('main button.big')
    }
    await first()
    await login.fill('#code', '123456')
    await login.click('main button.big')
    assert.match(await login.innerText('[role=alert]'), /数字が違います/)
    await login.fill('#code', codes[0])
    await login.click('main button.big')
    assert.match(login.url(), /\/ledger$/)
    await login.click('footer button')
    assert.match(login.url(), /\/login$/)
    await login.goto('/ledger')
    assert.match(login.url(), /\/login\?next=/)
    await first()
    await login.fill('#code', codes[0])
    await login.click('main button.big')
    assert.match(await login.innerText('[role=alert]'), /数字が違います/)
    await other.close()
  })

  test('an invitation by link; each role sees its own', async () => {
    await page.goto('/people')
    await page.fill('#name', '高橋 次郎')
    await page.check('input[name=role][value=staff]')
    await page.click('main form[action="/people/invite"] button')
    const path = await page.textContent('#link')
    const other = await openContext(browser, sonae, { javaScriptEnabled: false })
    const invited = await other.newPage()
    await invited.goto(path)
    assert.match(await invited.innerText('.notice'), /社員/)
    await invited.fill('#login', 'takahashi')
    await invited.fill('#password', 'short')
    await invited.$eval('#password', field => field.removeAttribute('minlength')).catch(() => {})
    await invited.fill('#password', `${password} too`)
    await invited.click('main button.big')
    assert.equal(new URL(invited.url()).pathname, '/')
    assert.equal(await invited.locator('nav a[href="/ledger"]').count(), 0)
    for (const closed of ['/ledger', '/settings', '/people']) assert.equal((await invited.goto(closed)).status(), 403)
    assert.equal((await invited.goto(path)).status(), 404)
    await other.close()
  })

  test('the language is changed by a link', async () => {
    await page.goto('/?lang=en')
    assert.equal(await page.getAttribute('html', 'lang'), 'en')
    assert.equal(await page.innerText('h1'), 'Today')
    await page.goto('/?lang=ja')
  })

  test('the ledger has it all, as a table and as CSV with BOM, and verifies', async () => {
    await page.goto('/ledger')
    const table = await page.innerText('table')
    for (const kind of [/人を加えた/, /ログイン/, /招/]) assert.match(table, kind)
    const csv = Buffer.from(await (await context.request.get('/ledger.csv')).body())
    assert.deepEqual([...csv.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    const kept = await page.textContent('#checkpoint')
    await page.fill('#kept', kept)
    await page.click('main form[action="/ledger/verify"] button')
    assert.match(await page.innerText('h1'), /そろっています/)
    await page.goto('/ledger')
    await page.fill('#kept', kept.replace(/\n(\d+)\n/, '\n99999\n'))
    await page.click('main form[action="/ledger/verify"] button')
    assert.match(await page.innerText('h1'), /食いちがい|そろっています/)
    const text = await (await context.request.get('/ledger/export')).text()
    assert.match(text, /^sonae-ledger-export 1\n/)
  })

  test('settings say default, range and who changed them; a wrong value stays in its field', async () => {
    await page.goto('/settings')
    const form = page.locator('form', { has: page.locator('input[value="session.idle-minutes"]') })
    assert.match(await form.innerText(), /480[\s\S]*5 – 10080/)
    await form.locator('[name=value]').fill('1')
    await form.locator('button').click()
    assert.match(await page.innerText('[role=alert]'), /入れられません/)
    const again = page.locator('form', { has: page.locator('input[value="session.idle-minutes"]') })
    assert.equal(await again.locator('[name=value]').inputValue(), '1')
    await again.locator('[name=value]').fill('60')
    await again.locator('button').click()
    assert.match(await page.locator('form', { has: page.locator('input[value="session.idle-minutes"]') }).innerText(), /佐藤 花子/)
  })

  test('an API token is shown once and opens what it may', async () => {
    await page.goto('/me')
    await page.locator('summary', { hasText: '鍵を作る' }).click()
    await page.fill('#token_name', 'メールソフト')
    await page.check('main input[name=read]')
    await page.click('main form[action="/me/tokens"] button')
    const token = await page.textContent('#token')
    const opened = await fetch(`${sonae.origin}/status`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(opened.status, 200)
    assert.equal((await opened.json()).ok, true)
    assert.equal((await fetch(`${sonae.origin}/settings`, { headers: { authorization: `Bearer ${token}` } })).status, 403)
    await page.goto('/me')
    assert.equal(await page.locator('#token').count(), 0)
  })

  test('each page is JSON too', async () => {
    for (const path of ['/', '/check', '/cases', '/contacts', '/ledger', '/settings', '/people', '/status', '/me']) {
      const answer = await context.request.get(path, { headers: { accept: 'application/json' } })
      assert.equal(answer.status(), 200, path)
      assert.equal(typeof await answer.json(), 'object')
    }
  })

  test('a form without its token is refused with 403', async () => {
    for (const path of ['/login', '/people/invite', '/settings', '/check', '/check/report', '/me/password', '/logout']) {
      const answer = await context.request.post(path, { form: { name: 'x', value: 'y', text: 'z' } })
      assert.equal(answer.status(), 403, path)
    }
    const foreign = await context.request.post('/settings', { form: { csrf: 'x' }, headers: { origin: 'http://evil.example' } })
    assert.equal(foreign.status(), 403)
  })

  test('guessing passwords is slowed down', async () => {
    const other = await openContext(browser, sonae, { javaScriptEnabled: false })
    const login = await other.newPage()
    let status = 0
    for (let i = 0; i < 25 && status !== 429; i++) {
      await login.goto('/login')
      await login.fill('#login', 'sato')
      await login.fill('#password', `wrong ${i}`)
      const [answer] = await Promise.all([login.waitForResponse(r => r.request().method() === 'POST'), login.click('main button.big')])
      status = answer.status()
    }
    assert.equal(status, 429)
    await other.close()
  })

  test('nothing was asked for elsewhere', () => assert.deepEqual(context.seen, { elsewhere: [], refused: [] }))
})

test('the first run with JavaScript, in English', async () => {
  const sonae = await startSonae()
  const browser = await startBrowser()
  try {
    const context = await openContext(browser, sonae, { locale: 'en-GB' })
    const page = await context.newPage()
    await setUp(page, sonae)
    assert.equal(await page.getAttribute('html', 'lang'), 'en')
    assert.match(await page.innerText('.notice'), /first check/)
    assert.deepEqual(context.seen, { elsewhere: [], refused: [] })
  } finally {
    await browser.close()
    await sonae.stop()
  }
})
