"""A disk that loses power: stands in for the module `os` in `honghui.tlog.files`.

It does every call for real and remembers what the disk has not been forced to keep. At the chosen
step it stops the program, before the call or in the middle of a write. `fail` then does to the
folder what a power cut may do: file contents never forced are emptied, names in folders never
forced go back to what they were, all of them or any of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import Any

# Each of these is a step at which the program can be stopped.
STEPS = frozenset(
    {"open", "write", "fsync", "close", "replace", "mkdir", "unlink", "rmdir", "listdir"}
)


class PowerCut(BaseException):
    """Not an Exception: nothing in the program may catch it and go on."""


class Disk:
    def __init__(self, stop_at: int | None = None) -> None:
        self.stop_at = stop_at
        self.steps: list[str] = []
        self.off = False
        self._paths: dict[int, str] = {}
        self._unforced: set[str] = set()  # paths whose content may be lost
        self._names: list[tuple[str, str, bytes | None]] = []  # folder, path, content before

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in STEPS:
            return real
        return lambda *args, **options: self._step(name, real, args, options)

    def _step(self, name: str, real: Callable[..., Any], args: Any, options: Any) -> Any:
        if self.off:
            if name == "close":
                return real(*args)
            raise PowerCut
        self.steps.append(name)
        if len(self.steps) - 1 == self.stop_at:
            self.off = True
            if name == "write":
                real(args[0], bytes(args[1])[: len(args[1]) // 2])
            if name == "close":
                real(*args)
            raise PowerCut
        return getattr(self, f"_{name}", self._plain)(real, args, options)

    def _plain(self, real: Callable[..., Any], args: Any, options: Any) -> Any:
        return real(*args, **options)

    def _open(self, real: Callable[..., Any], args: Any, options: Any) -> int:
        handle: int = real(*args, **options)
        self._paths[handle] = os.fspath(args[0])
        if args[1] & os.O_TRUNC:
            self._unforced.add(os.fspath(args[0]))
        return handle

    def _close(self, real: Callable[..., Any], args: Any, _options: Any) -> None:
        self._paths.pop(args[0], None)
        real(*args)

    def _fsync(self, _real: Callable[..., Any], args: Any, _options: Any) -> None:
        """Noted and not done: what a cut loses is decided in `fail`, not by this machine."""
        path = self._paths[args[0]]
        self._unforced.discard(path)
        self._names = [one for one in self._names if one[0] != path]

    def _replace(self, real: Callable[..., Any], args: Any, _options: Any) -> None:
        old, new = map(os.fspath, args)
        self._remember(new)
        real(old, new)
        if old in self._unforced:
            self._unforced.discard(old)
            self._unforced.add(new)

    def _unlink(self, real: Callable[..., Any], args: Any, _options: Any) -> None:
        self._remember(os.fspath(args[0]))
        real(*args)

    def _remember(self, path: str) -> None:
        before = None
        if os.path.exists(path):
            with open(path, "rb") as file:
                before = file.read()
        self._names.append((os.path.dirname(path), path, before))

    def fail(self, dice: random.Random | None) -> None:
        """What the cut leaves behind. Without dice, the worst: everything not forced is lost."""
        for path in sorted(self._unforced):
            if os.path.exists(path) and (dice is None or dice.random() < 0.5):
                with open(path, "r+b") as file:
                    file.truncate(0)
        for _folder, path, before in reversed(self._names):
            if dice is not None and dice.random() < 0.5:
                continue
            if before is None:
                if os.path.exists(path):
                    os.unlink(path)
            elif os.path.isdir(os.path.dirname(path)):
                with open(path, "wb") as file:
                    file.write(before)
