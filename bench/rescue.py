"""The numbers of rescue: how long it takes to propose who to call, and to see who is where."""

from __future__ import annotations

from bench.ledger.database import fresh_database
from bench.rescue_board import board_rows
from bench.rescue_teams import proposal_rows
from bench.table import Row


def rows() -> list[Row]:
    with fresh_database():
        return [*proposal_rows(), *board_rows()]
