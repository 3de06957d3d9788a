// SPDX-License-Identifier: GPL-3.0-or-later
//
// A machine whose kernel lacks mechanisms of the jail: the start, `sonae doctor` and the page 状態 say so, mail is judged
// where it still can be, and without seccomp it is not read at all.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { openContext, program, setUp, startBrowser, startSonae } from './sonae.mjs'

const without = join(dirname(program), 'src/jail/test-without')
const options = { skip: existsSync(without) ? false : 'the program lies in no build folder' }

const doctor = missing => {
  const { stdout } = spawnSync(without, [missing, program, 'doctor', '--json'], { encoding: 'utf8', timeout: 60_000 })
  return Object.fromEntries(JSON.parse(stdout.slice(stdout.indexOf('['))).map(row => [row.id, row.ok]))
}

test('without Landlock and namespaces everything says so, and mail is judged', options, async () => {
  const rows = doctor('landlock,namespaces')
  assert.deepEqual([rows.landlock, rows.namespaces, rows.seccomp, rows.reader], [false, false, true, true])
  const sonae = await startSonae({ before: [without, 'landlock,namespaces'] })
  const browser = await startBrowser()
  try {
    assert.match(sonae.output(), /Landlock/)
    assert.match(sonae.output(), /namespaces/)
    const page = await (await openContext(browser, sonae)).newPage()
    await setUp(page, sonae)
    await page.goto('/status')
    const notices = await page.locator('p.notice').allInnerTexts()
    assert.equal(notices.length, 2)
    assert.match(notices.join('\n'), /Landlock/)
    await page.goto('/check')
    await page.fill('#text', '本日中にログインしてください http://smbc-card.com.login-check.xyz/')
    await page.click('main button.big')
    await page.waitForSelector('section.verdict.danger, section.verdict.doubtful')
  } finally {
    await browser.close()
    await sonae.stop()
  }
})

test('without seccomp nothing foreign is opened', options, () => {
  const rows = doctor('seccomp')
  assert.deepEqual([rows.seccomp, rows.landlock, rows.reader], [false, true, false])
  const { stdout, stderr } = spawnSync(without, ['seccomp', program, 'check', '--json', '--kind', 'text', '-'],
    { input: 'http://a.example/', encoding: 'utf8', timeout: 60_000, env: { ...process.env, SONAE_RULES: process.env.SONAE_RULES ?? join(dirname(program), '../rules') } })
  assert.doesNotMatch(stderr, /broken promise/)
  if (stdout.trim()) assert.equal(JSON.parse(stdout).verdict, 'cannot-tell')
})
