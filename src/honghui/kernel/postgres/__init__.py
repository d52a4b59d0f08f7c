"""The embedded PostgreSQL: found, started, stopped, backed up. Used before Django starts.

Nothing in this package may import Django.
"""

from __future__ import annotations

from honghui.kernel.postgres.backups import backup, restore
from honghui.kernel.postgres.binaries import Binaries, find_binaries
from honghui.kernel.postgres.server import EmbeddedServer

__all__ = ["Binaries", "EmbeddedServer", "backup", "find_binaries", "restore"]
