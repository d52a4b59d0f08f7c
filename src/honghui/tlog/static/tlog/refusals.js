// Why something is not proven: a stable code, what happened, and what to do next, in the two
// languages. A sentence names the leaf and the hash it is about.

const AGAIN = {
  zh: "文件可能在转发中被改动。请重新下载原文件，不要用编辑软件打开再存；还是不行，就把这句话发给出证明的人。",
  en:
    "The file may have been changed on its way. Download it again, without saving it from an " +
    "editor. If it stays so, send this sentence to whoever issued it.",
};
const KEY = {
  zh: "公钥要从证明以外的地方拿：报纸、收据、另一家红会的网站。逐字比对，再填一遍。",
  en:
    "Take the key from somewhere other than the proof: the newspaper, a receipt, another " +
    "society's site. Compare it letter by letter, and enter it again.",
};
const ALARM = {
  zh: "先看看原文、证明和公钥是不是一套。确是一套，就是有人改过：三样都留好，交给监督员或记者。",
  en:
    "First see whether entry, proof and key belong together. If they do, somebody altered " +
    "something: keep all three, and give them to a supervisor or a reporter.",
};
const OTHER_TOOL = {
  zh: "这一类签名要用 verify.py 核对。在这里请删去这把公钥，再验一遍。",
  en: "Signatures of that type are checked by verify.py. Here, remove this key and check again.",
};
const ELSEWHERE = {
  zh: "这不说明证明有错，只是没有验。换一个新一些的浏览器，或把本页存下来，从磁盘上打开。",
  en:
    "This says nothing against the proof: it was not checked. Use a newer browser, or save this " +
    "page and open it from the disk.",
};

/** What a sentence may be about: {part}, and {at} where there are several. */
const PARTS = {
  size: ["账本的大小", "size"],
  root: ["树根", "root"],
  index: ["记录号", "index"],
  time: ["联署时间", "time of the cosignature"],
  extra: ["附带数据", "extra data"],
  key: ["公钥", "key"],
  hash: ["路径上第 {at} 个散列", "hash {at} of the path"],
  signature: ["第 {at} 行签名", "signature line {at}"],
};

