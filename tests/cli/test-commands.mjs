// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every command: its help in both languages, its man page, its completion; doctor, rules check, version.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { has, newFolder, newPath, program, rules, run, source } from './sonae.mjs'

// COMMAND(id, "words", "operands", OPTION("name", ...)...), from the one table.
const table = [...readFileSync(join(source, 'src/cli/commands.def'), 'utf8').matchAll(/^COMMAND\(\w+, "([^"]+)", "([^"]*)",([\s\S]*?)\)\n(?=COMMAND|\/\*|$)/gm)]
  .map(([, words, operands, rest]) => ({ words, operands, options: [...rest.matchAll(/OPTION\("([^"]+)", (NULL|"[^"]*")\)/g)].map(([, name]) => name) }))
const common = ['help', 'json', 'data', 'rules', 'language']

describe('help', () => {
  test('the table was understood', () => {
    assert.ok(table.length >= 13)
    for (const words of ['check', 'server', 'setup-code', 'doctor', 'ledger verify', 'ledger export', 'ledger checkpoint', 'backup', 'restore', 'rules check', 'completion', 'man', 'version'])
      assert.ok(table.some(command => command.words === words), words)
  })

  test('of Sonae: every command in one line, to standard output', async () => {
    for (const args of [['--help'], ['help'], []]) {
      const { status, stdout, stderr } = await run(args)
      assert.equal(status, 0, args.join(' '))
      assert.equal(stderr, '')
      for (const { words } of table) assert.match(stdout, new RegExp(`^  ${words} +\\S`, 'm'), words)
      assert.ok(stdout.split('\n').every(line => line.length <= 120))
    }
  })

  for (const { words, operands, options } of table) {
    test(`of ${words}`, async () => {
      for (const language of ['ja', 'en']) {
        const { status, stdout, stderr } = await run([...words.split(' '), '--help', '--language', language])
        assert.equal(status, 0)
        assert.equal(stderr, '')
        assert.ok(stdout.startsWith(`sonae ${words} [--OPTION]... ${operands}\n`), stdout)
        for (const name of [...options, ...common]) assert.match(stdout, new RegExp(`^  --${name}\\b`, 'm'), name)
        assert.equal(/[ぁ-ん]/.test(stdout), language === 'ja')
        assert.ok(!/\b(command|option|cli)\.[a-z-]+\.|\{[a-z]+\}/.test(stdout), 'a text is missing')
        const asked = await run(['help', ...words.split(' '), '--language', language])
        assert.equal(asked.stdout, stdout)
      }
    })
  }

  test('what is unknown is named, with status 1 and nothing on standard output', async () => {
    for (const args of [['nonsense'], ['ledger'], ['ledger', 'nonsense'], ['check', '--nonsense'], ['version', '--data'], ['version', '--language', 'fr'], ['-x'], ['doctor', '--json=1']]) {
      const { status, stdout, stderr } = await run(args)
      assert.equal(status, 1, args.join(' '))
      assert.equal(stdout, '')
      assert.match(stderr, /^sonae: ./)
    }
  })

  test('commands without operands refuse them', async () => {
    for (const { words } of table.filter(command => command.operands === '')) {
      const { status, stderr } = await run([...words.split(' '), 'something'])
      assert.equal(status, 1, words)
      assert.match(stderr, /^sonae: ./)
    }
  })
})

