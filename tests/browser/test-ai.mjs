// SPDX-License-Identifier: GPL-3.0-or-later
//
// Scene B in a real browser: what somebody pastes is seen before it goes out, goes out masked, and comes back readable.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { startUpstream } from '../gate/upstream.mjs'
import { openContext, setUp, shoot, startBrowser, startSonae } from './sonae.mjs'

const program = resolve(process.env.SONAE ?? 'build/sonae')
const setupProgram = process.env.GATE_SETUP ?? join(dirname(program), 'src/gate/gate-setup')
const SEEN_WITHIN_MS = 3000 // of a loaded machine; the aim of 0.3 s is measured in bench/

let sonae, browser, context, page, upstream
const surnames = ['佐藤', '鈴木', '高橋', '田中', '伊藤', '渡辺', '山本', '中村']
const given = ['健一', '花子', '大輔', '由美', '翔太']
const people = Array.from({ length: 40 }, (_, i) => ({ name: `${surnames[i % 8]} ${given[Math.floor(i / 8)]}`, phone: `090-${1000 + i * 37}-${5000 + i * 41}`, address: `横浜市中区本町${i % 9 + 1}-${i + 1}` }))
const rows = people.map(one => `${one.name},${one.phone},${one.address}`).join('\n')

before(async () => {
  upstream = await startUpstream()
  sonae = await startSonae()
  browser = await startBrowser()
  context = await openContext(browser, sonae)
  page = await context.newPage()
  await setUp(page, sonae)
  execFileSync(setupProgram, [sonae.data, 'service', 'テストAI', `http://127.0.0.1:${upstream.port}/v1`, 'openai', 'other', 'echo=echo,slow=slow'])
})
after(async () => {
  await browser?.close()
  await sonae?.stop()
  upstream?.stop()
})

const open = async path => { await page.goto(path); await page.waitForSelector('#text') }
const sent = () => upstream.seen.map(one => one.text).join('\n')

test('B0 B1 forty people, a confidential mark and a My Number are seen before anything is sent', async () => {
  await open('/ai')
  const before = upstream.seen.length
  await page.fill('#text', `氏名,電話,住所\n${rows}\n株式会社みなと 見積 社外秘\nマイナンバー 123456789018`)
  await page.waitForSelector('#seen .kind', { timeout: SEEN_WITHIN_MS })
  const kinds = await page.textContent('#seen p')
  assert.match(kinds, /名前 40/)
  assert.match(kinds, /住所 40/)
  assert.match(kinds, /電話番号 40/)
  assert.match(kinds, /マイナンバー 1/)
  assert.match(kinds, /社外秘.* 1/)
  assert.ok(await page.locator('#seen mark.found').count() >= 80)
  assert.equal(await page.textContent('#send'), '止めました。わけを見る')
  await page.click('#send')
  await page.getByText('社外へは送れません').waitFor()
  assert.equal(upstream.seen.length, before)
  await shoot(page, 'b1')
})

test('B2 My Number has no way out, without JavaScript too', async () => {
  const plain = await openContext(browser, sonae, { javaScriptEnabled: false, storageState: await context.storageState() })
  const other = await plain.newPage()
  const before = upstream.seen.length
  await other.goto('/ai')
  await other.fill('#text', 'マイナンバーは123456789018です')
  await other.click('#send')
  assert.match(await other.textContent('main'), /社外へは送れません/)
  assert.equal(await other.locator('button[name=approve]').count(), 0)
  assert.equal(await other.inputValue('#text'), 'マイナンバーは123456789018です')
  assert.equal(upstream.seen.length, before)
  await plain.close()
})

