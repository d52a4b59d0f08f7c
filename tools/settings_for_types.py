"""The real settings with placeholders for secrets: for the type checker, which runs no code."""

from __future__ import annotations

import os

os.environ.setdefault("HONGHUI_SECRET", "for-the-type-checker")
os.environ.setdefault("HONGHUI_SEALING_SECRETS", "for-the-type-checker")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")

from honghui.site.settings import *  # noqa: E402, F403
