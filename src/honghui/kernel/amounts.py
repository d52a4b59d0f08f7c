"""Money: integers of fen, read from what people type and written the way receipts want it.

Reading is strict, because a guessed amount is a wrong amount: full-width digits and the comma of
either keyboard are folded, everything else that is not plainly an amount is refused with the
reason. Writing in capitals (大写) follows the central bank's basic rules for filling in bills
(中国人民银行《正确填写票据和结算凭证的基本规定》) and has an exact inverse, so that a receipt
can be checked by reading it back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.measures import Qualifier
from honghui.kernel.text import fold_digits
from honghui.kernel.units import format_scaled

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# Ten million million yuan: more than China's yearly public spending on any one purpose, and small
# enough that sums of thousands of such amounts still fit a PostgreSQL bigint.
AMOUNT_FEN_MAX = 10**15
_TYPED_CHARACTERS_MAX = 64

_PLAIN = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?")
_TYPED_VARIANTS = str.maketrans({"。": ".", "￥": "¥"})

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_PLACE_VALUES = {"拾": 10, "佰": 100, "仟": 1000}
_PAPER_VARIANTS = str.maketrans("貳參叄陸萬億圓圆正負〇幣", "贰叁叁陆万亿元元整负零币")
_PAPER = re.compile(
    r"(?P<minus>负)?(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?"
    r"零?(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?整?"
)


def parse_yuan(text: str, *, allow_negative: bool = False, field: str = "amount") -> int:
    """Read an amount in yuan, as typed or pasted, into fen.

    Takes "12,846,300.00", "￥１，２００", "35.5元"; a leading minus only if allow_negative.
    Raises Invalid "amounts.…" naming what is wrong: empty, not_text, negative, decimals, commas,
    exponent, chinese, too_large, not_amount.
    """
    if not isinstance(text, str):
        # A spreadsheet hands over floats, in which 0.1 + 0.2 is not 0.3: the caller formats first.
        raise _refused("not_text", _("The amount must be text such as 1234.50."), field=field)
    if len(text) > _TYPED_CHARACTERS_MAX:
        raise _refused("not_amount", _("This is too long for an amount."), field=field)
    # Blanks go only at the ends and beside the currency sign: "12 34" may be two numbers.
    body = fold_digits(text).translate(_TYPED_VARIANTS).strip()
    negative, body = _take_sign(body, allow_negative=allow_negative, field=field)
    body = body.removeprefix("¥").lstrip()
    if not negative:
        negative, body = _take_sign(body, allow_negative=allow_negative, field=field)
    body = body.removesuffix("元").rstrip()
    plain = _PLAIN.fullmatch(body)
    if plain is None:
        raise _why_not(body, field)
    yuan, decimals = plain.group(1).replace(",", ""), plain.group(2) or ""
    amount_fen = int(yuan) * 100 + int(decimals.ljust(2, "0"))
    if amount_fen > AMOUNT_FEN_MAX:
        raise _refused(
            "too_large",
            _("The amount is larger than %(most)s yuan.") % {"most": format_yuan(AMOUNT_FEN_MAX)},
            _("Check the number of zeros."),
            field=field,
        )
    return -amount_fen if negative else amount_fen


def format_yuan(amount_fen: int) -> str:
    """ "12,846,300.00": yuan with thousands commas, two decimals, a true minus (U+2212)."""
    return format_scaled(amount_fen, 2)


def split_yuan(amount_fen: int) -> tuple[str, str]:
    """("12,846,300", "00"): for setting the fen smaller. The minus stands with the yuan."""
    yuan, fen = format_yuan(amount_fen).split(".")
    return yuan, fen


def format_wan(amount_fen: int, *, decimals: int = 2) -> tuple[str, Qualifier]:
    """("1,284.63", EXACT): the amount in 万元 (ten thousand yuan), rounded half to even.

    The qualifier is ABOUT when rounding dropped anything: publish the word with the number.
    decimals: 0 to 6.
    """
    assert 0 <= decimals <= 6, "one fen is 0.000001 of ten thousand yuan"
    step = 10 ** (6 - decimals)
    count, rest = divmod(abs(amount_fen), step)
    if rest * 2 > step or (rest * 2 == step and count % 2):
        count += 1
    shown = format_scaled(-count if amount_fen < 0 else count, decimals)
    return shown, Qualifier.ABOUT if rest else Qualifier.EXACT


def capitals(amount_fen: int) -> str:
    """The amount in the capital numerals of receipts and cheques: "壹仟贰佰叁拾肆元伍角陆分".

    整 closes an amount that ends at 元 or 角 and never follows 分. Where the rules leave a 零
    open (1680.32, 107000.53) it is left out; parse_capitals reads both. Raises Invalid
    "amounts.too_large" beyond AMOUNT_FEN_MAX.
    """
    if abs(amount_fen) > AMOUNT_FEN_MAX:
        raise _refused("too_large", _("The amount is too large to be written out."))
    if amount_fen == 0:
        return "零元整"
    sign = "负" if amount_fen < 0 else ""
    ending = "" if amount_fen % 10 else "整"
    return sign + _spell(abs(amount_fen), "") + ending


def parse_capitals(text: str, *, field: str = "amount") -> int:
    """Read capital numerals into fen: the inverse of capitals, with the spellings paper allows.

    Allowed besides: 人民币 in front, 正 for 整, 圆 for 元, traditional characters, the optional
    零, no 整 after 角, 零元 before less than a yuan. Anything else raises Invalid
    "amounts.not_capitals": 壹佰伍元 might be 105 or 150, so it is nobody's amount.
    """
    wrong = _refused(
        "not_capitals",
        _("This is not an amount in capital numerals."),
        _("Write it like 壹仟贰佰叁拾肆元伍角整."),
        field=field,
    )
    if len(text) > _TYPED_CHARACTERS_MAX:
        raise wrong
    paper = "".join(text.split()).translate(_PAPER_VARIANTS).removeprefix("人民币").lstrip(":：")
    if paper == "零元整":
        return 0
    found = _PAPER.fullmatch(paper)
    if found is None:
        raise wrong
    jiao = _DIGITS.index(found["jiao"] or "零")
    fen = _DIGITS.index(found["fen"] or "零")
    amount_fen = _read_yuan(found["yuan"] or "") * 100 + jiao * 10 + fen
    # The reading above is loose; what decides is whether the rules spell that amount this way.
    unit_prefix = "(?:零元)?" + ("零?" if jiao == 0 else "") if amount_fen < 100 else ""
    ending = "" if fen else ("整?" if jiao else "整")
    lawful = unit_prefix + _spell(amount_fen, "零?") + ending
    body = paper.removeprefix("负")
    if not 0 < amount_fen <= AMOUNT_FEN_MAX or re.fullmatch(lawful, body) is None:
        raise wrong
    return -amount_fen if found["minus"] else amount_fen


def _take_sign(body: str, *, allow_negative: bool, field: str) -> tuple[bool, str]:
    if not body.startswith(("-", "+")):
        return False, body
    if body.startswith("+") or not allow_negative:
        raise _refused(
            "negative",
            _("An amount is written without a sign."),
            _("Money that goes the other way has its own form."),
            field=field,
        )
    return True, body[1:].lstrip()


def _why_not(body: str, field: str) -> Invalid:
    """The reason why this folded text is not an amount, most helpful first."""
    plain_decimals = re.fullmatch(r"[0-9,]*\.([0-9]*)", body)
    if body == "":
        return _refused("empty", _("The amount is missing."), field=field)
    if re.fullmatch(r"[0-9.,]+[eE][-+]?[0-9]+", body):
        return _refused(
            "exponent",
            _("The amount is in scientific notation, in which digits may have been lost."),
            _("In the spreadsheet, format the column as text or as a plain number."),
            field=field,
        )
    if re.search(r"[万亿千百十仟佰拾]|[一二三四五六七八九两壹贰叁肆伍陆柒捌玖]", body):
        return _refused(
            "chinese",
            _("The amount must be in digits, in yuan."),
            _("Write 120000 instead of 12万."),
            field=field,
        )
    if plain_decimals and len(plain_decimals.group(1)) > 2:
        return _refused(
            "decimals",
            _("The amount has more than two decimals."),
            _("One fen, 0.01 yuan, is the smallest amount."),
            field=field,
        )
    if re.fullmatch(r"[0-9,]+(\.[0-9]{1,2})?", body):
        return _refused(
            "commas",
            _("The commas in the amount do not separate every three digits."),
            _("Write 12,846,300.00, or leave the commas out."),
            field=field,
        )
    return _refused(
        "not_amount",
        _("This is not an amount of money."),
        _("Write it like 1234.50."),
        field=field,
    )


def _spell(amount_fen: int, optional_zero: str) -> str:
    """A positive amount in capitals without 整; optional_zero stands where a 零 is open."""
    yuan, cents = divmod(amount_fen, 100)
    jiao, fen = divmod(cents, 10)
    text = _spell_yuan(yuan, optional_zero) + "元" if yuan else ""
    if jiao:
        text += (optional_zero if yuan and yuan % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    return text + (_DIGITS[fen] + "分" if fen else "")


def _spell_yuan(yuan: int, optional_zero: str) -> str:
    """Groups of four digits: … 万 亿 万 (ones). A whole group of zeros reads as one 零."""
    text = ""
    skipped = False
    previous = 0
    for index in (3, 2, 1, 0):
        group = yuan // 10 ** (4 * index) % 10_000
        if group:
            if text and (skipped or group < 1000):
                text += "零"
            elif text and previous % 10 == 0:
                text += optional_zero
            text += _spell_group(group) + ("万" if index in (3, 1) else "")
        skipped, previous = group == 0, group
        if index == 2 and text:
            text += "亿"
    return text


def _spell_group(group: int) -> str:
    """1 to 9999: "壹仟零伍". One 零 for any run of zeros inside, none at either end."""
    text = ""
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += _DIGITS[digit] + _PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


def _read_yuan(text: str) -> int:
    """The value of capital numerals, read loosely: the caller checks the spelling."""
    upper = wan = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
            continue
        if character in _PLACE_VALUES:
            section += digit * _PLACE_VALUES[character]
        elif character == "万":
            wan, section = (section + digit) * 10_000, 0
        else:
            upper, wan, section = (upper + wan + section + digit) * 100_000_000, 0, 0
        digit = 0
    return upper + wan + section + digit


def _refused(
    code: str, sentence: _StrOrPromise, hint: _StrOrPromise = "", *, field: str = "amount"
) -> Invalid:
    return Invalid(f"amounts.{code}", sentence, hint, field=field)
