// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ledger of a real server: exported, checked by both verifiers, and changed in every way; the first bad record is
// named. The second verifier, tools/verify-ledger.mjs, knows docs/ledger.md only.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { askApi, environment, has, newFolder, newPath, newToken, password, program, run, setUp, source, startServer, Visitor } from './sonae.mjs'

const second = join(source, 'tools/verify-ledger.mjs')
const FILES_AT_ONCE = 500

async function verify(path, more = [], options = {}) {
  const ended = await run(['ledger', 'verify', '--json', ...more, path], options)
  return { status: ended.status, stderr: ended.stderr, ...JSON.parse(ended.stdout || '{}') }
}
async function verifySecond(path, more = []) {
  const ended = await run([second, ...more, path], { command: [process.execPath] })
  return { status: ended.status, stderr: ended.stderr, ...JSON.parse(ended.stdout || '{}') }
}
// Both must say the same.
async function verifyTwice(path, more = []) {
  const one = await verify(path, more), two = await verifySecond(path, more)
  assert.deepEqual(one, two)
  return one
}

let data, kept, genuine, lines
before(async () => {
  const server = await startServer({ args: ['--web-processes', '1'] })
  data = server.data
  const visitor = await setUp(server), token = await newToken(visitor)
  for (const text of ['今日は晴れです', 'http://www.amazon.co.jp.evil.xyz/']) assert.equal((await askApi(server, token, '/api/check', { body: text })).status, 200)
  kept = newPath('checkpoint')
  const early = await run(['ledger', 'checkpoint', '--data', data])
  assert.equal(early.status, 0, early.stderr)
  assert.match(early.stdout, /^sonae\/[0-9a-f]{16}\n\d+\n[A-Za-z0-9+/]{43}=\n\n— sonae\/[0-9a-f]{16} [A-Za-z0-9+/=]+\n$/)
  writeFileSync(kept, early.stdout)
  assert.equal((await new Visitor(server.origin).signIn('sato', 'wrong')).status, 422)
  assert.equal((await new Visitor(server.origin).signIn()).status, 303)
  genuine = newPath('export')
  const exported = await run(['ledger', 'export', '--data', data, genuine])
  assert.equal(exported.status, 0, exported.stderr)
  assert.equal((await server.stop()).status, 0)
  lines = readFileSync(genuine, 'latin1').split('\n')
})
// What a data folder is when no server runs: without the sockets.
const copyData = folder => cpSync(data, folder, { recursive: true, filter: path => !path.startsWith(join(data, 'run')) })
const edited = (name, make) => {
  const path = newPath(name), text = make([...lines])
  writeFileSync(path, Buffer.isBuffer(text) ? text : Buffer.from(text.join('\n'), 'latin1'))
  return path
}
const recordLines = list => list.map((line, i) => line.startsWith('record ') ? i : -1).filter(i => i >= 0)

describe('a genuine export', () => {
  test('both verifiers accept it, alone and against the kept checkpoint', async () => {
    for (const more of [[], ['--checkpoint', kept]]) {
      const result = await verifyTwice(genuine, more)
      assert.equal(result.status, 0)
      assert.equal(result.integrity, 'holds')
      assert.equal(result.completeness, 'sealed')
      assert.equal(result.records, recordLines(lines).length)
      assert.ok(result.records > 5 && result.checkpoints >= 2)
      assert.equal(result.compared, more.length > 0)
      assert.equal(result.first_bad_record, null)
    }
  })

  test('from standard input, to standard output, and the live folder: the same', async () => {
    const piped = await verify('-', [], { input: readFileSync(genuine) })
    assert.equal(piped.status, 0)
    const again = await run(['ledger', 'export', '--data', data, '-'])
    assert.equal(again.status, 0)
    assert.ok(again.stdout.startsWith(lines.slice(0, recordLines(lines)[0] + 1).join('\n')))
    const live = await verify(data, ['--checkpoint', kept])
    assert.equal(live.status, 0)
    assert.ok(live.records >= piped.records)
  })

  test('in words, in both languages', async () => {
    for (const [language, words] of [['ja', /書きかえは見つかりません[\s\S]*署名で守られています/], ['en', /no change found[\s\S]*covers every record/]]) {
      const ended = await run(['ledger', 'verify', '--language', language, genuine])
      assert.equal(ended.status, 0)
      assert.match(ended.stdout, words)
    }
  })

  test('it holds no text of what was checked, and no password', () => {
    const bytes = Buffer.concat(lines.filter(line => line.startsWith('record ')).map(line => Buffer.from(line.split(' ')[3], 'base64')))
    for (const secret of ['晴れ', 'evil.xyz', 'amazon', password, 'wrong']) assert.ok(!bytes.includes(Buffer.from(secret)), secret)
    assert.ok(bytes.includes(Buffer.from('check.verdict')) && bytes.includes(Buffer.from('login.ok')) && bytes.includes(Buffer.from('login.denied')))
  })

  test('an existing file is not written over', async () => {
    const before = readFileSync(genuine)
    const ended = await run(['ledger', 'export', '--data', data, genuine])
    assert.equal(ended.status, 2)
    assert.ok(readFileSync(genuine).equals(before))
  })
})

