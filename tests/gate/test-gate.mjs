// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gateway as clients see it: the official libraries against the real processes and a service of the tests' own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI, { toFile } from 'openai'
import { freePort, program, setUp, sleep, startServer } from '../cli/sonae.mjs'
import { startUpstream } from './upstream.mjs'

const setupProgram = process.env.GATE_SETUP ?? join(dirname(program), 'src/gate/gate-setup')
const name = '山田太郎', phone = '090-1234-5678'
const said = `担当は${name}さん、電話は${phone}です。${name}さんへ。`
let upstream, other, server, origin, key, openai, anthropic

const setup = (...args) => execFileSync(setupProgram, [server.data, ...args]).toString().trim()
const models = list => list.map(one => `${one}=${one}`).join(',')

before(async () => {
  upstream = await startUpstream()
  other = await startUpstream()
  const port = await freePort()
  server = await startServer({ args: ['--gate-listen', `127.0.0.1:${port}`, '--gate-processes', '2'] })
  origin = `http://127.0.0.1:${port}`
  const base = `http://127.0.0.1:${upstream.port}/v1`
  setup('service', 'first', base, 'openai', 'other', models(['echo', 'tool', 'split', 'slow', 'cut', 'garbage', 'endless', 'err400', 'err401', 'limit', 'liar', 'nojson', 'over-busy']) + ',named=real-name', 'priority=1', 'retries=0')
  setup('service', 'second', `http://127.0.0.1:${other.port}/v1`, 'openai', 'other', 'over-busy=echo,away=echo', 'priority=2')
  setup('service', 'gone', 'http://127.0.0.1:9/v1', 'openai', 'other', 'away=echo,nowhere=echo', 'priority=1', 'retries=0', 'connect=500')
  setup('service', 'late', base, 'openai', 'other', 'never', 'first=300', 'retries=0')
  setup('service', 'azure', `http://127.0.0.1:${upstream.port}`, 'openai', 'other', 'az=deployed', 'azure=1')
  setup('service', 'house', base, 'openai', 'local', 'local=echo')
  setup('service', 'blind', base, 'openai', 'other', 'blind=echo', 'images=0')
  setup('service', 'claude', base, 'anthropic', 'other', models(['claude', 'claude-split', 'claude-cut']))
  key = setup('key', 'tests')
  openai = new OpenAI({ apiKey: key, baseURL: `${origin}/v1`, maxRetries: 0 })
  anthropic = new Anthropic({ apiKey: key, baseURL: origin, maxRetries: 0 })
})
after(async () => {
  upstream?.stop()
  other?.stop()
  await server?.stop()
  if (process.env.GATE_LOG) console.error(server.output())
  assert.doesNotMatch(server?.output() ?? '', /AddressSanitizer|LeakSanitizer|runtime error|CHECK/)
})

const chat = (model, content, more = {}) => openai.chat.completions.create({ model, messages: [{ role: 'user', content }], ...more })
const nothingRaw = text => { for (const raw of [name, phone]) assert.ok(!text.includes(raw), `raw value in ${text}`) }

test('a chat is masked on its way and restored on its way back', async () => {
  const answer = await chat('echo', said)
  assert.equal(answer.choices[0].message.content, `echo ${said}`)
  nothingRaw(upstream.last().text)
  assert.equal(upstream.last().body.messages[0].content, '担当は〔人物1〕さん、電話は〔電話1〕です。〔人物1〕さんへ。')
  assert.equal(upstream.last().headers.authorization, 'Bearer provider-key-of-tests')
})

for (const model of ['echo', 'split', 'slow']) {
  test(`a streamed chat (${model}) is restored`, async () => {
    const stream = await chat(model, said, { stream: true, stream_options: { include_usage: true } })
    let text = '', usage = null
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      usage = chunk.usage ?? usage
    }
    assert.equal(text, `echo ${said}`)
    assert.equal(usage.completion_tokens, 7)
    nothingRaw(upstream.last().text)
  })
}

