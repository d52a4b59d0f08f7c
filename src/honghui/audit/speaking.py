"""Which earlier records a record speaks of, by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from honghui.record.agreements import Consent, Review
from honghui.record.credentials import CertificateRevocation
from honghui.record.entries import Entry
from honghui.record.schemas import Record
from honghui.record.statements import Correction
from honghui.record.steps import Back, Cover, Out


def spoken_of(record: Record) -> Iterator[str]:
    """Each as often as it is named."""
    match record:
        case Entry():
            if record.of is not None:
                yield record.of
            for step in record.steps:
                if isinstance(step, Back | Cover):
                    yield step.spent_by
                if isinstance(step, Out | Cover):
                    for hop in step.via:
                        yield hop.entry
        case Consent() | Review() | CertificateRevocation() | Correction():
            if record.of is not None:
                yield record.of
        case _:
            pass


class Wanted:
    """The records that will be spoken of, and how often still: what nobody will speak of again need
    not be kept."""

    def __init__(self, times: Mapping[str, int] | None = None) -> None:
        self._times = Counter(times)

    def __contains__(self, name: object) -> bool:
        return name in self._times

    def add(self, other: Wanted) -> None:
        self._times.update(other._times)

    def copy(self) -> Wanted:
        return Wanted(self._times)

    def note(self, record: Record) -> None:
        for name in spoken_of(record):
            self._times[name] += 1

    def spend(self, record: Record) -> Iterator[str]:
        """Those that were spoken of for the last time."""
        for name in spoken_of(record):
            left = self._times.get(name, 0) - 1
            if left > 0:
                self._times[name] = left
            elif left == 0:
                del self._times[name]
                yield name
