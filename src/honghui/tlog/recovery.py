"""After a backup was restored: nothing is signed until it is shown that we are not behind.

A restored disk shows an old head as if it were the last. To sign on from there would be a second
history of the same log, and whoever kept a newer checkpoint could prove it: the log would be dead.
So the newest head that anyone has seen is fetched, from the published address, a mirror, or a
witness; what is missing here is copied from there, proven; and the kept head moves to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from honghui.tlog.checkpoints import Checkpoint, open_checkpoint
from honghui.tlog.errors import CouldNotCheck, NotProven, WillNotSign
from honghui.tlog.heads import Head
from honghui.tlog.mirror import mirror
from honghui.tlog.reading import read_checkpoint
from honghui.tlog.signatures import Key
from honghui.tlog.storage import Source, Storage
from honghui.tlog.tree import Tree
from honghui.tlog.verification import Progress, quiet


def recover(
    storage: Storage,
    head: Head,
    keys: Sequence[Key],
    *,
    copies: Sequence[Source],
    witnessed: Sequence[bytes] = (),
    progress: Progress = quiet,
) -> Checkpoint:
    """The head from which the writer may go on.

    copies: the published address and mirrors, which hold files. witnessed: checkpoints that
    witnesses have cosigned. Raises WillNotSign when there is no evidence, or a witness has seen
    more than any copy holds; Diverged when two of them contradict one another.
    """
    with head.held():
        kept = head.checkpoint()
        shown = [read_checkpoint(copy, keys) for copy in copies]
        seen = [open_checkpoint(raw, keys) for raw in witnessed]
        if not shown and not seen:
            raise WillNotSign(
                "Nothing shows how far the log had come before the backup was restored.",
                "Name the published address, a mirror, or a witness.",
            )
        known = [one.head for one in (*shown, *seen)] + ([kept] if kept else [])
        furthest = max(known, key=lambda one: one.size)
        if shown:
            best = max(range(len(shown)), key=lambda at: shown[at].head.size)
            mirror(copies[best], storage, keys, progress=progress)
        tree = _tree_at(storage, furthest)
        for one in known:
            tree.refuse_unless_continues(one)
        raw = next((one.raw for one in (*shown, *seen) if one.head == furthest), head.read())
        assert raw is not None
        if kept != furthest:
            head.swap(head.read(), raw)
        head.clear_restored()
        return furthest


def _tree_at(storage: Storage, furthest: Checkpoint) -> Tree:
    try:
        return Tree(storage, furthest)
    except (NotProven, CouldNotCheck) as error:
        raise WillNotSign(
            f"Someone has seen {furthest.size} entries, and no copy that was named holds them all.",
            "Name a mirror that has them. Until then nothing is signed.",
        ) from error