describe('a changed export', () => {
  test('each single byte: both verifiers refuse', async () => {
    const bytes = readFileSync(genuine), folder = newFolder('flips'), names = []
    const positions = Array.from(bytes.keys())
    const accepted = [], unequal = []
    for (const at of positions) {
      const changed = Buffer.from(bytes)
      changed[at] ^= 1 << at % 7
      names.push(join(folder, String(at)))
      writeFileSync(names[at], changed)
    }
    assert.ok(positions.length >= 2000, String(positions.length))
    // The second verifier sees every position; the first, which a unit test gives every byte, 2,000 of them.
    const answers = [], some = Array.from({ length: 2000 }, (_, i) => Math.floor(i * positions.length / 2000))
    const each = 'for file; do "$SONAE" ledger verify --json "$file"; test $? = 3 || echo "status $?"; done'
    await Promise.all([0, 1].map(async half => {
      const mine = some.filter((_, i) => i % 2 === half)
      const { stdout } = await promisify(execFile)('sh', ['-c', each, 'sh', ...mine.map(at => names[at])], { env: environment({ SONAE: program }), maxBuffer: 1 << 26 })
      const said = stdout.trimEnd().split('\n')
      assert.equal(said.length, mine.length)
      mine.forEach((at, i) => { answers[at] = `${said[i]}\n` })
    }))
    for (let i = 0; i < names.length; i += FILES_AT_ONCE) {
      const slice = names.slice(i, i + FILES_AT_ONCE)
      const { stdout } = await promisify(execFile)(process.execPath, [second, ...slice], { maxBuffer: 1 << 26 }).catch(error => error)
      stdout.trimEnd().split('\n').forEach((line, k) => {
        if (!/"integrity":"broken"/.test(line)) accepted.push(i + k)
        if (answers[i + k] !== undefined && line + '\n' !== answers[i + k]) unequal.push(i + k)
      })
    }
    rmSync(folder, { recursive: true })
    assert.equal(answers.filter(Boolean).length, 2000)
    assert.deepEqual(accepted, [])
    assert.deepEqual(unequal, [], 'the two differ')
  })

  test('a byte inside a record: that record is named', async () => {
    for (const [number, index] of recordLines(lines).entries()) {
      const path = edited('inside', list => {
        const [word, n, leaf, text] = list[index].split(' '), bytes = Buffer.from(text, 'base64')
        bytes[bytes.length >> 1] ^= 4
        list[index] = [word, n, leaf, bytes.toString('base64')].join(' ')
        return list
      })
      const result = await verify(path)
      assert.equal(result.status, 3)
      assert.deepEqual([result.fault, result.first_bad_record], ['leaf', number])
    }
  })

  test('a removed record, with and without the others renumbered', async () => {
    for (const renumbered of [false, true]) {
      for (const which of [0, 3, recordLines(lines).length - 2]) {
        const path = edited('removed', list => {
          list.splice(recordLines(list)[which], 1)
          let n = 0
          return renumbered ? list.map(line => line.replace(/^record \d+/, () => `record ${n++}`)) : list
        })
        const result = await verifyTwice(path)
        assert.equal(result.status, 3)
        assert.deepEqual([result.fault, result.first_bad_record], ['number', which])
      }
    }
  })

  test('swapped records, with and without their numbers', async () => {
    for (const renumbered of [false, true]) {
      const path = edited('swapped', list => {
        const [a, b] = recordLines(list).slice(2, 4)
        ;[list[a], list[b]] = [list[b], list[a]]
        let n = 0
        return renumbered ? list.map(line => line.replace(/^record \d+/, () => `record ${n++}`)) : list
      })
      const result = await verifyTwice(path)
      assert.deepEqual([result.status, result.fault, result.first_bad_record], [3, 'number', 2])
    }
  })

  test('a record twice, a foreign line, lines behind the end, another key', async () => {
    for (const [name, make, fault] of [
      ['twice', list => { list.splice(recordLines(list)[1], 0, list[recordLines(list)[1]]); return list }, 'number'],
      ['foreign', list => { list.splice(recordLines(list)[1], 0, 'note hello'); return list }, 'file-form'],
      ['behind', list => [...list.slice(0, -1), list[recordLines(list)[0]], ''], 'end'],
      ['carriage returns', list => list.map((line, i) => i < list.length - 1 ? `${line}\r` : line), 'file-form'],
      ['no end', list => [...list.slice(0, -2), ''], 'end'],
      ['half a line', list => Buffer.from(list.join('\n'), 'latin1').subarray(0, -1), 'end'],
      ['empty', () => Buffer.alloc(0), 'end'],
    ]) {
      const result = await verifyTwice(edited(name, make))
      assert.deepEqual([result.status, result.integrity, result.fault], [3, 'broken', fault], name)
    }
  })

  test('a tail cut to an earlier checkpoint: whole by itself, found against the kept one', async () => {
    const path = edited('cut', list => {
      const places = list.map((line, i) => line.startsWith('checkpoint ') ? i : -1).filter(i => i >= 0)
      const size = i => Number(Buffer.from(list[i].split(' ')[1], 'base64').toString().split('\n')[1])
      const keptSize = Number(readFileSync(kept, 'utf8').split('\n')[1])
      const at = places.findLast(i => size(i) < keptSize)
      assert.ok(at > 0, 'there is an earlier checkpoint')
      return [...list.slice(0, at + 1), `end ${size(at)} ${places.indexOf(at) + 1}`, '']
    })
    const alone = await verifyTwice(path)
    assert.deepEqual([alone.status, alone.integrity, alone.completeness], [0, 'holds', 'sealed'])
    const against = await verifyTwice(path, ['--checkpoint', kept])
    assert.deepEqual([against.status, against.integrity, against.completeness], [3, 'holds', 'cut'])
    const words = await run(['ledger', 'verify', '--checkpoint', kept, path])
    assert.match(words.stdout, /cut off/)
  })
})

