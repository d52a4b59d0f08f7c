"""What pools, commodities and quantities are called in Beancount.

Names are made from our codes alone, so that every export of the same books has the same, and no two
codes become one name: codes have no capitals and no underscore, so these are free to escape with.
Our own spelling stands in the metadata beside each name.
"""

from __future__ import annotations

from decimal import Decimal

from honghui.record.pools import Pool
from honghui.record.values import is_currency

# How many decimals a currency has whose smallest unit is not a hundredth (ISO 4217).
_DECIMALS = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3,
    "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3,
    "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


def component(code: str) -> str:
    """A part of an account's name: it begins with a capital or a digit, and has no dot in it."""
    return code[:1].upper() + code[1:].replace(".", "Dot").replace("_", "-")


def pool_account(pool: Pool) -> str:
    """None lies below another: Beancount adds up what lies below."""
    parts = [pool.society, pool.purpose, pool.source, pool.place, pool.commodity, pool.stage]
    name = ":".join(["Assets", *map(component, parts)])
    return f"{name}:R{pool.ref}" if pool.ref else name


def commodity_name(commodity: str) -> str:
    """A currency is called the same; a lot `lot.LOT-7` in capitals throughout. It may not end with
    a dot or a hyphen."""
    if is_currency(commodity):
        return commodity
    return f"LOT.{commodity.upper()}{'_0' if commodity[-1] in '.-' else ''}"


def amount(quantity: int, commodity: str) -> str:
    """ "12.05 CNY", "3 LOT.MASKS-7": exact, whatever the size."""
    number = Decimal(quantity)
    if is_currency(commodity):
        number = number.scaleb(-_DECIMALS.get(commodity, 2))
    return f"{number:f} {commodity_name(commodity)}"
