"""What a job calls to send: what it would cost, and queueing in the job's own transaction.

    cost_of(drafts, society_code=…, is_urgent=…)          before anybody presses the button
    queue_messages(by=…, society_code=…, drafts=…, …)     inside the action's transaction

The one hard idea: a message is a row of the caller's transaction. If the call-out is rolled back
nothing was ever sent, and if it commits everything will be: the worker hands over what it finds.
However many drafts, the number of queries is the same.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock, sealing, subject_keys
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict
from honghui.messaging.declaring import declared_template, rendered, signed
from honghui.messaging.models import Message
from honghui.messaging.reaching import reach_of
from honghui.messaging.rules.codes import CODE_DAYS, new_message_code
from honghui.messaging.rules.quiet import QUIET_FROM, QUIET_UNTIL, until_end
from honghui.messaging.rules.texts import clean_variable, parts_of

VALUES_CONTEXT = "messaging.message.values"
_CODES_LOCK = 370_0015
_SAMPLE_CODE = "0000"


@dataclass(frozen=True)
class Draft:
    """One message to be. `about`: the caller's own id of what it is about. `link`: the address of
    its answer page, of which only the token is kept."""

    person_id: UUID
    channel: str
    template: str
    values: Mapping[str, str]
    about: UUID
    link: str = ""


@dataclass(frozen=True)
class Cost:
    """messages: those that go out, `held` among them until quiet hours end. unreachable: no
    number, no account; stopped: want no messages. Neither costs anything."""

    messages: int
    parts: int
    cost_fen: int
    unreachable: int
    held: int
    stopped: int = 0


@dataclass
class _Planned:
    draft: Draft
    language: str
    values: dict[str, str]
    parts: int
    cost_fen: int
    state: str
    reason: str
    due_at: datetime


def cost_of(drafts: Iterable[Draft], *, society_code: str, is_urgent: bool) -> Cost:
    """What these would cost in fen, by the prices set; nothing is written. Four queries at most."""
    planned = _plan(list(drafts), society_code, is_urgent=is_urgent, is_drill=False)
    going = [each for each in planned if each.state in ("queued", "held")]
    return Cost(
        messages=len(going),
        parts=sum(each.parts for each in going),
        cost_fen=sum(each.cost_fen for each in going),
        unreachable=sum(each.state == "failed" for each in planned),
        held=sum(each.state == "held" for each in planned),
        stopped=sum(each.state == "stopped" for each in planned),
    )


def queue_messages(
    *,
    by: Actor,
    society_code: str,
    drafts: Iterable[Draft],
    is_urgent: bool,
    is_drill: bool = False,
    although_stopped: bool = False,
) -> list[Message]:
    """Puts messages on their way, in the caller's transaction; one row a draft, in its order.

    Who cannot be reached gets a row that failed and says why, so that the caller can try another
    way; who wants no messages gets one that says "stopped". The caller's action records the act.
    although_stopped: for the one confirmation that somebody is left in peace.
    """
    assert transaction.get_connection().in_atomic_block, "messages belong to an action"
    asked = list(drafts)
    if not asked:
        return []
    planned = _plan(
        asked,
        society_code,
        is_urgent=is_urgent,
        is_drill=is_drill,
        although_stopped=although_stopped,
    )
    codes = _codes_for([each.draft.person_id for each in planned])
    keys = subject_keys.keys_for({each.draft.person_id for each in planned})
    now = clock.now()
    rows = []
    for each, code in zip(planned, codes, strict=True):
        values = {**each.values, "code": code}
        ended = each.state in ("failed", "stopped")
        rows.append(
            Message(
                society_id=society_code, person_id=each.draft.person_id,
                channel=each.draft.channel, template=each.draft.template, language=each.language,
                about=each.draft.about, code=code, is_urgent=is_urgent, is_drill=is_drill,
                values_sealed=_sealed(keys.get(each.draft.person_id), values),
                parts=each.parts, cost_fen=0 if ended else each.cost_fen, state=each.state,
                reason=each.reason, due_at=each.due_at, first_due_at=each.due_at,
                queued_at=now,
                ended_at=now if ended else None,
            )
        )  # fmt: skip
    _insert(rows)
    return rows


# One statement whose length does not grow: a thousand rows with two dozen values each would cost
# half a second to write out and to read.
_COLUMNS = {
    "id": "uuid", "society_id": "text", "person_id": "uuid", "channel": "text",
    "template": "text", "language": "text", "about": "uuid", "code": "text",
    "values_sealed": "bytea", "is_urgent": "bool", "is_drill": "bool", "parts": "smallint",
    "cost_fen": "int", "state": "text", "reason": "text", "tries": "smallint",
    "due_at": "timestamptz", "first_due_at": "timestamptz", "queued_at": "timestamptz",
    "ended_at": "timestamptz",
}  # fmt: skip
_INSERT = (
    f"INSERT INTO messaging_message ({', '.join(_COLUMNS)})"
    f" SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())})"
)


def _insert(rows: Sequence[Message]) -> None:
    columns = [[_plain(getattr(row, name)) for row in rows] for name in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
    for row in rows:
        row._state.adding, row._state.db = False, "default"


def _plain(value: object) -> object:
    """A choice as its text."""
    return str(value) if isinstance(value, str) else value


def cancel_messages(about_ids: Iterable[UUID]) -> int:
    """What was not handed over yet is not handed over any more; how many. What a gateway has is
    with the gateway. In the caller's transaction."""
    waiting = Message.objects.filter(about__in=list(about_ids), state__in=["queued", "held"])
    return waiting.update(state=Message.State.CANCELLED, ended_at=clock.now())