describe('a kept checkpoint', () => {
  // A ledger that went another way: the same folder as it was, and another event since.
  test('of a ledger that was rewritten: different', async () => {
    const first = newFolder('one'), other = newFolder('other')
    copyData(first)
    copyData(other)
    const backups = []
    for (const folder of [first, other]) {
      const server = await startServer({ data: folder, args: ['--web-processes', '1'] })
      await new Visitor(server.origin).signIn('sato', folder === first ? 'nothing' : password)
      backups.push((await run(['ledger', 'checkpoint', '--data', folder])).stdout)
      await server.stop()
    }
    const note = newPath('note')
    writeFileSync(note, backups[0])
    const same = await verify(first, ['--checkpoint', note])
    assert.deepEqual([same.status, same.integrity], [0, 'holds'])
    const different = await verify(other, ['--checkpoint', note])
    assert.deepEqual([different.status, different.completeness], [3, 'different'])
  })

  test('of another ledger: other-key; of nobody: refused', async () => {
    const folder = newFolder('stranger')
    const server = await startServer({ data: folder, args: ['--web-processes', '1'] })
    const note = newPath('note')
    writeFileSync(note, (await run(['ledger', 'checkpoint', '--data', folder])).stdout)
    await server.stop()
    const result = await verifyTwice(genuine, ['--checkpoint', note])
    assert.deepEqual([result.status, result.completeness], [3, 'other-key'])
    for (const [text, status] of [['', 1], ['hello\n', 3]]) {
      writeFileSync(note, text)
      assert.equal((await verify(genuine, ['--checkpoint', note])).status, status)
    }
    assert.equal((await verify(genuine, ['--checkpoint', newPath('nobody')])).status, 1)
  })
})

