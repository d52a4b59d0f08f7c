"""Raised when a form's photos are not all here: the phone sends them and asks again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict


class PhotosMissing(Conflict):
    def __init__(self, ids: Collection[UUID]) -> None:
        super().__init__(
            "sync.attachment.missing",
            _("Photos of this form are not here yet."),
            _("The phone sends them by itself."),
        )
        self.ids = sorted(str(each) for each in ids)