describe('man pages', () => {
  for (const language of ['ja', 'en']) {
    test(`one for Sonae and one for each command, without a warning of groff (${language})`, async () => {
      const folder = newFolder('man')
      assert.equal((await run(['man', folder, '--language', language])).status, 0)
      const names = readdirSync(folder).sort()
      assert.deepEqual(names, ['sonae.1', ...table.map(command => `sonae-${command.words.replace(/ /g, '-')}.1`)].sort())
      for (const name of names) {
        const page = readFileSync(join(folder, name), 'utf8')
        assert.match(page, /^\.TH "sonae[a-z-]*" 1 /, name)
        assert.equal(page.match(/^\.SH /gm).length, 5, name)
        assert.ok(page.split('\n').every(line => !/^[.'](?!TH |SH |TP$)/.test(line)), `a request by mistake in ${name}`)
        const command = table.find(one => name === `sonae-${one.words.replace(/ /g, '-')}.1`)
        for (const option of command?.options ?? []) assert.ok(page.includes(`\\-\\-${option.replace(/-/g, '\\-')}`), `${name} ${option}`)
      }
      if (!has('groff')) return
      for (const name of names) {
        const { status, stdout, stderr } = await run(['-man', '-Tutf8', '-ww', '-Kutf8', join(folder, name)], { command: ['groff'] })
        assert.equal(status, 0)
        assert.equal(stderr.split('\n').filter(line => line && !/(can't|cannot) (break|adjust)/.test(line)).join('\n'), '', name)
        assert.ok(stdout.length > 300)
      }
      if (!has('man')) return
      const { stderr, status } = await run(['-l', '--warnings', '--encoding=utf8', join(folder, 'sonae.1')], { command: ['man'], env: { MANPAGER: 'cat', LC_ALL: 'C.UTF-8' } })
      assert.equal(status, 0, stderr)
    })
  }

  test('alone it goes to standard output; into a place that cannot be, status 2', async () => {
    assert.match((await run(['man'])).stdout, /^\.TH "sonae" 1/)
    const bad = await run(['man', '/proc/nowhere/man'])
    assert.equal(bad.status, 2)
    assert.match(bad.stderr, /nowhere/)
  })
})

describe('completion', () => {
  test('bash reads it, and completes commands, second words and options', async () => {
    const { stdout, status } = await run(['completion', 'bash'])
    assert.equal(status, 0)
    const path = newPath('completion')
    writeFileSync(path, stdout)
    assert.equal((await run(['-n', path], { command: ['bash'] })).stderr, '')
    const complete = async (...words) => (await run(['-c', `source ${path}; COMP_WORDS=(sonae "$@"); COMP_CWORD=$#; _sonae; printf '%s\\n' "\${COMPREPLY[@]}"`, 'bash', ...words], { command: ['bash'] })).stdout.split('\n').filter(Boolean)
    assert.deepEqual((await complete('')).sort(), [...new Set(table.map(command => command.words.split(' ')[0]))].sort())
    assert.deepEqual(await complete('che'), ['check'])
    for (const first of new Set(table.filter(command => command.words.includes(' ')).map(command => command.words.split(' ')[0])))
      assert.deepEqual((await complete(first, '')).sort(), table.filter(command => command.words.startsWith(`${first} `)).map(command => command.words.split(' ')[1]).sort(), first)
    for (const { words, options } of table)
      assert.deepEqual((await complete(...words.split(' '), '--')).sort(), [...options, ...common].map(name => `--${name}`).sort(), words)
  })

  test('zsh and fish; another shell is refused', async () => {
    for (const [shell, args] of [['zsh', ['-n']], ['fish', ['--no-execute']]]) {
      const { stdout, status } = await run(['completion', shell])
      assert.equal(status, 0)
      for (const { words } of table) for (const word of words.split(' ')) assert.match(stdout, new RegExp(`'${word}['.:]`), `${shell} ${word}`)
      assert.ok(!/'(ledger|rules) /.test(stdout), 'two words are completed one after the other')
      // Without the shell itself: every quoted text ends on its line, an apostrophe within it is escaped.
      for (const line of stdout.split('\n').filter(line => /^\t'|complete -c/.test(line)))
        assert.equal(line.replace(shell === 'zsh' ? /'\\''/g : /\\'/g, '').split("'").length % 2, 1, line)
      const path = newPath(shell)
      writeFileSync(path, stdout)
      if (has(shell)) assert.equal((await run([...args, path], { command: [shell] })).stderr, '')
    }
    for (const args of [[], ['tcsh'], ['bash', 'zsh']]) assert.equal((await run(['completion', ...args])).status, 1)
  })
})

describe('doctor', () => {
  test('a row for each thing, as text and as JSON', async () => {
    const json = await run(['doctor', '--json']), rows = JSON.parse(json.stdout)
    for (const row of rows) assert.deepEqual(Object.keys(row), ['id', 'name', 'ok', 'detail'])
    for (const id of ['seccomp', 'landlock', 'reader', 'rules', 'data', 'disk', 'memory', 'clock']) assert.ok(rows.some(row => row.id === id), `${id} in ${rows.map(row => row.id)}`)
    assert.equal(json.status, rows.every(row => row.ok) ? 0 : 3)
    assert.ok(rows.find(row => row.id === 'reader').ok && rows.find(row => row.id === 'rules').ok)
    for (const language of ['ja', 'en']) {
      const { stdout } = await run(['doctor', '--language', language])
      assert.equal(stdout.trimEnd().split('\n').length, rows.length)
    }
  })

  test('what is missing is said, with status 3', async () => {
    const { status, stdout } = await run(['doctor', '--json', '--rules', newFolder()])
    assert.equal(status, 3)
    assert.equal(JSON.parse(stdout).find(row => row.id === 'rules').ok, false)
  })
})

describe('rules check', () => {
  const changed = (file, change) => {
    const folder = join(newFolder(), 'rules')
    cpSync(rules, folder, { recursive: true })
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))
    return folder
  }
  const lineOf = (text, at) => text.slice(0, at).split('\n').length

  test('the project\'s own are right', async () => {
    const { status, stdout } = await run(['rules', 'check'])
    assert.equal(status, 0)
    assert.ok(Number(/(\d+)/.exec(stdout)[1]) >= 250, stdout)
    assert.equal((await run(['rules', 'check', rules])).status, 0)
  })

  for (const [name, file, find, put] of [
    ['a key nobody knows', 'brands.yaml', /\n {2}kind:/, '\n  nonsense: x\n  kind:'],
    ['broken YAML', 'words.yaml', /\n {2}tag:.*/, '\n  tag: [unclosed'],
    ['a weight that is no number', 'weights.yaml', /asks-login: .*/, 'asks-login: heavy'],
    ['a weight of nothing known', 'weights.yaml', /asks-login: .*/, 'asks-nothing: 1'],
    ['a tab where YAML wants spaces', 'lists.yaml', /\n( {2,})/, '\n\t'],
    ['no domain in the list of domains', 'popular.txt', /\n[a-z0-9.-]+\n/, '\nnot a domain\n'],
  ]) {
    test(`${name}: the file and the line`, async () => {
      let at = -1
      const folder = changed(file, text => {
        at = lineOf(text, find.exec(text).index + 1)
        return text.replace(find, put)
      })
      const { status, stderr, stdout } = await run(['rules', 'check', folder])
      assert.equal(status, 3)
      assert.equal(stdout, '')
      const named = new RegExp(`${file.replace('.', '\\.')}:(\\d+): ?\\S`).exec(stderr)
      assert.ok(named, stderr)
      assert.ok(Math.abs(Number(named[1]) - at) <= 2, `${stderr} wanted ${at}`)
    })
  }

  test('a file that is missing, a folder that is', async () => {
    const folder = changed('words.yaml', text => text)
    rmSync(join(folder, 'words.yaml'))
    const { status, stderr } = await run(['rules', 'check', folder])
    assert.equal(status, 3)
    assert.match(stderr, /words\.yaml/)
    assert.equal((await run(['rules', 'check', newPath('nobody')])).status, 3)
  })

  test('a mistake in the company\'s own rules is named as well, and check says so instead of judging with half', async () => {
    const data = newFolder('data')
    mkdirSync(join(data, 'rules'))
    writeFileSync(join(data, 'rules/weights.yaml'), 'weights:\n  asks-login: heavy\n')
    for (const args of [['rules', 'check'], ['check', '--json', '-']]) {
      const { status, stderr, stdout } = await run([...args, '--data', data], { input: 'hello' })
      assert.equal(status, args[0] === 'rules' ? 3 : 1)
      assert.match(stderr, /rules\/weights\.yaml:2/)
      assert.equal(stdout, '')
    }
  })
})

describe('version', () => {
  test('as text and as JSON, and the same as the man page', async () => {
    const { stdout, status } = await run(['version'])
    assert.equal(status, 0)
    const [, version] = /^sonae (\d+\.\d+[\w.~-]*)\n$/.exec(stdout)
    assert.deepEqual(JSON.parse((await run(['version', '--json'])).stdout), { version })
    assert.ok((await run(['man'])).stdout.includes(`"Sonae ${version}"`))
  })
})

describe('standard output that is gone', () => {
  test('a closed pipe ends the command without a crash', async () => {
    const { status, stderr } = await run(['-c', '"$0" check --json "$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}', program, ...Array(20).fill(join(source, 'README.md'))], { command: ['bash'] })
    assert.ok(status === 0 || status === 2, `${status} ${stderr}`)
  })

  test('a full disk is not silence', async () => {
    for (const args of [['version'], ['--help'], ['doctor', '--json'], ['check', '--json', join(source, 'README.md')]]) {
      const { status } = await run(['-c', '"$0" "$@" > /dev/full', program, ...args], { command: ['bash'] })
      assert.notEqual(status, 0, args.join(' '))
    }
  })
})

// Instrumented builds are one program.
describe('the programs beside it', { skip: !existsSync(join(dirname(program), 'sonae-house')) }, () => {
  const beside = name => join(dirname(program), name)

  test('what opens strangers\' files, sets fonts or speaks to mail servers is loaded where it is needed and nowhere else', async () => {
    const owners = { 'sonae-reader': /lib(zbar|jpeg|webp|gif|magic)/, 'sonae-press': /libpango/, 'sonae-post': /libcurl/ }
    for (const name of ['sonae', 'sonae-house', ...Object.keys(owners)]) {
      const { stdout } = await run([beside(name)], { command: ['ldd'] })
      for (const [owner, libraries] of Object.entries(owners)) assert.equal(libraries.test(stdout), name === owner, `${name}: ${libraries}`)
    }
  })

  test('started by a person they say what they are', async () => {
    for (const name of ['sonae-reader', 'sonae-press', 'sonae-post']) {
      const { status, stdout, stderr } = await run([], { command: [beside(name)] })
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(stderr, /^This is a part of Sonae.*sonae --help\.\n$/)
    }
  })
})
