// SPDX-License-Identifier: GPL-3.0-or-later
//
// 頼る: desks with their next days, the loan worked out, visits of experts, the checklist and the question sheet.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

// 国民の祝日と休日 as announced, for the weekdays on which desks are open.
const holidays = `2026-11-23 2027-01-01 2027-01-11 2027-02-11 2027-02-23 2027-03-22 2027-04-29 2027-05-03 2027-05-04 2027-05-05
  2027-07-19 2027-08-11 2027-09-20 2027-09-23 2027-10-11 2027-11-03 2027-11-23`.split(/\s+/)
const weekday = iso => new Date(`${iso}T00:00:00Z`).getUTCDay()
const nth = iso => Math.ceil(Number(iso.slice(8)) / 7)
const isNewYear = iso => iso.slice(5) >= '12-29' || iso.slice(5) <= '01-03'

describe('help', () => {
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
  const main = () => page.innerText('main')

  test('each desk has its phone, what it offers, and what of it is old', async () => {
    await page.goto('/prepare/help')
    const text = await main()
    for (const words of ['045-633-5200', '045-225-3711', '045-225-3714', '045-671-2592', '045-671-4236', '12,520円', '期限切れ', '未確認', '審査があります']) assert.ok(text.includes(words), words)
    assert.equal(await page.getAttribute('#desk-kip a[href^="tel:"]', 'href'), 'tel:045-633-5200')
    assert.match(await page.innerText('#desk-expert'), /4回まで無料.*期限切れ/)
    await shoot(page, 'help')
  })

  test('the next days of each topic are its weekdays, and none of them a holiday', async () => {
    const desk = (await json('/prepare/help')).desks.find(each => each.name === 'idec')
    const days = { management: [1, 2, 3, 4, 5], it: [2], succession: [4], tax: [3], labour: [3], ip: [1], law: [2] }
    const weeks = { labour: [2, 4], ip: [2] }
    const today = (await json('/prepare/help')).today.iso
    assert.equal(desk.topics.length, Object.keys(days).length)
    for (const topic of desk.topics) {
      const name = topic.id.split('.').pop()
      assert.equal(topic.dates.length, 3, name)
      for (const { iso, text } of topic.dates) {
        assert.ok(days[name].includes(weekday(iso)), `${name} ${iso}`)
        assert.ok(!weeks[name] || weeks[name].includes(nth(iso)), `${name} ${iso}`)
        assert.ok(!holidays.includes(iso) && !isNewYear(iso) && iso > today, `${name} ${iso}`)
        assert.ok(text.includes('日月火水木金土'[weekday(iso)]), text)
      }
    }
    const management = desk.topics.find(each => each.id.endsWith('management'))
    const next = new Date(`${today.slice(0, 7)}-01T00:00:00Z`)
    next.setUTCMonth(next.getUTCMonth() + 2, 0)
    assert.equal(management.until.iso, next.toISOString().slice(0, 10))
    const ip = desk.topics.find(each => each.id.endsWith('.ip'))
    for (const { iso } of ip.closed) assert.ok(weekday(iso) === 1 && nth(iso) === 2 && !ip.dates.some(each => each.iso === iso))
  })

  test('a loan is worked out from the form: papers, subsidy, table, plot, file; always examined', async () => {
    await page.goto('/prepare/help')
    await page.click('main a[href="/prepare/help/loan"]')
    assert.match(await main(), /審査があります/)
    assert.equal(await page.locator('input[name=case]').count(), 8)
    await page.check('input[name=case][value="5"]')
    await page.fill('#amount', '1,200')
    await page.fill('#years', '5')
    await page.fill('#grace', '12')
    await page.check('input[name=declared]')
    await page.click('main form button')
    const text = await main()
    for (const words of ['審査があります', '認定申請書', '認定を受けた事業継続力強化計画', '宣言割', '0.6%', '12,000,000円', '766,488円', '12,766,488円', '21,000円', '250,000', '5年（うち据置12か月）', '期限切れ', '0.00〜1.40%']) assert.ok(text.includes(words), words)
    assert.equal(await page.locator('#answer svg rect').count(), 10)
    assert.equal(await page.locator('#months tbody tr').count(), 60)
    const points = (await page.getAttribute('#answer polyline', 'points')).split(' ')
    assert.deepEqual([points.length, points[0], points[12], points[60]], [61, '0,0', '120.0,0.0', '600.0,160.0'], 'level in the grace, then down to nothing')
    await shoot(page, 'help-loan')
    const pdf = await page.pdf({ format: 'A4' })
    if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/help-loan.pdf`, pdf)
    assert.ok(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length <= 3)
    const download = await context.request.get(await page.getAttribute('a[href^="/prepare/help/loan.csv"]', 'href'))
    const bytes = await download.body()
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    const rows = bytes.toString().trim().split(/\r?\n/).slice(1).map(line => line.split(',').map(cell => Number(cell.replace(/"/g, ''))))
    assert.equal(rows.length, 60)
    assert.equal(rows.reduce((sum, row) => sum + row[1], 0), 12_000_000)
    assert.equal(rows.reduce((sum, row) => sum + row[2], 0), 766_488)
    assert.equal(rows[59][4], 0)
  })

  test('every case of the table has its limits, and what is outside is said with the limit', async () => {
    const periods = { 1: [10, 10, 12], 2: [10, 10, 12], 3: [10, 10, 12], 4: [10, 10, 12], 5: [5, 7, 12], 6: [15, 15, 36], 7: [10, 10, 12], 8: [10, 10, 12] }
    for (const each of (await json('/prepare/help/loan')).cases) assert.deepEqual([each.working_years, each.equipment_years, each.grace_months], periods[each.number])
    const misfits = async query => (await json(`/prepare/help/loan?${query}`)).misfits.join()
    assert.match(await misfits('case=5&use=equipment&amount=100&years=8'), /7年まで/)
    assert.match(await misfits('case=5&use=working&amount=100&years=6&grace=13'), /5年まで.*12か月まで/)
    assert.match(await misfits('case=1&amount=28001&years=5'), /280,000,000円/)
    assert.equal(await misfits('case=1&amount=28000&years=5'), '')
    assert.match(await misfits('case=1&amount=48001&years=5&association=1'), /480,000,000円/)
    assert.match(await misfits('case=1&amount=10&years=5&rate=2.101'), /2\.1%以内/)
    assert.match(await misfits('case=9&amount=0&years=0'), /選んで.*金額/)
    for (const bad of ['case=x&amount=1', 'case=1&amount=-1', 'case=1&amount=99999999999999999999', 'case=1&amount=1&years=1&rate=2.1.1', 'case=1&amount=1&years=51']) {
      const answer = await context.request.get(`/prepare/help/loan?${bad}`)
      assert.equal(answer.status(), 422, bad)
    }
    assert.ok((await context.request.get('/prepare/help/loan.csv?case=5&amount=100&years=99')).status() >= 400)
    await page.goto('/prepare/help/loan?case=1&amount=%22%3E%3Cb%20id%3Dinjected%3E&rate=%22%3E%3Cb%20id%3Dinjected%3E')
    assert.equal(await page.locator('#injected').count(), 0)
  })

  test('which visit it would be, its fee, and until when it is called off', async () => {
    const fees = (await json('/prepare/help/visits')).fees
    assert.deepEqual(fees.map(each => each.fee), [...Array(4).fill('0'), ...Array(6).fill('12,520')])
    assert.deepEqual(fees.map(each => each.exempt.fee), [...Array(7).fill('0'), ...Array(3).fill('12,520')])
    const usual = await json('/prepare/help/visits?used=4')
    // In the last week of a fiscal year the usual day lies in the next one, where counting begins anew.
    const isNext = usual.visit.year !== usual.fiscal_year
    await page.goto('/prepare/help/visits')
    await page.fill('#used', '4')
    await page.click('main form button')
    assert.match(await page.innerText('#answer'), isNext ? /1回目：無料/ : /5回目：12,520円（税込み）/)
    assert.match(await page.innerText('#answer'), /前の年度[\s\S]*取りやめ[\s\S]*12:00/)
    await page.check('input[name=exempt]')
    await page.click('main form button')
    assert.match(await page.innerText('#answer'), isNext ? /1回目：無料[\s\S]*無料は6回/ : /5回目：無料[\s\S]*無料は2回/)
    await shoot(page, 'help-visits')
    const of = async query => json(`/prepare/help/visits?${query}`)
    const today = (await json('/prepare/help')).today.iso
    const year = Number(today.slice(0, 4)) + (today.slice(5) >= '04-01' ? 1 : 0)
    const next = await of(`used=9&day=${year}-04-01`)
    assert.equal(next.visit.number, 1)
    assert.equal(next.visit.is_new_year, true)
    const { visit } = await of('used=10')
    assert.equal(visit.is_over, true)
    // June has no holiday: a Monday is called off by the Friday before. みどりの日 is closed in every year.
    const june = [...Array(7).keys()].map(i => `${year}-06-${String(i + 8).padStart(2, '0')}`).find(iso => weekday(iso) === 1)
    assert.equal((await of(`used=0&day=${june}`)).visit.cancel_by.iso, `${year}-06-${String(Number(june.slice(8)) - 3).padStart(2, '0')}`)
    assert.equal((await of(`used=0&day=${year}-05-04`)).visit.is_closed, true)
    for (const bad of ['used=1&day=2020-01-01', 'used=1&day=9999-12-31', 'used=1&day=0001-01-01', `used=x&day=${june}`, 'used=1&day=x', 'used=-1']) {
      assert.equal((await context.request.get(`/prepare/help/visits?${bad}`)).status(), 422, bad)
    }
  })

  test('a question sheet names the company and prints on A4; a desk that is none is not there', async () => {
    await page.goto('/prepare/help/sheet/kip')
    const text = await main()
    for (const words of ['株式会社みなと商会', '佐藤 花子', '045-633-5200', '対象になるか', 'まだありません']) assert.ok(text.includes(words), words)
    await page.fill('#own', '見積もりの相談')
    const pdf = await page.pdf({ format: 'A4' })
    assert.ok(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length <= 2)
    await shoot(page, 'help-sheet')
    for (const desk of ['idec', 'expert', 'loan', 'carbon']) assert.equal((await context.request.get(`/prepare/help/sheet/${desk}`)).status(), 200, desk)
    assert.equal((await context.request.get('/prepare/help/sheet/nowhere')).status(), 404)
    await page.goto('/prepare/help/carbon')
    assert.equal(await page.locator('main .tick').count(), 4)
    await shoot(page, 'help-carbon')
  })

  test('a planned visit goes into its register, is counted from then on, and is due before it can no longer be called off', async () => {
    await page.goto('/prepare/help/visits?used=0')
    const { visit } = await json('/prepare/help/visits?used=0')
    await page.fill('#topic', 'BCPの見直し')
    await page.click('main form[method=post] button')
    await page.waitForURL('**/prepare/registers/visits?done=1')
    const text = await main()
    for (const words of ['BCPの見直し', 'エキスパート面談', visit.cancel_by.iso]) assert.ok(text.includes(words), words)
    assert.match(await (await context.request.get('/prepare/due')).text(), /BCPの見直し/)
    const next = await json(`/prepare/help/visits?used=0&day=${visit.day.iso}`)
    assert.equal(next.visit.number, 2)
    assert.equal((await json(`/prepare/help/visits?used=5&day=${visit.day.iso}`)).visit.number, visit.year === (await json('/prepare/help/visits')).fiscal_year ? 6 : 2, 'what was typed for this year counts if it is more')
    const now = await json('/prepare/help/visits')
    assert.equal(now.recorded, visit.year === now.fiscal_year ? 1 : 0)
    const csrf = await page.inputValue('input[name=csrf]')
    const post = form => context.request.post('/prepare/help/visits', { form: { csrf, used: '0', ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
    assert.equal((await post({ day: `${Number(visit.year) + 1}-05-04`, topic: 'x' })).status(), 422, 'a holiday')
    assert.equal((await post({ day: '2020-01-06', topic: 'x' })).status(), 422, 'a day that is over')
    const empty = await post({ day: visit.day.iso, topic: '' })
    assert.equal(empty.status(), 422)
    assert.match(await empty.text(), /短く書いてください[\s\S]*name="topic"/)
    assert.match((await page.goto('/prepare/help'), await page.innerText('#desk-expert')), /記録では[01]回使いました。上限は10回/)
    assert.match(await page.innerText('#desk-kip'), /記録では0回使いました。上限は3回/)
    await page.goto('/prepare/help/visits')
    assert.equal((await post({ day: visit.day.iso, topic: 'x', csrf: 'wrong' })).status(), 403)
  })

  test('what the registers know stands on the sheet, the checklist and the loan', async () => {
    await page.goto('/prepare/registers/businesses')
    const csrf = await page.inputValue('input[name=csrf]')
    const keep = (register, form) => context.request.post(`/prepare/registers/${register}`, { form: { csrf, ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
    assert.equal((await keep('businesses', { rank: '1', name: '受注と出荷', 'tolerable-hours': '24' })).status(), 303)
    assert.match((await page.goto('/prepare/help/carbon'), await main()), /まだ宣言の記録がありません/)
    assert.equal((await keep('declarations', { declaration: 'carbon', 'declared-on': '2026-06-01' })).status(), 303)
    assert.match((await page.goto('/prepare/help/carbon'), await main()), /2026-06-01に宣言しました/)
    assert.match((await page.goto('/prepare/help/sheet/loan'), await main()), /受注と出荷（24時間まで）[\s\S]*2026-06-01/)
    await page.goto('/prepare/help/loan')
    assert.ok(await page.isChecked('input[name=declared]'))
    assert.equal((await json('/prepare/help/loan?case=5&amount=100&years=5')).subsidy.percent, '0.5', 'what is asked counts')
  })

  test('subsidies: what each needs and favours, marked where no source was seen, beside what we have; days that are over are said', async () => {
    const of = async id => (await json('/prepare/help')).subsidies.find(each => each.id === id)
    const before = await of('subsidy.digital')
    assert.deepEqual(before.needs.map(each => [each.word, each.is_unverified, Object.keys(each.state)[0]]), [['declaration', false, 'not'], ['gbiz', true, 'not']])
    assert.ok(before.is_over && before.last === '2026-08-25' && before.next === '')
    assert.ok((await of('subsidy.small')).is_unverified && (await of('subsidy.small')).has_no_day)
    assert.deepEqual(Object.keys((await of('subsidy.security')).needs[0].state), ['unknown'])
    assert.deepEqual(Object.keys((await of('subsidy.carbon')).needs[0].state), ['has'], 'declared in the test before')
    await page.goto('/prepare/security-action')
    const csrf = await page.inputValue('input[name=csrf]')
    const post = (path, form) => context.request.post(path, { form: { csrf, ...form }, maxRedirects: 0, headers: { origin: sonae.origin } })
    const stars = await page.$$eval('form [name]', list => list.map(each => each.name))
    assert.ok(stars.includes('star'), stars.join())
    assert.equal((await post('/prepare/security-action', { star: '1', day: '2026-11-02', declared_id: '40000000001' })).status(), 303)
    assert.equal((await post('/prepare/registers/declarations', { declaration: 'jigyokei', 'declared-on': '2026-10-01', review: '2099-09-30' })).status(), 303)
    const after = await of('subsidy.digital')
    assert.deepEqual([Object.keys(after.needs[0].state)[0], after.needs[0].when, after.missing], ['has', '2026-11-02', 1])
    assert.deepEqual(Object.keys((await of('subsidy.making')).favours[0].state), ['has'])
    await page.goto('/facts/subsidy.digital')
    await page.fill('#values', (await page.inputValue('#values')).replace('2026-08-25', '2099-08-25'))
    await page.click('form.sheet button')
    assert.equal((await of('subsidy.digital')).next, '2099-08-25')
    await page.goto('/prepare/help')
    const text = await page.innerText('#subsidies')
    for (const words of ['2099-08-25まで', '未確認', 'あります', 'まだです', '締切は確かめていません', '出典']) assert.ok(text.includes(words), words)
    await shoot(page, 'help-subsidies')
    await post('/prepare/registers/company', { name: '本店', site: 'head', prefecture: '神奈川県', city: '横浜市中区', street: '本町1-1', representative: '佐藤　花子', staff: '25', capital: '10000000' })
    await page.goto('/prepare/help/sheet/idec')
    const sheet = await main()
    for (const words of ['神奈川県 横浜市中区 本町1-1', '佐藤　花子', '10000000', 'SECURITY ACTIONの宣言：あります 2026-11-02', '二つ星の宣言：まだです', '事業継続力強化計画の認定：あります 2026-10-01']) assert.ok(sheet.includes(words), `${words}: ${sheet}`)
  })

  test('on a telephone and in English, without JavaScript nothing is lost and nothing hangs over', async () => {
    const state = await context.storageState()
    const phone = await openContext(browser, sonae, { storageState: state, viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, javaScriptEnabled: false, locale: 'en-GB' })
    const small = await phone.newPage()
    const query = 'case=6&use=equipment&amount=28000&years=15&grace=36'
    for (const [name, path] of [['desks', '/prepare/help'], ['loan', `/prepare/help/loan?${query}`], ['visits', '/prepare/help/visits?used=6&exempt=1'], ['sheet', '/prepare/help/sheet/idec'], ['carbon', '/prepare/help/carbon']]) {
      await small.goto(`${path}${path.includes('?') ? '&' : '?'}lang=en`)
      assert.equal(await small.getAttribute('html', 'lang'), 'en')
      const [wide, seen] = [await small.locator('main').evaluate(e => e.scrollWidth), await small.locator('main').evaluate(e => e.clientWidth)]
      assert.ok(wide <= seen, `${path}: ${wide} > ${seen}`)
      await shoot(small, `help-phone-${name}`)
    }
    await small.goto(`/prepare/help/loan?${query}&lang=en`)
    assert.match(await small.innerText('main'), /may be refused[\s\S]*Interest in all/)
    assert.equal(await small.locator('#months tbody tr').count(), 180)
    await phone.close()
  })

  test('strangers see none of it, and a changed fact is computed with at once', async () => {
    for (const path of ['/prepare/help', '/prepare/help/loan', '/prepare/help/visits', '/prepare/help/sheet/kip']) assert.equal((await fetch(`${sonae.origin}${path}`, { redirect: 'manual' })).status, 303, path)
    await page.goto('/facts/expert.fee?region=yokohama')
    await page.fill('#values', (await page.inputValue('#values')).replace('12520', '13000'))
    await page.fill('#expires', '2099-03-31')
    await page.click('form.sheet button')
    assert.equal((await json('/prepare/help/visits')).fees[4].fee, '13,000')
    await page.goto('/facts/loan.terms?region=yokohama')
    await page.fill('#values', 'limit_yen: many')
    await page.click('form.sheet button')
    assert.match(await main(), /計算に使えません/, 'what nobody could compute with is refused')
    assert.equal((await context.request.get('/prepare/help/loan')).status(), 200)
    assert.equal((await context.request.get('/prepare/help')).status(), 200)
  })
})