test('usage that only the gate asked for is not shown', async () => {
  const chunks = []
  for await (const chunk of await chat('echo', 'hello', { stream: true })) chunks.push(chunk)
  assert.ok(chunks.every(chunk => chunk.choices.length === 1))
  assert.equal(upstream.last().body.stream_options.include_usage, true)
})

test('arguments of tool calls are restored as JSON, streamed or not', async () => {
  const quoted = `「${name}」"さん"`
  const whole = await chat('tool', quoted)
  assert.equal(JSON.parse(whole.choices[0].message.tool_calls[0].function.arguments).who, `echo ${quoted}`)
  let text = ''
  for await (const chunk of await chat('tool', quoted, { stream: true })) text += chunk.choices[0]?.delta.tool_calls?.[0]?.function.arguments ?? ''
  assert.equal(JSON.parse(text).who, `echo ${quoted}`)
  assert.equal(JSON.parse(text).again, `"echo ${quoted}"`)
})

test('text is found wherever it hides', async () => {
  const escaped = JSON.stringify({ customer: name, tel: phone }).replace(/[^\x00-\x7f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  await openai.chat.completions.create({
    model: 'echo', user: `${name} ${phone}`, metadata: { note: phone },
    tools: [{ type: 'function', function: { name: 'look', description: `${name}さんを探す`, parameters: { type: 'object', properties: { who: { type: 'string', enum: [phone] } } } } }],
    messages: [{ role: 'system', content: `社長は${name}さんです` }, { role: 'user', name: 'u', content: [{ type: 'text', text: `電話 ${phone}` }] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: JSON.stringify({ tel: phone }) } }] },
      { role: 'tool', tool_call_id: 'call_1', content: escaped }, { role: 'user', content: 'はい' }],
  })
  const { text, body } = upstream.last()
  nothingRaw(text)
  assert.ok(!text.includes('\\u5c71'), 'an escaped name went out')
  JSON.parse(body.messages[2].tool_calls[0].function.arguments)
  assert.match(JSON.parse(body.messages[3].content).tel, /^〔電話1〕$/)
})

test('what cannot be replaced stops the request', async () => {
  await assert.rejects(openai.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: 'x' }], [`x_${phone}`]: 1 }), error => error.status === 422)
  await assert.rejects(openai.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: 'x' }], unknown: { deep: [`電話 ${phone}`] } }), error => error.status === 422)
  assert.ok(await openai.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: 'x' }], unknown: { n: 1, flag: true } }))
})

test('My Number to the outside: stopped, not tried again, the value is nowhere', async () => {
  const before = upstream.seen.length, eager = new OpenAI({ apiKey: key, baseURL: `${origin}/v1`, maxRetries: 3 })
  const started = Date.now()
  await assert.rejects(eager.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: 'ok' }, { role: 'user', content: 'マイナンバーは123456789018です' }] }), error => {
    assert.ok(error instanceof OpenAI.UnprocessableEntityError)
    assert.equal(error.code, 'policy')
    assert.equal(error.param, 'messages[1].content')
    assert.ok(!JSON.stringify(error).includes('123456789018'))
    return true
  })
  assert.ok(Date.now() - started < 5000)
  assert.equal(upstream.seen.length, before)
  await assert.rejects(anthropic.messages.create({ model: 'claude', max_tokens: 10, messages: [{ role: 'user', content: 'マイナンバーは123456789018です' }] }), error => error instanceof Anthropic.UnprocessableEntityError && error.error.type === 'error')
})

test('a model in the house sees what may stay in the house', async () => {
  await chat('local', said)
  assert.equal(upstream.last().body.messages[0].content, said)
})

test('Anthropic: messages, thinking untouched, tool input restored', async () => {
  const answer = await anthropic.messages.create({ model: 'claude', max_tokens: 100, system: `${name}さんの秘書です`, messages: [{ role: 'user', content: said }] })
  assert.equal(answer.content[1].text, `echo ${said}`)
  assert.equal(answer.content[2].input.who, `echo ${said}`)
  assert.ok(answer.content[0].thinking.includes('〔人物1〕'))
  nothingRaw(upstream.last().text)
  assert.equal(upstream.last().headers['x-api-key'], 'provider-key-of-tests')
  assert.equal(upstream.last().path, '/v1/messages')
  assert.equal((await anthropic.messages.countTokens({ model: 'claude', messages: [{ role: 'user', content: 'x' }] })).input_tokens, 12)
})

