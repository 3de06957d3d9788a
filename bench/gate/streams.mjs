// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many streams of tokens at once, 20 ms apart, straight and through the gateway: whether one was lost, and how much later
// than straight a token came. Each token carries the time at which it was sent.
//   node streams.mjs URL KEY [STREAMS]      the service that it starts listens on STREAM_PORT (18996)
import { Agent, createServer, request } from 'node:http'
const [url, key, count = '512'] = process.argv.slice(2)
const TOKENS = 64, PAUSE_MS = 20, port = Number(process.env.STREAM_PORT ?? 18996)
const now = () => Number(process.hrtime.bigint() / 1000n)
createServer((asked, answer) => {
  asked.resume()
  asked.on('end', () => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    let n = 0
    const timer = setInterval(() => {
      if (n++ < TOKENS) return answer.write(`data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"${now()} "},"finish_reason":null}]}\n\n`)
      clearInterval(timer)
      answer.end('data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
    }, PAUSE_MS)
  })
}).listen(port, '127.0.0.1')
const agent = new Agent({ maxSockets: Infinity })
const one = (target, late) => new Promise(done => {
  const body = JSON.stringify({ model: 'stream', stream: true, messages: [{ role: 'user', content: 'hello' }] })
  const asked = request(`${target}/v1/chat/completions`, { method: 'POST', agent, headers: { authorization: `Bearer ${key}`, 'content-length': body.length } }, answer => {
    let tokens = 0, rest = '', whole = false
    answer.on('data', piece => {
      const at = now(), lines = (rest + piece).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        const sent = /"content":"(\d+) "/.exec(line)
        if (sent) { tokens++; late.push(at - Number(sent[1])) }
        if (line === 'data: [DONE]') whole = true
      }
    })
    answer.on('close', () => done(whole && tokens === TOKENS))
  })
  asked.on('error', () => done(false))
  asked.end(body)
})
async function round(target) {
  const late = []
  const whole = (await Promise.all(Array.from({ length: Number(count) }, () => one(target, late)))).filter(Boolean).length
  late.sort((a, b) => a - b)
  const at = share => (late[Math.min(late.length - 1, Math.floor(late.length * share))] / 1000).toFixed(2)
  return `whole ${whole}/${count}, ms from sending to arrival: p50 ${at(0.5)} p99 ${at(0.99)} p99.9 ${at(0.999)} max ${at(1)}`
}
await new Promise(done => setTimeout(done, 300))
console.log('straight    ', await round(`http://127.0.0.1:${port}`))
console.log('gateway     ', await round(url))
console.log('straight    ', await round(`http://127.0.0.1:${port}`))
process.exit(0)
