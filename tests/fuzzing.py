"""What all parsers are asked with: valid input with something changed, and a search by coverage.

Each area (`tests/tlog`, `tests/record`) says in its own `fuzzing` what its parsers promise.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

HOME = Path(__file__).resolve().parents[1]
SECONDS = 3


@st.composite
def changed(draw: st.DrawFn, corpus: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """A valid one, or nearly, with up to four changes that hypothesis can make smaller. `pieces`:
    what such parsers trip over, beside single bytes."""
    data = draw(st.sampled_from(corpus))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        piece = draw(st.sampled_from(pieces) | st.binary(min_size=1, max_size=3))
        past = at + draw(st.sampled_from([0, 0, len(piece), 1, 5, len(data)]))
        data = data[:at] + draw(st.sampled_from([piece, b"", data[at:past] * 2])) + data[past:]
    return data


def check_by_coverage(area: str, folder: Path) -> None:
    """A short run of `fuzz_by_coverage`, which must find nothing."""
    # Through a shell that forks once more: a process inherits the peak of the memory of whoever
    # started it, and the fuzzer would take our own for its.
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable]
    command += ["-m", "tests.fuzz_by_coverage", area, str(SECONDS), str(folder)]
    found = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr[-3000:]
    runs = re.search(r"Done (\d+) runs", found.stderr)
    assert runs and int(runs[1]) > 1000, found.stderr[-1000:]
