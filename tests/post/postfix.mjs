// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Postfix with folders, ports, certificates and passwords of its own, beside whatever the machine has; and its
// mailboxes read back.
//   submission   STARTTLS and login      smtps  TLS from the start and login
//   relay        open, from loopback     wrong  STARTTLS with a certificate of another name
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { freePort, sleep } from '../cli/sonae.mjs'

export const user = 'sonae', secret = 'mail password of tests'
const id = (flag, name) => Number(execFileSync('id', [flag, name]).toString())

function makeCertificates(folder) {
  const run = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=tests')
  for (const [file, name] of [['right', 'localhost'], ['wrong', 'other.example']]) {
    run('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', `/CN=${name}`)
    writeFileSync(join(folder, `${file}.ext`), `subjectAltName=DNS:${name}\n`)
    run('x509', '-req', '-in', `${file}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${file}.ext`, '-out', `${file}.pem`)
  }
}

// The side of a Dovecot that Postfix asks about logins (its auth protocol, 1.2).
function startAuth(path) {
  const server = createServer(socket => {
    let text = ''
    socket.on('error', () => {})
    socket.write('VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00000000000000000000000000000000\nDONE\n')
    socket.on('data', piece => {
      text += piece
      for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) {
        const [word, number, ...rest] = text.slice(0, end).split('\t')
        if (word !== 'AUTH') continue
        const given = Buffer.from(rest.find(one => one.startsWith('resp='))?.slice(5) ?? '', 'base64').toString().split('\0')
        socket.write(given[1] === user && given[2] === secret ? `OK\t${number}\tuser=${user}\n` : `FAIL\t${number}\tuser=${given[1]}\n`)
      }
    })
  })
  return new Promise(done => server.listen(path, () => { chmodSync(path, 0o666); done(server) }))
}

const services = ports => `
${ports.submission} inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
${ports.smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
${ports.relay} inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_recipient_restrictions=permit_mynetworks,reject
${ports.wrong} inet n - n - - smtpd -o smtpd_tls_cert_file=\${config_directory}/wrong.pem -o smtpd_tls_key_file=\${config_directory}/wrong.key -o smtpd_sasl_auth_enable=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

const reachable = port => new Promise(done => {
  const socket = connect(port, '127.0.0.1')
  socket.once('data', () => { socket.destroy(); done(true) }).once('error', () => done(false))
})

export async function startPostfix() {
  const folder = mkdtempSync('/tmp/sonae-postfix-'), at = name => join(folder, name)
  const owner = id('-u', 'postfix'), group = id('-g', 'postfix')
  const ports = { submission: await freePort(), smtps: await freePort(), relay: await freePort(), wrong: await freePort() }
  chmodSync(folder, 0o755)
  for (const name of ['queue', 'data', 'boxes', 'conf']) mkdirSync(at(name))
  for (const name of ['data', 'boxes']) chownSync(at(name), owner, group)
  makeCertificates(at('conf'))
  writeFileSync(at('conf/main.cf'), `
compatibility_level = 3.6
queue_directory = ${at('queue')}
data_directory = ${at('data')}
maillog_file = ${at('log')}
maillog_file_prefixes = /tmp
myhostname = mail.minato.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = minato.example
virtual_mailbox_base = ${at('boxes')}
virtual_mailbox_maps = inline:{ { sato@minato.example = sato/ }, { alice@minato.example = alice/ } }
virtual_minimum_uid = 1
virtual_uid_maps = static:${owner}
virtual_gid_maps = static:${group}
smtpd_tls_cert_file = ${at('conf/right.pem')}
smtpd_tls_key_file = ${at('conf/right.key')}
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
alias_maps =
local_recipient_maps =
`)
  writeFileSync(at('conf/master.cf'), services(ports))
  let output = ''
  const child = spawn('/usr/sbin/postfix', ['-c', at('conf'), 'start'], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', piece => { output += piece })
  await new Promise(done => child.once('exit', done))
  for (let i = 0; i < 200 && !(await reachable(ports.relay)); i++) await sleep(50)
  if (!(await reachable(ports.relay))) throw new Error(`no Postfix:\n${output}\n${existsSync(at('log')) ? readFileSync(at('log')) : ''}`)
  const auth = await startAuth(at('queue/private/auth'))
  return {
    ports, ca: at('conf/ca.pem'), log: () => readFileSync(at('log'), 'utf8'),
    // Every message in a box, in the order in which they were made.
    box(name) {
      const cur = at(`boxes/${name}/new`)
      return existsSync(cur) ? readdirSync(cur).map(file => parse(readFileSync(join(cur, file), 'utf8'))).sort((a, b) => number(a) - number(b)) : []
    },
    async wait(name, count, limitMs = 15_000) {
      for (const end = Date.now() + limitMs; Date.now() < end; await sleep(50)) if (this.box(name).length >= count) return this.box(name)
      throw new Error(`${name}: ${this.box(name).length} of ${count}\n${this.log()}`)
    },
    async stop() {
      execFileSync('/usr/sbin/postfix', ['-c', at('conf'), 'stop'], { stdio: 'ignore' })
      auth.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const number = mail => Number(/sonae\.(\d+)/.exec(mail.one('Message-ID'))[1])
const words = text => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, data) => Buffer.from(data, 'base64').toString())
function parse(whole) {
  const cut = whole.indexOf('\n\n')
  const head = whole.slice(0, cut).replace(/\n[ \t]+/g, ' ').split('\n').map(line => /^([^:]+): ?(.*)$/.exec(line)).filter(Boolean)
  const field = name => head.filter(one => one[1].toLowerCase() === name.toLowerCase()).map(one => words(one[2]))
  return { whole, field, one: name => field(name)[0], text: Buffer.from(whole.slice(cut + 2), 'base64').toString() }
}
