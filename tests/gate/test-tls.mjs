// SPDX-License-Identifier: GPL-3.0-or-later
//
// Services under TLS: nothing is sent before the certificate was vouched for by somebody trusted, for this very name.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort, newFolder, program, startServer } from '../cli/sonae.mjs'
import { startUpstream } from './upstream.mjs'

const setupProgram = process.env.GATE_SETUP ?? join(dirname(program), 'src/gate/gate-setup')
const folder = newFolder(), data = newFolder()
const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
let server, origin, key
const services = {}

// A certificate for a name, by our authority, by itself, or run out.
function certificate(name, alternative, { byItself = false, days = '2' } = {}) {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternative}\n`)
  openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
  const by = byItself ? ['-signkey', `${name}.key`] : ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
  openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-days', days, '-extfile', `${name}.ext`, '-out', `${name}.pem`)
  return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(join(folder, `${name}.pem`)) }
}

before(async () => {
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=the authority of the house', '-addext', 'basicConstraints=critical,CA:TRUE')
  services.good = await startUpstream(certificate('good', 'IP:127.0.0.1'))
  services.itself = await startUpstream(certificate('itself', 'IP:127.0.0.1', { byItself: true }))
  services.name = await startUpstream(certificate('name', 'DNS:elsewhere.example'))
  services.late = await startUpstream(certificate('late', 'IP:127.0.0.1', { days: '-1' }))
  services.plain = await startUpstream()
  mkdirSync(join(data, 'tls'))
  writeFileSync(join(data, 'tls/services-ca.pem'), readFileSync(join(folder, 'ca.pem')))
  const port = await freePort()
  server = await startServer({ data, args: ['--gate-listen', `127.0.0.1:${port}`] })
  origin = `http://127.0.0.1:${port}`
  for (const [name, service] of Object.entries(services))
    execFileSync(setupProgram, [data, 'service', name, `https://127.0.0.1:${service.port}/v1`, 'openai', 'other', `${name}=echo`, 'retries=0'])
  key = execFileSync(setupProgram, [data, 'key', 'tests']).toString().trim()
})
after(async () => {
  for (const service of Object.values(services)) service.stop()
  await server?.stop()
})

const ask = model => fetch(`${origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ model, messages: [{ role: 'user', content: 'こんにちは' }] }) })

test('a certificate of the authority that the house trusts', async () => {
  const answer = await ask('good')
  assert.equal(answer.status, 200, await answer.clone().text())
  assert.equal((await answer.json()).choices[0].message.content, 'echo こんにちは')
})

for (const [name, what] of [['itself', 'one that vouches for itself'], ['name', 'one for another name'], ['late', 'one that has run out'], ['plain', 'none at all']]) {
  test(`${what}: nothing is sent, and the answer says so`, async () => {
    const answer = await ask(name)
    assert.ok(answer.status >= 500, `${answer.status}`)
    assert.ok((await answer.json()).error.message.length > 0)
    assert.equal(services[name].seen.length, 0, 'nothing came through')
  })
}
