// SPDX-License-Identifier: GPL-3.0-or-later
//
// /119 from a phone in the office: no sign-in, no scripts, two taps; nothing of the company; readings, English, print.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, phone, page, office
before(async () => {
  sonae = await startSonae({ more: ['--gate-listen', 'none'] })
  browser = await startBrowser()
  phone = await openContext(browser, sonae, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
  page = await phone.newPage()
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
})

const kinds = ['ransomware', 'stolen', 'credentials', 'transfer', 'voice', 'support', 'lost', 'wrong-address', 'targeted', 'disaster']
const wide = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

test('before the first run is finished it is open already', async () => {
  assert.equal((await page.goto('/119')).status(), 200)
  assert.equal((await fetch(`${sonae.origin}/check`, { redirect: 'manual' })).headers.get('location'), '/setup')
})

test('C0, C1: two taps to the first steps of every kind, on a phone, without scripts or a sign-in', async () => {
  office = await openContext(browser, sonae)
  const desk = await office.newPage()
  await setUp(desk, sonae)
  assert.equal(await desk.getAttribute('a.help', 'href'), '/119')
  await page.goto('/login')
  await page.click('a.help')
  assert.deepEqual(await page.$$eval('ul.choices a', list => list.map(a => a.getAttribute('href').slice(5))), kinds)
  for (const kind of kinds) {
    await page.goto('/119')
    await page.click(`a[href="/119/${kind}"]`)
    assert.ok(await page.locator('ol.steps li').count() >= 4, kind)
    assert.ok(!await wide(), `${kind} fits the phone`)
    for (const tel of await page.$$eval('ul.phones a', list => list.map(a => a.getAttribute('href')))) assert.match(tel, /^(tel:(%23)?\d{3,11}|mailto:cs-support@ipa\.go\.jp)$/)
    await shoot(page, `119-${kind}`)
  }
  assert.deepEqual(phone.seen.elsewhere, [])
  assert.equal((await page.goto('/119/nothing')).status(), 404)
})

test('power stays on for ransomware, a restart is right for a false warning, and the page says why', async () => {
  await page.goto('/119/ransomware')
  assert.match(await page.locator('ol.steps li').first().innerText(), /電源は切らない/)
  assert.equal(await page.locator('[data-print]:visible').count(), 0, 'no button that needs a script')
  assert.match(await page.innerText('.notice'), /記録が消えて/)
  assert.ok(await page.locator('ol.steps .soft', { hasText: '確かめていません' }).count() > 0, 'an unverified step is marked')
  await page.goto('/119/support')
  assert.match(await page.innerText('ol.steps'), /再起動/)
  assert.match(await page.innerText('.notice'), /ファイルが開けないときは再起動せず/)
})

test('やさしい日本語 with readings for each kind, and English', async () => {
  for (const kind of kinds) {
    await page.goto(`/119/${kind}?easy=1`)
    assert.ok(await page.locator('ol.steps ruby').count() >= 4, kind)
    assert.ok(!await wide(), kind)
  }
  await shoot(page, '119-easy')
  await page.goto('/119')
  const english = await openContext(browser, sonae, { locale: 'en-GB', javaScriptEnabled: false })
  const other = await english.newPage()
  await other.goto('/119/ransomware')
  assert.match(await other.innerText('main'), /keep the power on/)
})

test('a stranger sees nothing of the company, somebody signed in sees whom to ask', async () => {
  const desk = await office.newPage()
  await desk.goto('/settings')
  const csrf = await desk.locator('input[name=csrf]').first().inputValue()
  for (const [name, value] of [['company.ask-name', '黒田 ひみつ'], ['company.ask-phone', '045-000-1234']]) {
    const answer = await office.request.post('/settings', { form: { csrf, name, value, [name]: value }, headers: { origin: sonae.origin }, maxRedirects: 0 })
    assert.ok([200, 303].includes(answer.status()), await answer.text())
  }
  await desk.goto('/119/transfer')
  assert.match(await desk.innerText('ul.phones'), /黒田 ひみつ/)
  for (const path of ['/119', '/119/transfer', '/119/transfer?easy=1']) {
    const text = await (await fetch(sonae.origin + path)).text()
    assert.ok(!/黒田|045-000-1234|csrf/.test(text), path)
    const json = await (await fetch(sonae.origin + path, { headers: { accept: 'application/json' } })).text()
    assert.ok(!/黒田|045-000-1234/.test(json), path)
  }
})

test('an office of 90 phones at once is answered, a flood is not', async () => {
  const answers = await Promise.all(Array.from({ length: 90 }, () => fetch(`${sonae.origin}/119/ransomware`).then(answer => answer.status)))
  assert.deepEqual([...new Set(answers)], [200])
  let refused = 0
  for (let i = 0; i < 80 && !refused; i++) refused = (await Promise.all(Array.from({ length: 90 }, () => fetch(`${sonae.origin}/119`).then(answer => answer.status)))).filter(status => status === 429).length
  assert.ok(refused > 0)
})