for (const model of ['claude', 'claude-split']) {
  test(`Anthropic: a stream (${model}) is restored`, async () => {
    const final = await anthropic.messages.stream({ model, max_tokens: 100, messages: [{ role: 'user', content: said }] }).finalMessage()
    assert.equal(final.content[0].text, `echo ${said}`)
    assert.equal(final.content[1].input.who, `echo ${said}`)
    assert.equal(final.stop_reason, 'tool_use')
  })
}

test('responses: whole and streamed with the final repeats, never stored', async () => {
  const whole = await openai.responses.create({ model: 'echo', input: said, store: true })
  assert.equal(whole.output_text, `echo ${said}`)
  assert.equal(upstream.last().body.store, false)
  nothingRaw(upstream.last().text)
  for (const model of ['echo', 'split']) {
    let text = ''
    const numbers = [], done = []
    for await (const event of await openai.responses.create({ model, input: [{ role: 'user', content: [{ type: 'input_text', text: said }] }], stream: true })) {
      numbers.push(event.sequence_number)
      if (event.type === 'response.output_text.delta') text += event.delta
      if (event.type === 'response.output_text.done') done.push(event.text)
      if (event.type === 'response.completed') done.push(event.response.output[0].content[0].text)
    }
    assert.equal(text, `echo ${said}`)
    assert.deepEqual(done, [`echo ${said}`, `echo ${said}`])
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b))
    assert.equal(upstream.last().body.store, false)
  }
})

test('server-side state, files, tokens and other places are refused', async () => {
  const bad = async (call, code) => assert.rejects(call, error => error.status === 400 && error.code === code)
  await bad(openai.responses.create({ model: 'echo', input: 'x', previous_response_id: 'resp_1' }), 'state')
  await bad(openai.responses.create({ model: 'echo', input: [{ type: 'item_reference', id: 'msg_1' }] }), 'state')
  await bad(openai.responses.create({ model: 'echo', input: 'x', tools: [{ type: 'mcp', server_label: 'x', server_url: 'https://example.com' }] }), 'other-place')
  await bad(openai.embeddings.create({ model: 'echo', input: [1, 2, 3] }), 'tokens')
  await bad(openai.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] }), 'file')
  const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA' } }] }
  await bad(openai.chat.completions.create({ model: 'blind', messages: [picture] }), 'media')
  assert.ok(await openai.chat.completions.create({ model: 'echo', messages: [picture, { role: 'user', content: 'これは？' }] }))
  await assert.rejects(openai.files.list(), error => error.status === 404)
})

test('embeddings, models, transcriptions', async () => {
  assert.deepEqual((await openai.embeddings.create({ model: 'echo', input: [`${name}さん`], encoding_format: 'float' })).data[0].embedding, [0.5, -1])
  nothingRaw(upstream.last().text)
  const ids = (await openai.models.list()).data.map(model => model.id)
  assert.ok(ids.includes('echo') && ids.includes('claude'))
  assert.equal((await openai.models.retrieve('echo')).id, 'echo')
  assert.ok((await anthropic.models.list()).data.some(model => model.id === 'claude'))
  const heard = await openai.audio.transcriptions.create({ model: 'named', file: await toFile(Buffer.from('RIFF....'), 'meeting.wav') })
  assert.equal(heard.text, 'こんにちは')
  assert.ok(upstream.last().text.includes('real-name'))
  await assert.rejects(openai.audio.transcriptions.create({ model: 'named', file: await toFile(Buffer.from('RIFF'), `${phone}.wav`) }), error => error.status === 422)
})

