"""The simulated phones: what arrived on each, what was sent back, which is switched off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

PHONES_MAX = 20_000
KEPT_MAX = 200
STATES = ("on", "off", "no_such", "black")


@dataclass
class Item:
    """kind: "in" (a text message that arrived), "out" (one that was sent back), "call". extension:
    where an answer goes. key: what was pressed in a call, "-" when it was not answered."""

    number: int
    kind: str
    text: str
    at: datetime
    extension: str = ""
    out_id: str = ""
    call_id: str = ""
    key: str = ""


@dataclass
class Phone:
    number: str
    state: str = "on"
    items: list[Item] = field(default_factory=list)
    changed: int = 0

    @property
    def newest_first(self) -> list[Item]:
        return self.items[::-1]

    @property
    def last(self) -> Item | None:
        return self.items[-1] if self.items else None


class Phones:
    """All of them, under one lock. now: the time that is written beside a message."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self._lock = threading.Lock()
        self._phones: dict[str, Phone] = {}
        self._count = 0

    def get(self, number: str) -> Phone:
        with self._lock:
            return self._get(number)

    def all(self) -> list[Phone]:
        """Those on which something happened last come first."""
        with self._lock:
            return sorted(self._phones.values(), key=lambda phone: -phone.changed)

    def state_of(self, number: str) -> str:
        with self._lock:
            return self._phones[number].state if number in self._phones else "on"

    def switch(self, number: str, state: str) -> None:
        assert state in STATES
        with self._lock:
            self._get(number).state = state

    def add(self, number: str, kind: str, text: str, **values: str) -> Item:
        with self._lock:
            self._count += 1
            phone = self._get(number)
            item = Item(self._count, kind, text, self.now(), **values)
            phone.items.append(item)
            del phone.items[:-KEPT_MAX]
            phone.changed = self._count
            return item

    def ringing(self, call_id: str) -> tuple[Phone, Item] | None:
        """The call, while nobody has pressed anything."""
        with self._lock:
            for phone in self._phones.values():
                for item in phone.items:
                    if item.call_id == call_id and not item.key:
                        return phone, item
        return None

    def press(self, item: Item, key: str) -> bool:
        """Once."""
        with self._lock:
            if item.key:
                return False
            item.key = key
            return True

    def _get(self, number: str) -> Phone:
        if number not in self._phones and len(self._phones) < PHONES_MAX:
            self._phones[number] = Phone(number)
        return self._phones.get(number) or Phone(number)