/** code: [what to do next, Chinese, English] */
const SENTENCES = {
  too_long: [AGAIN, "文件超过 {limit} 字节。", "The file is longer than {limit} bytes."],
  not_utf8: [AGAIN, "文件不是 UTF-8 文字。", "The bytes are not UTF-8 text."],
  control: [AGAIN, "第 {line} 行有控制字符。", "Line {line} holds a control character."],
  base64: [
    AGAIN,
    "{part}不是规范的 Base64：{value}",
    "Not canonical base64, {part}: {value}",
  ],
  number: [
    AGAIN,
    "{part}不是规范的十进制数：{value}",
    "Not a decimal number without leading zeros, {part}: {value}",
  ],
  number_large: [
    AGAIN,
    "{part}超过 2^53−1，浏览器算不准：{value}",
    "Over 2^53−1, which a browser cannot compute exactly, {part}: {value}",
  ],
  hash_size: [
    AGAIN,
    "{part}应有 32 字节，实有 {bytes} 字节。",
    "A hash has 32 bytes, this one {bytes}: {part}.",
  ],
  note_end: [
    AGAIN,
    "检查点末尾应恰有一个换行。",
    "The checkpoint does not end in exactly one line end.",
  ],
  note_blank: [
    AGAIN,
    "检查点的正文和签名之间没有空行。",
    "No empty line parts the checkpoint's text from its signatures.",
  ],
  note_lines: [
    AGAIN,
    "签名有 {count} 行，最多读 {limit} 行。",
    "There are {count} signature lines; at most {limit} are read.",
  ],
  signature_line: [
    AGAIN,
    "第 {line} 行不是签名行：{value}",
    "Line {line} is no signature line: {value}",
  ],
  checkpoint_lines: [
    AGAIN,
    "检查点的正文应是三行：账本、大小、树根。",
    "A checkpoint's text is three lines: origin, size, root.",
  ],
  checkpoint_extension: [
    AGAIN,
    "检查点的正文多出一行：{value}",
    "The checkpoint's text has a line too many: {value}",
  ],
  proof_header: [
    AGAIN,
    "第一行应是 {wanted}，这里是：{value}",
    "The first line should be {wanted}; it is: {value}",
  ],
  proof_index: [
    AGAIN,
    "缺少“index”一行，这里是：{value}",
    "The index line is missing; in its place stands: {value}",
  ],
  proof_checkpoint: [AGAIN, "证明里没有检查点。", "The proof holds no checkpoint."],
  key_format: [KEY, "这不是一把公钥：{value}", "This is no key: {value}"],
  key_id: [
    KEY,
    "公钥写的编号是 {id}，按内容算是 {wanted}：有地方抄错了。",
    "The key's id says {id}, its content gives {wanted}: something was copied wrongly.",
  ],
  key_size: [
    KEY,
    "公钥应有 32 字节，实有 {bytes} 字节。",
    "A key has 32 bytes, this one {bytes}.",
  ],
  key_type: [
    OTHER_TOOL,
    "{name} 的公钥是第 {type} 类，这里只会核对 Ed25519（01 和 04）。",
    "The key of {name} is of type {type}; only Ed25519 (01 and 04) is checked here.",
  ],
  no_known_key: [
    KEY,
    "没有一行签名出自你给的公钥。签名的是：{names}",
    "No signature line is by a key you gave. Signed by: {names}",
  ],
  log_not_signed: [
    KEY,
    "账本 {origin} 自己没有签名，或者你没有给它的公钥。",
    "The log {origin} did not sign, or its key was not given.",
  ],
  signature_fails: [
    ALARM,
    "{name}（{id}）的签名和这个检查点对不上。",
    "The signature of {name} ({id}) does not fit this checkpoint.",
  ],
  leaf_outside: [
    ALARM,
    "第 {leaf} 号不在账上：账本共 {size} 条，从 0 数起。叶散列 {hash}。",
    "Leaf {leaf} is not in the log: it has {size} entries, from 0. Leaf hash {hash}.",
  ],
  path_length: [
    ALARM,
    "第 {leaf} 号的路径应有 {wanted} 个散列，实有 {count} 个。叶散列 {hash}。",
    "The path of leaf {leaf} needs {wanted} hashes and has {count}. Leaf hash {hash}.",
  ],
  root_differs: [
    ALARM,
    "第 {leaf} 号走不到签过名的树根。叶散列 {hash}；算到的树根 {found}；签过名的树根 {wanted}。",
    "Leaf {leaf} does not lead to the signed root. Leaf hash {hash}; root computed {found}; " +
      "root signed {wanted}.",
  ],
  size_back: [
    ALARM,
    "账本变短了：从 {older} 条退到 {newer} 条。",
    "The log went back from {older} entries to {newer}.",
  ],
  consistency_length: [
    ALARM,
    "从 {older} 条到 {newer} 条的证明应有 {wanted} 个散列，实有 {count} 个。",
    "The proof from {older} entries to {newer} needs {wanted} hashes and has {count}.",
  ],
  history_differs: [
    ALARM,
    "账本 {size} 条时的树根应是 {wanted}，证明算出 {found}：历史被改过。",
    "The root at {size} entries is {wanted}, the proof gives {found}: history was altered.",
  ],
  no_webcrypto: [
    ELSEWHERE,
    "没能核对：浏览器在这里不提供加密算法（crypto.subtle）。",
    "Could not check: the browser offers no cryptography here (crypto.subtle).",
  ],
  no_ed25519: [
    ELSEWHERE,
    "没能核对：浏览器不会算 Ed25519，备用算法也没能载入。",
    "Could not check: the browser lacks Ed25519, and the fallback could not be loaded.",
  ],
};

/** Every code there is, for tests. */
export const CODES = Object.keys(SENTENCES);

/**
 * code: stable, for programs. zh, en: what happened. next: what to do, in both languages.
 * unchecked: we could not look, which is not the same as having found something wrong.
 * facts: the leaf, the hash, the line: whatever the code is about.
 */
export class Refusal extends Error {
  constructor(code, facts = {}) {
    const [next, zh, en] = SENTENCES[code];
    const fill = (sentence, parts) =>
      sentence
        .replace("{part}", parts ?? "")
        .replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
    const [partZh, partEn] = PARTS[facts.part] ?? [];
    super(fill(en, partEn));
    this.name = "Refusal";
    this.code = code;
    this.facts = facts;
    this.zh = fill(zh, partZh);
    this.en = fill(en, partEn);
    this.next = next;
    this.unchecked = next === ELSEWHERE;
  }
}
