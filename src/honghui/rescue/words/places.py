"""Places by their division's code: those of the province from its table, the others by province.

A team may be asked to go anywhere. Of what lies outside we know the provinces (GB/T 2260); a code
below one of them stands under its province's name, and the words beside it say the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock, text
from honghui.kernel.errors import Invalid
from honghui.registry.divisions import valid_on
from honghui.registry.models import Division
from honghui.rescue.rules import incidents as rules

_PROVINCES = """
    11 北京市 Beijing; 12 天津市 Tianjin; 13 河北省 Hebei; 14 山西省 Shanxi;
    15 内蒙古自治区 Inner Mongolia; 21 辽宁省 Liaoning; 22 吉林省 Jilin;
    23 黑龙江省 Heilongjiang; 31 上海市 Shanghai; 32 江苏省 Jiangsu; 33 浙江省 Zhejiang;
    34 安徽省 Anhui; 35 福建省 Fujian; 36 江西省 Jiangxi; 37 山东省 Shandong; 41 河南省 Henan;
    42 湖北省 Hubei; 43 湖南省 Hunan; 44 广东省 Guangdong; 45 广西壮族自治区 Guangxi;
    46 海南省 Hainan; 50 重庆市 Chongqing; 51 四川省 Sichuan; 52 贵州省 Guizhou;
    53 云南省 Yunnan; 54 西藏自治区 Tibet; 61 陕西省 Shaanxi; 62 甘肃省 Gansu;
    63 青海省 Qinghai; 64 宁夏回族自治区 Ningxia; 65 新疆维吾尔自治区 Xinjiang;
    71 台湾省 Taiwan; 81 香港特别行政区 Hong Kong; 82 澳门特别行政区 Macao
"""


@dataclass(frozen=True)
class PlaceName:
    name: str
    name_en: str

    @property
    def local(self) -> str:
        return self.name_en if get_language() == "en" else self.name


@dataclass(frozen=True)
class Place:
    """Where: a division's code, words, and a point (microdegrees, WGS 84) if somebody knows it."""

    code: str
    words: str = ""
    words_en: str = ""
    latitude_microdegrees: int | None = None
    longitude_microdegrees: int | None = None

    def cleaned(self) -> dict[str, Any]:
        if not is_place(self.code):
            raise Invalid(
                "rescue.place.unknown",
                _("There is no such place in the list."),
                _("Choose the county, or the province if it lies elsewhere."),
                field="place_code",
            )
        rules.check_point(self.latitude_microdegrees, self.longitude_microdegrees)
        return {
            "place_code": self.code,
            "place_text": text.clean_line(self.words, limit=120, field="place_text"),
            "place_text_en": text.clean_line(self.words_en, limit=160, field="place_text_en"),
            "latitude_microdegrees": self.latitude_microdegrees,
            "longitude_microdegrees": self.longitude_microdegrees,
        }

    def __str__(self) -> str:
        return (
            f"{self.code} {self.words} {self.words_en}"
            f" {self.latitude_microdegrees} {self.longitude_microdegrees}"
        )


def _provinces() -> dict[str, PlaceName]:
    found = {}
    for row in " ".join(_PROVINCES.split()).split(";"):
        code, name, name_en = row.strip().split(" ", 2)
        found[code] = PlaceName(name, name_en)
    return found


PROVINCES = _provinces()


def is_place(code: str) -> bool:
    """Six digits that begin with a province's."""
    return len(code) == 6 and code.isascii() and code.isdigit() and code[:2] in PROVINCES


def place_names(codes: Iterable[str]) -> dict[str, PlaceName]:
    """The newest name of each code; of a code outside our table, its province's. One query."""
    wanted = set(codes)
    known = {
        code: PlaceName(name, name_en)
        for code, name, name_en in Division.objects.filter(code__in=wanted)
        .order_by("code", "valid_from")
        .values_list("code", "name", "name_en")
    }
    return {
        code: known.get(code) or PROVINCES.get(code[:2]) or PlaceName(code, code) for code in wanted
    }


def place_choices() -> list[tuple[object, list[tuple[str, str]]]]:
    """The divisions of today, a group a city, and the other provinces. For a form; one query."""
    rows = list(Division.objects.filter(valid_on(clock.today())).order_by("code"))
    english = get_language() == "en"

    def label(row: Division) -> str:
        return row.name_en if english else row.name

    above = [row for row in rows if row.level == "province"]
    groups: list[tuple[object, list[tuple[str, str]]]] = [
        (_("The whole province"), [(row.code, label(row)) for row in above])
    ]
    for city in (row for row in rows if row.level == "city"):
        below = [row for row in rows if row.parent_code == city.code]
        groups.append((label(city), [(row.code, label(row)) for row in (city, *below)]))
    own = {row.code[:2] for row in above}
    others = [(f"{code}0000", place.local) for code, place in PROVINCES.items() if code not in own]
    return [*groups, (_("Elsewhere"), others)]
