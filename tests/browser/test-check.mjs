// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scenes A1, A2, A6 and A7, the booklet's three messages, twenty lookalikes, and every other way of handing something in.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { checkFile, checkText, fixture, fixturePath, openContext, setUp, startBrowser, startSonae } from './sonae.mjs'

const lookalikes = ['01-rn-for-m', '02-zero-for-o', '03-whole-brand-as-subdomain', '04-co-jp-then-hyphen', '05-punycode-cyrillic', '06-userinfo', '07-hex-address',
  '08-decimal-address', '09-rn-in-yamato', '10-jcb-subdomain', '11-ekinet-suffix', '12-go-jp-inside', '13-dynamic-dns', '14-worker-host', '15-sagawa-post', '16-japanpost',
  '17-etc-cn', '18-microsoft-zero', '19-tld-swap', '20-brand-and-keyword', '21-scene-a0', '22-javascript', '23-data-page', '24-fullwidth-dot']
const branches = ['pressed', 'typed', 'transfer', 'call', 'support', 'ransomware', 'attachment', 'app', 'gift-card']
const alarming = verdict => assert.ok(['danger', 'doubtful'].includes(verdict), verdict)

const sceneText = `差出人: info@yokohama-cornpany.co.jp
件名: 【重要】取引停止のお知らせ

XYZ銀行をご利用のお客様
口座の取引を停止しました。確認のためログインしてください。
http://xyz-bank.co.jp.login-check.xyz/
お問い合わせ 03-9999-9999`

const invoice = `Return-Path: <keiri@yokohama-company.co.jp>
Authentication-Results: mx.minato-shokai.example; spf=pass smtp.mailfrom=yokohama-company.co.jp; dkim=pass header.d=yokohama-company.co.jp; dmarc=pass header.from=yokohama-company.co.jp
Received: from mail.yokohama-company.co.jp (mail.yokohama-company.co.jp [192.0.2.10]) by mx.minato-shokai.example; Mon, 09 Nov 2026 10:00:00 +0900
Date: Mon, 09 Nov 2026 09:59:50 +0900
From: =?utf-8?b?5qiq5rWc5Lya56S+IOe1jOeQhg==?= <keiri@yokohama-company.co.jp>
To: sato@minato-shokai.example
Subject: =?utf-8?b?MTDmnIjliIbjga7oq4vmsYLmm7g=?=
Message-ID: <20261109.1@yokohama-company.co.jp>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

株式会社みなと商会 佐藤様

いつもお世話になっております。
10月分の請求書をお送りします。ご確認のほどよろしくお願いいたします。

横浜会社 経理 田中
https://www.yokohama-company.co.jp/
`

