"""Units, and whole quantities of them.

The one hard idea: a number without its unit is never added to anything. A quantity is a whole
number of one unit; 3 boxes and 3 bags do not make 6, and 12 people (人) are not 12 visits (人次).
Units of one family (gram and kilogram) turn into each other only when asked, and only exactly.

How many tablets a box holds is a fact about an item, not about the unit: it is not kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid

MINUS = "\u2212"


class Kind(StrEnum):
    """What a unit measures. Kinds keep people, visits to people, and things apart."""

    MONEY = "money"
    PEOPLE = "people"
    VISITS = "visits"
    HOUSEHOLDS = "households"
    COUNT = "count"
    MASS = "mass"
    VOLUME = "volume"
    TIME = "time"
    TRANSPORT = "transport"
    ORGANISATIONS = "organisations"
    PLACES = "places"
    BUILDINGS = "buildings"
    AREA = "area"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of count or measure.

    `base` is the code of the smallest unit of its family and `factor` how many of those make one
    of these (kilogram: base "gram", factor 1000). `shown_in` names the unit people read it in
    (fen are counted, yuan are shown); its factor is a power of ten.
    """

    code: str
    name_zh: str
    name_en: str
    plural_en: str
    kind: Kind
    base: str = ""
    factor: int = 1
    shown_in: str = ""

    def __post_init__(self) -> None:
        assert self.factor >= 1, "a unit is at least one of its smallest unit"
        if not self.base:
            object.__setattr__(self, "base", self.code)

    def name(self, language: str, *, count: int = 1) -> str:
        """The unit's word in "zh…" or else English, there in the plural unless count is ±1."""
        if language.startswith("zh"):
            return self.name_zh
        return self.name_en if abs(count) == 1 else self.plural_en


_ALL = (
    Unit("fen", "分", "fen", "fen", Kind.MONEY, shown_in="yuan"),
    Unit("yuan", "元", "yuan", "yuan", Kind.MONEY, base="fen", factor=100),
    Unit("person", "人", "person", "people", Kind.PEOPLE),
    Unit("person_time", "人次", "person-time", "person-times", Kind.VISITS),
    Unit("household", "户", "household", "households", Kind.HOUSEHOLDS),
    Unit("piece", "件", "piece", "pieces", Kind.COUNT),
    Unit("item", "个", "item", "items", Kind.COUNT),
    Unit("bed", "床", "bed cover", "bed covers", Kind.COUNT),
    Unit("sheet", "张", "sheet", "sheets", Kind.COUNT),
    Unit("box", "箱", "box", "boxes", Kind.COUNT),
    Unit("bag", "袋", "bag", "bags", Kind.COUNT),
    Unit("bottle", "瓶", "bottle", "bottles", Kind.COUNT),
    Unit("tablet", "片", "tablet", "tablets", Kind.COUNT),
    Unit("set", "套", "set", "sets", Kind.COUNT),
    Unit("vehicle", "辆", "vehicle", "vehicles", Kind.TRANSPORT),
    Unit("boat", "艘", "boat", "boats", Kind.TRANSPORT),
    Unit("team", "支", "team", "teams", Kind.ORGANISATIONS),
    Unit("society", "家", "society", "societies", Kind.ORGANISATIONS),
    Unit("unit", "个", "grass-roots unit", "grass-roots units", Kind.ORGANISATIONS),
    Unit("place", "个", "place", "places", Kind.PLACES),
    Unit("room", "间", "room", "rooms", Kind.BUILDINGS),
    Unit("mu", "亩", "mu", "mu", Kind.AREA),
    Unit("hectare", "公顷", "hectare", "hectares", Kind.AREA, base="mu", factor=15),
    Unit("record", "条", "record", "records", Kind.RECORDS),
    Unit("gram", "克", "gram", "grams", Kind.MASS),
    Unit("kilogram", "千克", "kilogram", "kilograms", Kind.MASS, base="gram", factor=1000),
    Unit("millilitre", "毫升", "millilitre", "millilitres", Kind.VOLUME),
    Unit("litre", "升", "litre", "litres", Kind.VOLUME, base="millilitre", factor=1000),
    Unit("minute", "分钟", "minute", "minutes", Kind.TIME),
    Unit("hour", "小时", "hour", "hours", Kind.TIME, base="minute", factor=60),
)

