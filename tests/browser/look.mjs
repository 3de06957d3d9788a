// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures of every page, for looking at: SHOTS=folder node look.mjs
import { checkFile, checkText, fixturePath, openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

const pages = ['/', '/check', '/check?kind=mail', '/check?kind=sms', '/check?kind=qr', '/check?kind=call', '/check?kind=screen', '/check/after', '/check/after/support',
  '/check/after/ransomware', '/check/after/typed', '/cases', '/contacts', '/ledger', '/settings', '/settings/mail', '/people', '/people/1', '/brands?q=三井', '/status', '/me', '/me/second-factor', '/about', '/nothing-here',
  '/ai', '/ai/templates', '/ai/todos', '/ai/self', '/rules', '/rules/services', '/rules/keys', '/rules/policy', '/rules/words', '/rules/guideline', '/rules/use',
  '/prepare', '/prepare/diagnosis', '/prepare/registers/devices', '/prepare/due', '/prepare/evidence', '/prepare/kit', '/prepare/papers', '/prepare/papers/policy', '/prepare/papers/jigyokei',
  '/prepare/help', '/prepare/help/loan', '/prepare/scs', '/prepare/security-action', '/prepare/incidents', '/months', '/facts', '/settings/mail', '/prepare/jigyokei', '/prepare/papers/renewal', '/119', '/119/ransomware', '/119/ransomware?easy=1']
const looks = {
  wide: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  zoom: { viewport: { width: 640, height: 450 } }, english: { locale: 'en-GB' }, forced: { forcedColors: 'active' },
}
const wanted = process.argv[2] ? process.argv[2].split(',') : Object.keys(looks)
const name = path => path.replace(/[/?=]+/g, '-').replace(/^-/, '') || 'home'

const sonae = await startSonae()
const browser = await startBrowser()
try {
  const first = await openContext(browser, sonae)
  const page = await first.newPage()
  await page.goto('/setup')
  await shoot(page, 'wide-setup-1')
  await page.fill('#code', sonae.code)
  await page.click('main button.big')
  await shoot(page, 'wide-setup-2')
  await setUp(page, sonae)
  const state = await first.storageState()
  for (const look of wanted) {
    const context = await openContext(browser, sonae, { ...looks[look], storageState: state })
    const page = await context.newPage()
    if (look === 'english') await page.goto('/?lang=en')
    for (const path of pages) {
      await page.goto(path)
      await shoot(page, `${look}-${name(path)}`)
    }
    console.log(look, await checkFile(page, 'mail', fixturePath('fraud-ja/booklet-xyz-bank.eml')))
    await shoot(page, `${look}-result-danger`)
    if (look === 'wide') {
      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize({ width: 700, height: 1000 })
      await shoot(page, 'print-result')
      await page.emulateMedia({ media: null })
      await page.setViewportSize({ width: 1280, height: 900 })
      await page.click('form.report button.big')
      await shoot(page, 'wide-case')
    }
    console.log(look, await checkFile(page, 'mail', fixturePath('fraud-ja/smbc-vpass.eml')))
    await shoot(page, `${look}-result-card`)
    console.log(look, await checkText(page, 'mail', 'お世話になっております。\n本日までにお支払いのご確認をお願いいたします。ご連絡がない場合はサービスを停止します。'))
    await shoot(page, `${look}-result-weak`)
    console.log(look, await checkText(page, '', 'いつもお世話になっております。\n来週の打合せは火曜の10時でお願いします。'))
    await shoot(page, `${look}-result-nothing`)
    await context.close()
  }
} finally {
  await browser.close()
  await sonae.stop()
}
