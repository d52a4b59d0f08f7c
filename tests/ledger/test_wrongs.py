"""Every wrong that the audit finds (tests/audit/wrongs.py) is refused by the ledger before it is
recorded, by the rule of the same name, and leaves nothing behind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import translation

from honghui.kernel.errors import Refused
from tests.audit.test_wrongs import some_society
from tests.audit.wrongs import WRONGS, Wrong
from tests.ledger import books

# What is said of the books, once they are kept: computed, checked and refused where bulletins,
# closings, statements, rescues, certificates and the log's own events are made.
NOT_THE_LEDGERS = (
    "bulletin.", "closing.", "reconciliation.", "rescue.", "certificate.", "statement.", "log.",
)  # fmt: skip
OF_STATEMENTS = {"a_bulletin_that_one_person_made", "three_people_rescued_exactly"}
# The same request once more is no wrong of whoever sends it: the first is handed back.
HANDED_BACK = {"the_same_request_twice"}

LEDGERS = [
    wrong
    for wrong, rule in WRONGS.items()
    if not rule.startswith(NOT_THE_LEDGERS) and wrong.__name__ not in OF_STATEMENTS | HANDED_BACK
]


@pytest.mark.parametrize("wrong", LEDGERS, ids=lambda wrong: wrong.__name__)
def test_a_wrong_is_refused_by_its_rule_and_leaves_nothing(committed: str, wrong: Wrong) -> None:
    society = some_society(1)
    wrong(society)
    *before, last = books.grouped(society.records)
    books.keep([record for group in before for record in group])
    rows = what_is_there()
    with pytest.raises(Refused) as refused:
        books.book(last)
    assert refused.value.code == f"ledger.{WRONGS[wrong]}"
    assert what_is_there() == rows
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert str(refused.value.sentence)
            assert str(refused.value.hint)


def what_is_there() -> dict[str, str]:
    """A hash of every table that records, entries and totals stand in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND (relname LIKE 'ledger\\_%' OR relname LIKE 'journal\\_%') ORDER BY relname"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()[0]
    return found
