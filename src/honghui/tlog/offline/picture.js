// The verdict as a picture: who signed, and the way from the entry to the root.
//
// Every text is there in both languages, side by side; the page's style shows one of them. So
// the language can be switched without checking again.

import { hex } from "../static/tlog/verify.js";

const DAY_MS = 86_400_000;
const TIME_SECONDS_MAX = 8.64e12;

/** An element with attributes and children; texts among the children are safe as they are. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** One text in both languages; hashes in it are set as code. */
function both(zh, en) {
  const part = (lang, text) => {
    const pieces = text.split(/([0-9a-f]{64})/);
    const nodes = pieces.map((piece, at) => (at % 2 ? make("code", {}, piece) : piece));
    return make("span", { class: "t", lang }, ...nodes);
  };
  const pair = document.createDocumentFragment();
  pair.append(part("zh-CN", zh), part("en", en));
  return pair;
}

/** Seconds since 1970 as Beijing's time, and as UTC for the English reader. */
function moment(seconds) {
  if (seconds > TIME_SECONDS_MAX) return [`${seconds} 秒`, `${seconds} s`];
  const iso = (ms) => new Date(ms).toISOString().replace("T", " ").slice(0, -5);
  return [`${iso(seconds * 1000 + DAY_MS / 3)} 北京时间`, `${iso(seconds * 1000)} UTC`];
}

const count = (number) => number.toLocaleString("en-GB");

const heading = (zh, en, kind = {}) =>
  make("h2", { id: "verdict-title", tabindex: "-1", ...kind }, both(zh, en));

function row(rail, text) {
  return make("li", {}, make("span", { class: rail, "aria-hidden": "true" }), text);
}

function step({ side, sibling, hash }, at) {
  const [zh, en] = side === "left" ? ["左邻", "From the left"] : ["右邻", "From the right"];
  const name = make("b", {}, both(`第 ${at + 1} 步，${zh}`, `Step ${at + 1}. ${en}`));
  const joins = make("p", { class: "from" }, name, make("code", {}, hex(sibling)));
  const gives = make("p", {}, make("b", {}, both("合成", "Gives")), make("code", {}, hex(hash)));
  return [row(`rail rail--join rail--${side}`, joins), row("rail", gives)];
}

/** The way from a leaf to a root; `signed` is given when the root computed is not the signed one. */
function drawWay(leaf, way, signed) {
  const first = make("p", {}, make("b", {}, both("叶：原文的散列", "Leaf: hash of the entry")));
  first.append(make("code", {}, leaf));
  const rows = way.flatMap(step);
  const last = way.length ? hex(way.at(-1).hash) : leaf;
  rows.pop();
  const sum = signed ? "sum off" : "sum";
  const name = signed
    ? both("算到的树根", "Root computed")
    : both("树根，和签过名的相同", "Root, the same as the signed one");
  const root = make("p", { class: sum }, make("b", {}, name), make("code", {}, last));
  rows.push(row(`rail rail--root${signed ? " rail--off" : ""}`, root));
  if (signed) {
    const wanted = make("p", { class: "sum apart" });
    wanted.append(make("b", {}, both("≠ 签过名的树根", "≠ Root signed")));
    wanted.append(make("code", {}, signed));
    rows.push(row("rail rail--root rail--apart", wanted));
  }
  return make("ol", { class: "way" }, row("rail", first), ...rows);
}

function signer({ name, id, time }) {
  const line = make("li", {}, make("b", {}, name));
  const key = make("code", {}, id);
  const says = make("span", { class: "dim" });
  if (time === null) {
    says.append(both("签了名，公钥编号 ", "signed; key id "), key);
  } else {
    const [zh, en] = moment(time);
    says.append(both(`联署于 ${zh}，公钥编号 `, `cosigned at ${en}; key id `), key);
    if (time * 1000 > Date.now() + DAY_MS) {
      says.append(both("。比这台设备的钟还晚", ". Later than this device's clock"));
    }
  }
  line.append(says);
  return line;
}