test('B2 B3 what is masked comes back readable, and nothing raw reaches the service', async () => {
  await open('/ai')
  await page.fill('#text', `お礼の文を考えて:\n${rows}`)
  await page.waitForSelector('#seen .kind')
  await page.getByRole("button", { name: "伏せて送る" }).waitFor()
  await shoot(page, 'b2')
  await page.click('#send')
  await page.waitForURL('**/ai/talks/*')
  const answer = await page.locator('.turns .model .said').last().textContent()
  for (const one of people.slice(0, 5)) assert.ok(answer.includes(one.name) && answer.includes(one.phone), `${one.name} is missing`)
  const all = sent()
  for (const one of people) assert.ok(!all.includes(one.name) && !all.includes(one.phone), `${one.name} left the house`)
  assert.match(all, /〔人物1〕/)
  await shoot(page, 'b3')
})

test('B3 a talk goes on, and the same person keeps the same tag', async () => {
  const before = upstream.seen.length
  await page.fill('#text', `${people[0].name}さんだけにしてください`)
  await page.getByRole("button", { name: "伏せて送る" }).waitFor()
  await page.click('#send')
  await page.locator('.turns .model .said').nth(1).filter({ hasText: 'だけにしてください' }).waitFor()
  const last = upstream.seen.at(-1)
  assert.ok(upstream.seen.length > before)
  assert.equal(last.body.messages.length, 3)
  assert.match(last.body.messages[2].content, /〔人物1〕さんだけ/)
})

test('B5 the ledger has kinds and counts and no text', async () => {
  const files = ['sonae.db', 'sonae.db-wal'].map(name => { try { return readFileSync(join(sonae.data, name)) } catch { return Buffer.alloc(0) } })
  const all = Buffer.concat(files)
  assert.ok(!all.includes(Buffer.from(people[0].phone)))
  assert.ok(!all.includes(Buffer.from('お礼の文')))
  await page.goto('/ledger')
  assert.match(await page.textContent('main'), /AI/)
})

test('B5 「誤検知」 with and without JavaScript: three marks suggest an exception, nothing is sent, the text stays, numbers cannot be marked', async () => {
  const before = upstream.seen.length
  const plain = await openContext(browser, sonae, { javaScriptEnabled: false, storageState: await context.storageState() })
  const other = await plain.newPage()
  for (const [n, where] of [[1, page], [2, other], [3, page]]) {
    const text = `相談${n}：佐々木正子さんに電話 090-1234-5678 とマイナンバー123456789018`
    await where.goto('/ai')
    await where.fill('#text', text)
    if (where === other) await other.click('#send')
    await where.locator('#mistaken li', { hasText: '佐々木' }).waitFor({ state: 'attached' })
    assert.equal(await where.locator('#mistaken li', { hasText: '123456789018' }).count(), 0, 'a My Number is no mistake to be marked')
    await where.click('#mistaken summary')
    await where.locator('#mistaken li', { hasText: '佐々木' }).locator('button').click()
    await where.getByText('教えてくれてありがとう').waitFor()
    assert.equal(await where.inputValue('#text'), text)
  }
  await plain.close()
  assert.equal(upstream.seen.length, before)
  await page.goto('/rules/words')
  assert.match(await page.innerText('main'), /佐々木/, 'three marks: a person decides')
})

