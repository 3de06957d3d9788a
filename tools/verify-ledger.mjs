#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A second verifier of ledger exports, written from docs/ledger.md alone: only what comes with node.
//   node tools/verify-ledger.mjs [--checkpoint FILE] EXPORT...
// Prints one line of JSON for each file; exit status 0 when all are whole, 3 when one is not, 1 for bad use.
import { isUtf8 } from 'node:buffer';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const read = (path) => { try { return readFileSync(path); } catch (e) { process.stderr.write(`${path}: ${e.message}\n`); process.exit(1); } };
const same = (a, b) => Buffer.compare(a, b) === 0;
const WORD = /^[a-z0-9._:\/-]{1,64}$/;
const KEY_NAME = /^[!-*,-~]{1,64}$/;
const DECIMAL = /^(0|[1-9][0-9]{0,19})$/;

class Fault extends Error {}
const need = (condition, word) => { if (!condition) throw new Fault(word); };

/** Canonical Base64 only; null for anything else. */
const base64 = (text) => { const bytes = Buffer.from(text, 'base64'); return bytes.toString('base64') === text ? bytes : null; };

/** Section "Record" of docs/ledger.md. */
class Cursor {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  take(n) {
    need(this.at + n <= this.bytes.length, 'encoding');
    return this.bytes.subarray(this.at, this.at += n);
  }
  u8() { return this.take(1)[0]; }
  u32() { return this.take(4).readUInt32BE(); }
  u64() { return this.take(8).readBigUInt64BE(); }
  time() { need(this.u64() < 1n << 63n, 'encoding'); }
  text() { return this.take(this.u8()); }
  word(mayBeEmpty = false) {
    const text = this.text().toString('latin1');
    need(WORD.test(text) || (mayBeEmpty && text === ''), 'encoding');
    return text;
  }
  name() {
    const bytes = this.text();
    need(bytes.length >= 1 && bytes.length <= 128, 'encoding');
    need(isUtf8(bytes) && !/[\u0000-\u001f\u007f-\u009f]/.test(bytes.toString()), 'encoding');
  }
  /** A list of at most max entries, keys strictly ascending. */
  list(max, entry) {
    const count = this.u8();
    need(count <= max, 'encoding');
    for (let i = 0, last = ''; i < count; i++) {
      const key = this.word();
      need(key > last, 'encoding');
      entry();
      last = key;
    }
  }
}

/** One byte chooses how to read what follows. */
const choose = (c, readers) => { const i = c.u8(); need(readers[i], 'encoding'); readers[i](); };

/** { number, previous } of a record; throws when one byte is not as it must be. */
function readRecord(bytes) {
  const c = new Cursor(bytes);
  need(c.u8() === 1, 'encoding');
  const number = c.u64(), previous = c.take(32);
  c.time();
  choose(c, [() => {}, () => need(c.u64() > 0n, 'encoding'), () => c.word()]);
  c.word();
  choose(c, [() => {}, () => c.name(), () => c.take(32)]);
  c.word(true);
  c.list(64, () => need(c.u32() > 0, 'encoding'));
  c.list(16, () => choose(c, [null, () => c.u64(), () => c.word(), () => c.time(), () => c.take(32)]));
  need(c.at === bytes.length, 'encoding');
  return { number, previous };
}

/** RFC 6962, 2.1, leaf by leaf: the roots of the full subtrees, largest first. */
class Tree {
  constructor() { this.size = 0n; this.subtrees = []; }
  append(leaf) {
    for (let n = this.size; n & 1n; n >>= 1n) leaf = sha256(Buffer.of(1), this.subtrees.pop(), leaf);
    this.subtrees.push(leaf);
    this.size++;
  }
  root() {
    if (this.size === 0n) return sha256(Buffer.alloc(0));
    return this.subtrees.reduceRight((right, left) => sha256(Buffer.of(1), left, right));
  }
}

