"""Small numbers as people say them: 三十五, 一百二, 两, 1.5. Up to 999; more is no time of arrival.

(cn2an was looked at: MIT, 227 kB and a dependency, for numbers up to 亿 that nobody answers.)
"""

from __future__ import annotations

from fractions import Fraction

DIGITS = dict(
    zip("零〇一二两俩三四五六七八九", (0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
NUMBER = rf"(?:\d{{1,4}}(?:\.\d)?|[{''.join(DIGITS)}十百]{{1,5}})"


def number_of(text: str) -> Fraction | None:
    """None for what is no number, or not one number (二三)."""
    if text[:1].isascii():
        return Fraction(text)
    total, digit = 0, None
    for place, character in enumerate(text):
        if character in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[character]
        else:
            unit = {"十": 10, "百": 100}[character]
            if digit is None and not (unit == 10 and place == 0):
                return None
            total += unit * (1 if digit is None else digit)
            digit = None
    if digit is not None:
        # 一百二 is 120, 一百零二 is 102.
        tens = len(text) > 1 and text[-2] == "百"
        total += digit * 10 if tens else digit
    return Fraction(total)


def between(text: str) -> Fraction | None:
    """The larger one of 二三十, 十五六, 三四."""
    for place in range(len(text) - 1):
        if text[place] in DIGITS and text[place + 1] in DIGITS and text[place] not in "零〇":
            return number_of(text[:place] + text[place + 1 :])
    return None
