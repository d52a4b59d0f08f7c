// Verifies one entry of a transparency log, in the browser and offline too.
//
// The chain, from what somebody holds to whom they trust:
//
//   entry ─ leaf hash ─ inclusion path ─ root ─ checkpoint ─ signature ─ a key handed in
//
// RFC 6962 §2.1 hashing; RFC 9162 §2.1.3.2 and §2.1.4.2 proofs; C2SP signed-note, tlog-checkpoint,
// tlog-cosignature (Ed25519), tlog-proof. Each format has one way to be written, and every other
// way is refused by name. The keys never come from the file that is verified.

import { Refusal } from "./refusals.js";

export { Refusal };

const HASH_BYTES = 32;
const TEXT_BYTES_MAX = 1_000_000;
const SIGNATURE_LINES_MAX = 100;
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
/** Signature types of C2SP signed-note that are checked here. */
const NOTE = 0x01;
const COSIGNATURE = 0x04;

// ── text, numbers, bytes ────────────────────────────────────────────────────────────────────

const encode = (text) => new TextEncoder().encode(text);
const half = (number) => Math.floor(number / 2);
const same = (one, other) => hex(one) === hex(other);
const excerpt = (text) => (text.length > 80 ? `${text.slice(0, 80)}…` : text || "∅");

/** @param {Uint8Array} bytes @returns {string} */
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** UTF-8 text with no control character but the line end. */
function strictText(given) {
  const bytes = typeof given === "string" ? encode(given) : given;
  if (bytes.length > TEXT_BYTES_MAX) throw new Refusal("too_long", { limit: TEXT_BYTES_MAX });
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("not_utf8");
  }
  // A string with half a surrogate pair is encoded as something else.
  if (typeof given === "string" && text !== given) throw new Refusal("not_utf8");
  const control = text.search(/[\0-\x09\x0b-\x1f]/);
  if (control >= 0) {
    throw new Refusal("control", { line: text.slice(0, control).split("\n").length });
  }
  return text;
}

/** Base64 in its one canonical form: no other letters, full padding, no bits left over. */
function strictBase64(value, part, at = 0) {
  try {
    const letters = atob(value);
    if (value && btoa(letters) === value) return Uint8Array.from(letters, (c) => c.charCodeAt(0));
  } catch {
    // Refused below.
  }
  throw new Refusal("base64", { part, at, value: excerpt(value) });
}

function strictHash(value, part, at = 0) {
  const bytes = strictBase64(value, part, at);
  if (bytes.length !== HASH_BYTES) {
    throw new Refusal("hash_size", { part, at, bytes: bytes.length });
  }
  return bytes;
}

function strictNumber(value, part) {
  const facts = { part, value: excerpt(value) };
  if (!/^(0|[1-9][0-9]*)$/.test(value)) throw new Refusal("number", facts);
  if (Number(value) > NUMBER_MAX) throw new Refusal("number_large", facts);
  return Number(value);
}

// ── SHA-256 and Ed25519 ─────────────────────────────────────────────────────────────────────

function subtle() {
  // Plain http has no crypto.subtle, and neither have very old browsers.
  if (!globalThis.crypto?.subtle) throw new Refusal("no_webcrypto");
  return crypto.subtle;
}

const sha256 = async (bytes) => new Uint8Array(await subtle().digest("SHA-256", bytes));

let loadFallback = () => import("../vendor/noble-ed25519/index.js");
let engine;

/** Where to find @noble/ed25519 when it is needed: a function that returns the module. */
export function loadFallbackWith(load) {
  [loadFallback, engine] = [load, undefined];
}

/**
 * What verifies Ed25519 here: the browser, or @noble/ed25519 where the browser cannot (WeChat's).
 * @returns {Promise<{name: "webcrypto"|"noble", verify: function}>}
 */
export function ed25519() {
  engine ??= chooseEngine();
  return engine;
}

async function chooseEngine() {
  const web = subtle();
  const usable = (key) => web.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  // Any key will do for the question: here the curve's own base point.
  const point = Uint8Array.from({ length: HASH_BYTES }, (_, at) => (at ? 0x66 : 0x58));
  if (await usable(point).then(() => true, () => false)) {
    const verify = async (signature, message, key) =>
      web.verify({ name: "Ed25519" }, await usable(key), signature, message);
    return { name: "webcrypto", verify };
  }
  try {
    const noble = await loadFallback();
    const verify = (signature, message, key) =>
      noble.verifyAsync(signature, message, key, { zip215: false });
    return { name: "noble", verify };
  } catch {
    engine = undefined;
    throw new Refusal("no_ed25519");
  }
}

// ── keys and signed notes ───────────────────────────────────────────────────────────────────

/**
 * A key as `name+id+base64(type, key)`.
 * @param {string} vkey
 * @returns {Promise<{name: string, id: string, type: number, key: Uint8Array}>}
 */
