"""Whether somebody may be sent, for what, and if not, why: over plain values, on one moment.

The one hard idea: a certificate that ran out takes its holder off duty for what needs it, and for
nothing else. A nurse whose boat licence has expired still nurses. Whoever can do nothing any more
without a paper that has run out is off duty altogether.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Why(StrEnum):
    """Why not, or with what reserve; its words are in words/teams.py."""

    LEFT = "left"
    TEAM_SUSPENDED = "team_suspended"
    TEAM_DISBANDED = "team_disbanded"
    LACKS_SKILL = "lacks_skill"
    NO_CERTIFICATE = "no_certificate"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    UNINSURED = "uninsured"
    AWAY = "away"
    ON_MISSION = "on_mission"
    IF_SHORT = "if_short"


# Somebody on a mission today may well have a turn next week.
PASSING = frozenset({Why.ON_MISSION})


@dataclass(frozen=True)
class Reason:
    """`skill`: of which certificate; `on`: since which day; `until`: how long, none: not known."""

    why: Why
    skill: str = ""
    on: date | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Certificate:
    skill: str
    issued_on: date
    expires_on: date | None = None
    revoked_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Its last day is still a good one; the day it is revoked is not."""
        begun = self.issued_on <= day
        running = self.expires_on is None or day <= self.expires_on
        return begun and running and (self.revoked_on is None or day < self.revoked_on)


@dataclass(frozen=True)
class KnownSkill:
    needs_certificate: bool
    is_risky: bool


@dataclass(frozen=True)
class Told:
    """What the person said of the moment asked about: "available", "if_short" or "away"."""

    state: str
    until: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """All there is to know of one member. `insured`: on that day; `missions`: ids of those that
    the person is coming to or has not come back from."""

    team_state: str = "active"
    team_is_risky: bool = True
    left_on: date | None = None
    skills: Mapping[str, KnownSkill] | None = None
    certificates: Sequence[Certificate] = ()
    insured: bool = False
    told: Told | None = None
    missions: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Ready:
    """`reasons`: what takes the person off duty; `limits`: what they cannot be sent for, or a
    reserve; `skills`: what they may do that day."""

    is_ready: bool
    reasons: tuple[Reason, ...] = ()
    limits: tuple[Reason, ...] = ()
    skills: frozenset[str] = frozenset()

    @property
    def only_if_short(self) -> bool:
        return any(one.why == Why.IF_SHORT for one in self.limits)


def readiness_of(
    facts: Facts,
    *,
    at: datetime,
    skill: str | None = None,
    besides: UUID | None = None,
) -> Ready:
    """On the calendar day of `at` in its own zone. `skill`: what they are wanted for; none: for
    anything that their team does. `besides`: a mission that does not count, because it is the one
    they are wanted for."""
    day = at.date()
    known = facts.skills or {}
    faults = {code: _fault(code, facts, day) for code, one in known.items()}
    usable = frozenset(code for code, fault in faults.items() if fault is None)
    reasons = [*_standing(facts, day), *_insured(facts, skill)]
    if skill is not None:
        reasons += _for(skill, faults)
    elif known and not usable:
        reasons += [fault for fault in faults.values() if fault]
    if facts.told and facts.told.state == "away":
        reasons.append(Reason(Why.AWAY, until=facts.told.until))
    if facts.missions - {besides}:
        reasons.append(Reason(Why.ON_MISSION))
    limits = [] if skill is not None else [one for one in faults.values() if one]
    if facts.told and facts.told.state == "if_short":
        limits.append(Reason(Why.IF_SHORT, until=facts.told.until))
    return Ready(
        is_ready=not reasons,
        reasons=tuple(reasons),
        limits=tuple(one for one in limits if one not in reasons),
        skills=usable,
    )


def _standing(facts: Facts, day: date) -> Iterable[Reason]:
    if facts.left_on is not None and facts.left_on <= day:
        yield Reason(Why.LEFT, on=facts.left_on)
    if facts.team_state == "suspended":
        yield Reason(Why.TEAM_SUSPENDED)
    if facts.team_state == "disbanded":
        yield Reason(Why.TEAM_DISBANDED)


def _insured(facts: Facts, skill: str | None) -> Iterable[Reason]:
    wanted = (facts.skills or {}).get(skill or "")
    if not facts.insured and (facts.team_is_risky or (wanted is not None and wanted.is_risky)):
        yield Reason(Why.UNINSURED)


def _for(skill: str, faults: Mapping[str, Reason | None]) -> Iterable[Reason]:
    if skill not in faults:
        yield Reason(Why.LACKS_SKILL, skill=skill)
    elif (fault := faults[skill]) is not None:
        yield fault


def _fault(code: str, facts: Facts, day: date) -> Reason | None:
    """What is wrong with the paper of a skill: None where none is needed, or one holds."""
    if not (facts.skills or {})[code].needs_certificate:
        return None
    of_it = [one for one in facts.certificates if one.skill == code and one.issued_on <= day]
    if any(one.holds_on(day) for one in of_it):
        return None
    if not of_it:
        return Reason(Why.NO_CERTIFICATE, skill=code)
    last = max(of_it, key=lambda one: (one.expires_on or date.max, one.issued_on))
    if last.revoked_on is not None and last.revoked_on <= day:
        return Reason(Why.CERTIFICATE_REVOKED, skill=code, on=last.revoked_on)
    return Reason(Why.CERTIFICATE_EXPIRED, skill=code, on=last.expires_on)
