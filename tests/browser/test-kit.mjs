// SPDX-License-Identifier: GPL-3.0-or-later
//
// もしもの紙: set in fonts by the press, text that can be taken out again, the code that opens an incident, and a QR that
// leads to /119. Without the press the rest of the house goes on.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { checkFile, openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

let sonae, browser, context, page, folder
before(async () => {
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  folder = mkdtempSync(join(tmpdir(), 'sonae-kit-'))
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
  if (folder) rmSync(folder, { recursive: true })
})
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' })
async function save(path) {
  const answer = await context.request.get(path)
  if (answer.status() === 200) writeFileSync(join(folder, path.split('/').pop()), await answer.body())
  return answer.status()
}
const pressOf = () => readdirSync('/proc').filter(name => /^\d+$/.test(name)).find(name => {
  try {
    return readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes('press') && readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ')[1] === String(sonae.pid)
  } catch { return false }
})

test('PDF: three pages of A4, fonts embedded, text can be taken out, numbers and code are there', async () => {
  await page.goto('/prepare/registers/partners')
  await page.click('details summary')
  await page.fill('#f-name', 'みなとIT')
  await page.selectOption('#f-relation', 'it-firm')
  await page.fill('#f-phone', '045-000-1111')
  await page.click('details button')
  await page.goto('/prepare')
  await page.click('a[href="/prepare/kit"]')
  assert.match(await page.innerText('.notice'), /スマホから開けません/, 'a loopback address is none for a telephone')
  assert.equal(await save('/prepare/kit.pdf'), 200)
  assert.ok(!run('pdftotext', 'kit.pdf', '-').includes('127.0.0.1'))
  await page.goto('/settings')
  const form = page.locator('form', { has: page.locator('input[value="company.address"]') })
  await form.locator('[name=value]').fill('http://sonae.minato:8119/')
  await form.locator('button').click()
  await page.goto('/prepare/kit')
  const code = (await page.innerText('code.paper-code')).trim()
  await shoot(page, 'kit')
  assert.equal(await save('/prepare/kit.pdf'), 200)
  const text = run('pdftotext', '-layout', 'kit.pdf', '-')
  for (const words of ['もしもの紙', '株式会社みなと商会', 'LANの線を抜き', '045-000-1111', '#9110', code, 'http://sonae.minato:8119/119', 'Sonaeを元に戻す']) assert.ok(text.includes(words), words)
  assert.match(run('pdfinfo', 'kit.pdf'), /Pages: +3\n[\s\S]*A4/)
  const fonts = run('pdffonts', 'kit.pdf').trim().split('\n').slice(2)
  assert.ok(fonts.length > 0 && fonts.every(line => /BIZUDPGothic/.test(line) && / yes yes yes /.test(line)), fonts.join('\n'))
  assert.equal(await save('/prepare/kit.html'), 200)
  assert.ok(readFileSync(join(folder, 'kit.html'), 'utf8').includes(code))
})

test('the QR on the paper and on the poster leads to /119', async () => {
  for (const sheet of ['1', '3']) {
    run('pdftoppm', '-r', '150', '-f', sheet, '-l', sheet, '-png', 'kit.pdf', `kit${sheet}`)
    const picture = readdirSync(folder).find(name => name.startsWith(`kit${sheet}`))
    await checkFile(page, 'qr', join(folder, picture))
    assert.match(await page.innerText('main'), /sonae\.minato/, sheet)
  }
  if (process.env.SHOTS) run('pdftoppm', '-r', '40', '-png', 'kit.pdf', join(process.env.SHOTS, 'kit-pdf'))
})

test('the poster: read from 3 m, whom to ask with the phone, on one sheet', () => {
  const words = run('pdftotext', '-f', '3', '-l', '3', '-bbox', 'kit.pdf', '-').match(/<word [^>]*>[^<]*/g).map(one => ({ high: Number(one.match(/yMax="([\d.]+)"/)[1]) - Number(one.match(/yMin="([\d.]+)"/)[1]), text: one.replace(/.*>/, '') }))
  for (const text of ['あやしいと思ったら', '押さない', '入れない', '払わない', '鈴木', '045-000-0001']) {
    const found = words.find(one => one.text.includes(text))
    assert.ok(found && found.high >= 42.5, `${text}: ${JSON.stringify(found)} of ${words.map(one => one.text).join(' ')}`) // 15 mm
  }
})

test('a new code makes the earlier paper worth nothing', async () => {
  await page.goto('/prepare/kit')
  const before = await page.innerText('code.paper-code')
  await page.click('main form button')
  assert.notEqual(await page.innerText('code.paper-code'), before)
})

test('the press dies: the paper says so or comes, nothing else stops, and the press comes back', async () => {
  process.kill(Number(pressOf()), 'SIGKILL')
  assert.equal((await page.goto('/prepare')).status(), 200)
  for (let i = 0; ; i++) {
    const status = await save('/prepare/kit.pdf')
    if (status === 200) break
    assert.ok([500, 503, 504].includes(status) && i < 50, `${status}`)
    await new Promise(done => setTimeout(done, 200))
  }
})

test('a press that hangs holds nobody else up, and says so in the end', async () => {
  const press = Number(pressOf())
  process.kill(press, 'SIGSTOP')
  try {
    const asked = Promise.all(Array.from({ length: 4 }, () => context.request.get('/prepare/kit.pdf')))
    await new Promise(done => setTimeout(done, 300))
    const begun = Date.now()
    for (let i = 0; i < 20; i++) assert.equal((await fetch(`${sonae.origin}/119`)).status, 200)
    assert.ok(Date.now() - begun < 5000, 'answered while papers wait')
    for (const answer of await asked) {
      assert.ok(answer.status() >= 500)
      assert.match(await answer.text(), /もう一度|しばらく/)
    }
  } finally { process.kill(press, 'SIGCONT') }
  assert.equal(await save('/prepare/kit.pdf'), 200, 'and goes on')
})