test('B4 an approval is for the very words that were stopped; others of the kind still are, until it is widened', async () => {
  const choose = async action => {
    await page.goto('/rules/policy')
    await page.selectOption('select[name="person.other"]', action)
    await Promise.all([page.waitForNavigation(), page.locator('form[action="/rules/policy"] .actions button').first().click()])
  }
  const go = async (text, label = /^送る$/) => {
    for (let tries = 0; tries < 10; tries++) { // the gate looks every two seconds whether the rules changed
      await open('/ai')
      await page.fill('#text', text)
      await page.waitForTimeout(800)
      if (label.test((await page.textContent('#send')).trim())) break
    }
    assert.match((await page.textContent('#send')).trim(), label)
    await page.click('#send')
  }
  const ask = async text => {
    await go(text, /^止めました/)
    await page.fill('#reason', '本人の希望で名前を出す')
    await page.click('button[name=approve]')
    await page.getByText('責任者に頼みました').waitFor()
  }
  const approve = async whole => {
    await page.goto('/rules/approvals')
    if (whole) await page.locator('input[name=whole]').first().check()
    else assert.match(await page.innerText('main'), /止まった 1 個の言葉だけ/)
    await Promise.all([page.waitForNavigation(), page.click('button[value=approve]')])
  }
  await choose('stop')
  await ask('河合美咲さんへのお礼の文を考えて')
  await approve(false)
  await shoot(page, 'b4')
  await go('河合美咲さんへのお礼の文を考えて')
  await page.waitForURL('**/ai/talks/*')
  assert.ok(sent().includes('河合美咲'), 'what was approved goes as it is')
  await go('岡田直樹さんへのお礼の文を考えて', /^止めました/)
  await page.locator('button[name=approve]').waitFor()
  assert.ok(!sent().includes('岡田直樹'), 'another name is stopped')
  await ask('岡田直樹さんへのお礼の文を考えて')
  await approve(true)
  await go('松本恵子さんへのお礼の文を考えて')
  await page.waitForURL('**/ai/talks/*')
  assert.ok(sent().includes('松本恵子'), 'widened to the kind')
  const files = ['sonae.db', 'sonae.db-wal'].map(name => { try { return readFileSync(join(sonae.data, name)) } catch { return Buffer.alloc(0) } })
  for (const name of ['河合美咲', '岡田直樹']) assert.ok(!Buffer.concat(files).includes(Buffer.from(name)), 'the words are kept as marks only')
  await page.goto('/rules/approvals')
  for (let living = await page.locator('button.link[value=refuse]').count(); living > 0; living--) {
    await page.locator('button.link[value=refuse]').first().click()
    await page.waitForFunction(left => document.querySelectorAll('button.link[value=refuse]').length === left, living - 1)
  }
  await choose('mask')
})

test('B6 places, dates and part numbers are not held back', async () => {
  await open('/ai')
  await page.fill('#text', '三沢基地の見学は05-23です。品番は483920175561、数量は120個です。')
  await page.waitForTimeout(1000)
  assert.equal(await page.locator('#seen .kind').count(), 0)
  assert.equal(await page.textContent('#send'), '送る')
})

test('B8 a service that is down costs no text', async () => {
  execFileSync(setupProgram, [sonae.data, 'service', '止まったAI', 'http://127.0.0.1:9/v1', 'openai', 'other', 'gone=gone', 'retries=0', 'connect=500'])
  await page.waitForTimeout(1500)
  await open('/ai')
  await page.selectOption('#model', 'gone')
  await page.fill('#text', '今日の予定をまとめて')
  await page.click('#send')
  await page.waitForSelector('.notice.problem')
  assert.equal(await page.inputValue('#text'), '今日の予定をまとめて')
  await shoot(page, 'b8')
})

test('B9 what is not ticked goes out as unchecked, with the name of who is responsible', async () => {
  await open('/ai')
  await page.selectOption('#model', 'echo')
  await page.fill('#text', '2026年11月2日に会員は1,234人です。民法第709条。')
  await page.waitForTimeout(600)
  await page.click('#send')
  await page.waitForURL('**/ai/talks/*')
  assert.equal(await page.locator('input[name=claim]').count(), 3)
  const save = async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('form[action$="/export"] button')])
    return readFileSync(await file.path(), 'utf8')
  }
  const open_ = await save()
  assert.match(open_, /【未確認】/)
  assert.match(open_, /責任を持つ人: 佐藤 花子/)
  for (const box of await page.locator('input[name=claim], input[name=check]').all()) await box.check()
  await page.waitForTimeout(4100) // a form is sent once in four seconds
  const whole = await save()
  assert.doesNotMatch(whole, /未確認/)
  await shoot(page, 'b9')
})

