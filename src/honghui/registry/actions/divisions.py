"""Divisions: load the list. Societies: found one for every division, end those of divisions gone.

Both are the system's own acts, set-wise, and may be repeated: a second time adds nothing and says
so in its act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, NotAllowed
from honghui.registry import divisions, searching
from honghui.registry.models import Division, DivisionSuccession, SearchEntry, Society
from honghui.registry.models.divisions import Level

RANKS = {Level.PROVINCE: 1, Level.CITY: 2, Level.COUNTY: 3}
RANK_ENDED = 6

Key = tuple[str, date | None]


@action("registry.divisions.loaded")
def load_divisions(*, by: Actor) -> Division:
    """Brings the stored divisions to what our data say; the province's row. Set-wise: eight
    queries, however many rows there are."""
    _require_system(by)
    table = divisions.read_table()
    stored = {(row.code, row.valid_from): row for row in Division.objects.all()}
    wanted = {row.key: row for row in table.rows}
    _check_known(stored, wanted)
    added, changed = _store_rows(stored, wanted)
    linked = _store_edges(table.edges)
    province = Division.objects.get(code=divisions.PROVINCE, valid_to=None)
    record(
        by=by,
        verb="registry.divisions.loaded",
        about=province,
        after={
            "divisions_added": added,
            "divisions_changed": changed,
            "successions_added": linked,
        },
    )
    return province


@action("registry.society.founded")
def found_societies(*, by: Actor, on: date) -> Society:
    """One society for every division of that day that has none yet; societies whose division
    had ended by then end with it. Returns the provincial one. Costs a query a society changed.

    A society is taken to begin with its division; where our data do not say when that was, its
    beginning stays unknown.
    """
    _require_system(by)
    rows = list(Division.objects.order_by("code", "valid_from"))
    valid = {row.code: row for row in Division.objects.filter(divisions.valid_on(on))}
    if divisions.PROVINCE not in valid:
        raise Conflict(
            "registry.divisions.missing",
            _("The divisions are not loaded yet."),
            _("Load them first: honghui divisions load."),
        )
    known = Society.objects.in_bulk()
    began = _beginnings(rows)
    founded = [_society(valid[code], began[code]) for code in sorted(valid.keys() - known.keys())]
    # One statement: a parent's row may stand behind its branch's, foreign keys wait for commit.
    Society.objects.bulk_create(founded)
    for society in founded:
        _index(society, RANKS[Level(society.level)], valid)
    ended = _end_societies(known, rows, valid, on)
    provincial = Society.objects.get(pk=divisions.PROVINCE)
    record(
        by=by,
        verb="registry.society.founded",
        about=provincial,
        society_code=provincial.code,
        after={
            "on": on,
            "founded": len(founded),
            "ended": len(ended),
            "codes": [society.code for society in founded],
            "codes_ended": ended,
        },
    )
    return provincial


def _require_system(by: Actor) -> None:
    if not by.is_system:
        raise NotAllowed(
            "access.system_only",
            _("Only the system itself does this."),
            _("Whoever runs the installation does it on the command line."),
        )


def _check_known(stored: Mapping[Key, Division], wanted: Mapping[Key, divisions.Row]) -> None:
    """A stored row that our data no longer know may be referred to: never dropped silently."""
    unknown = sorted({code for code, _from in stored.keys() - wanted.keys()})
    if unknown:
        raise Conflict(
            "registry.divisions.unknown_stored",
            _("The database holds divisions that are not in our data: %(codes)s.")
            % {"codes": ", ".join(unknown)},
            _("A correction of a date needs a migration of its own."),
        )


def _store_rows(
    stored: Mapping[Key, Division], wanted: Mapping[Key, divisions.Row]
) -> tuple[int, int]:
    """Writes what is new and what differs, in one statement; how many of each."""
    new = [_division(row) for key, row in wanted.items() if key not in stored]
    differing = [
        _division(row)
        for key, row in wanted.items()
        if key in stored and _facts(stored[key]) != _facts(row)
    ]
    # Rows that end come first: else a code would be open twice while the statement runs.
    writing = sorted((*new, *differing), key=lambda row: row.valid_to is None)
    Division.objects.bulk_create(
        writing,
        update_conflicts=True,
        unique_fields=["code", "valid_from"],
        update_fields=["name", "name_en", "level", "parent_code", "valid_to", "source"],
    )
    return len(new), len(differing)


def _store_edges(edges: Iterable[divisions.Edge]) -> int:
    """Writes the edges; how many are new."""
    ids: dict[Key, UUID] = {
        (code, valid_from): pk
        for pk, code, valid_from in Division.objects.values_list("pk", "code", "valid_from")
    }
    before = DivisionSuccession.objects.count()
    DivisionSuccession.objects.bulk_create(
        [
            DivisionSuccession(
                before_id=ids[edge.before],
                after_id=ids[edge.after],
                kind=edge.kind,
                on=edge.on,
                source=edge.source,
            )
            for edge in edges
        ],
        update_conflicts=True,
        unique_fields=["before", "after", "on"],
        update_fields=["kind", "source"],
    )
    return DivisionSuccession.objects.count() - before


def _division(row: divisions.Row) -> Division:
    return Division(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        level=row.level,
        parent_code=row.parent_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )


def _facts(row: Division | divisions.Row) -> tuple[object, ...]:
    return (row.name, row.name_en, str(row.level), row.parent_code, row.valid_to, row.source)


def _beginnings(rows: Iterable[Division]) -> dict[str, date | None]:
    """When each code first stood for a division; None where our data begin later than it."""
    began: dict[str, date | None] = {}
    for row in rows:
        earlier = began.get(row.code, row.valid_from)
        began[row.code] = min(earlier, row.valid_from) if earlier and row.valid_from else None
    return began


def _society(division: Division, began_on: date | None) -> Society:
    """浙江省红十字会, Zhejiang Red Cross; 上城区红十字会, Shangcheng District Red Cross."""
    stem, _ending = divisions.split_name(division.name)
    is_county = division.level == Level.COUNTY
    place_en = division.name_en if is_county else divisions.english_stem(stem)
    return Society(
        code=division.code,
        level=division.level,
        name=f"{division.name}红十字会",
        name_en=f"{place_en} Red Cross",
        place_name=division.name,
        place_name_en=division.name_en,
        parent_id=division.parent_code or None,
        began_on=began_on,
    )


def _end_societies(
    known: Mapping[str, Society], rows: Iterable[Division], valid: Mapping[str, Division], on: date
) -> list[str]:
    """Ends the running societies whose division had ended by that day; their codes."""
    ends: dict[str, date] = {
        row.code: row.valid_to for row in rows if row.valid_to and row.valid_to <= on
    }
    ended = []
    for code, society in sorted(known.items()):
        if society.ended_on is None and code not in valid and code in ends:
            society.ended_on = ends[code]
            society.save(update_fields=["ended_on"])
            _index(society, RANK_ENDED, valid)
            ended.append(code)
    return ended


def _index(society: Society, rank: int, valid: Mapping[str, Division]) -> None:
    """Found by its name, by its place, and by the places above it (绍兴 finds 越城 too)."""
    path = [society.place_name]
    parent_code = society.parent_id
    while parent_code and parent_code in valid:
        path.insert(0, valid[parent_code].name)
        parent_code = valid[parent_code].parent_code
    searching.index(
        SearchEntry.Kind.SOCIETY,
        society.pk,
        society.name,
        others=(society.place_name, "".join(path)),
        label_en=society.name_en,
        is_public=True,
        rank=rank,
    )
