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
})