test('a second opinion: the same question to another model, masked the same, both side by side, without JavaScript too', async () => {
  execFileSync(setupProgram, [sonae.data, 'service', 'もう一つのAI', `http://127.0.0.1:${upstream.port}/v1`, 'openai', 'other', 'other-one=other-one'])
  await page.waitForTimeout(1500)
  await open('/ai')
  await page.selectOption('#model', 'echo')
  await page.fill('#text', `会員は1,234人で、担当は${people[1].name}さん、電話は${people[1].phone}です。要約して`)
  await page.getByRole('button', { name: '伏せて送る' }).waitFor()
  await page.click('#send')
  await page.waitForURL('**/ai/talks/*')
  const plain = await openContext(browser, sonae, { javaScriptEnabled: false, storageState: await context.storageState() })
  const other = await plain.newPage()
  await other.goto(page.url())
  await other.click('a[href$="/second"]')
  assert.match(await other.innerText('main'), /1回目の答え/)
  await other.selectOption('#model', 'other-one')
  const before = upstream.seen.length
  await other.click('form[action$="/second"] button')
  assert.equal(upstream.seen.length, before, 'what would be masked is shown first')
  assert.match(await other.innerText('#seen'), /名前|電話番号/)
  await other.click('form[action$="/second"] button')
  assert.match(other.url(), /\/second$/)
  const last = upstream.seen.at(-1)
  assert.equal(last.body.model, 'other-one')
  assert.equal(last.body.messages.length, 1, 'the first answer is no part of the question')
  assert.ok(!last.text.includes(people[1].name) && !last.text.includes(people[1].phone))
  const columns = await other.$$eval('.pair-of section', list => list.map(one => one.innerText))
  assert.equal(columns.length, 2)
  assert.match(columns[1], /other-one/)
  assert.ok(columns[1].includes(people[1].name), 'restored for the person')
  const marks = await other.$$eval('.pair-of section:nth-child(2) mark', list => list.map(one => one.textContent).join('|'))
  assert.match(marks, /1,243|1,?243|243/)
  assert.ok(!marks.includes('要約'))
  assert.match(await other.innerText('table'), /1,234人[\s\S]*1回目の答え[\s\S]*1,243人[\s\S]*もう一つの答え/)
  await shoot(other, 'second-opinion')
  await page.reload()
  assert.equal(await page.locator('.turns li').count(), 2, 'the conversation itself stays as it was')
  await page.fill('#text', '続けて')
  await page.click('#send')
  await page.locator('.turns li').nth(3).waitFor()
  assert.equal(upstream.seen.at(-1).body.messages.length, 3, 'a second opinion is no part of the conversation')
  assert.equal((await other.goto('/ai/talks/99999/second')).status(), 404)
  await plain.close()
})

test('the company\'s own words: masked on the way out, back in the answer, switched off by kind, let through when a person says so', async () => {
  const ask = async text => {
    await open('/ai')
    await page.selectOption('#model', 'echo')
    await page.fill('#text', text)
    await page.waitForTimeout(900)
    await page.click('#send')
    await page.waitForURL('**/ai/talks/*')
    return { sent: upstream.seen.at(-1).text, answer: await page.locator('.turns .model .said').last().textContent() }
  }
  await page.goto('/rules/words')
  await page.fill('#words', '海原工業,partner\nルミナス三号,product')
  await page.click('form[enctype] .actions button')
  await page.waitForTimeout(1500) // the gate asks for news once a second
  const text = '海原工業へルミナス三号の納期を知らせる文を書いて'
  const masked = await ask(text)
  assert.ok(!masked.sent.includes('海原工業') && !masked.sent.includes('ルミナス三号'), masked.sent)
  assert.ok(masked.answer.includes(text), masked.answer)
  await page.goto('/rules/words')
  await page.uncheck('form[action="/rules/words/groups"] input[name=product]')
  await page.click('form[action="/rules/words/groups"] button')
  await page.waitForTimeout(1500)
  const half = await ask(text)
  assert.ok(!half.sent.includes('海原工業') && half.sent.includes('ルミナス三号'), half.sent)
})

