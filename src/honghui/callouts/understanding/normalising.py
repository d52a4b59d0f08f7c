"""One way to write each thing: widths, traditional characters, slips of the thumb, pinyin; and
what is not theirs falls away (the quoted message, the telephone's own signature)."""

from __future__ import annotations

import re
import unicodedata

# Only what occurs in answers; a whole converter would be a dependency of 2 MB for forty characters.
_SIMPLER = str.maketrans(
    "來過趕辦個鐘鍾時點後開車參沒問題對錯謝們夠馬備應該現發燒醫檢帶裝隊見義說話認識請訂買東別長條業務當兒會"
    "裡裏號達進還讓給萬為樣嗎麼無響聽實際員區縣機場線嘆歡樂頭媽爺腳關係緊擔雖夜間兩嚴單",
    "来过赶办个钟钟时点后开车参没问题对错谢们够马备应该现发烧医检带装队见义说话认识请订买东别长条业务当儿会"
    "里里号达进还让给万为样吗么无响听实际员区县机场线叹欢乐头妈爷脚关系紧担虽夜间两严单",
)
_QUOTED = (
    re.compile(r"^\s*[>|].*$", re.MULTILINE),
    re.compile(r"-{2,}\s*(?:原始|转发|original|forwarded).*", re.DOTALL | re.IGNORECASE),
    re.compile("「[^」]*【[^」]*」"),
    re.compile("「[^」]{12,}」"),
)
_SIGNED = (
    re.compile(r"(?:[-—]+\s*)?(?:发自|来自|sent from)[^\n]*$", re.IGNORECASE),
    re.compile(r"\n\s*-{2,}\s*\n.*", re.DOTALL),
    re.compile(r"(?<=.)【[^】]*】\s*$", re.DOTALL),
)
_SLIPS = (
    (re.compile(r"(?<=\d)[o](?=\d|\b|[^a-z])"), "0"),
    (re.compile(r"(?<![a-z])[o](?=\d)"), "0"),
    (re.compile("分[终种中忠衷]"), "分钟"),
    (re.compile("(?<=小时|分钟)[倒道]"), "到"),
    (re.compile("不(?:liao|le)(?![a-z])"), "不了"),
    (re.compile("[取曲趣]不"), "去不"),
    (re.compile("^[取曲趣区](?=\\s*\\d)"), "去"),
    (re.compile("不[鸟料聊廖](?=$|[了哦啊呀,.!~\\s])"), "不了"),
)
# Each character by itself: 去 不 了.
_SPACED = re.compile("[\u4e00-\u9fff](?: [\u4e00-\u9fff])+")
_PICTURES = str.maketrans({"👌": "ok", "👍": "收到", "✅": "收到", "❓": "?", "❔": "?"})
_PINYIN = {
    "qu": "去", "lai": "来", "bu": "不", "liao": "了", "le": "了", "xing": "行", "wo": "我",
    "dao": "到", "ban": "半", "ge": "个", "xiaoshi": "小时", "fenzhong": "分钟", "fen": "分",
    "dian": "点", "neng": "能", "keyi": "可以", "mei": "没", "kong": "空", "ma": "马",
    "mashang": "马上", "haode": "好的", "hao": "好", "shoudao": "收到", "beiqin": "备勤",
    "ren": "人", "gou": "够", "zai": "再", "jiao": "叫", "zhong": "钟", "yige": "一个",
}  # fmt: skip
_SPELT = sorted(_PINYIN, key=len, reverse=True)
# Possessive: what was taken is not taken apart again. Else forty digits and a stray letter are read
# in a million million ways, and whoever sends them stops the worker.
_PINYIN_RUN = re.compile(rf"(?:(?>(?:{'|'.join(_SPELT)})\s*|\d+\s*|[,.!]\s*))++")


def normalised(text: str) -> str:
    """Lower case, ASCII digits and punctuation, simplified characters; lines stay lines."""
    plain = unicodedata.normalize("NFKC", text).replace("\r", "")
    for pattern in (*_QUOTED, *_SIGNED):
        plain = pattern.sub("", plain)
    plain = plain.lower().translate(_SIMPLER).translate(_PICTURES)
    plain = plain.replace("’", "'").replace("‘", "'")
    plain = re.sub("[。、;；…·]+|\\.{2,}", ",", plain)
    plain = "".join(each for each in plain if not _is_picture(each))
    for pattern, better in _SLIPS:
        plain = pattern.sub(better, plain)
    plain = plain.strip()
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    return _from_pinyin(plain)


def _is_picture(character: str) -> bool:
    """Emoji and their joiners, invisible characters: no words, whatever they show."""
    kind = unicodedata.category(character)
    return kind in ("So", "Sk", "Cf", "Cs", "Co", "Mn", "Me") or (
        kind == "Cc" and character not in "\n\t"
    )


def _from_pinyin(text: str) -> str:
    """`bu qu` → 不去, if all of it is made of the few syllables that answers are made of."""
    joined = re.sub(r"(?<=[a-z])\s+(?=[a-z])", "", text)
    if not re.search("[a-z]", joined) or not _PINYIN_RUN.fullmatch(joined):
        return text
    return re.sub("|".join(_SPELT), lambda found: _PINYIN[found[0]], joined)