UNITS: Mapping[str, Unit] = MappingProxyType({each.code: each for each in _ALL})
assert len(UNITS) == len(_ALL), "unit codes are unique"


def unit(code: str) -> Unit:
    """The unit of that code. Raises Invalid "units.unknown"."""
    found = UNITS.get(code)
    if found is None:
        raise Invalid(
            "units.unknown",
            _("There is no unit called %(code)s.") % {"code": str(code)[:40]},
            _("Choose a unit from the list of units."),
            field="unit",
        )
    return found


def whole(value: object, *, field: str = "") -> int:
    """The value itself if it is a whole number. Raises Invalid for bool, float, text, Decimal."""
    if type(value) is not int:
        raise Invalid(
            "units.not_whole",
            _("A quantity must be a whole number."),
            _("Count in the smallest unit: grams, millilitres, fen, single pieces."),
            field=field,
        )
    return value


def format_scaled(value: int, decimals: int) -> str:
    """value / 10**decimals, exactly, with thousands commas and a true minus sign (U+2212)."""
    high, low = divmod(abs(value), 10**decimals)
    text = f"{high:,}" + (f".{low:0{decimals}d}" if decimals else "")
    return (MINUS if value < 0 else "") + text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A whole number of one unit. Immutable; + - and < > only between the same unit.

    Equality is plain: 1 kilogram and 1000 grams are different quantities until converted.
    """

    value: int
    unit: Unit

    def __post_init__(self) -> None:
        whole(self.value, field="quantity")

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + self._like(other), self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.value - self._like(other), self.unit)

    def __neg__(self) -> Quantity:
        return Quantity(-self.value, self.unit)

    def __lt__(self, other: Quantity) -> bool:
        return self.value < self._like(other)

    def __le__(self, other: Quantity) -> bool:
        return self.value <= self._like(other)

    def __gt__(self, other: Quantity) -> bool:
        return self.value > self._like(other)

    def __ge__(self, other: Quantity) -> bool:
        return self.value >= self._like(other)

    def converted(self, to: Unit) -> Quantity:
        """The same quantity in another unit of its family, exactly.

        Raises Invalid "units.mixed" across families, "units.not_exact" when a part would be lost.
        """
        if to.base != self.unit.base:
            raise _mixed(self.unit, to)
        value, lost = divmod(self.value * self.unit.factor, to.factor)
        if lost:
            raise Invalid(
                "units.not_exact",
                _("This is not a whole number of %(unit)s.") % {"unit": to.plural_en},
                _("Keep it in the smaller unit."),
                field="quantity",
            )
        return Quantity(value, to)

    def text(self, language: str) -> str:
        """For people: "1,200件", "1,200 pieces", and fen as "12.50元"."""
        shown = UNITS[self.unit.shown_in] if self.unit.shown_in else self.unit
        # shown_in units are powers of ten, so the number of zeros is the number of decimals.
        decimals = len(str(shown.factor // self.unit.factor)) - 1
        # With decimals English takes the plural: "1.00 litres".
        count = 0 if decimals else self.value
        gap = "" if language.startswith("zh") else " "
        return f"{format_scaled(self.value, decimals)}{gap}{shown.name(language, count=count)}"

    def _like(self, other: object) -> int:
        if not isinstance(other, Quantity):
            raise TypeError("a quantity meets only quantities")
        if other.unit != self.unit:
            raise _mixed(self.unit, other.unit)
        return other.value


def _mixed(one: Unit, other: Unit) -> Invalid:
    return Invalid(
        "units.mixed",
        _("%(one)s and %(other)s cannot be counted together.")
        % {
            "one": f"{one.name_zh} ({one.plural_en})",
            "other": f"{other.name_zh} ({other.plural_en})",
        },
        _("Give each unit a line of its own, or convert first."),
        field="unit",
    )