export async function parseVkey(vkey) {
  const [, name, id, value] = /^([^\s\u0085+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(vkey) ?? [];
  if (!name) throw new Refusal("key_format", { value: excerpt(vkey) });
  const material = strictBase64(value, "key");
  const wanted = hex(await sha256(joined(encode(`${name}\n`), material))).slice(0, 8);
  if (id !== wanted) throw new Refusal("key_id", { id, wanted });
  const [type, key] = [material[0], material.slice(1)];
  if (type !== NOTE && type !== COSIGNATURE) {
    throw new Refusal("key_type", { type: hex([type]), name });
  }
  if (key.length !== HASH_BYTES) throw new Refusal("key_size", { bytes: key.length });
  return { name, id, type, key };
}

/** A note as its text and its signature lines, nothing verified yet. */
function splitNote(given) {
  const note = strictText(given);
  if (!note.endsWith("\n") || note.endsWith("\n\n")) throw new Refusal("note_end");
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0) throw new Refusal("note_blank");
  const text = note.slice(0, blank + 1);
  const rows = note.slice(blank + 2, -1).split("\n");
  if (rows.length > SIGNATURE_LINES_MAX) {
    throw new Refusal("note_lines", { count: rows.length, limit: SIGNATURE_LINES_MAX });
  }
  const above = text.split("\n").length;
  const lines = rows.map((row, at) => {
    const [, name, value] = /^— ([^\s\u0085+]+) (\S+)$/u.exec(row) ?? [];
    const refusal = new Refusal("signature_line", { line: above + at + 1, value: excerpt(row) });
    if (!name) throw refusal;
    const blob = strictBase64(value, "signature", at + 1);
    if (blob.length < 5) throw refusal;
    return { name, id: hex(blob.slice(0, 4)), signature: blob.slice(4) };
  });
  return { text, lines };
}

/** The signature of one line, or a refusal. @returns its time in seconds, null for a plain one. */
async function checkLine(text, line, key) {
  const wrong = new Refusal("signature_fails", { name: line.name, id: line.id });
  let [time, message, signature] = [null, text, line.signature];
  if (key.type === COSIGNATURE) {
    if (signature.length !== 72) throw wrong;
    const view = new DataView(signature.buffer, signature.byteOffset, 8);
    time = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
    if (time > NUMBER_MAX) throw new Refusal("number_large", { part: "time", value: time });
    message = `cosignature/v1\ntime ${time}\n${text}`;
    signature = signature.slice(8);
  }
  if (signature.length !== 64) throw wrong;
  const { verify } = await ed25519();
  const holds = await verify(signature, encode(message), key.key).catch(() => false);
  if (!holds) throw wrong;
  return time;
}

/**
 * A note opened with known keys: lines of strangers are passed over, every line of a known key
 * must hold, and one at least must be there.
 * @param {string|Uint8Array} given
 * @param {Awaited<ReturnType<typeof parseVkey>>[]} keys
 */
export async function openNote(given, keys) {
  const { text, lines } = splitNote(given);
  const signatures = [];
  for (const line of lines) {
    const key = keys.find((each) => each.name === line.name && each.id === line.id);
    if (!key) continue;
    const time = await checkLine(text, line, key);
    const known = signatures.some((each) => each.name === key.name && each.id === key.id);
    if (!known) signatures.push({ name: key.name, id: key.id, type: key.type, time });
  }
  if (!signatures.length) {
    const names = excerpt(lines.map((line) => line.name).join(", "));
    throw new Refusal("no_known_key", { names });
  }
  return { text, signatures, strangers: lines.length - signatures.length };
}

/** Origin, size and root, as a note's text has them: three lines and not one more. */
export function parseCheckpoint(text) {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length < 3 || lines.includes("")) throw new Refusal("checkpoint_lines");
  if (lines.length > 3) throw new Refusal("checkpoint_extension", { value: excerpt(lines[3]) });
  const [origin, size, root] = lines;
  return { origin, size: strictNumber(size, "size"), root: strictHash(root, "root") };
}

/** A checkpoint that its own log signed with a key handed in, and who else did. */
export async function openCheckpoint(given, keys) {
  const { text, signatures, strangers } = await openNote(given, keys);
  const checkpoint = parseCheckpoint(text);
  const { origin } = checkpoint;
  if (!signatures.some((each) => each.name === origin)) {
    throw new Refusal("log_not_signed", { origin: excerpt(origin) });
  }
  return { ...checkpoint, signatures, strangers };
}

// ── the tree ────────────────────────────────────────────────────────────────────────────────

/** @param {Uint8Array} entry */
export const leafHash = (entry) => sha256(joined([0], entry));
export const nodeHash = (left, right) => sha256(joined([1], left, right));