for (const javaScriptEnabled of [true, false]) {
  describe(`checking, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    let sonae, browser, context, page
    before(async () => {
      sonae = await startSonae()
      browser = await startBrowser()
      context = await openContext(browser, sonae, { javaScriptEnabled })
      page = await context.newPage()
      await setUp(page, sonae)
    })
    after(async () => { await browser?.close(); await sonae?.stop() })

    test('A1: danger within three seconds, said first, real domain large, at most three reasons, each with its place', async () => {
      const started = Date.now()
      assert.equal(await checkText(page, 'mail', sceneText), 'danger')
      assert.ok(Date.now() - started < 5000, 'the browser included')
      assert.ok(Number((await page.innerText('main')).match(/([\d.]+) 秒で調べました/)[1]) < 3)
      const verdict = (await page.innerText('section.verdict')).replace(/\s+/g, ' ')
      assert.match(verdict, /^危険 押さないでください。 銀行のログイン画面をまねています/)
      assert.match(await page.innerText('#host'), /^xyz-bank\.co\.jp\.login-check\.xyz$/)
      assert.equal(await page.innerText('#host i'), 'xyz-bank.co.jp.')
      const first = page.locator('ol.why').first().locator('> li')
      assert.ok(await first.count() <= 3)
      for (let i = 0; i < await first.count(); i++) assert.ok(await first.nth(i).locator('mark').count() > 0)
      const all = await page.textContent('main')
      assert.match(all, /cornpany/)
      assert.match(all, /ヘッダーが無いので送信元は調べられません/)
      assert.equal(await page.locator('form.report button.big').count(), 1)
      assert.equal(await page.innerText('form.report button.big'), '報告して消す')
      assert.equal(await page.locator('main a[href*="login-check"]').count(), 0)
    })

    test('A2: the known way comes from the company, never from the mail', async () => {
      const ways = await page.innerText('.way')
      assert.doesNotMatch(ways, /03-9999-9999/)
      assert.equal(await checkFile(page, 'mail', fixturePath('fraud-ja/smbc-vpass.eml')), 'danger')
      assert.match(await page.innerText('.way'), /控えは、まだありません/)
      await page.locator('.way a', { hasText: '控えを書く' }).first().click()
      await page.fill('#phone', '0120-000-111')
      await page.click('main form[action="/contacts"] button:not(.link)')
      await checkFile(page, 'mail', fixturePath('fraud-ja/smbc-vpass.eml'))
      assert.match(await page.innerText('.way'), /0120-000-111/)
    })

    test('the sum can be done again from the page', async () => {
      if (!javaScriptEnabled) await page.locator('summary', { hasText: '点数の計算' }).click()
      const rows = await page.locator('details table tbody tr').evaluateAll(list => list.map(row => [...row.cells].map(cell => cell.textContent.trim())))
      const weights = rows.slice(0, -2).map(row => Number(row[1]))
      const sum = weights.reduce((a, b) => a + b, 0)
      assert.ok(Math.abs(sum - Number(rows.at(-2)[2])) < 0.01 * rows.length, `${sum} ${rows.at(-2)[2]}`)
      assert.ok(Math.abs(1 / (1 + Math.exp(-sum)) - Number(rows.at(-1)[2])) < 0.05)
    })

    test('報告して消す makes a case that holds no text, with a note for everybody', async () => {
      await checkText(page, 'mail', sceneText)
      await page.click('form.report button.big')
      assert.match(page.url(), /\/cases\/\d+\?thanks=1$/)
      assert.match(await page.innerText('[role=status]'), /教えてくれてありがとう/)
      const shown = await page.innerText('main')
      assert.doesNotMatch(shown, /確認のためログイン/)
      assert.doesNotMatch(shown, /https?:\/\//)
      assert.match(shown, /login-check\[\.\]xyz/)
      assert.ok((await page.innerText('#notice')).length <= 200)
      await page.fill('#note', '消してください。ありがとう。')
      await page.click('main form[action$="/answer"] button:not(.plain)')
      assert.match(await page.innerText('main'), /返事があります/)
      await page.goto('/ledger')
      assert.doesNotMatch(await page.innerText('main'), /確認のためログイン|login-check/)
    })

    test('A6: each branch in two taps, numbered, its own steps and numbers to call, without signing in', async () => {
      await checkText(page, 'mail', sceneText)
      await page.locator('.branches a', { hasText: '入力した' }).click()
      assert.match(await page.innerText('ol.steps'), /パスワードを変えます/)
      const stranger = await openContext(browser, sonae, { javaScriptEnabled })
      const card = await stranger.newPage()
      const seen = new Set()
      for (const branch of branches) {
        await card.goto('/check/after')
        await card.click(`ul.choices a[href="/check/after/${branch}"]`)
        const steps = await card.innerText('ol.steps')
        assert.ok(await card.locator('ol.steps > li').count() >= 4, branch)
        assert.ok(!seen.has(steps), `${branch} has steps of its own`)
        seen.add(steps)
        assert.ok(await card.locator('.phones a[href^="tel:"]').count() >= 2, branch)
        assert.doesNotMatch(await card.innerText('main'), /鈴木 一郎|045-000-0001/)
      }
      await card.goto('/check/after/support')
      assert.match(await card.innerText('main'), /Esc[\s\S]*Ctrl＋Alt＋Del[\s\S]*再起動してかまいません/)
      await card.goto('/check/after/ransomware')
      assert.match(await card.innerText('main'), /電源を切ること、再起動[\s\S]*ケーブルを抜き[\s\S]*電源は入れたまま/)
      assert.equal(await card.locator('a[href="tel:0359787509"]').count(), 1)
      await card.goto('/check/after/typed')
      assert.equal(await card.locator('a[href="tel:188"]').count(), 1)
      assert.equal((await card.goto('/check/after/nothing')).status(), 404)
      assert.deepEqual(stranger.seen, { elsewhere: [], refused: [] })
      await stranger.close()
    })

    test('A7: an honest invoice of a known partner gives no alarm, and is not called safe', async () => {
      await page.goto('/settings')
      const form = page.locator('form', { has: page.locator('input[value="check.trusted-servers"]') })
      await form.locator('[name=value]').fill('mx.minato-shokai.example')
      await form.locator('button').click()
      assert.equal(await checkFile(page, 'mail', { name: 'invoice.eml', mimeType: 'message/rfc822', buffer: Buffer.from(invoice) }), 'nothing-found')
      const shown = await page.innerText('main')
      assert.match(shown, /見つかりません[\s\S]*いつもの道/)
      assert.doesNotMatch(shown, /安全です|安全な|安心して/)
      assert.equal(await page.innerText('.actions a.big'), '閉じる')
    })

    test('a domain that the company calls true is no foreign one any more', async () => {
      const mail = Buffer.from('From: =?utf-8?b?5LiJ5LqV5L2P5Y+L44Kr44O844OJ?= <info@card-meisai.example.jp>\nTo: sato@minato-shokai.example\nSubject: =?utf-8?b?44GU5Yip55So5piO57Sw?=\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n三井住友カードからのお知らせ\nhttps://meisai.example.jp/\n')
      const look = () => checkFile(page, 'mail', { name: 'card.eml', mimeType: 'message/rfc822', buffer: mail })
      alarming(await look())
      assert.match(await page.textContent('main'), /名のっていますが、リンク先は別のところ/)
      await page.goto('/brands')
      await page.fill('#name', '三井住友カード')
      await page.fill('#domain', 'example.jp')
      await page.click('main form[method=post] button:not(.link)')
      assert.match(await page.innerText('main'), /example\.jp/)
      await look()
      assert.doesNotMatch(await page.textContent('main'), /名のっていますが、リンク先は別のところ/)
      await page.goto('/brands')
      await page.click('form[action$="/delete"] button')
    })

    test('a domain taken away is no genuine one any more, and a name of the company\'s own is looked for', async () => {
      const word = text => `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`
      const mail = (name, from, link) => Buffer.from(`From: ${word(name)} <${from}>\nTo: sato@minato-shokai.example\nSubject: ${word('明細のお知らせ')}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n明細をご覧ください。\n${link}\n`)
      const claimed = async (...parts) => {
        await checkFile(page, 'mail', { name: 'm.eml', mimeType: 'message/rfc822', buffer: mail(...parts) })
        return /名のっていますが、リンク先は別のところ/.test(await page.textContent('main'))
      }
      const say = async (name, domain, effect) => {
        await page.goto('/brands')
        await page.fill('#name', name)
        await page.fill('#domain', domain)
        await page.selectOption('#effect', effect)
        await page.click('main form[method=post] button:not(.link)')
        assert.match(await page.innerText('main'), new RegExp(domain.replaceAll('.', '\\.')))
      }
      const bank = ['りそな銀行', 'info@mail.example.net', 'https://ib.resona-gr.co.jp/m']
      const own = ['港北ねじ製作所', 'office@mail.example.net', 'https://elsewhere.example.org/m']
      assert.equal(await claimed(...bank), false)
      assert.equal(await claimed(...own), false)
      await say('りそな銀行', 'resona-gr.co.jp', 'remove')
      assert.match(await page.innerText('main'), /本物として扱わない/)
      await say('港北ねじ製作所', 'kohoku-neji.example.jp', 'add')
      assert.equal(await claimed(...bank), true)
      assert.equal(await claimed(...own), true)
      for (let i = 0; i < 2; i++) {
        await page.goto('/brands')
        await page.click('form[action$="/delete"] button')
      }
      assert.equal(await claimed(...bank), false)
    })

    test('the three messages of the booklet', async () => {
      alarming(await checkFile(page, 'mail', fixturePath('fraud-ja/booklet-xyz-bank.eml')))
      alarming(await checkFile(page, 'mail', fixturePath('fraud-ja/booklet-xyz-card.eml')))
      alarming(await checkText(page, 'sms', fixture('fraud-ja/sms-booklet-absence.txt').toString()))
    })

    for (const name of javaScriptEnabled ? lookalikes : lookalikes.slice(0, 3))
      test(`lookalike ${name}`, async () => alarming(await checkText(page, 'url', fixture(`fraud-ja/url-${name}.txt`).toString())))

    test('a call, by ticking what was said', async () => {
      await page.goto('/check?kind=call')
      for (const word of ['bank', 'mail-address', 'certificate']) await page.check(`input[value=${word}]`)
      await page.click('main button.big')
      assert.match((await page.innerText('section.verdict')).replace(/\s+/g, ' '), /^危険 電話を切ってください/)
      assert.ok(await page.locator('mark').count() >= 3)
    })

    test('a warning screen, by ticking and in words', async () => {
      await page.goto('/check?kind=screen')
      for (const word of ['virus', 'phone', 'sound']) await page.check(`input[value=${word}]`)
      await page.fill('#text', 'Windows Defender セキュリティ警告 050-0000-0000')
      await page.click('main button.big')
      assert.match((await page.innerText('section.verdict')).replace(/\s+/g, ' '), /^危険 電話せず、画面を閉じてください/)
      await page.locator('.branches a', { hasText: '電話した' }).click()
      assert.match(page.url(), /\/check\/after\/support$/)
    })

    test('a picture with a QR code', async () => {
      await checkFile(page, 'qr', fixturePath('reader/qr.png'))
      assert.match(await page.innerText('main'), /QR コード/)
    })

    test('nothing handed in: said, and the form is there again', async () => {
      await page.goto('/check?kind=mail')
      await page.click('main button.big')
      assert.match(await page.innerText('[role=alert]'), /何も入っていません/)
      assert.ok(await page.isVisible('#text'))
    })

    test('random bytes and an empty picture are answered', async () => {
      const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251))
      const verdict = await checkFile(page, '', { name: 'bytes.bin', mimeType: 'application/octet-stream', buffer: bytes })
      assert.ok(['cannot-tell', 'nothing-found', 'doubtful'].includes(verdict), verdict)
      await page.waitForSelector('section.verdict svg.sign')
    })

    test('the page is JSON with the contract', async () => {
      const answer = await context.request.get('/check', { headers: { accept: 'application/json' } })
      assert.ok(Array.isArray((await answer.json()).kinds))
      const csrf = await page.inputValue('footer input[name=csrf]')
      const report = await (await context.request.post('/check', { headers: { accept: 'application/json' }, multipart: { csrf, kind: 'mail', text: sceneText } })).json()
      for (const name of ['input', 'kind', 'verdict', 'score', 'claims', 'reasons', 'links', 'not_checked', 'elapsed_us']) assert.ok(name in report, name)
      assert.ok(!JSON.stringify(report).includes('<mark>'))
    })

    test('nothing in a message is contacted', async () => {
      let visits = 0
      const trap = createServer(socket => { visits++; socket.destroy() })
      await new Promise(done => trap.listen(0, '127.0.0.1', done))
      const link = `http://127.0.0.1:${trap.address().port}/login`
      const html = `From: a@example.com\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<img src="${link}/i.png"><script src="${link}/s.js"></script><link rel=stylesheet href="${link}/c.css"><a href="${link}">ログイン</a>`
      await checkFile(page, 'mail', { name: 'trap.eml', mimeType: 'message/rfc822', buffer: Buffer.from(html) })
      await checkText(page, 'url', link)
      await page.waitForTimeout(300)
      trap.close()
      assert.equal(visits, 0)
      assert.deepEqual(context.seen, { elsewhere: [], refused: [] })
    })

    if (javaScriptEnabled) test('in English', async () => {
      await page.goto('/check?lang=en')
      assert.equal(await checkText(page, 'mail', sceneText), 'danger')
      assert.match((await page.innerText('section.verdict')).replace(/\s+/g, ' '), /^Danger Do not press anything\. It imitates the sign-in page of a bank/)
      assert.doesNotMatch(await page.locator('ol.why').first().locator('b').allInnerTexts().then(list => list.join()), /[ぁ-ん]/)
      await page.goto('/check?kind=call')
      for (const word of ['bank', 'mail-address']) await page.check(`input[value=${word}]`)
      await page.click('main button.big')
      assert.match((await page.innerText('section.verdict')).replace(/\s+/g, ' '), /^Danger Hang up/)
      await page.goto('/check?kind=screen')
      for (const word of ['virus', 'phone', 'stay']) await page.check(`input[value=${word}]`)
      await page.click('main button.big')
      assert.match((await page.innerText('section.verdict')).replace(/\s+/g, ' '), /^Danger Do not call/)
      for (const branch of branches) {
        await page.goto(`/check/after/${branch}`)
        assert.ok(await page.locator('ol.steps > li').count() >= 4)
        assert.doesNotMatch(await page.innerText('ol.steps'), /[ぁ-ん]/)
      }
      await page.goto('/?lang=ja')
    })
  })
}
