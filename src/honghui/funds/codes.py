"""The code on a receipt, by which a giver follows their gift: 16 characters, 80 bits, in groups of
four. Nobody guesses one, and no list of them is ever shown."""

from __future__ import annotations

from honghui.funds.models.donations import CODE_LENGTH
from honghui.kernel.ids import CODE_ALPHABET, new_code
from honghui.kernel.text import fold_digits

# What people read wrongly, as Crockford's base 32 has it.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", " -\u00b7\u2014_")


def fresh_code() -> str:
    return new_code(CODE_LENGTH)


def in_groups(code: str) -> str:
    """ "7K4M-0Q2Z-…", to be read out and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """As it is kept, from whatever was typed; "" if it cannot be one."""
    code = fold_digits(text[:64]).translate(_SEPARATORS).upper().translate(_READ_AS)
    whole = len(code) == CODE_LENGTH and all(each in CODE_ALPHABET for each in code)
    return code if whole else ""
