"""The model of pools by itself: sets of positions against plain sets, and changes taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from honghui.audit.findings import Broken
from honghui.audit.intervals import Intervals, image
from honghui.audit.pools import Axis, Book
from honghui.record.pools import Pool

POOL = Pool(society="330600", purpose="general", source="donation", commodity="CNY", place="bank")
OTHER = Pool(society="330600", purpose="general", source="own", commodity="CNY", place="bank")
spans = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(spans), spans, st.integers(0, 50))
def test_intervals_are_a_set_of_positions(
    some: list[tuple[int, int]], one: tuple[int, int], at: int
) -> None:
    plain = {position for span in some for position in range(*span)}
    found = Intervals(some)
    assert {position for span in found for position in range(*span)} == plain
    assert found.overlaps(*one) == bool(plain & set(range(*one)))
    assert found.covers(*one) == (set(range(*one)) <= plain)
    assert (found.past_of(at) is not None) == (at in plain)
    firsts = [position for position in plain if position - 1 not in plain and position >= at]
    assert found.next_after(at, 99) == min(firsts, default=99)


@given(st.lists(spans, max_size=6), spans)
def test_what_is_removed_again_was_never_there(
    some: list[tuple[int, int]], one: tuple[int, int]
) -> None:
    found = Intervals(some)
    if found.overlaps(*one):
        return
    before = list(found)
    found.add(*one)
    found.remove(*one)
    plain = [position for span in found for position in range(*span)]
    assert plain == [position for span in before for position in range(*span)]


@given(st.integers(1, 9), st.integers(1, 30), st.lists(st.integers(1, 9), min_size=1, max_size=9))
def test_pieces_of_a_part_add_up_whatever_it_is_mapped_onto(
    start: int, onto: int, pieces: list[int]
) -> None:
    at, total = 0, 0
    for piece in pieces:
        first, past = image(at, at + piece, of=sum(pieces), onto=onto, start=start)
        assert first == start + total
        total += past - first
        at += piece
    assert total == onto


operations = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 9)),
        st.tuples(st.just("take"), st.integers(1, 9)),
        st.tuples(st.just("name"), spans),
        st.tuples(st.just("back"), spans),
        st.tuples(st.just("cover"), spans),
        st.tuples(st.just("shrink"), st.integers(1, 3)),
    ),
    max_size=12,
)


def act(book: Book, what: str, more: object) -> None:
    if what == "put":
        book.put(POOL, more)  # type: ignore[arg-type]
    elif what == "take":
        book.take(POOL, more)  # type: ignore[arg-type]
    elif what == "name":
        book.take(POOL, more[1] - more[0], (more,))  # type: ignore[arg-type, index]
    elif what == "back":
        book.back(POOL, (more,))  # type: ignore[arg-type]
    elif what == "cover":
        book.cover(POOL, (more,), OTHER)  # type: ignore[arg-type]
    else:
        book.shrink(POOL, book.axis(POOL).free or 1, more)  # type: ignore[arg-type]


def act_as_one(book: Book, what: str, more: object) -> None:
    """Whole, or not at all."""
    book.begin()
    try:
        act(book, what, more)
    except Broken:
        book.undo()
    else:
        book.keep()


def free_positions(axis: Axis) -> set[int]:
    holes = {position for span in axis.holes or () for position in range(*span)}
    return set(range(axis.cursor, axis.taken_in)) - holes


def look(book: Book) -> list[object]:
    book.begin()
    return [
        (axis.taken_in, axis.booked, axis.free, free_positions(axis),
         {one for span in axis.settled or () for one in range(*span)})
        for axis in (book.axis(POOL), book.axis(OTHER))
    ]  # fmt: skip


@given(operations, operations)
def test_a_change_that_is_taken_back_never_was(
    kept: list[tuple[str, object]], undone: list[tuple[str, object]]
) -> None:
    book = Book()
    book.begin()
    book.put(OTHER, 30)
    book.keep()
    for operation in kept:
        act_as_one(book, *operation)
    before = look(book)
    book.begin()
    try:
        for operation in undone:
            act(book, *operation)
    except Broken:
        pass
    book.undo()
    assert look(book) == before


@given(operations)
def test_no_pool_is_ever_overdrawn_and_what_is_free_is_what_is_left(
    some: list[tuple[str, object]],
) -> None:
    book = Book()
    book.begin()
    book.put(OTHER, 10)
    for operation in some:
        act_as_one(book, *operation)
        for pool in (POOL, OTHER):
            axis = book.axis(pool)
            assert 0 <= axis.booked <= axis.taken_in
            assert len(free_positions(axis)) == axis.free
