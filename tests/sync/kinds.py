"""Kinds of forms for the tests, and the table that shows what was lost or doubled: it has no
key."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import connection

from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid, NotAllowed
from honghui.sync import handling
from honghui.sync.handling import Form

TABLE = """
    CREATE TABLE IF NOT EXISTS noted (
        form_id uuid, account_id uuid, said text, at timestamptz, photos int
    )
"""
GOOD_LINK = "a-link-that-was-given-out"
SLOW_SECONDS = 0.0


def note(by: Actor, form: Form) -> None:
    """Slow enough, if asked, for a twin to come in meanwhile."""
    said = form.fields.get("said", "")
    if "refuse" in said:
        raise Invalid(
            "tests.refused", "They do not want it.", "Write something else.", field="said"
        )
    if "broken" in said:
        raise RuntimeError("a handler with a fault")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO noted VALUES (%s, %s, %s, %s, %s)",
            [form.id, by.account_id, said, form.happened_at, len(form.attachments)],
        )
    time.sleep(SLOW_SECONDS)
    if "late" in said:
        raise Invalid("tests.late", "It is refused after it was written.", "Try again.")


def note_by_link(by: Actor, form: Form) -> None:
    if form.link != GOOD_LINK or by.is_signed_in:
        raise NotAllowed("tests.bad_link", "This link is not good.", "Ask for a new one.")
    note(by, form)


def register() -> None:
    """Once a process."""
    if "tests.note" not in handling._handlers:
        handling.accept("tests.note", note)
        handling.accept("tests.linked", note_by_link)
        handling.accept_links(lambda link: link == GOOD_LINK)


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLE)


def noted() -> list[tuple[UUID, UUID | None, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT form_id, account_id, said FROM noted ORDER BY form_id")
        return [(row[0], row[1], row[2]) for row in cursor.fetchall()]
