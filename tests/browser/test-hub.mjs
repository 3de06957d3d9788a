// SPDX-License-Identifier: GPL-3.0-or-later
//
// ホーム and 備える: the next thing first, what is done marked; a light that somebody cannot act on says who does; nothing
// hangs over at the width of a sheet of A4 or a tablet.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openContext, password, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
})
after(async () => {
  assert.deepEqual(context.seen.refused, [])
  await browser?.close()
  await sonae?.stop()
})
const json = async path => (await context.request.get(path, { headers: { accept: 'application/json' } })).json()

test('備える: one step after the other, each marked when it is done, the first that is not stands on top', async () => {
  await page.goto('/prepare/kit')
  let now = await json('/prepare')
  assert.ok(now.steps.length >= 12)
  assert.equal(now.steps[0].is_done, true, 'the kit was looked at')
  const left = now.steps.filter(step => !step.is_done)
  assert.equal(now.next.path, left[0].path)
  assert.equal(now.steps.filter(step => step.is_next).length, 1)
  await page.goto('/prepare')
  assert.equal(await page.getAttribute('.ask a.button', 'href'), now.next.path)
  await shoot(page, 'prepare-steps')
  const done = now.steps_done
  await page.goto('/prepare/registers/businesses')
  const csrf = await page.inputValue('input[name=csrf]')
  const post = (path, form) => context.request.post(path, { form: { csrf, ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
  for (const [register, form] of [['businesses', { rank: '1', name: '受注', 'tolerable-hours': '4' }], ['company', { name: '本店', site: 'head' }]]) assert.equal((await post(`/prepare/registers/${register}`, form)).status(), 303)
  now = await json('/prepare')
  assert.equal(now.steps_done, done + 2)
  for (const path of ['/prepare/registers/businesses', '/prepare/registers/company']) assert.ok(now.steps.find(step => step.path === path).is_done, path)
  for (const step of now.steps) assert.equal((await context.request.get(step.path)).status(), 200, step.path)
})

test('staff: a light that they cannot act on says who does, and the hub has only what is theirs', async () => {
  await page.goto('/people')
  const csrf = await page.locator('input[name=csrf]').first().inputValue()
  const invited = await (await context.request.post('/people/invite', { form: { csrf, name: '高橋', role: 'staff', language: 'ja' }, headers: { origin: sonae.origin, accept: 'application/json' } })).text()
  const staff = await openContext(browser, sonae)
  const other = await staff.newPage()
  await other.goto(invited.match(/\/invite\/[A-Za-z0-9_-]+/)[0])
  await other.fill('#login', 'takahashi')
  await other.fill('#password', password)
  await other.click('main form button')
  await other.goto('/')
  const light = other.locator('.light', { hasText: '記録と控え' })
  assert.match(await light.innerText(), /バックアップがまだありません[\s\S]*システムの担当がとります/)
  assert.equal(await other.locator('a[href="/status"]').filter({ hasText: 'バックアップ' }).count(), 0)
  await shoot(other, 'home-staff')
  await page.goto('/')
  assert.ok(!(await page.locator('.light', { hasText: '記録と控え' }).innerText()).includes('システムの担当がとります'), 'who can act is not told who else does')
  await other.goto('/prepare')
  assert.equal(await other.locator('.way').count(), 0)
  await staff.close()
})

test('at 794 pixels, on a phone and on paper nothing hangs over', async () => {
  for (const [width, name] of [[794, 'a4'], [360, 'phone']]) {
    await page.setViewportSize({ width, height: 1123 })
    for (const path of ['/', '/prepare', '/prepare/help', '/prepare/jigyokei', '/months', '/prepare/scs/4-3-4']) {
      await page.goto(path)
      const over = await page.evaluate(() => [document.documentElement.scrollWidth - document.documentElement.clientWidth, [...document.querySelectorAll('main .light, main .sheet, main .choices li')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'visible').length])
      assert.deepEqual(over, [0, 0], `${path} at ${width}`)
      if (path === '/' || path === '/months') assert.ok((await page.$$eval('.light', list => Math.min(...list.map(e => e.clientWidth)))) >= 230, `lights of ${path} at ${width} have room for words`)
      if (path === '/' || path === '/prepare') await shoot(page, `hub-${name}${path.replace('/', '-')}`)
    }
  }
  await page.goto('/')
  const pdf = await page.pdf({ format: 'A4' })
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1)
})