test('keys: none, wrong, limited to models', async () => {
  await assert.rejects(new OpenAI({ apiKey: 'sonae-ai-wrong', baseURL: `${origin}/v1`, maxRetries: 0 }).models.list(), error => error instanceof OpenAI.AuthenticationError)
  const narrow = new OpenAI({ apiKey: setup('key', 'narrow', 'echo'), baseURL: `${origin}/v1`, maxRetries: 0 })
  assert.deepEqual((await narrow.models.list()).data.map(model => model.id), ['echo'])
  await assert.rejects(narrow.chat.completions.create({ model: 'split', messages: [{ role: 'user', content: 'x' }] }), error => error.status === 403)
  await assert.rejects(chat('no-such-model', 'x'), error => error.status === 404)
  const slow = new OpenAI({ apiKey: setup('key', 'slow', 'requests=2'), baseURL: `${origin}/v1`, maxRetries: 0 })
  const ask = () => slow.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content: 'x' }] })
  await ask()
  await ask()
  await assert.rejects(ask(), error => error instanceof OpenAI.RateLimitError && Number(error.headers.get('retry-after')) > 0)
})

test('failover: a busy service, one that is away; Azure-style paths', async () => {
  assert.match((await chat('over-busy', 'x')).choices[0].message.content, /^echo/)
  assert.match((await chat('away', said)).choices[0].message.content, new RegExp(`^echo ${said}`))
  nothingRaw(other.last().text)
  await assert.rejects(chat('nowhere', 'x'), error => error.status === 502)
  assert.ok(await chat('az', 'x'))
  assert.equal(upstream.last().path, '/openai/deployments/deployed/chat/completions?api-version=2024-10-21')
  assert.equal(upstream.last().headers['api-key'], 'provider-key-of-tests')
})

test('errors of a service come through, its key does not', async () => {
  await assert.rejects(chat('err400', 'x'), error => error.status === 400 && error.param === 'max_tokens')
  await assert.rejects(chat('err401', 'x'), error => error.status === 502 && !JSON.stringify(error).includes('provider-key'))
  await assert.rejects(chat('limit', 'x'), error => error instanceof OpenAI.RateLimitError && error.headers.get('retry-after') === '1')
  await assert.rejects(chat('never', 'x'), error => error.status === 504)
  await assert.rejects(chat('liar', 'x'), error => error.status === 502)
})

test('a cut or broken stream ends in an error, not in silence', async () => {
  for (const model of ['cut', 'garbage']) {
    await assert.rejects(async () => { for await (const chunk of await chat(model, said, { stream: true })) void chunk }, error => error instanceof OpenAI.APIError, model)
  }
  await assert.rejects(anthropic.messages.stream({ model: 'claude-cut', max_tokens: 10, messages: [{ role: 'user', content: said }] }).finalMessage(), error => error instanceof Anthropic.APIError || error instanceof Anthropic.AnthropicError)
})

test('a client that leaves ends the work; one that does not read stops the reading', async () => {
  upstream.state.closed = upstream.state.written = 0
  const controller = new AbortController()
  const answer = await fetch(`${origin}/v1/chat/completions`, { method: 'POST', signal: controller.signal, headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model: 'endless', stream: true, messages: [{ role: 'user', content: 'x' }] }) })
  assert.equal(answer.status, 200)
  await sleep(1500)
  const written = upstream.state.written
  await sleep(500)
  assert.ok(upstream.state.written - written < 4_000_000, `still reading: ${upstream.state.written - written}`)
  controller.abort()
  for (let i = 0; i < 100 && upstream.state.closed === 0; i++) await sleep(50)
  assert.equal(upstream.state.closed, 1)
})

const raw = (bytes, waitMs = 3000) => new Promise(done => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(bytes))
  let text = ''
  socket.on('data', piece => { text += piece })
  socket.on('error', () => done(text))
  socket.on('close', () => done(text))
  setTimeout(() => socket.destroy(), waitMs)
})