test('AI-1 to-dos of an answer are kept, remind, and go into a calendar', async () => {
  await page.goto('/ai/work/AI-1')
  await page.fill('#talk', '備前さんは明日までに見積を送る')
  await page.fill('#people', '')
  await page.selectOption('#model', 'echo')
  await page.click('main form button.big')
  const again = page.locator('main form button.big')
  if (/伏せて/.test(await again.textContent().catch(() => ''))) await again.click()
  await page.waitForURL('**/ai/talks/*')
  await page.goto('/ai/todos')
  await page.fill('#task', '見積を送る, 急ぎ')
  await page.fill('#owner', '備前')
  await page.fill('#due', '2026-12-01')
  await page.click('main form.sheet button')
  assert.match(await page.textContent('main'), /見積を送る/)
  const calendar = await (await context.request.get(`${sonae.origin}/ai/todos.ics`)).text()
  assert.match(calendar, /BEGIN:VEVENT\r\n/)
  assert.match(calendar, /DTSTART;VALUE=DATE:20261201\r\nSUMMARY:見積を送る\\, 急ぎ \(備前\)\r\n/)
})

test('a template of the company is made, used and taken away', async () => {
  await page.goto('/ai/templates/new')
  await page.fill('#name', '朝礼のことば')
  await page.fill('#purpose', '朝礼で話す30秒の文を作ります。')
  await page.fill('[name=label0]', '話題')
  await page.fill('#prompt', '{{in1}}について30秒の朝礼の文を作ってください。')
  await page.click('main form.sheet button')
  await page.waitForURL('**/ai/templates')
  await page.goto('/ai/work/own-1')
  assert.match(await page.textContent('h1'), /朝礼のことば/)
  await page.goto('/ai/templates/own-1')
  await page.fill('#prompt', '{{nothing}}')
  await page.click('main form.sheet button')
  assert.match(await page.textContent('main'), /\{\{nothing\}\}/)
})

test('D12 calls stay in the house', async () => {
  await page.goto('/ai/work/D12')
  assert.equal(await page.locator('#model').count(), 0)
  const csrf = await page.inputValue('input[name=csrf]')
  const before = upstream.seen.length
  const answer = await context.request.post(`${sonae.origin}/ai/work/D12`, { form: { csrf, talk: 'もしもし', model: 'echo' }, headers: { Origin: sonae.origin } })
  assert.match(await answer.text(), /社内のAIだけ/)
  assert.equal(upstream.seen.length, before)
})

test('D14 names, ages and addresses are hidden even from a model in the house, and a person decides', async () => {
  execFileSync(setupProgram, [sonae.data, 'service', '社内AI', `http://127.0.0.1:${upstream.port}/v1`, 'openai', 'local', 'house=echo'])
  await page.waitForTimeout(2500) // until every process of the gate knows it
  await page.goto('/ai/work/D14')
  await page.fill('#criteria', '経理の経験3年')
  await page.fill('#document', '氏名 山田 太郎\n生年月日 1990年4月1日\n経理を5年担当')
  await page.selectOption('#model', 'house')
  await page.click('main form button.big')
  await page.getByRole('button', { name: '伏せて送る' }).click()
  await page.waitForURL('**/ai/talks/*')
  const went = upstream.seen.at(-1).body.messages[0].content
  assert.ok(!went.includes('山田') && !went.includes('1990年'), went)
  await page.click('form[action$="/export"] button')
  await page.getByText('人がどう決めたかを書いてください').waitFor()
})

test('D18 figures are computed by code before a model words them', async () => {
  await page.goto('/ai/work/D18')
  await page.fill('#table', '月,売上\n2026-01,1000\n2026-02,2500\n')
  await page.selectOption('#model', 'echo')
  await page.click('main form button.big')
  await page.waitForURL('**/ai/talks/*')
  assert.match(upstream.seen.at(-1).body.messages[0].content, /売上: 件数 2、合計 3,500、平均 1,750/)
})

test('nothing was asked for elsewhere, and nothing broke the content policy', () => {
  assert.deepEqual(context.seen.elsewhere, [])
  assert.deepEqual(context.seen.refused, [])
})
