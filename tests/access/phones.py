"""What phones send, for the table of access: forms and photos are whoever's who sent them."""

from __future__ import annotations

from typing import Any

from honghui.kernel import clock
from honghui.kernel.errors import NotAllowed, NotFound, SignInAgain
from honghui.kernel.ids import new_id
from honghui.sync.handling import Form, Owner
from honghui.sync.practice import KIND
from tests.access.rows import EVERYBODY, NOBODY, SIGNED_IN, WITH_A_ROLE, Row, Values, act, page


def _own(it: Any) -> Owner:
    return Owner(it.actor_account.pk if it.actor_account else None, None)


def _form(it: Any) -> Values:
    now = clock.machine_now()
    form = Form(new_id(), KIND, now, {"note": "试"}, "", (), sent_at=now, received_at=now)
    return {"form": form, "owner": _own(it), "content_hash": b"1"}


def _photo(it: Any) -> Values:
    sizes = {"sent_bytes": 1, "kept_bytes": 1, "width_pixels": 1, "height_pixels": 1}
    return {"owner": _own(it), "attachment_id": new_id(), "sha256": b"1", **sizes}


def _old(it: Any) -> Values:
    now = clock.machine_now()
    return {"before": now, "practised_before": now}


_REFUSED = (NotAllowed, NotFound, SignInAgain)
# An empty letter is read, and refused as one, before anybody is asked who they are.
PHONE_PAGES: tuple[Row, ...] = (
    page("sync_state", EVERYBODY),
    page("sync_forms", EVERYBODY, methods=("POST",)),
    page(
        "sync_attachment", EVERYBODY, others=EVERYBODY, let_in=frozenset({405}),
        given=lambda it: {"attachment_id": new_id()},
    ),
    page("service_worker", EVERYBODY),
    page("field", WITH_A_ROLE, "desk.use"),
    page("field_practice", WITH_A_ROLE, "desk.use"),
    page("field_queue", EVERYBODY),
    page("field_offline", EVERYBODY),
)  # fmt: skip
PHONE_ACTIONS: tuple[Row, ...] = (
    act(
        "forms.take_form", SIGNED_IN, "", _form, within="sync.actions", about_oneself=True,
        refused_with=_REFUSED,
    ),
    act(
        "attachments.keep_attachment", SIGNED_IN, "", _photo, within="sync.actions",
        about_oneself=True, refused_with=_REFUSED,
    ),
    act("attachments.forget_attachments", NOBODY, "", _old, others=None, within="sync.actions"),
)  # fmt: skip