test('bad input: clear errors', async () => {
  const post = (body, headers = {}) => fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, ...headers }, body })
  for (const body of ['', '{', '[]', '"x"', '{"model":1}', '{"model":"echo","model":"echo","messages":[]}', '{"model":"echo","messages":[{"role":"user","content":"\\ud800"}]}', '['.repeat(10000)]) {
    const answer = await post(body)
    assert.ok(answer.status === 400 || answer.status === 413, `${body.slice(0, 40)}: ${answer.status}`)
    assert.equal(typeof (await answer.json()).error.message, 'string')
  }
  assert.equal((await post('{}', { 'content-encoding': 'gzip' })).status, 415)
  assert.equal((await fetch(`${origin}/v1/chat/completions`, { headers: { authorization: `Bearer ${key}` } })).status, 405)
  assert.match(await raw('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n', 1000), /^HTTP\/1\.1 413 /)
  assert.match(await raw('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n', 1000), /^HTTP\/1\.1 400 /)
})

test('figures, and an event for each request', async () => {
  const text = await (await fetch(`${origin}/metrics`)).text()
  assert.match(text, /sonae_gate_requests_total\{process="\d"\} \d+/)
  assert.ok(!server.output().includes(name) && !server.output().includes('123456789018'), 'text in the log')
})

const overSocket = (path, person, body) => new Promise((done, failed) => {
  const text = JSON.stringify(body)
  const asked = request({ socketPath: join(server.data, 'run/gate.sock'), path, method: 'POST', headers: { 'sonae-person': String(person), 'content-length': Buffer.byteLength(text) } }, answer => {
    let got = ''
    answer.on('data', piece => { got += piece })
    answer.on('end', () => done({ status: answer.statusCode, body: JSON.parse(got) }))
  })
  asked.on('error', failed)
  asked.end(text)
})

test('our own pages: who asks is said on the local socket only; what would be found', async () => {
  await setUp(server)
  const person = 1 // the first
  const { status, body } = await overSocket('/inspect', person, { model: 'echo', text: `😀${said}マイナンバーは123456789018です` })
  assert.equal(status, 200)
  const [first] = body.findings
  assert.equal(`😀${said}`.slice(first.from16, first.to16), name)
  assert.equal(first.tag, '〔人物1〕')
  assert.deepEqual(first.actions, { local: 'allow', contracted: 'mask', other: 'mask' })
  const number = body.findings.find(one => one.kind === 'my-number')
  assert.ok(number.hard && number.actions.other === 'stop')
  assert.equal(body.destination, 'other')
  const answer = await overSocket('/v1/chat/completions', person, { model: 'echo', messages: [{ role: 'user', content: said }] })
  assert.equal(answer.body.choices[0].message.content, `echo ${said}`)
  assert.equal((await overSocket('/inspect', 999999, { text: 'x' })).status, 401)
  const outside = await fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers: { 'sonae-person': String(person) }, body: '{}' })
  assert.equal(outside.status, 401)
  assert.equal((await fetch(`${origin}/inspect`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{}' })).status, 404)
})

test('without the record nothing is forwarded', async () => {
  const keeper = server.processes().find(one => one.name === 'keeper').pid
  await chat('echo', 'x')
  const before = upstream.seen.length
  process.kill(keeper, 'SIGSTOP')
  try {
    await assert.rejects(chat('echo', 'nothing of this may arrive'), error => error.status === 503)
    assert.equal(upstream.seen.length, before)
  } finally {
    process.kill(keeper, 'SIGCONT')
  }
  for (let i = 0; i < 50; i++, await sleep(100)) if (await chat('echo', 'x').then(() => true, () => false)) break
  assert.ok(await chat('echo', 'x'))
})

test('a gateway process that dies comes back', async () => {
  for (const one of server.processes().filter(one => one.name === 'gate')) process.kill(one.pid, 'SIGKILL')
  let answered = false
  for (let i = 0; i < 200 && !answered; i++, await sleep(100)) answered = await chat('echo', said).then(answer => answer.choices[0].message.content === `echo ${said}`, () => false)
  assert.ok(answered)
})
