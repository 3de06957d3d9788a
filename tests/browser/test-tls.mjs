// SPDX-License-Identifier: GPL-3.0-or-later
//
// A certificate in the data folder: HTTPS alone, cookies for HTTPS only, and the start names the right address.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startSonae } from './sonae.mjs'

test('with a certificate', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonae-tls-'))
  mkdirSync(join(folder, 'tls'), { mode: 0o700 })
  const [key, certificate] = ['key.pem', 'certificate.pem'].map(name => join(folder, 'tls', name))
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate,
    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'])
  assert.equal(made.status, 0)
  const sonae = await startSonae({ folder })
  try {
    assert.match(sonae.output(), new RegExp(sonae.origin.replace('http:', 'https:')))
    const answer = await new Promise((done, failed) => get(`${sonae.origin.replace('http:', 'https:')}/setup`,
      { ca: readFileSync(certificate), timeout: 10_000 }, response => { response.resume(); done(response) }).on('error', failed))
    assert.equal(answer.statusCode, 200)
    assert.match(answer.headers['set-cookie'].join(), /; Secure/)
    await assert.rejects(fetch(`${sonae.origin}/setup`))
  } finally {
    await sonae.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
