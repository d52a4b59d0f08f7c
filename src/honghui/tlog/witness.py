"""A witness: it cosigns the heads of a log that only ever grew (C2SP tlog-witness).

For each log it keeps one head, the last that it cosigned. Whoever brings a newer one, with the
log's signature and the proof that the one continues the other, gets a signature with the time. So
a log that shows two histories cannot have the witness's word for both.

    200 cosigned    400 not a request    403 not signed by the log    404 a log not followed
    409 the proof begins at another size than the one kept here, which is the answer
    422 the proof is wrong, or one size has two roots          503 cannot keep or date it just now

The hard idea: a signature that has left cannot be called back. So the new head is on the disk
before the signature leaves, and from reading the kept head to writing the new one nobody else
moves it. A folder that was lost, or put back by a backup, would make the witness cosign a second
history: it must be made by name, once, and stops when it was restored.
"""

from __future__ import annotations

import base64
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from honghui.tlog.checkpoints import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    is_cosignature,
    parse_body,
)
from honghui.tlog.errors import BadSignature, Malformed, NotProven, TlogError, WillNotSign
from honghui.tlog.files import read_file, replace_file
from honghui.tlog.hashing import EMPTY_ROOT, HASH_BYTES
from honghui.tlog.heads import Head, Heads, origin_hash, refuse_other_history
from honghui.tlog.notes import Line, Note, parse_note, sign_line, verify_note
from honghui.tlog.proofs import check_consistency
from honghui.tlog.signatures import COSIGNATURE, Key, SigningKey, decode_base64, parse_vkey
from honghui.tlog.tiles import SIZE_MAX

