// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page of dated facts: what is shown, the marks, the filter, JSON and CSV.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

describe('facts', () => {
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

  test('a loan of a past year is marked, a desk is not verified where nobody saw its address', async () => {
    await page.goto('/status')
    await page.click('a[href="/facts"]')
    const loan = page.locator('tbody tr', { hasText: '2億8,000万円' }).first()
    assert.match(await loan.innerText(), /期限切れ/)
    assert.match(await page.locator('tbody tr', { hasText: 'info@jpcert.or.jp' }).innerText(), /未確認/)
    await shoot(page, 'facts')
  })

  test('kind and text narrow the list', async () => {
    await page.goto('/facts?kind=contact&q=kipc')
    assert.equal(await page.locator('tbody tr').count(), 1)
    assert.match(await page.locator('tbody tr').innerText(), /045-633-5200/)
    await page.goto('/facts?q=%E3%81%82%E3%82%8A%E3%81%88%E3%81%AA%E3%81%84%E3%82%82%E3%81%AE')
    assert.equal(await page.locator('td.empty').count(), 1)
    await page.goto('/facts?q=%22%3E%3Cb%20id%3Dinjected%3E')
    assert.equal(await page.locator('#injected').count(), 0)
  })

  test('the same as JSON and CSV', async () => {
    const json = await (await page.request.get('/facts?kind=amount', { headers: { accept: 'application/json' } })).json()
    const fee = json.facts.find(fact => fact.id === 'expert.fee')
    assert.equal(fee.values.find(value => value.name === 'fee_yen').number, 12520)
    assert.equal(fee.is_expired, true)
    assert.equal(fee.region, 'yokohama')
    const answer = await page.request.get('/facts.csv?kind=amount')
    const bytes = await answer.body()
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    assert.equal(bytes.toString().trim().split('\n').length, json.count + 1)
    assert.equal((await fetch(`${sonae.origin}/facts`, { redirect: 'manual' })).status, 303)
  })

  const fact = async id => (await (await page.request.get(`/facts?q=${id}`, { headers: { accept: 'application/json' } })).json()).facts.find(each => each.id === id)

  test('a fact is changed on its page, is the changed one everywhere at once, and can be put back', async () => {
    const before = await fact('expert.fee')
    await page.goto('/facts?q=expert.fee')
    await page.click('a[href^="/facts/expert.fee"]')
    assert.match(await page.locator('h1').innerText(), /年度に4回まで/, 'its text, not its id')
    assert.match(await page.locator('form.sheet').innerText(), /fee_yen: 円/)
    await page.fill('#values', (await page.inputValue('#values')).replace('12520', '13000'))
    await page.fill('#expires', '2099-03-31')
    await page.click('form.sheet button')
    assert.match(await page.locator('.notice').innerText(), /保存しました/)
    await shoot(page, 'fact')
    const changed = await fact('expert.fee')
    assert.equal(changed.values.find(value => value.name === 'fee_yen').number, 13000)
    assert.equal(changed.is_expired, false)
    await page.fill('#expires', '2020-01-01')
    await page.click('form.sheet button')
    assert.match(await page.locator('main').innerText(), /使える期限が、確かめた日より前/)
    assert.equal(await page.inputValue('#expires'), '2020-01-01', 'what was typed stays')
    await page.goto('/facts/expert.fee?region=yokohama')
    await page.click('button[value=shipped]')
    assert.deepEqual(await fact('expert.fee'), before)
    assert.equal(await page.locator('tbody tr').count(), 2, 'both changes are in the history')
    await page.locator('tbody tr').nth(1).locator('button').click()
    assert.equal((await fact('expert.fee')).values.find(value => value.name === 'fee_yen').number, 13000)
    assert.match((await (await page.request.get('/ledger.csv')).text()), /fact\.changed/)
  })

  test('a first step that the company corrected is the one that anybody in the office sees', async () => {
    const steps = await (await fetch(`${sonae.origin}/119/lost`, { headers: { accept: 'application/json' } })).json()
    await page.goto(`/facts?q=${encodeURIComponent(steps.steps[0].text)}`)
    await page.locator('tbody a[href^="/facts/"]').first().click()
    assert.match(await page.innerText('main'), /ログインしていない人にも見えます/)
    await page.fill('#ja', '受付の内線10番に電話する')
    await page.click('form.sheet button')
    assert.match(await (await fetch(`${sonae.origin}/119/lost`)).text(), /受付の内線10番に電話する/)
    await page.click('button[value=shipped]')
    assert.ok(!(await (await fetch(`${sonae.origin}/119/lost`)).text()).includes('内線10番'))
  })

  test('a file of another region: looked at, refused with its line, taken in whole', async () => {
    const good = 'region: nagoya\ndefaults: {kind: contact, source: "s", checked: 2026-10-09, expires: 2099-03-31, verified: true}\nfacts:\n- {id: desk.nagoya, values: {phone: 052-000-0000}, ja: "名古屋の窓口", en: "Desk in Nagoya"}\n'
    const hand = async (text, button) => {
      await page.goto('/facts/import')
      await page.setInputFiles('#file', { name: 'nagoya.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) })
      await page.click(`button[name=${button}]`)
      return page.locator('main').innerText()
    }
    assert.match(await hand(`${good}- {id: desk.nagoya, ja: a, en: b}\n`, 'take'), /5行目：.*desk\.nagoya.*前にもあります/)
    assert.match(await hand(`${good.trim().replace('}', '}')}\n- {id: x.y, ja: a, en: b, see: [nowhere]}\n`, 'take'), /nowhere/)
    const began = Date.now()
    assert.match(await hand('['.repeat(500000), 'take'), /1行目：\s*入れ子が深すぎます/)
    assert.match(await hand('a: &a [x]\nb: *a\n', 'look'), /1行目：.*使いまわし/)
    assert.ok(Date.now() - began < 10_000, 'nothing holds a process for long')
    assert.match(await hand('\u0000\u0001', 'take'), /何も変わっていません/)
    assert.match(await hand(good, 'look'), /まだ取り込んでいません。.*新しい 1件/)
    assert.equal(await fact('desk.nagoya'), undefined)
    assert.match(await hand(good, 'take'), /取り込みました/)
    assert.equal((await fact('desk.nagoya')).region, 'nagoya')
    assert.match(await hand(good, 'take'), /新しい 0件、変わる 0件、同じ 1件/)
  })
})