function drawSigners({ signatures, strangers }) {
  const list = make("ul", { class: "signers" }, ...signatures.map(signer));
  if (strangers) {
    const text = both(
      `另有 ${strangers} 行签名，没有给公钥，没有核对。`,
      `Not checked, for no key was given: ${strangers} more.`,
    );
    list.append(make("li", { class: "unknown" }, make("span", { class: "dim" }, text)));
  }
  return list;
}

function facts(...pairs) {
  const list = make("dl", { class: "kv" });
  for (const [zh, en, value] of pairs) {
    list.append(make("dt", {}, both(zh, en)), make("dd", {}, value));
  }
  return list;
}

/** @param {object} found what verifyEntry returns @param {string[]} remark [zh, en], or nothing */
export function proven(found, remark) {
  const { origin, size, index, leaf, way, engine, extra, signatures } = found;
  const seal = make("span", { class: "seal" }, both("核对相符", "Agrees"));
  const title = heading(`第 ${count(index)} 号记录在账上`, `Entry ${count(index)} is in the log`);
  const box = make("div", { class: "verdict" }, make("div", { class: "title" }, title, seal));
  box.append(
    make("p", {}, both(
      "你手里的原文，一步步算得出账本签过名的树根。改一个字，就走不到。",
      "The entry in your hand leads, step by step, to the root the log signed. " +
        "With one letter changed it would not.",
    )),
    facts(
      ["账本", "Log", origin],
      ["记录", "Entry", both(`第 ${count(index)} 号，从 0 数起`, `${count(index)}, counted from 0`)],
      ["账本共有", "Log holds", both(`${count(size)} 条`, `${count(size)} entries`)],
      ["算法", "Computed by", engine === "webcrypto"
        ? both("浏览器自带", "the browser itself") : both("页内备用", "this page's fallback")],
    ),
  );
  if (remark) box.append(make("p", { class: "note" }, both(...remark)));
  box.append(make("h3", {}, both("谁签了名", "Who signed")), drawSigners(found));
  if (signatures.every((each) => each.time === null)) {
    box.append(make("p", { class: "note" }, both(
      "没有核对见证人的联署：这只说明账本自己这样说过。要防它对别人另说一套，请加上见证人的公钥。",
      "No witness's cosignature was checked: this shows only what the log itself said. Add " +
        "witnesses' keys, so that it cannot have told others otherwise.",
    )));
  }
  if (extra) {
    box.append(make("p", { class: "note" }, both(
      `证明附带 ${extra.length} 字节数据，没有人为它签名，不要据它判断。`,
      `The proof carries ${extra.length} bytes of extra data. Nobody signed them: ` +
        "do not rely on them.",
    )));
  }
  box.append(make("h3", {}, both("从原文到树根", "From the entry to the root")));
  box.append(drawWay(hex(leaf), way));
  return box;
}

/** @param {import("../static/tlog/verify.js").Refusal} refusal */
export function refused(refusal) {
  const { unchecked, next, code, facts: about } = refusal;
  const box = make("div", { class: `verdict verdict--${unchecked ? "unsure" : "bad"}` });
  box.append(
    unchecked
      ? heading("没能核对", "Could not check")
      : heading("没有通过", "Not proven", { class: "bad" }),
    make("p", {}, both(refusal.zh, refusal.en)),
    make("h3", {}, both("怎么办", "What to do")),
    make("p", {}, both(next.zh, next.en)),
  );
  if (about.way) {
    box.append(make("h3", {}, both("走到哪里", "Where it leads")));
    box.append(drawWay(about.hash, about.way, about.wanted));
  }
  box.append(make("p", { class: "dim small" }, both("代码 ", "Code "), make("code", {}, code)));
  return box;
}

/** Something is not filled in: nothing was checked. */
export function missing(names) {
  const zh = names.map(([name]) => name).join("、");
  const en = names.map(([, name]) => name).join(", ");
  return make("div", { class: "verdict verdict--unsure" },
    heading("还没有核对", "Not checked yet"),
    make("p", {}, both(`还缺：${zh}。填上再按“核对”。`, `Still missing: ${en}. Fill in, then check.`)),
  );
}
