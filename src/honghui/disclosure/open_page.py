"""What the page /open/ tells: how far the log has come, under which key, and what to type.

Every command carries this site's own address and key, so it can be copied as it is. Whoever checks
compares the key with paper first, and the page says so: it cannot vouch for its own server.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from honghui.disclosure import downloads
from honghui.disclosure.downloads import Download
from honghui.journal import log_place
from honghui.journal.log_head import LogHead, fingerprint, published_head
from honghui.tlog.errors import CouldNotCheck, TlogError

SCHEMA_WORDS: dict[str, Promise] = {
    "society": _("A society, and who guides it"),
    "purpose": _("What money and goods may be used for"),
    "place": _("A place: a division, a warehouse, a bank account"),
    "unit": _("A unit of measure"),
    "item": _("A kind of goods"),
    "lot": _("A delivery of one kind, and its value"),
    "clock": _("How long the law gives for something"),
    "entry": _("Value came, moved, or was used"),
    "decision": _("A body decided what may be spent"),
    "consent": _("Somebody agreed to a change of purpose"),
    "review": _("An emergency release, looked at afterwards"),
    "closing": _("A period's books are closed"),
    "bulletin": _("Published figures, and how each is computed"),
    "correction": _("A note that corrects an earlier record"),
    "reconciliation": _("Our books against the bank's statement"),
    "rescue-summary": _("What may be told of a rescue"),
    "certificate": _("A certificate was issued"),
    "certificate-revocation": _("A certificate no longer holds"),
    "key-change": _("The log gets another key"),
    "recovery": _("The books were restored from a backup"),
}


@dataclass(frozen=True)
class OpenPage:
    """`head` None: the log has not begun, or `unreadable` cannot be read just now. `key`: the line
    that is printed on paper. `proved_index`: a record that the example proves."""

    address: str
    head: LogHead | None
    unreadable: bool
    key: str
    fingerprint: str
    proved_index: int
    verifier: Download
    page: Download | None

    @property
    def audit(self) -> SafeString:
        return _typed(f"honghui audit {self._log}")

    @property
    def mirror(self) -> SafeString:
        return _typed(f"honghui log mirror {self.address} our-copy --key '{self.key}'")

    @property
    def check_log(self) -> SafeString:
        return _typed(f"python3 verify.py log {self._log}")

    @property
    def prove(self) -> SafeString:
        """Fetches one record with its proof, then checks both without the network."""
        at = self.proved_index
        return _typed(
            f"python3 verify.py prove {self.address} {at} --entry {at}.json --key '{self.key}'",
            f"python3 verify.py proof {at}.tlog-proof {at}.json --key '{self.key}'",
        )

    @property
    def compare(self) -> str:
        return "sha256sum verify.py verify.html"

    @property
    def witness(self) -> SafeString:
        return _typed(
            "honghui log key w.example.org --witness --to witness.key",
            f"echo '{self.key}' > logs.txt",
            "honghui log witness seen --signing-key witness.key --logs logs.txt --create",
        )

    @property
    def _log(self) -> str:
        return f"{self.address} --key '{self.key}'"


def _typed(*lines: str) -> SafeString:
    """Commands as one types them. A narrow page breaks lines anywhere, but not inside `--key`."""
    words = (word for line in lines for word in (*line.split(" "), "\n"))
    parts = (
        format_html('<span class="nb">{}</span>' if word.startswith("--") else "{}", word)
        for word in words
    )
    return SafeString(" ".join(parts).replace(" \n ", "\n").removesuffix(" \n"))


def open_page(address: str) -> OpenPage:
    """`address`: where this site shows its log, with a slash at the end."""
    keys = log_place.public_keys()
    unreadable = False
    try:
        head = published_head()
    except TlogError:
        head, unreadable = None, True
    return OpenPage(
        address=address,
        head=head,
        unreadable=unreadable,
        key=keys[0].vkey if keys else "",
        fingerprint=fingerprint(keys[0]) if keys else "",
        proved_index=max(head.size - 1, 0) if head else 0,
        verifier=downloads.verifier(),
        page=_offline_page(),
    )


def _offline_page() -> Download | None:
    try:
        return downloads.page()
    except CouldNotCheck:
        return None


@dataclass(frozen=True)
class SchemaRow:
    name: str
    words: object
    file: str
    kilobytes: int


def schema_rows() -> list[SchemaRow]:
    """A row a kind of record. Every kind has its words: a test says so."""
    rows = []
    for file, download in downloads.schemas().items():
        kind, _dash, version = file.removesuffix(".json").rpartition("-")
        name = f"{kind.replace('-', '_')}/{version}"
        rows.append(SchemaRow(name, SCHEMA_WORDS[kind], file, download.kilobytes))
    return rows
