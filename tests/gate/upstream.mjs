// SPDX-License-Identifier: GPL-3.0-or-later
//
// A service of the tests' own: speaks the wire formats of OpenAI (chat, responses, embeddings, transcriptions) and
// Anthropic, and misbehaves as the name of the model says. What came is in `seen`.
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'

const json = (answer, status, body, headers = {}) => {
  const text = JSON.stringify(body)
  answer.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers })
  answer.end(text)
}
const event = (data, name) => `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
const sleep = ms => new Promise(done => setTimeout(done, ms))
const textOf = content => typeof content === 'string' ? content : content.map(part => part.text ?? '').join('')
const pieces = (text, n) => { const all = [...text]; return Array.from({ length: Math.ceil(all.length / n) }, (_, i) => all.slice(i * n, i * n + n).join('')) }

function chatEvents(model, text) {
  const chunk = (delta, finish = null, index = 0) => event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model, choices: [{ index, delta, finish_reason: finish }] })
  const out = [chunk({ role: 'assistant', content: '' })]
  if (model.startsWith('tool')) {
    out.push(chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'look', arguments: '' } }] }))
    for (const piece of pieces(JSON.stringify({ who: text, again: `"${text}"` }), 2)) out.push(chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }))
    out.push(chunk({}, 'tool_calls'))
  } else {
    for (const piece of pieces(text, 1)) out.push(chunk({ content: piece }))
    out.push(chunk({}, 'stop'))
  }
  out.push(event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model, choices: [], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }), event('[DONE]'))
  return out
}

function messageEvents(model, text) {
  const named = data => event(data, data.type)
  const out = [named({ type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 11, output_tokens: 1 } } }), named({ type: 'ping' })]
  out.push(named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }))
  for (const piece of pieces(text, 1)) out.push(named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } }))
  out.push(named({ type: 'content_block_stop', index: 0 }), named({ type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} } }))
  for (const piece of pieces(JSON.stringify({ who: text }), 2)) out.push(named({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: piece } }))
  out.push(named({ type: 'content_block_stop', index: 1 }), named({ type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 9 } }), named({ type: 'message_stop' }))
  return out
}

const outputItem = text => ({ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] })
const responseOf = (model, text) => ({ id: 'resp_1', object: 'response', created_at: 1, model, status: 'completed', output: [outputItem(text)], parallel_tool_calls: true, tool_choice: 'auto', tools: [], usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 } })
function responseEvents(model, text) {
  let n = 0
  const named = data => event({ ...data, sequence_number: n++ }, data.type)
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
  const out = [named({ type: 'response.created', response: { ...responseOf(model, ''), output: [], status: 'in_progress' } }),
    named({ type: 'response.output_item.added', output_index: 0, item: { ...outputItem(''), content: [], status: 'in_progress' } }),
    named({ type: 'response.content_part.added', ...place, part: { type: 'output_text', text: '', annotations: [] } })]
  for (const piece of pieces(text, 1)) out.push(named({ type: 'response.output_text.delta', ...place, delta: piece }))
  out.push(named({ type: 'response.output_text.done', ...place, text }), named({ type: 'response.content_part.done', ...place, part: { type: 'output_text', text, annotations: [] } }),
    named({ type: 'response.output_item.done', output_index: 0, item: outputItem(text) }), named({ type: 'response.completed', response: responseOf(model, text) }))
  return out
}

// split: every byte by itself; slow: 20 ms between events; cut: half of it, then the connection ends.
async function stream(answer, model, events, state) {
  answer.writeHead(200, { 'content-type': 'text/event-stream' })
  const bytes = Buffer.from(events.join(''))
  if (model.includes('split')) {
    for (let i = 0; i < bytes.length; i += 1) { answer.write(bytes.subarray(i, i + 1)); if (i % 64 === 0) await sleep(0) }
    return answer.end()
  }
  if (model.includes('cut')) { answer.write(bytes.subarray(0, bytes.length >> 1)); await sleep(20); return answer.destroy() }
  if (model.includes('garbage')) { answer.write(events[0]); return answer.end('data: {"broken"\n\n') }
  if (model.includes('endless')) {
    answer.on('close', () => { state.closed++ })
    const filler = events[1].replace('data: ', 'data: ')
    while (!answer.destroyed && state.closed === 0) { if (!answer.write(filler.repeat(50))) await Promise.race([new Promise(done => answer.once('drain', done)), sleep(50)]); await sleep(0); state.written += filler.length * 50 }
    return
  }
  for (const one of events) { answer.write(one); if (model.includes('slow')) await sleep(20) }
  answer.end()
}

async function answerJson(request, answer, body, state) {
  const model = body.model ?? '', path = request.url
  if (model.includes('err400')) return json(answer, 400, { error: { message: 'max_tokens is too large', type: 'invalid_request_error', param: 'max_tokens', code: null } })
  if (model.includes('err401')) return json(answer, 401, { error: { message: `Incorrect API key provided: ${request.headers.authorization}`, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } })
  if (model.includes('busy')) return json(answer, 503, { error: { message: 'busy', type: 'server_error', param: null, code: null } })
  if (model.includes('limit')) return json(answer, 429, { error: { message: 'rate', type: 'rate_limit_error', param: null, code: null } }, { 'retry-after': '1' })
  if (model.includes('never')) return
  if (model.includes('liar')) { answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }); answer.write('{"id":'); await sleep(10); return answer.destroy() }
  if (model.includes('nojson')) return json(answer, 200, undefined)
  if (path.endsWith('/embeddings')) return json(answer, 200, { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5, -1] }], model, usage: { prompt_tokens: 2, total_tokens: 2 } })
  if (path.endsWith('/count_tokens')) return json(answer, 200, { input_tokens: 12 })
  if (path.endsWith('/responses')) {
    const text = `echo ${typeof body.input === 'string' ? body.input : textOf(body.input.at(-1).content)}`
    return body.stream ? stream(answer, model, responseEvents(model, text), state) : json(answer, 200, responseOf(model, text))
  }
  const text = model.includes('other') ? `ほかの答え ${textOf(body.messages.at(-1).content).replace('1,234', '1,243')}` : `echo ${textOf(body.messages.at(-1).content)}`
  if (path.endsWith('/messages')) {
    return body.stream ? stream(answer, model, messageEvents(model, text), state)
      : json(answer, 200, { id: 'msg_1', type: 'message', role: 'assistant', model, content: [{ type: 'thinking', thinking: text, signature: 'c2ln' }, { type: 'text', text }, { type: 'tool_use', id: 'toolu_1', name: 'look', input: { who: text } }], stop_reason: 'tool_use', stop_sequence: null, usage: { input_tokens: 11, output_tokens: 7 } })
  }
  if (body.stream) return stream(answer, model, chatEvents(model, text), state)
  json(answer, 200, { id: 'c1', object: 'chat.completion', created: 1, model, choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null, tool_calls: model.startsWith('tool') ? [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: JSON.stringify({ who: text }) } }] : undefined }, finish_reason: 'stop', logprobs: null }], usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } })
}

// tls: {key, cert}; without it plain HTTP.
export async function startUpstream(tls) {
  const state = { seen: [], closed: 0, written: 0 }
  const take = (request, answer) => {
    const parts = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const isForm = (request.headers['content-type'] ?? '').startsWith('multipart/')
      state.seen.push({ path: request.url, headers: request.headers, text: raw.toString(), body: isForm ? null : JSON.parse(raw) })
      answer.on('error', () => {})
      if (isForm) return json(answer, 200, { text: 'こんにちは' })
      answerJson(request, answer, JSON.parse(raw), state).catch(() => answer.destroy())
    })
  }
  const server = tls ? createSecureServer(tls, take) : createServer(take)
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  return { ...state, state, port: server.address().port, last: () => state.seen.at(-1), stop: () => { server.closeAllConnections(); server.close() } }
}
