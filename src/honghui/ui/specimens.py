"""What the style guide shows. Facts are from issue 370 and marked so; all else is a sample.

Each function makes one specimen in the language in force; nothing here is read by other pages.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from honghui.ui.components.lists import Branch, Check, Entry, Eye, Tab
from honghui.ui.components.pictures import Table
from honghui.ui.components.text import is_chinese
from honghui.ui.figures import (
    Band,
    Flows,
    Link,
    Moment,
    Node,
    Segment,
    Span,
    TapeStep,
    TimeBands,
)
from honghui.ui.maps import (
    CITY_CELLS,
    SHAPES_WIDTH,
    Figure,
    Shape,
    Shapes,
    TileMap,
    city_map,
    county_map,
)

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2020, 6, 24, 1, 0, tzinfo=UTC)
DAY = date(2020, 6, 24)
RECORD = 48_211
BOUNDS = (250_000, 600_000, 1_000_000, 2_000_000)

# code: Chinese name, English name, a sample of what was received (yuan)
_CITIES = {
    "330000": ("省本级", "Province", 2_093_700),
    "330100": ("杭州", "Hangzhou", 2_356_410),
    "330200": ("宁波", "Ningbo", 2_011_820),
    "330300": ("温州", "Wenzhou", 1_604_975),
    "330400": ("嘉兴", "Jiaxing", 722_648),
    "330500": ("湖州", "Huzhou", 541_306),
    "330600": ("绍兴", "Shaoxing", 948_233),
    "330700": ("金华", "Jinhua", 851_090),
    "330800": ("衢州", "Quzhou", 296_544),
    "330900": ("舟山", "Zhoushan", 207_385),
    "331000": ("台州", "Taizhou", 993_712),
    "331100": ("丽水", "Lishui", 218_477),
}
# Counties of three cities, enough to show how blocks are set.
_COUNTIES = {
    "330602": ("越城", "Yuecheng", 9),
    "330603": ("柯桥", "Keqiao", 7),
    "330604": ("上虞", "Shangyu", 6),
    "330624": ("新昌", "Xinchang", 3),
    "330681": ("诸暨", "Zhuji", 12),
    "330683": ("嵊州", "Shengzhou", 5),
    "330902": ("定海", "Dinghai", 4),
    "330903": ("普陀", "Putuo", 3),
    "330921": ("岱山", "Daishan", 2),
    "330922": ("嵊泗", "Shengsi", None),
    "331002": ("椒江", "Jiaojiang", 6),
    "331003": ("黄岩", "Huangyan", 5),
    "331004": ("路桥", "Luqiao", 4),
    "331022": ("三门", "Sanmen", 2),
    "331023": ("天台", "Tiantai", 3),
    "331024": ("仙居", "Xianju", 3),
    "331081": ("温岭", "Wenling", 11),
    "331082": ("临海", "Linhai", 7),
    "331083": ("玉环", "Yuhuan", 4),
}


def _named(pair: tuple[str, str]) -> str:
    return pair[0] if is_chinese() else pair[1]


def parts() -> list[Segment]:
    return [
        Segment("used", 862_014_350, _("used")),
        Segment("way", 71_260_000, _("in transit")),
        Segment("held", 351_355_650, _("held")),
    ]


def shares() -> str:
    """Not in a template: there a % inside _() would be doubled, and its Chinese not be found."""
    return _("used 67.1%, in transit 5.5%, held 27.4%")


def tape() -> list[TapeStep]:
    """A gift of 50 yuan; amounts in fen."""
    return [
        TapeStep(
            _("10 June, 20:14"),
            _("Received"),
            5000,
            amount="+50.00",
            left=_("left 50.00"),
            say=_("Given online; in the public record a second later."),
        ),
        TapeStep(
            _("18 June"),
            _("Eight letters of honour"),
            4200,
            amount="−8.00",
            left=_("left 42.00"),
            say=_("This gift's share of 244.00 yuan."),
        ),
        TapeStep(
            _("19 June"),
            _("Twenty bandages bought"),
            600,
            3600,
            amount="36.00",
            left=_("money became goods"),
            say=_("The tape turns pale where money has become goods."),
        ),
        TapeStep(
            _("20 June"),
            _("Fourteen bandages handed out"),
            600,
            1080,
            amount="−25.20",
            left=_("left 16.80"),
        ),
        TapeStep(
            _("21 June"),
            _("Corrected: postage covered from reserves"),
            280,
            1080,
            amount="3.20",
            left=_("covered"),
            say=_(
                "Postage of 3.20 was outside the purpose. "
                "The first entry stays; this one stands beside it."
            ),
            kind="fix",
        ),
        TapeStep(_("24 June, 09:00"), _("Now"), 280, 1080, amount="13.60", kind="now"),
    ]


def flows() -> Flows:
    return Flows(
        nodes=[
            Node("gift", 0, _("Your gift"), "50.00"),
            Node("letters", 1, _("Letters"), "8.00"),
            Node("bandages", 1, _("Bandages"), "36.00"),
            Node("postage", 1, _("Postage"), "3.20"),
            Node("rest", 1, _("Not used"), "2.80"),
            Node("letters-used", 2, _("Used"), "8.00", _("8 letters"), "used"),
            Node("bandages-used", 2, _("Used"), "25.20", _("14 bandages"), "used"),
            Node("bandages-way", 2, _("In transit"), "10.80", _("6 bandages"), "way"),
            Node("postage-cover", 2, _("Covered"), "3.20", "", "cover"),
            Node("rest-held", 2, _("Held"), "2.80", "", "held"),
        ],
        links=[
            Link("gift", "letters", 800),
            Link("gift", "bandages", 3600),
            Link("gift", "postage", 320),
            Link("gift", "rest", 280),
            Link("letters", "letters-used", 800),
            Link("bandages", "bandages-used", 2520),
            Link("bandages", "bandages-way", 1080),
            Link("postage", "postage-cover", 320),
            Link("rest", "rest-held", 280),
        ],
        label=_("Where 50.00 yuan went, and how each part stands"),
    )


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 6, day, hour, minute, tzinfo=CHINA)


def time_bands(*, at_night: bool = False) -> TimeBands:
    """Issue 370: three teams at Daxi in Wenling, 13 June 2020. Two of them have a time of
    leaving; the source gives none for Wenling's, and so do we."""
    # Seen at 23:30, as the board showed it, nobody has left yet.
    ends: list[datetime | None] = [None, None, None] if at_night else [None, _at(14, 5), _at(14, 6)]
    names = [_("Wenling"), _("Yongjia"), _("Yongkang")]
    people = [_("92 people"), _("50 people"), _("35 people")]
    starts = [_at(13, 17), _at(13, 21), _at(13, 23)]
    return TimeBands(
        starts=_at(13, 16),
        ends=_at(14, 7),
        bands=[
            Band(name, [Span(start, end, text, _("departure not printed"))])
            for name, start, end, text in zip(names, starts, ends, people, strict=True)
        ],
        label=_("Who was at the scene at 23:30, approximately")
        if at_night
        else _("When the three rescue teams were at the scene, approximately"),
        moments=[Moment(_at(13, 16, 40), _("16:40 explosion"))],
        now=Moment(_at(13, 23, 30), _("23:30 now")) if at_night else None,
        width=1000 if at_night else 430,
    )


