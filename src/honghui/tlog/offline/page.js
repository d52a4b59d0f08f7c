// The offline page at work: three slots to fill, one button, one verdict.
//
// A file is checked byte for byte. What was pasted may have lost or won its last line end, which
// nobody sees: a pasted proof gets it back, a pasted entry is tried both ways, and the verdict
// says which one held. Whatever is changed after a verdict takes the verdict away.

import { loadFallbackWith, Refusal, verifyEntry } from "../static/tlog/verify.js";
import { missing, proven, refused } from "./picture.js";

const FILE_BYTES_MAX = 1_000_000;
const PREVIEW_LETTERS = 4000;
const NAMES = { proof: ["证明", "proof"], entry: ["原文", "entry"], keys: ["公钥", "keys"] };
const TITLES = { "zh-CN": "核对证明 · 红会", en: "Check a proof · Honghui" };

const root = document.documentElement;
const verdict = document.querySelector("#verdict");
const form = document.querySelector("form");
const nothing = [...verdict.childNodes];
const slots = new Map();

loadFallbackWith(async () => nobleEd25519());

/** A slot holds a file's bytes or, without one, what stands in its box. */
class Slot {
  constructor(element) {
    this.element = element;
    this.box = element.querySelector("textarea");
    this.label = element.querySelector("[data-file]");
    this.bytes = null;
    this.box.addEventListener("input", forget);
    element.querySelector("input").addEventListener("change", (event) => {
      if (event.target.files[0]) this.take(event.target.files[0]);
      // The same file, chosen again after it was changed, must count as a change.
      event.target.value = "";
    });
  }

  get empty() {
    return this.bytes === null && this.box.value === "";
  }

  async take(file) {
    forget();
    if (file.size > FILE_BYTES_MAX) {
      show(refused(new Refusal("too_long", { limit: FILE_BYTES_MAX })));
      return;
    }
    this.bytes = new Uint8Array(await file.arrayBuffer());
    this.box.value = new TextDecoder().decode(this.bytes).slice(0, PREVIEW_LETTERS);
    this.box.readOnly = true;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.append(...words("不用文件", "Remove"));
    drop.addEventListener("click", () => this.clear());
    this.label.replaceChildren(
      ...words(`${file.name}，${file.size} 字节`, `${file.name}, ${file.size} bytes`),
      drop,
    );
  }

  clear() {
    forget();
    this.bytes = null;
    this.box.value = "";
    this.box.readOnly = false;
    this.label.replaceChildren();
    this.box.focus();
  }

  mark(wrong) {
    if (wrong) this.box.setAttribute("aria-invalid", "true");
    else this.box.removeAttribute("aria-invalid");
  }
}

function words(zh, en) {
  return [["zh-CN", zh], ["en", en]].map(([lang, text]) => {
    const span = document.createElement("span");
    Object.assign(span, { className: "t", lang, textContent: text });
    return span;
  });
}

function show(box) {
  verdict.replaceChildren(box);
  root.dataset.verdict = "";
  verdict.querySelector("h2").focus();
  verdict.scrollIntoView({ block: "nearest" });
}

function forget() {
  if (!("verdict" in root.dataset)) return;
  delete root.dataset.verdict;
  verdict.replaceChildren(...nothing);
  for (const slot of slots.values()) slot.mark(false);
}

/** What to try as the entry, the likeliest first: [bytes or text, what to say about it]. */
function entries({ bytes, box }) {
  if (bytes) return [[bytes]];
  const text = box.value;
  return text.endsWith("\n")
    ? [[text], [text.slice(0, -1), ["粘贴的原文末尾多了一个换行，去掉它就相符。",
        "The pasted entry had one line end too many; without it, it agrees."]]]
    : [[text], [`${text}\n`, ["粘贴的原文末尾少了一个换行，补上它就相符。",
        "The pasted entry had lost its last line end; with it, it agrees."]]];
}

function proofText({ bytes, box }) {
  return bytes ?? (box.value.endsWith("\n") ? box.value : `${box.value}\n`);
}

function vkeys({ bytes, box }) {
  const text = bytes ? new TextDecoder().decode(bytes) : box.value;
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

async function judge() {
  const [proof, keys] = [proofText(slots.get("proof")), vkeys(slots.get("keys"))];
  let first;
  for (const [entry, remark] of entries(slots.get("entry"))) {
    try {
      return proven(await verifyEntry({ proof, entry, vkeys: keys }), remark);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      first ??= refusal;
      if (refusal.code !== "root_differs") break;
    }
  }
  return refused(first);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  forget();
  const empty = [...slots].filter(([, slot]) => slot.empty);
  if (empty.length) {
    show(missing(empty.map(([name]) => NAMES[name])));
    for (const [, slot] of empty) slot.mark(true);
    empty[0][1].box.focus();
    return;
  }
  form.setAttribute("aria-busy", "true");
  try {
    show(await judge());
  } finally {
    form.removeAttribute("aria-busy");
  }
});

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

// ── files dropped anywhere: on a slot they go there, elsewhere by what they are ─────────────

async function slotFor(file) {
  const start = await file.slice(0, 200).text();
  if (start.startsWith("c2sp.org/tlog-proof@")) return slots.get("proof");
  return slots.get(/^\S+\+[0-9a-f]{8}\+\S+\s/.test(`${start}\n`) ? "keys" : "entry");
}

const over = (target) => {
  for (const { element } of slots.values()) element.classList.toggle("over", element === target);
};

addEventListener("dragover", (event) => {
  event.preventDefault();
  over(event.target.closest?.(".slot"));
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) over(null);
});
addEventListener("drop", async (event) => {
  event.preventDefault();
  over(null);
  const files = [...(event.dataTransfer?.files ?? [])];
  const slot = slots.get(event.target.closest?.(".slot")?.dataset.slot);
  for (const file of files) {
    const goal = files.length === 1 && slot ? slot : await slotFor(file);
    await goal.take(file);
  }
});

// ── language and colours ────────────────────────────────────────────────────────────────────

const CHOOSE = {
  lang(value) {
    root.lang = value;
    document.title = TITLES[value];
  },
  theme(value) {
    if (value === "auto") delete root.dataset.theme;
    else root.dataset.theme = value;
  },
};

for (const group of document.querySelectorAll("[data-switch]")) {
  group.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    CHOOSE[group.dataset.switch](chosen.value);
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
  });
}
if (location.hash === "#en") document.querySelector('button[value="en"]').click();

for (const element of document.querySelectorAll(".slot")) {
  slots.set(element.dataset.slot, new Slot(element));
}
document.querySelector("#not-started").hidden = true;
