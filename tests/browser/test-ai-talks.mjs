// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose conversations they are: two people and a reason open one, the person is told and the ledger knows; the monthly
// look at oneself; the notes that take turns.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { startUpstream } from '../gate/upstream.mjs'
import { openContext, password, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

const program = resolve(process.env.SONAE ?? 'build/sonae')
const setupProgram = process.env.GATE_SETUP ?? join(dirname(program), 'src/gate/gate-setup')

let sonae, browser, upstream, page, staff, operator, context
before(async () => {
  upstream = await startUpstream()
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  execFileSync(setupProgram, [sonae.data, 'service', 'テストAI', `http://127.0.0.1:${upstream.port}/v1`, 'openai', 'other', 'echo=echo'])
  staff = await invite('高橋 次郎', 'staff', 'takahashi')
  operator = await invite('田中 実', 'operator', 'tanaka')
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
  upstream?.stop()
})

async function invite(name, role, login) {
  await page.goto('/people')
  const csrf = await page.inputValue('input[name=csrf]')
  const made = await context.request.post('/people/invite', { form: { csrf, name, role, language: 'ja' }, headers: { accept: 'application/json' } })
  const other = await (await openContext(browser, sonae)).newPage()
  await other.goto(JSON.stringify(await made.json()).match(/\/invite\/[\w-]+/)[0])
  await other.fill('#login', login)
  await other.fill('#password', password)
  await other.click('main button.big')
  await other.waitForURL(url => !url.pathname.startsWith('/invite'))
  return other
}

const words = '来月の展示会のことで、まだ誰にも話していない相談です'
const ledger = async () => (await context.request.get('/ledger.csv')).text()

test('a conversation is its person\'s alone, whoever asks by its number', async () => {
  await staff.goto('/ai')
  await staff.fill('#text', words)
  await staff.click('#send')
  await staff.locator('.turns .model .said').first().filter({ hasText: '誰にも' }).waitFor()
  const talk = new URL(staff.url()).pathname
  for (const other of [page, operator]) {
    assert.equal((await other.goto(talk)).status(), 404)
    await other.goto('/ai')
    assert.ok(!(await other.innerText('main')).includes('展示会'))
  }
  assert.equal((await staff.goto('/ai/openings')).status(), 403)
})

test('one person cannot open it, without a reason nobody can', async () => {
  await page.goto('/ai/openings')
  await page.selectOption('#person', { label: '高橋 次郎' })
  await page.click('form[action="/ai/openings"] button')
  assert.equal(await page.getAttribute('#reason', 'aria-invalid'), 'true')
  await page.selectOption('#person', { label: '高橋 次郎' })
  await page.fill('#reason', '情報が外に出た疑いがあり、取引先に説明するため')
  await page.click('form[action="/ai/openings"] button')
  assert.match(await page.innerText('main'), /高橋 次郎[\s\S]*取引先に説明/)
  assert.equal(await page.locator('a[href^="/ai/openings/"]').count(), 0, 'not readable yet')
  assert.equal(await page.locator('form[action$="/decide"]').count(), 0, 'who asks does not agree with himself')
  assert.notEqual((await page.goto('/ai/openings/1')).status(), 200)
})

test('a second one agrees: both read it, the person is told, the ledger knows and holds no text', async () => {
  await operator.goto('/ai/openings')
  await shoot(operator, 'ai-openings')
  await operator.click('form[action$="/decide"] button[value=yes]')
  await page.goto('/ai/openings')
  await page.click('a[href^="/ai/openings/"]')
  await page.locator('main .sheet a').first().click()
  assert.match(await page.innerText('.turns'), /まだ誰にも話していない相談/)
  await shoot(page, 'ai-opening')
  await staff.goto('/ai')
  const notice = await staff.innerText('.notice')
  for (const word of ['佐藤 花子', '田中 実', '取引先に説明']) assert.ok(notice.includes(word), `${word} in ${notice}`)
  await shoot(staff, 'ai-opened')
  const records = await ledger()
  assert.match(records, /talk\.open/)
  assert.ok(!records.includes('展示会') && !records.includes('取引先に説明'))
})

test('the look at oneself: three questions a month, sums for the company only where several answer', async () => {
  await staff.goto('/ai/self')
  assert.equal(await staff.locator('fieldset').count(), 3)
  await staff.fill('#minutes', '45')
  for (let i = 0; i < 3; i++) await staff.locator('fieldset').nth(i).locator('input[value=no]').check()
  await staff.click('form[action="/ai/self"] button')
  assert.match(await staff.innerText('.notice'), /ありがとう/)
  assert.match(await staff.innerText('main table'), /45/)
  await shoot(staff, 'ai-self')
  await page.goto('/ai/self')
  assert.ok(!(await page.innerText('main')).includes('45'), 'nobody sees what another said')
  const note = (await (await context.request.get('/ai', { headers: { accept: 'application/json' } })).json()).note
  assert.ok(note.length > 10, note)
})