TEXT: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
PROOF_LINES_MAX = 63
# `old`, the proof, and the longest checkpoint.
REQUEST_BYTES_MAX = 32 + PROOF_LINES_MAX * 45 + CHECKPOINT_BYTES_MAX
# A clock that is set right moves by a second or two. Then the time that was given last is given
# again; one that is further behind is wrong, or was.
CLOCK_BACK_S_MAX = 5
CONFIGURATION_BYTES_MAX = 1_000_000
LOGGER = logging.getLogger("honghui.tlog.witness")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Request:
    """What is asked of a witness: the size it should know, the proof from there, the new head."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def body(self) -> bytes:
        lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.proof)
        return f"old {self.old}\n{lines}\n".encode() + self.checkpoint


def parse_request(body: bytes) -> Request:
    """Raises Malformed."""
    head, gap, checkpoint = body.partition(b"\n\n")
    if not gap or not checkpoint:
        raise Malformed("The request has no empty line with a checkpoint after it.")
    first, *lines = head.decode("ascii", "replace").split("\n")
    if not first.startswith("old "):
        raise Malformed("The request does not begin with `old` and a size.")
    if len(lines) > PROOF_LINES_MAX:
        raise Malformed(f"The proof has more than {PROOF_LINES_MAX} lines.")
    proof = tuple(map(decode_base64, lines))
    if any(len(one) != HASH_BYTES for one in proof):
        raise Malformed("A hash of the proof is not 32 bytes long.")
    return Request(parse_size(first[4:]), proof, checkpoint)


def parse_size(text: str) -> int:
    if not _SIZE.fullmatch(text) or int(text) > SIZE_MAX:
        raise Malformed(f"The size is not a plain number without leading zeros: {text[:40]!r}.")
    return int(text)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    kind: str = TEXT


class _Refused(Exception):
    """The answer is no. `text`: a sentence, or the size that is kept here."""

    def __init__(self, status: int, text: str, kind: str = TEXT) -> None:
        super().__init__(text)
        self.answer = Answer(status, f"{text}\n", kind)


def refuse_unless_continues(request: Request, head: Checkpoint, kept: Checkpoint | None) -> None:
    """The decision, once the log has signed `head`. `kept`: what this witness cosigned last."""
    size, root = (kept.size, kept.root) if kept else (0, EMPTY_ROOT)
    if request.old > head.size:
        raise _Refused(400, f"The log cannot shrink from {request.old} entries to {head.size}.")
    if request.old != size:
        raise _Refused(409, str(size), SIZE)
    try:
        refuse_other_history(kept, head)
        check_consistency(size, root, head.size, head.root, request.proof)
    except NotProven as error:
        raise _Refused(422, error.sentence) from error


class Witness:
    """Open it with `open_witness`. logs: the keys of each log that it follows, by origin."""

    def __init__(
        self,
        folder: Path,
        signers: Sequence[SigningKey],
        logs: Mapping[str, Sequence[Key]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.heads = Heads(folder)
        self.signers = tuple(signers)
        self.logs = dict(logs)
        self.clock = clock
        self._origins = {origin_hash(origin): origin for origin in self.logs}
        _check_keys(self.signers, self.logs)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What verifies this witness."""
        return tuple(signer.public for signer in self.signers)

    def add_checkpoint(self, body: bytes) -> Answer:
        """The answer to a request, whatever it is. Raises nothing."""
        try:
            return Answer(200, "".join(map(str, self._cosign(body))))
        except _Refused as refused:
            return refused.answer
        except (TlogError, OSError) as error:
            LOGGER.error("The witness could not keep a head: %s", error)
            return Answer(503, "The witness cannot keep a head just now. Try again later.\n")

    def latest(self, hashed_origin: str) -> Answer:
        """What this witness cosigned last for a log: whoever was shown another head compares."""
        origin = self._origins.get(hashed_origin)
        try:
            raw = self.heads.of(origin).read() if origin else None
        except TlogError as error:
            LOGGER.error("The kept head cannot be read: %s", error)
            return Answer(503, "The kept head cannot be read just now. Try again later.\n")
        if raw is None:
            return Answer(404, "This witness has not cosigned such a log.\n")
        return Answer(200, raw.decode())

    def _cosign(self, body: bytes) -> Sequence[Line]:
        request, signed = self._read(body)
        new = parse_body(signed.text)
        place = self.heads.of(new.origin)
        with place.held(wait=True):
            raw = place.read()
            kept = parse_note(raw) if raw is not None else None
            before = parse_body(kept.text) if kept else None
            _keep_if_forked(place, before, new, signed)
            refuse_unless_continues(request, new, before)
            if place.restored:
                raise _Refused(503, "A backup was restored here, so this witness may be behind.")
            last_s = self._time_in(kept)
            now_s = self._now_after(last_s)
            if kept and kept.text == signed.text and now_s == last_s and self._all_signed(kept):
                return self._own(kept)  # the same second: nothing to add, and nothing to write
            lines = [sign_line(signed.text, signer, now_s) for signer in self.signers]
            place.swap(raw, signed.with_lines(lines).raw)
        return lines

    def _read(self, body: bytes) -> tuple[Request, Note]:
        """The request, and the head in it with the log's own lines alone."""
        try:
            request = parse_request(body)
            note = parse_note(request.checkpoint)
        except Malformed as error:
            raise _Refused(400, error.sentence) from error
        origin = note.text.partition("\n")[0]
        keys = self.logs.get(origin)
        if keys is None:
            raise _Refused(404, "This witness does not follow that log.")
        try:
            verify_note(note, keys)
            parse_body(note.text)
        except BadSignature as error:
            raise _Refused(403, error.sentence) from error
        except Malformed as error:
            # Signed, and still no head. Of these the standard names one: no entries, and a root.
            empty = note.text.split("\n")[1] == "0"
            raise _Refused(422 if empty else 400, error.sentence) from error
        known = {(key.name, key.id) for key in keys}
        lines = [line for line in note.lines if (line.name, line.key_id) in known]
        return request, Note(note.text, ()).with_lines(lines)

    def _own(self, kept: Note) -> list[Line]:
        own = {(key.name, key.id) for key in self.keys}
        return [line for line in kept.lines if (line.name, line.key_id) in own]

    def _all_signed(self, kept: Note) -> bool:
        return len(self._own(kept)) == len(self.signers)

    def _time_in(self, kept: Note | None) -> int:
        """The time this witness gave last, with the keys that it has now."""
        if kept is None or not self._own(kept):
            return 0
        return max(one.time_s or 0 for one in verify_note(kept, self.keys))

    def _now_after(self, last_s: int) -> int:
        """The time to sign with: it never goes back."""
        now_s = int(self.clock())
        if now_s < last_s - CLOCK_BACK_S_MAX:
            LOGGER.error(
                "The clock is %d s behind the last cosignature. Set it right. If it ran ahead "
                "before, give this witness a new name and key.",
                last_s - now_s,
            )
            raise _Refused(503, "The witness's clock is behind its last cosignature.")
        return max(now_s, last_s)


