"""Looks for input that no case has reached yet:

    python -m tests.fuzz_by_coverage AREA SECONDS FOLDER

AREA is tlog or record. FOLDER gets what was found interesting, beginning with the area's own
corpus. Give it again, to go on.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import atheris


def main(area: str, seconds: str, folder: str) -> None:
    with atheris.instrument_imports(include=[f"honghui.{area}"]):
        parsers = import_module(f"tests.{area}.fuzzing")
    for number, name in enumerate(parsers.TARGETS):
        for one in parsers.corpus(name):
            data = bytes([number]) + one
            (Path(folder) / sha256(data).hexdigest()).write_bytes(data)
    limits = ["-max_len=6000", "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={folder}/"]
    arguments = [sys.argv[0], folder, f"-max_total_time={seconds}", *limits]
    atheris.Setup(arguments, parsers.try_chosen)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
