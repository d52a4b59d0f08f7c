"""What others need to read our records: a JSON Schema of each, and a page of reference.

All of it is made from the types and their own words, so it is never older than the code.
"""

from __future__ import annotations

import json
from pathlib import Path

from honghui.record.json_schemas import json_schemas
from honghui.record.reference_page import file_name, reference_page


def reference_files() -> dict[str, str]:
    """By name: README.md and a JSON Schema for each schema."""
    files = {
        file_name(schema): json.dumps(node, ensure_ascii=False, indent=2) + "\n"
        for schema, node in json_schemas().items()
    }
    return {"README.md": reference_page(), **files}


def write_reference(folder: Path) -> list[str]:
    """The names of the files written."""
    files = reference_files()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return list(files)