def _keep_if_forked(place: Head, before: Checkpoint | None, new: Checkpoint, signed: Note) -> None:
    """Two signed roots of one size prove that the log was rewritten: the first such is kept."""
    evidence = place.path.with_name(f"{place.path.name}.fork")
    if before and new.size == before.size and new.root != before.root and not evidence.exists():
        LOGGER.error("%s has forked at %d entries. Kept: %s", new.origin, new.size, evidence)
        replace_file(evidence, signed.raw, 0o600)


def _check_keys(signers: Sequence[SigningKey], logs: Mapping[str, Sequence[Key]]) -> None:
    if not signers or not all(is_cosignature(signer.public) for signer in signers):
        raise WillNotSign("A witness needs a key that cosigns, and this one does not.")
    own = {signer.public.public for signer in signers}
    for origin, keys in logs.items():
        for key in keys:
            if key.kind == COSIGNATURE or key.name != origin or key.public in own:
                raise WillNotSign(
                    "This is not a key that a log signs with.",
                    "Ask the log's keeper for its own key; a witness's key proves nothing.",
                    where=key.vkey[:80],
                )


def read_logs(path: Path) -> dict[str, list[Key]]:
    """The logs to follow: one vkey a line, and lines that begin with # for people. Two lines of
    one name are two keys of one log, as while it changes its key. Raises Malformed."""
    data = read_file(path, CONFIGURATION_BYTES_MAX)
    if data is None:
        raise Malformed("There is no such file of logs to follow.", where=str(path))
    logs: dict[str, list[Key]] = {}
    for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                key = parse_vkey(text)
            except Malformed as error:
                place = f"{path.name}, line {number}"
                raise Malformed(error.sentence, error.hint, where=place) from error
            logs.setdefault(key.name, []).append(key)
    return logs


def create_witness(folder: Path, signers: Sequence[SigningKey]) -> None:
    """The folder of a witness that has never signed. Refuses where there is one already."""
    if _marker(folder).exists():
        raise WillNotSign("There is a witness here already.", where=str(folder))
    vkeys = "".join(f"{signer.public.vkey}\n" for signer in signers)
    replace_file(_marker(folder), vkeys.encode())


def open_witness(
    folder: Path,
    signers: Sequence[SigningKey],
    logs: Mapping[str, Sequence[Key]],
    *,
    clock: Callable[[], float] = time.time,
) -> Witness:
    """Raises WillNotSign where no witness was made: without what it has cosigned, its key would
    cosign a second history."""
    if not _marker(folder).exists():
        raise WillNotSign(
            "What this witness has cosigned is not here.",
            "For a new witness, with a new key: `honghui log witness --create`. For one whose "
            "folder was lost: give it a new name and key, and tell the logs.",
            where=str(folder),
        )
    return Witness(folder, signers, logs, clock)


def _marker(folder: Path) -> Path:
    return folder / "witness"
