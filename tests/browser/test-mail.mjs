// SPDX-License-Identifier: GPL-3.0-or-later
//
// お知らせメール in the browser: how to begin, what was typed stays, the answer of a server that is not there in plain
// words, an invitation's link with its button. What arrives is tested in tests/post/.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page, port
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  const gone = createServer()
  await new Promise(done => gone.listen(0, '127.0.0.1', done))
  port = gone.address().port // nobody listens there any more
  await new Promise(done => gone.close(done))
})
after(async () => {
  assert.deepEqual(context.seen.refused, [])
  assert.deepEqual(context.seen.elsewhere, [])
  await browser?.close()
  await sonae?.stop()
})
const field = name => page.locator(`[name="${name}"]`)
const save = () => page.click('form[action="/settings/mail"] button >> nth=0')

test('it says what it does and how to begin', async () => {
  await page.goto('/settings')
  await page.click('a[href="/settings/mail"]')
  assert.match(await page.innerText('main'), /送るサーバーがまだ決まっていません/)
  assert.match(await page.innerText('main'), /あなたのメールアドレスがまだありません/)
  await shoot(page, 'mail-off')
  await page.click('main a[href="/me#mail"]')
  await page.fill('#mail-address', 'sato@example')
  await page.click('form[action="/me/mail"] button')
  // The browser takes it, the keeper does not.
  assert.match(await page.innerText('.problem'), /メールアドレスの形/)
  assert.equal(await page.inputValue('#mail-address'), 'sato@example')
  await page.fill('#mail-address', 'sato@minato.example')
  await page.click('form[action="/me/mail"] button')
  assert.equal(await page.inputValue('#mail-address'), 'sato@minato.example')
  assert.ok(await page.isChecked('[name=reminds]'))
  await shoot(page, 'mail-me')
})

test('a wrong value is marked and nothing that was typed is lost', async () => {
  await page.goto('/settings/mail')
  await field('mail.host').fill('127.0.0.1')
  await field('mail.port').fill('70000')
  await field('mail.from').fill('sonae@minato.example')
  await field('mail.tls').selectOption('none')
  await save()
  assert.match(await page.innerText('.problem'), /印のついた欄/)
  assert.equal(await page.getAttribute('[name="mail.port"]', 'aria-invalid'), 'true')
  assert.equal(await field('mail.host').inputValue(), '127.0.0.1')
  assert.equal(await field('mail.from').inputValue(), 'sonae@minato.example')
  assert.equal(await field('mail.tls').inputValue(), 'none')
  await shoot(page, 'mail-wrong')
  await field('mail.port').fill(String(port))
  await save()
  assert.match(await page.innerText('main'), /送れます/)
})

test('the answer of the test comes by itself, in plain words', async () => {
  await page.click('form[action="/settings/mail/test"] button')
  // The list of mails may know it one page earlier than the notice, which is what ends the waiting.
  const notice = page.locator('#test + .sheet .notice', { hasText: 'サーバーにつながりません' })
  await notice.waitFor()
  assert.match(await notice.innerText(), /ポートの番号を確かめて/)
  assert.match(await page.innerText('table.cards'), /試し/)
  await shoot(page, 'mail-test')
})

test('a password without encryption is not sent, and is never shown', async () => {
  await page.fill('#password', 'very secret words')
  await save()
  assert.match(await page.innerText('main'), /暗号化なしでパスワードを送ることはしません/)
  assert.ok(!(await page.content()).includes('very secret words'))
  assert.equal(await page.locator('form[action="/settings/mail/test"]').count(), 0)
  await page.check('[name=forget_password]')
  await save()
  assert.equal(await page.locator('form[action="/settings/mail/test"]').count(), 1)
})

test('an invitation: the link, and a button that mails it', async () => {
  await page.goto('/people')
  await page.fill('#name', '鈴木 一郎')
  await page.click('form[action="/people/invite"] button')
  const link = await page.innerText('#link')
  await page.fill('#address', 'suzuki@minato.example')
  await page.click('form[action="/people/invite/mail"] button')
  assert.equal(await page.innerText('#link'), link)
  assert.match(await page.innerText('.notice'), /suzuki@minato\.example に送る用意をしました/)
  await shoot(page, 'mail-invite')
  await page.goto('/status')
  assert.match((await page.innerText('main')).replace(/\s+/g, ' '), /送るのを待っているメール \d いちばん古いものは/)
  await shoot(page, 'mail-status')
})