def cities() -> TileMap:
    figures = [
        Figure(
            code,
            _named((zh, en)),
            value,
            f"{value / 10_000:.2f}",
            "#map",
            live=code == "331000",
        )
        for code, (zh, en, value) in _CITIES.items()
    ]
    return city_map(
        figures,
        bounds=BOUNDS,
        bound_texts=["25", "60", "100", "200"],
        unit=_("ten thousand yuan"),
        caption=_("Received in each city this year"),
    )


def shapes() -> Shapes:
    """Plain octagons in the places of the tiles: we ship no boundaries. Two have none."""
    side, cut, gap = SHAPES_WIDTH // 5, 48, 4
    near, far = gap, side - gap
    ring = [(near, cut), (cut, near), (far - cut, near), (far, cut)]
    ring += [(far, far - cut), (far - cut, far), (cut, far), (near, far - cut)]
    drawn = {}
    for code, (row, column) in CITY_CELLS.items():
        left, top = (column - 1) * side, (row - 1) * side
        path = "M" + "L".join(f"{left + x} {top + y}" for x, y in ring) + "z"
        drawn[code] = Shape(code, path, left + side // 2, top + side // 2)
    del drawn["330000"], drawn["330900"]
    return Shapes(drawn, 4 * side, _("octagons, not boundaries"))


def counties() -> TileMap:
    """Three cities of the eleven, in their places."""
    figures = [
        Figure(
            code,
            _named((zh, en)),
            value,
            "—" if value is None else str(value),
            "#counties",
            live=code == "331081",
        )
        for code, (zh, en, value) in _COUNTIES.items()
    ]
    groups = [
        Figure(code, _named(_CITIES[code][:2]), None, "", "")
        for code in ("330600", "330900", "331000")
    ]
    return county_map(
        figures,
        groups,
        bounds=(4, 6, 8, 10),
        bound_texts=["4", "6", "8", "10"],
        unit=_("consignments"),
        caption=_("Consignments by county"),
    )


def chart_table() -> Table:
    received = (182.4, 640.15, 208.9, 96.72, 88.31, 68.15)
    used = (120.2, 352.57, 190.05, 84.5, 71.22, 43.47)
    months = [
        f"{month}月" if is_chinese() else date_format(date(2020, month, 1), "M")
        for month in range(1, 7)
    ]
    return Table(
        [_("Month"), _("Received"), _("Used")],
        [
            (month, [(one, f"{one:.2f}"), (other, f"{other:.2f}")])
            for month, one, other in zip(months, received, used, strict=True)
        ],
        _("ten thousand yuan"),
    )


def tree() -> list[Branch]:
    shaoxing = [
        Branch(_named((zh, en)), "#tree")
        for code, (zh, en, _value) in _COUNTIES.items()
        if code.startswith("3306")
    ]
    return [
        Branch(
            _named(("浙江省", "Zhejiang")),
            "#tree",
            _("the province"),
            [
                Branch(_named(("绍兴市", "Shaoxing")), "#tree", _("6 counties"), shaoxing, True),
                Branch(_named(("舟山市", "Zhoushan")), "#tree", _("4 counties")),
                Branch(_named(("金华市", "Jinhua")), "", _("not open yet")),
            ],
            True,
        )
    ]


def entries() -> list[Entry]:
    return [
        Entry(
            _("The rescue at Daxi in Wenling"),
            "#entries",
            _("22 June · Taizhou"),
            _("Three teams, 177 people, five rescue vehicles and an ambulance."),
            "used",
            _("five checks, all agree"),
        ),
        Entry(
            _("What was received in May and where it went"),
            "#entries",
            _("19 June · the province"),
            _("Batch by batch: from whom, to whom, and who signed."),
            "cover",
            _("one correction"),
        ),
    ]


def checks() -> list[Check]:
    return [
        Check(_("Received = used + in transit + held"), _("agrees")),
        Check(_("Nobody approved what they had asked for"), _("8 cases")),
        Check(_("The bodies honoured were confirmed by the police"), _("vouched"), True),
    ]


def eyes() -> tuple[Eye, Eye]:
    return (
        Eye(_("asks"), _("Finance 03"), _("signed today at 08:42")),
        Eye(_("approves"), _("Reviewer 01: you"), _("waits for your signature"), True),
    )


def tabs() -> list[Tab]:
    return [
        Tab(_("Waiting"), "#tabs", True, 7),
        Tab(_("Done"), "#tabs", count=1_204),
        Tab(_("All"), "#tabs"),
    ]


def pages() -> Page[int]:
    return Paginator(range(240), 20).page(5)


def ladder() -> list[str]:
    return [_("Called out"), _("Set out"), _("At the scene"), _("Withdrawn"), _("Back home")]


def small_lists() -> dict[str, Any]:
    """The lists that are plain pairs and words."""
    return {
        "crumbs": [(_("Honghui"), "#tabs"), (_("Bulletins"), "")],
        "steps": [
            _("Take the root printed in the newspaper."),
            _("Compare it with the one above."),
        ],
        "kv": [(_("What for"), _("Letters of honour")), (_("Amount, yuan"), "1,220.00")],
        "thirds": [
            (177, _("people called out")),
            (3, _("teams")),
            ("5+1", _("vehicles + ambulance")),
        ],
        "keys": [
            (_("Move"), "J K"),
            (_("Open it"), "Enter"),
            (_("Agree"), "A"),
            (_("Return"), "R"),
        ],
        "flashes": [
            Message(constants.SUCCESS, _("Receipt no. 0624-017 is on the books.")),
            Message(constants.ERROR, _("Somebody else decided this a minute ago.")),
        ],
    }