# Jobs that want to try another way as soon as a message has failed.
_on_failed: list[Callable[[list[Message]], None]] = []


def on_failed(handler: Callable[[list[Message]], None]) -> None:
    """`handler` gets messages that ended as failed or stopped after they were queued, inside the
    transaction that writes it down; called when the apps are ready."""
    _on_failed.append(handler)


def tell_failed(messages: list[Message]) -> None:
    for handler in _on_failed if messages else []:
        handler(messages)


def preview(
    draft: Draft, *, society_code: str, language: str = "zh", is_drill: bool = False
) -> str:
    """The text as it will arrive, with a sample code: for the page before anything is sent."""
    values = {**_values(draft), "code": _SAMPLE_CODE}
    text = rendered(draft.template, language, draft.channel, values, is_drill=is_drill)
    return signed(text, society_code) if draft.channel == "sms" else text


# ── planning ─────────────────────────────────────────────────────────────────────────────────


def _plan(
    drafts: Sequence[Draft],
    society_code: str,
    *,
    is_urgent: bool,
    is_drill: bool,
    although_stopped: bool = False,
) -> list[_Planned]:
    reach = reach_of({each.person_id for each in drafts}, {each.channel for each in drafts})
    now, machine = clock.now(), clock.machine_now()
    planned = []
    for draft in drafts:
        language = reach.language(draft.person_id)
        values = _values(draft)
        text = rendered(
            draft.template, language, draft.channel, {**values, "code": _SAMPLE_CODE},
            is_drill=is_drill,
        )  # fmt: skip
        parts = parts_of(signed(text, society_code)) if draft.channel == "sms" else 1
        wants = reach.preferences.get(draft.person_id)
        state, reason, due = "queued", reach.lacks(draft.person_id, draft.channel), machine
        if wants and wants.stopped_at and not although_stopped:
            state, reason = "stopped", "stopped"
        elif reason:
            state = "failed"
        elif not is_urgent:
            begins, ends = (
                (wants.quiet_from, wants.quiet_until) if wants else (QUIET_FROM, QUIET_UNTIL)
            )
            wait = until_end(now, begins, ends)
            if wait:
                # Waited for by the machine's clock: the world's may stand still.
                state, due = "held", machine + wait
        planned.append(
            _Planned(
                draft, language, values, parts, _price(draft.channel, parts), state, reason, due
            )
        )
    return planned


def _price(channel: str, parts: int) -> int:
    if channel == "sms":
        return parts * int(settings.SMS_PART_FEN)
    return int(settings.VOICE_CALL_FEN) if channel == "voice" else 0


def _values(draft: Draft) -> dict[str, str]:
    declared = declared_template(draft.template)
    missing = set(declared.variables) - set(draft.values)
    assert not missing, f"{draft.template} lacks {sorted(missing)}"
    values = {name: clean_variable(str(draft.values[name])) for name in declared.variables}
    if draft.link:
        values["token"] = declared.token_in(draft.link)
    return values


# ── codes ───────────────────────────────────────────────────────────────────────────

# A family shares a phone: a code is taken for everybody who has the number of its message.
_TAKEN = """
    WITH asked AS (SELECT id, phone_hash FROM registry_person WHERE id = ANY(%s)),
    same AS (
        SELECT id AS asked, id FROM asked
        UNION SELECT a.id, p.id FROM asked a JOIN registry_person p USING (phone_hash)
    )
    SELECT same.asked, m.code FROM same
    JOIN messaging_message m ON m.person_id = same.id AND m.queued_at > %s
"""


def _codes_for(person_ids: Sequence[UUID]) -> list[str]:
    """One code a message. Those who queue at the same moment wait for each other here: two who do
    not see each other's rows could give one phone the same code twice."""
    since = clock.now() - CODE_DAYS
    taken: dict[UUID, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CODES_LOCK])
        cursor.execute(_TAKEN, [list(set(person_ids)), since])
        for person_id, code in cursor.fetchall():
            taken[person_id].add(code)
        cursor.execute(
            "SELECT id, phone_hash FROM registry_person WHERE id = ANY(%s)", [list(set(person_ids))]
        )
        phones = {person_id: bytes(found) for person_id, found in cursor.fetchall() if found}
    here: dict[object, set[str]] = defaultdict(set)
    codes = []
    for person_id in person_ids:
        of_phone = here[phones.get(person_id, person_id)]
        code = new_message_code(taken[person_id] | of_phone)
        if code is None:
            raise Conflict(
                "messaging.codes.none_left",
                _("One person got nine thousand messages within a month."),
                _("Call them, and look what sends so many."),
            )
        of_phone.add(code)
        codes.append(code)
    return codes


def _sealed(key: bytes | None, values: Mapping[str, str]) -> bytes:
    """b"" for a person who was erased: nothing of them is kept."""
    if key is None:
        return b""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return sealing.seal(key, text, VALUES_CONTEXT)


def values_of(message: Message, key: bytes | None) -> dict[str, str] | None:
    """What fills the template, None once the person's key was destroyed."""
    if key is None or not message.values_sealed:
        return None
    found: dict[str, str] = json.loads(
        sealing.open_sealed(key, bytes(message.values_sealed), VALUES_CONTEXT)
    )
    return found