/** <name>+<key id>+<Base64 of 0x01 and the public key> */
function readKey(text) {
  const [, name, id, rest] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text) ?? [];
  const typed = rest && base64(rest);
  need(typed && KEY_NAME.test(name) && typed.length === 33 && typed[0] === 1, 'key');
  const keyId = sha256(name, '\n', typed).subarray(0, 4);
  need(keyId.toString('hex') === id, 'key');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]);
  return { name, keyId, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** C2SP signed-note around a C2SP tlog-checkpoint: { size, root }. */
function readCheckpoint(note, key) {
  const gap = note.indexOf('\n\n');
  need(note.length <= 4096 && gap >= 0 && note.at(-1) === 10, 'checkpoint-form');
  const body = note.subarray(0, gap + 1);
  const [origin, size, rootText, ...more] = body.toString('latin1').split('\n');
  const root = base64(rootText ?? '');
  need(root?.length === 32 && KEY_NAME.test(origin) && /^[0-9]+$/.test(size) && BigInt(size) < 1n << 64n, 'checkpoint-form');
  need(origin === key.name, 'checkpoint-signature');
  need(DECIMAL.test(size) && more.length === 1 && more[0] === '', 'checkpoint-form');
  let isSigned = false;
  for (const line of note.subarray(gap + 2, -1).toString('latin1').split('\n')) {
    const [, name, text] = /^\u00e2\u0080\u0094 ([^ ]*) (.*)$/s.exec(line) ?? [];
    const bytes = text && base64(text);
    need(bytes && bytes.length > 4 && KEY_NAME.test(name), 'checkpoint-form');
    if (name !== key.name || !same(bytes.subarray(0, 4), key.keyId)) continue;
    need(bytes.length === 68 && verify(null, body, key.publicKey, bytes.subarray(4)), 'checkpoint-signature');
    isSigned = true;
  }
  need(isSigned, 'checkpoint-signature');
  return { size: BigInt(size), root };
}

class Verifier {
  constructor(keptNote) { Object.assign(this, { keptNote, tree: new Tree(), last: Buffer.alloc(32), checkpoints: 0n, sealed: 0n }); }
  useKey(text) {
    this.key = readKey(text);
    if (!this.keptNote) return;
    try { this.kept = readCheckpoint(this.keptNote, this.key); } catch { this.isForeign = true; }
  }
  record(fields) {
    const [, number, leafText, text] = /^([^ ]*) ([^ ]*) (.+)$/.exec(fields) ?? [];
    const leaf = base64(leafText ?? ''), bytes = base64(text ?? '');
    need(leaf?.length === 32 && bytes?.length > 0, 'file-form');
    need(number === String(this.tree.size), 'number');
    need(same(sha256(Buffer.of(0), bytes), leaf), 'leaf');
    const record = readRecord(bytes);
    need(record.number === this.tree.size, 'number');
    need(same(record.previous, this.last), 'chain');
    this.tree.append(this.last = leaf);
    if (this.kept?.size === this.tree.size) this.differs = !same(this.kept.root, this.tree.root());
  }
  checkpoint(text) {
    const note = base64(text);
    need(note && note.length > 0, 'checkpoint-form');
    const checkpoint = readCheckpoint(note, this.key);
    need(checkpoint.size <= this.tree.size, 'number');
    need(checkpoint.size === this.tree.size, 'checkpoint-size');
    need(same(checkpoint.root, this.tree.root()), 'checkpoint-root');
    this.checkpoints++;
    this.sealed = checkpoint.size;
  }
  completeness(fault) {
    if (this.isForeign) return 'other-key';
    if (this.differs) return 'different';
    if (fault !== 'fine') return 'unknown';
    if (this.kept && this.kept.size > this.tree.size) return 'cut';
    return this.checkpoints > 0n && this.sealed === this.tree.size ? 'sealed' : 'open';
  }
  file(bytes) {
    const lines = bytes.toString('latin1').split('\n'), rest = lines.pop();
    let state = 'head';
    for (const line of lines) {
      const [, word, fields] = /^(record|checkpoint|end) (.*)$/s.exec(line) ?? [];
      need(state !== 'ended', 'end');
      need(line.length <= 16384, 'file-form');
      need({ head: line === 'sonae-ledger-export 1', key: line.startsWith('key '), entry: word }[state], 'file-form');
      if (state === 'key') this.useKey(line.slice(4));
      if (state === 'entry') this[word](fields);
      state = state === 'head' ? 'key' : word === 'end' ? 'ended' : 'entry';
    }
    need(state === 'ended' && rest === '', 'end');
  }
  end(fields) { need(fields === `${this.tree.size} ${this.checkpoints}`, 'end'); }
}

function answer(path, keptNote) {
  const v = new Verifier(keptNote);
  let fault = 'fine';
  try { v.file(read(path)); } catch (e) {
    if (!(e instanceof Fault)) throw e;
    fault = e.message;
  }
  const isRecord = ['file-form', 'key', 'leaf', 'encoding', 'number', 'chain'].includes(fault);
  const completeness = v.completeness(fault);
  process.stdout.write(`{"records":${v.tree.size},"checkpoints":${v.checkpoints},"sealed":${v.sealed},` +
    `"integrity":"${fault === 'fine' ? 'holds' : 'broken'}","fault":"${fault}",` +
    `"first_bad_record":${isRecord ? v.tree.size : null},"completeness":"${completeness}","compared":${!!v.keptNote && !!v.key}}\n`);
  return fault === 'fine' && (completeness === 'sealed' || completeness === 'open');
}

const args = process.argv.slice(2);
const keptNote = args[0] === '--checkpoint' ? read(args.splice(0, 2)[1] ?? '') : null;
if (args.length === 0) {
  process.stderr.write('verify-ledger.mjs [--checkpoint FILE] EXPORT...\n');
  process.exit(1);
}
process.exitCode = args.map((path) => answer(path, keptNote)).every(Boolean) ? 0 : 3;
