// SPDX-License-Identifier: GPL-3.0-or-later
//
// Can everybody use it: keyboard alone, 200 % zoom, a phone, dark, print, contrast, the emergency button in sight.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkText, openContext, setUp, startBrowser, startSonae } from './sonae.mjs'

const pages = ['/', '/check', '/check?kind=mail', '/check?kind=call', '/check?kind=screen', '/check?kind=qr', '/check/after', '/check/after/transfer', '/check/after?easy=1', '/check/after/transfer?easy=1', '/cases', '/contacts',
  '/ledger', '/settings', '/settings/mail', '/people', '/people/1', '/brands?q=a', '/status', '/me', '/me/second-factor', '/about', '/no-such-page']
const fraud = '三井住友カードをご利用のお客様。カードの利用を停止しました。本日中に下記からログインしてください。 http://smbc-card.com.login-check.xyz/'

// Every visible text against the colour behind it, by the formula of WCAG 2.
function poorContrast() {
  const rgba = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n }
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor)
      if (colour[3] === 1) return colour
    }
    return [255, 255, 255, 1]
  }
  const poor = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element)
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || ['SCRIPT', 'OPTION'].includes(element.tagName) || element.closest('svg')) continue
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${walker.currentNode.data.trim().slice(0, 40)}`)
  }
  return poor
}

const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth
const inSight = () => {
  const box = document.querySelector('a.help').getBoundingClientRect()
  return box.width > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth
}
const unnamed = () => [...document.querySelectorAll('input:not([type=hidden]), textarea, select')].filter(e => !e.labels?.length).map(e => e.outerHTML)

describe('looks', () => {
  let sonae, browser, state
  before(async () => {
    sonae = await startSonae()
    browser = await startBrowser()
    const context = await openContext(browser, sonae)
    const page = await context.newPage()
    await setUp(page, sonae)
    await checkText(page, 'mail', fraud)
    await page.click('form.report button.big')
    state = await context.storageState()
    await context.close()
  })
  after(async () => { await browser?.close(); await sonae?.stop() })

  const looks = {
    'a desk': {},
    'a dark desk': { colorScheme: 'dark' },
    '200 % zoom': { viewport: { width: 640, height: 450 } },
    'a phone': { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
    'English on a phone': { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, lang: 'en' },
  }
  for (const [name, { lang, ...options }] of Object.entries(looks)) {
    test(`${name}: nothing sideways, readable, もしも in sight, every field named`, async () => {
      const context = await openContext(browser, sonae, { ...options, storageState: state })
      const page = await context.newPage()
      if (lang) await page.goto(`/?lang=${lang}`)
      const look = async path => {
        assert.ok(await page.evaluate(sideways) <= 0, `${path} scrolls sideways by ${await page.evaluate(sideways)}`)
        assert.deepEqual(await page.evaluate(poorContrast), [], path)
        assert.deepEqual(await page.evaluate(unnamed), [], path)
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
        assert.ok(await page.evaluate(inSight), `${path}: もしも is out of sight`)
        assert.equal(await page.locator('h1').count(), 1, path)
      }
      for (const path of pages) {
        await page.goto(path)
        await look(path)
      }
      await checkText(page, 'mail', fraud)
      await look('result')
      await page.goto('/cases/1')
      await look('case')
      assert.deepEqual(context.seen, { elsewhere: [], refused: [] })
      await context.close()
    })
  }

  test('the keyboard alone: from the start page to a verdict and its report', async () => {
    const context = await openContext(browser, sonae, { storageState: state })
    const page = await context.newPage()
    await page.goto('/')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
    const tabTo = async test => {
      for (let i = 0; i < 80; i++) {
        if (await page.evaluate(test)) {
          assert.ok(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), 'the focus can be seen')
          return
        }
        await page.keyboard.press('Tab')
      }
      assert.fail(`not reached: ${test}`)
    }
    await tabTo(() => document.activeElement.matches('nav a[href="/check"]'))
    await page.keyboard.press('Enter')
    await page.waitForURL('**/check')
    await tabTo(() => document.activeElement.matches('a[href="/check?kind=mail"]'))
    await page.keyboard.press('Enter')
    await page.waitForURL('**/check?kind=mail')
    await tabTo(() => document.activeElement.id === 'text')
    await page.keyboard.insertText(fraud)
    await tabTo(() => document.activeElement.matches('main button.big'))
    await page.keyboard.press('Enter')
    await page.waitForSelector('section.verdict')
    await tabTo(() => document.activeElement.matches('form.report button.big'))
    await page.keyboard.press('Enter')
    await page.waitForURL('**/cases/*')
    await context.close()
  })

  test('the verdict is told by shape, word and colour, and comes first', async () => {
    const context = await openContext(browser, sonae, { storageState: state })
    const page = await context.newPage()
    await checkText(page, 'mail', fraud)
    assert.equal(await page.locator('section.verdict svg.sign polygon').count(), 1)
    assert.ok((await page.innerText('main')).trim().startsWith('危険'))
    assert.match(await page.title(), /^危険/)
    await context.close()
  })

  test('print: no rail, no buttons, everything unfolded, A4', async () => {
    const context = await openContext(browser, sonae, { storageState: state })
    const page = await context.newPage()
    await checkText(page, 'mail', fraud)
    await page.emulateMedia({ media: 'print' })
    for (const gone of ['.rail', '.foot', '.actions', '.branches']) assert.equal(await page.locator(gone).first().isVisible(), false, gone)
    assert.deepEqual(await page.evaluate(poorContrast), [])
    const pdf = await page.pdf({ preferCSSPageSize: true })
    assert.match(pdf.toString('latin1'), /MediaBox ?\[0 0 59[45]\.\d+ 84[12]/)
    await context.close()
  })

  test('a file is dropped, a picture pasted', async () => {
    const context = await openContext(browser, sonae, { storageState: state })
    const page = await context.newPage()
    await page.goto('/check?kind=mail')
    const chosen = (kind, type) => page.evaluate(([kind, type]) => {
      const data = new DataTransfer()
      data.items.add(new File(['From: a@example.com\n\nx'], 'mail.eml', { type }))
      const area = document.querySelector('.drop')
      const event = kind === 'drop' ? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }) : new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data })
      area.dispatchEvent(event)
      return document.querySelector('#file').files.length
    }, [kind, type])
    assert.equal(await chosen('drop', 'message/rfc822'), 1)
    await page.goto('/check?kind=qr')
    assert.equal(await chosen('paste', 'image/png'), 1)
    await context.close()
  })

  test('the emergency card in plain Japanese: readings, numbers to tap, without signing in', async () => {
    const context = await openContext(browser, sonae, { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true })
    const page = await context.newPage()
    await page.goto('/check/after')
    await page.click('a[href="/check/after?easy=1"]')
    await page.click('a[href="/check/after/transfer?easy=1"]')
    assert.equal(await page.locator('main .easy').getAttribute('lang'), 'ja')
    assert.equal(await page.locator('ol.steps ruby').first().innerText().then(text => text.replace(/\s/g, '')), '今いま')
    assert.ok(await page.locator('ol.steps > li').count() >= 4)
    assert.equal(await page.locator('.phones a[href="tel:110"]').count(), 1)
    assert.doesNotMatch(await page.locator('main').innerText(), /[《》]/)
    assert.equal(await page.evaluate(sideways), 0)
    await page.goto('/check/after/transfer')
    assert.equal(await page.locator('main ruby').count(), 0)
    await context.close()
  })
})