describe('the live ledger, changed behind the back of the keeper', { skip: has('python3') ? false : 'python3, which changes the store, is not here' }, () => {
  const change = async sql => {
    const folder = newFolder('live')
    copyData(folder)
    const script = `import sqlite3, sys\nd = sqlite3.connect(sys.argv[1], isolation_level=None)\nd.executescript(sys.argv[2])`
    const ended = await run(['-c', script, join(folder, 'sonae.db'), sql], { command: ['python3'] })
    assert.equal(ended.status, 0, ended.stderr)
    return folder
  }
  const swap = 'UPDATE ledger_record SET number = -1 WHERE number = 3; UPDATE ledger_record SET number = 3 WHERE number = 4; UPDATE ledger_record SET number = 4 WHERE number = -1;'
  for (const [name, sql, fault, bad] of [
    ['a byte of a record', "UPDATE ledger_record SET bytes = CAST(substr(bytes, 1, 45) || x'ff' || substr(bytes, 47) AS BLOB) WHERE number = 2;", 'leaf', 2],
    ['a record gone', 'DELETE FROM ledger_record WHERE number = 4;', 'number', 4],
    ['two records swapped', swap, 'number', 3],
    ['the first record gone', 'DELETE FROM ledger_record WHERE number = 0;', 'number', 0],
  ]) {
    test(`${name}: found, and the first bad record is named`, async () => {
      const result = await verify(await change(sql))
      assert.deepEqual([result.status, result.fault, result.first_bad_record], [3, fault, bad])
    })
  }

  test('a tail cut with its checkpoints: found against the kept one', async () => {
    const folder = await change('DELETE FROM ledger_record WHERE number > 3; DELETE FROM ledger_checkpoint WHERE size > 4;')
    const result = await verify(folder, ['--checkpoint', kept])
    assert.deepEqual([result.status, result.completeness], [3, 'cut'])
  })

  test('a cut tail alone: the checkpoint that is left says so', async () => {
    const folder = await change('DELETE FROM ledger_record WHERE number > 3;')
    const result = await verify(folder)
    assert.deepEqual([result.status, result.fault, result.first_bad_record], [3, 'number', 4])
  })
})

describe('bad use of the ledger commands', () => {
  test('no data, a missing file, too many operands', async () => {
    const nothing = newFolder('empty')
    for (const [args, status] of [[['export', newPath('x')], 2], [['checkpoint'], 2], [['verify', newPath('nobody')], 2], [['verify'], 2], [['verify', 'a', 'b'], 1], [['checkpoint', 'x'], 1], [['export'], 1]]) {
      const ended = await run(['ledger', args[0], '--data', nothing, ...args.slice(1)])
      assert.equal(ended.status, status, args.join(' '))
      assert.match(ended.stderr, /^sonae: ./)
      assert.equal(ended.stdout, '')
    }
  })

  test('an export is for the eyes of its owner', () => {
    assert.equal(statSync(genuine).mode & 0o777, 0o600)
  })

  test('the second verifier says in one line what it cannot read', async () => {
    for (const args of [['/nowhere'], ['--checkpoint', '/nowhere', '/nowhere'], ['--checkpoint']]) {
      const { status, stdout, stderr } = await run([second, ...args], { command: [process.execPath] })
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(stderr, /^\S*: ENOENT[^\n]*\n$/)
    }
  })
})
