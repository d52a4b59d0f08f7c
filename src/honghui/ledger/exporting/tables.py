"""The books as tables: each as CSV and as Parquet, and `datapackage.json`, which describes them
(Frictionless Data Package) with the hash of every file.

The database writes the CSV, and the Parquet is made from that file, block by block: so both say the
same, and neither is ever in memory. Parquet needs the package `pyarrow`, our extra `parquet`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

from honghui.kernel.errors import CannotRun
from honghui.ledger.exporting.columns import TABLES, Table
from honghui.ledger.recounting import one_moment
from honghui.tlog.verification import Progress, quiet

if TYPE_CHECKING:
    import pyarrow

DESCRIPTION = "datapackage.json"
# Bytes of CSV in memory at once, and in one group of rows. Larger than any record.
_BLOCK = 8 * 1024 * 1024


def write_tables(folder: Path, progress: Progress = quiet) -> None:
    """`progress` is told how many rows there are. The description is written last: without it, the
    folder is not whole."""
    _check_parquet()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DESCRIPTION).unlink(missing_ok=True)
    done = 0
    with one_moment():
        for table in TABLES:
            done = _write_csv(table, folder / f"{table.name}.csv", done, progress)
    for table in TABLES:
        _write_parquet(table, folder)
    text = json.dumps(_description(folder), ensure_ascii=False, indent=2)
    (folder / DESCRIPTION).write_text(f"{text}\n", "utf-8")


def _check_parquet() -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise CannotRun(
            "export.no_parquet",
            "The package pyarrow is not installed, which writes Parquet.",
            "Type: pip install --require-hashes -r requirements-parquet.lock",
        ) from error


def _write_csv(table: Table, path: Path, done: int, progress: Progress) -> int:
    """How many rows there are now. No field has a line break in it: codes have none, and canonical
    JSON writes it as two characters."""
    query = f"COPY ({table.query}) TO STDOUT (FORMAT csv, HEADER true)"
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        done -= 1  # the heading
        for block in copy:
            file.write(block)
            done += bytes(block).count(b"\n")
            progress(done)
    return done


def _write_parquet(table: Table, folder: Path) -> None:
    from pyarrow import csv, parquet

    schema = _arrow_schema(table)
    reader = csv.open_csv(
        folder / f"{table.name}.csv",
        read_options=csv.ReadOptions(block_size=_BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=False),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            # Nothing at all is missing; every word is itself, "null" too.
            null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    with parquet.ParquetWriter(
        folder / f"{table.name}.parquet", schema, compression="zstd"
    ) as writer:
        for batch in reader:
            writer.write_batch(batch.cast(schema))


def _arrow_schema(table: Table) -> pyarrow.Schema:
    import pyarrow

    types = {
        "integer": pyarrow.int64(),
        "string": pyarrow.string(),
        "date": pyarrow.date32(),
    }
    return pyarrow.schema(
        [
            pyarrow.field(one.name, types[one.type], nullable=not one.is_required)
            for one in table.columns
        ]
    )


def _description(folder: Path) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "honghui-ledger",
        "title": "The books of the Digital Red Cross",
        "resources": [
            *(_resource(folder, table, "csv") for table in TABLES),
            *(_resource(folder, table, "parquet") for table in TABLES),
        ],
    }


def _resource(folder: Path, table: Table, form: str) -> dict[str, Any]:
    path = folder / f"{table.name}.{form}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    is_text = form == "csv"
    return {
        "name": table.name if is_text else f"{table.name}-{form}",
        "description": table.description,
        "path": path.name,
        # A Parquet file is told of as a file: validators compare its hash, and need not read it.
        **({"profile": "tabular-data-resource"} if is_text else {"type": "file"}),
        "format": form,
        "mediatype": "text/csv" if is_text else "application/vnd.apache.parquet",
        **({"encoding": "utf-8"} if is_text else {}),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": table.schema(),
    }