/** On which side the siblings stand, on the way from a leaf up to the root. */
function siblingSides(index, size) {
  const sides = [];
  for (let last = size - 1; last > 0; last = half(last), index = half(index)) {
    if (index % 2) sides.push("left");
    else if (index < last) sides.push("right");
    // Else it is the odd one at the right end: it goes up as it is.
  }
  return sides;
}

/**
 * RFC 9162 §2.1.3.2. Returns the way: at each step the sibling, its side, and what both give.
 * @param {{index: number, size: number, leaf: Uint8Array, path: Uint8Array[], root: Uint8Array}} _
 */
export async function verifyInclusion({ index, size, leaf, path, root }) {
  const facts = { leaf: index, size, hash: hex(leaf) };
  if (index >= size) throw new Refusal("leaf_outside", facts);
  const sides = siblingSides(index, size);
  if (path.length !== sides.length) {
    throw new Refusal("path_length", { ...facts, wanted: sides.length, count: path.length });
  }
  const way = [];
  let hash = leaf;
  for (const [at, side] of sides.entries()) {
    const sibling = path[at];
    hash = await (side === "left" ? nodeHash(sibling, hash) : nodeHash(hash, sibling));
    way.push({ side, sibling, hash });
  }
  if (!same(hash, root)) {
    throw new Refusal("root_differs", { ...facts, found: hex(hash), wanted: hex(root), way });
  }
  return way;
}

/**
 * RFC 9162 §2.1.4.2: the newer tree is the older one, grown.
 * @param {{size: number, root: Uint8Array}} older
 * @param {{size: number, root: Uint8Array}} newer
 * @param {Uint8Array[]} path
 */
export async function verifyConsistency(older, newer, path) {
  const facts = { older: older.size, newer: newer.size, count: path.length };
  if (older.size > newer.size) throw new Refusal("size_back", facts);
  const expect = (wanted) => {
    if (path.length !== wanted) throw new Refusal("consistency_length", { ...facts, wanted });
  };
  const agree = ({ size, root }, found) => {
    if (same(root, found)) return;
    throw new Refusal("history_differs", { size, wanted: hex(root), found: hex(found) });
  };
  if (older.size === 0 || older.size === newer.size) {
    expect(0);
    agree(older, older.size ? newer.root : await sha256(new Uint8Array()));
    return;
  }
  // Start from the largest whole subtree that ends where the older tree ended.
  let [index, last] = [older.size - 1, newer.size - 1];
  while (index % 2) [index, last] = [half(index), half(last)];
  const sides = siblingSides(index, last + 1);
  expect(sides.length + (index ? 1 : 0));
  const [start, ...siblings] = index ? path : [older.root, ...path];
  let [before, after] = [start, start];
  for (const [at, side] of sides.entries()) {
    const sibling = siblings[at];
    if (side === "left") before = await nodeHash(sibling, before);
    after = await (side === "left" ? nodeHash(sibling, after) : nodeHash(after, sibling));
  }
  agree(older, before);
  agree(newer, after);
}

// ── one entry's proof, whole ────────────────────────────────────────────────────────────────

/**
 * A C2SP tlog-proof. `extra` is handed on as it is: nobody signed it.
 * @param {string|Uint8Array} given
 */
export function parseProof(given) {
  const text = strictText(given);
  const blank = text.indexOf("\n\n");
  const lines = (blank < 0 ? text : text.slice(0, blank)).split("\n");
  const header = lines.shift();
  if (header !== PROOF_HEADER) {
    throw new Refusal("proof_header", { wanted: PROOF_HEADER, value: excerpt(header) });
  }
  const extra = lines[0]?.startsWith("extra ")
    ? strictBase64(lines.shift().slice("extra ".length), "extra")
    : null;
  const first = lines.shift() ?? "";
  if (!first.startsWith("index ")) throw new Refusal("proof_index", { value: excerpt(first) });
  if (blank < 0) throw new Refusal("proof_checkpoint");
  const index = strictNumber(first.slice("index ".length), "index");
  const path = lines.map((line, at) => strictHash(line, "hash", at + 1));
  return { index, path, extra, checkpoint: text.slice(blank + 2) };
}

/**
 * The whole chain for one entry. Returns everything a reader may want to see; throws a Refusal
 * that says what does not hold.
 * @param {{proof: string|Uint8Array, entry: string|Uint8Array, vkeys: string[]}} _
 */
export async function verifyEntry({ proof, entry, vkeys }) {
  const keys = await Promise.all(vkeys.map(parseVkey));
  const { index, path, extra, checkpoint } = parseProof(proof);
  const head = await openCheckpoint(checkpoint, keys);
  const leaf = await leafHash(typeof entry === "string" ? encode(entry) : entry);
  const way = await verifyInclusion({ index, size: head.size, leaf, path, root: head.root });
  const { name: engineName } = await ed25519();
  return { ...head, index, leaf, way, extra, engine: engineName };
}
