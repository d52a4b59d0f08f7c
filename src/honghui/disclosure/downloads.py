"""What /open/ hands out besides the log: the key, the two verifiers, the schemas.

The verifiers are made from the code that runs here, once in each process. Their hashes are shown
beside them, so that a copy from anywhere else can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from honghui.journal import log_place
from honghui.record.publishing import reference_files
from honghui.tlog.offline_page import offline_page
from honghui.tlog.verifier import single_file


@dataclass(frozen=True)
class Download:
    data: bytes
    content_type: str

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()

    @property
    def kilobytes(self) -> int:
        return -(-len(self.data) // 1000)


@cache
def verifier() -> Download:
    """verify.py, as `honghui log verifier` writes it."""
    return Download(single_file().encode(), "text/x-python; charset=utf-8")


@cache
def page() -> Download:
    """verify.html, as `honghui log page` writes it. Raises CouldNotCheck where the front-end files
    were not collected."""
    return Download(offline_page().encode(), "text/html; charset=utf-8")


@cache
def schemas() -> dict[str, Download]:
    """By file name: the JSON Schema of each record, as `honghui record schemas` writes them."""
    return {
        name: Download(text.encode(), "application/schema+json")
        for name, text in reference_files().items()
        if name.endswith(".json")
    }


def log_key() -> bytes:
    """A line for each public key of the log; the first is the one that is printed on paper."""
    return "".join(f"{key.vkey}\n" for key in log_place.public_keys()).encode()
