// Checks the gift's proof here, in the reader's browser, and only then shows the seal.
//
// The chain: what this page says ─ the record's bytes ─ leaf hash ─ path ─ root ─ checkpoint ─
// signature ─ the log's key. Everything comes from this origin; the key is compared with paper by
// the reader, because a page cannot vouch for its own server.

import { Refusal, verifyEntry } from "../tlog/verify.js";

const box = document.querySelector("[data-trace-proof]");
const said = { zh: document.documentElement.lang.startsWith("zh"), ...box.dataset };
const part = (name) => box.querySelector(`[data-part="${name}"]`);
const text = (name) => box.querySelector(`template[data-say="${name}"]`).content.cloneNode(true);
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/** What keeps us from looking, which says nothing against the books. */
class Unchecked extends Error {}
/** The log's own files do not fit, or the page says something else than the record. */
class DoesNotHold extends Error {}

async function fetched(address) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", referrerPolicy: "no-referrer" });
  } catch {
    throw new Unchecked();
  }
  if (answer.status === 409) throw new DoesNotHold((await answer.text()).split("\n")[said.zh ? 0 : 1]);
  if (!answer.ok) throw new Unchecked();
  return new Uint8Array(await answer.arrayBuffer());
}

/** The record tells of this gift: its id, its day, its sum and its purpose as this page has them. */
function sameGift(record) {
  const [step, ...more] = record.steps;
  return (
    record.id === said.entry &&
    record.act === "gift" &&
    record.occurred_on === said.day &&
    record.society === said.society &&
    more.length === 0 &&
    String(step.quantity) === said.amount &&
    step.pool.purpose === said.purpose
  );
}

function show(name, facts = {}) {
  const words = text(name);
  for (const [key, value] of Object.entries(facts)) {
    for (const slot of words.querySelectorAll(`[data-fact="${key}"]`)) slot.textContent = value;
  }
  part("verdict").replaceChildren(words);
  box.dataset.state = name;
}

function showProven(found, record, spent) {
  const times = found.signatures.map((one) => one.time).filter((time) => time !== null);
  const signers = new Set(found.signatures.map((one) => one.name));
  show("proven", {
    hashes: grouped(found.way.length + 1),
    ms: grouped(Math.max(1, Math.round(spent))),
    size: grouped(found.size),
  });
  part("signers").textContent = [...signers].join(said.zh ? "、" : ", ");
  part("size").textContent = grouped(found.size);
  if (times.length) {
    // In China's time, as all times of these pages.
    const signed = new Date((Math.max(...times) + 8 * 3600) * 1000);
    part("signed").textContent = signed.toISOString().slice(0, 16).replace("T", " ");
  }
  part("root").textContent = btoa(String.fromCharCode(...found.root));
  part("record").textContent = JSON.stringify(record, null, 2);
  part("seal").replaceChildren(text("seal"));
}

async function check() {
  show("checking");
  const [proof, entry, keys] = await Promise.all([
    fetched(said.proof),
    fetched(said.record),
    fetched(said.key),
  ]);
  const vkeys = new TextDecoder().decode(keys).split("\n").filter(Boolean);
  const began = performance.now();
  const found = await verifyEntry({ proof, entry, vkeys });
  const spent = performance.now() - began;
  const record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry));
  if (String(found.index) !== said.index || !sameGift(record)) {
    show("differs");
    return;
  }
  showProven(found, record, spent);
}

try {
  await check();
} catch (error) {
  part("seal").replaceChildren();
  if (error instanceof Refusal) {
    const [why, next] = said.zh ? [error.zh, error.next.zh] : [error.en, error.next.en];
    show(error.unchecked ? "unchecked" : "failed", { why, next });
  } else if (error instanceof DoesNotHold) {
    show("failed", { why: error.message, next: "" });
  } else {
    show("unchecked", { why: "", next: "" });
    if (!(error instanceof Unchecked)) throw error;
  }
}
