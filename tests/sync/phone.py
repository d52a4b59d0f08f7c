"""A phone as the server sees it: letters, photos in pieces, and nothing of a browser."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from PIL import Image

from honghui.kernel import clock
from honghui.kernel.ids import new_id

Json = dict[str, Any]


def a_form(said: str = "到了", **values: Any) -> Json:
    form = {
        "id": str(new_id()),
        "kind": "tests.note",
        "made_at": clock.machine_now().isoformat(),
        "fields": {"said": said},
        "attachments": [],
        "link": "",
    }
    return {**form, **values}


def letter(*forms: Json, now: datetime | None = None, account: str = "") -> Json:
    sent_at = now or clock.machine_now()
    return {"now": sent_at.isoformat(), "forms": list(forms), "account": account}


def send(client: Client, *forms: Json, **values: Any) -> list[Json]:
    answer = client.post(
        "/sync/forms", json.dumps(letter(*forms, **values)), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    answers: list[Json] = answer.json()["answers"]
    assert [one["id"] for one in answers] == [form["id"] for form in forms]
    return answers


def a_photo(edge: int = 400, colour: str = "red", **saving: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (edge, edge // 2), colour).save(out, saving.pop("format", "JPEG"), **saving)
    return out.getvalue()


def put(
    client: Client,
    data: bytes,
    *,
    number: UUID | None = None,
    start: int = 0,
    end: int | None = None,
    total: int | None = None,
    sha256: str = "",
    **headers: str,
) -> Any:
    """One piece of a photo, [start, end); all of it by default."""
    piece = data[start:end]
    return client.generic(
        "PUT",
        f"/sync/attachments/{number or new_id()}",
        piece,
        content_type="application/octet-stream",
        headers={
            "Content-Range": f"bytes {start}-{start + len(piece) - 1}/{total or len(data)}",
            "X-Content-SHA256": sha256 or hashlib.sha256(data).hexdigest(),
            **headers,
        },
    )


def named(number: UUID, data: bytes) -> Json:
    """The photo as a form names it."""
    sha256 = hashlib.sha256(data).hexdigest()
    return {"id": str(number), "sha256": sha256, "bytes": len(data), "media_type": "image/jpeg"}


def ago(**values: float) -> datetime:
    return clock.machine_now() - timedelta(**values)
