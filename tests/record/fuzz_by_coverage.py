"""Looks for input that no case has reached yet:

    python -m tests.record.fuzz_by_coverage SECONDS FOLDER

FOLDER gets what was found interesting, beginning with the examples. Give it again, to go on.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["honghui.record"]):
    from tests.record.fuzzing import TARGETS, corpus, try_chosen


def main(seconds: str, folder: str) -> None:
    for number, name in enumerate(TARGETS):
        for one in corpus(name):
            data = bytes([number]) + one
            (Path(folder) / sha256(data).hexdigest()).write_bytes(data)
    limits = ["-max_len=6000", "-timeout=10", "-rss_limit_mb=1024", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], folder, f"-max_total_time={seconds}", *limits], try_chosen)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
