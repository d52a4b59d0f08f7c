"""Who to call: an order of teams and people that anybody can follow, with its reasons.

The one hard idea: two lists and one walk. Teams stand in one order (whom we may call before whom we
may only ask, stand-by first, then the nearer one, then the code); people within a team in another
(stand-by, then leader, deputy, member, then who joined first). The walk takes from each team what
it can spare above the cover that must stay at home, first of those who are free, and only then of
those who said "only if short". Nobody is weighed against anybody by a score.

Distances are great circles times 1.3 for the road; minutes at 60 km/h. Where a point is missing
(whoever telephones names a county, not degrees) a team of that county is taken to be half an hour
away and one of that city an hour and a half. All are assumptions, and the page says so: there is
no router here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

ROAD_FACTOR_TENTHS = 13
SPEED_KMH = 60
_EARTH_RADIUS_M = 6_371_009  # mean radius (IUGG)
_ROLES = {"leader": 0, "deputy": 1, "member": 2}
SAME_COUNTY_MINUTES = 30
SAME_CITY_MINUTES = 90
_UNKNOWN_MINUTES = 1_000_000
_MINUTES_WITHOUT_POINT = {
    "same_county": SAME_COUNTY_MINUTES,
    "same_city": SAME_CITY_MINUTES,
    "distance_unknown": _UNKNOWN_MINUTES,
}

FREE = ""
ASKED = "asked_already"
ASKED_ELSEWHERE = "asked_elsewhere"


@dataclass(frozen=True)
class Point:
    latitude_microdegrees: int
    longitude_microdegrees: int


@dataclass(frozen=True)
class Wish:
    """So many people of a kind of team, with a skill; either may be left open ("")."""

    people: int
    kind: str = ""
    skill: str = ""


@dataclass(frozen=True)
class TeamFacts:
    """`is_ours`: we may call it; a sister's team is asked. `cover`: how many must stay at home.
    `is_there`: it is in this incident already. `place`: the code of its society's division."""

    id: UUID
    code: str
    kind: str
    is_ours: bool
    cover: int
    base: Point | None = None
    is_there: bool = False
    place: str = ""


@dataclass(frozen=True)
class PersonFacts:
    """One member. `since`: the day they joined, as a number. `problem`: why they cannot go, a code
    of rules.duty.Why, ASKED, ASKED_ELSEWHERE, or "". `is_cover`: at home and on duty, whatever they
    can do: whoever stays covers. `if_short`: they said "only if short"."""

    person_id: UUID
    team_id: UUID
    role: str
    since: int
    problem: str = FREE
    is_cover: bool = True
    stands_by: bool = False
    if_short: bool = False
    member_id: UUID = UUID(int=0)


@dataclass(frozen=True)
class Reason:
    """A code with its words in words/missions.py, and the numbers that they name."""

    code: str
    values: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposed:
    """`rank`: from 1 in the order of the walk; 0 for who stays at home or cannot go."""

    facts: PersonFacts
    rank: int
    is_proposed: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class TeamProposed:
    """`ready`: at home and on duty; `able`: of those, who can do what is wished and is free;
    `spare`: how many of the able may go, so that cover stays."""

    facts: TeamFacts
    metres: int | None
    minutes: int | None
    ready: int
    able: int
    spare: int
    proposed: int
    reasons: tuple[Reason, ...]
    people: tuple[Proposed, ...]


@dataclass(frozen=True)
class Proposal:
    """`found` may be less than the wish: then sister teams are proposed to be asked."""

    wish: Wish
    teams: tuple[TeamProposed, ...]
    sisters: tuple[TeamProposed, ...]
    found: int

    @property
    def missing(self) -> int:
        return max(0, self.wish.people - self.found)


def great_circle_m(one: Point, other: Point) -> int:
    """Metres between two points on a sphere (haversine)."""
    lat1, lat2 = (radians(p.latitude_microdegrees / 1e6) for p in (one, other))
    across = radians((other.longitude_microdegrees - one.longitude_microdegrees) / 1e6)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(across / 2) ** 2
    return round(2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(half))))


def road_m(one: Point | None, other: Point | None) -> int | None:
    """Metres by road as we assume them; None where a point is not known."""
    if one is None or other is None:
        return None
    return great_circle_m(one, other) * ROAD_FACTOR_TENTHS // 10


def nearness(team: str, incident: str) -> str:
    """What two codes of divisions (GB/T 2260, six digits) say of a distance: a reason's code."""
    if not team or team[:2] != incident[:2] or incident[2:4] in ("", "00"):
        return "distance_unknown"
    if team == incident and team[4:] != "00":
        return "same_county"
    return "same_city" if team[:4] == incident[:4] else "distance_unknown"


def minutes_for(metres: int | None) -> int | None:
    """Whole minutes at the stated speed, rounded up."""
    return None if metres is None else -(-metres * 60 // (SPEED_KMH * 1000))


class _Team:
    """A team, its people in their order, and what is counted of them."""

    def __init__(
        self, facts: TeamFacts, people: list[PersonFacts], place: Point | None, place_code: str
    ) -> None:
        self.facts = facts
        self.people = sorted(people, key=_person_key)
        self.metres = road_m(facts.base, place)
        self.minutes = minutes_for(self.metres)
        self.nearness = nearness(facts.place, place_code)
        free = [each for each in people if each.problem == FREE]
        self.stands_by = sum(each.stands_by for each in free)
        self.ready = sum(each.is_cover for each in people)
        self.able = len(free)
        self.spare = max(0, min(self.able, self.ready - facts.cover))


def propose(
    wish: Wish,
    teams: Sequence[TeamFacts],
    people: Sequence[PersonFacts],
    place: Point | None,
    place_code: str = "",
) -> Proposal:
    """The whole proposal. `teams` and `people`: all that we know of, whatever is wished, because
    somebody may be in two teams and be needed at home in the other. `place`, `place_code`: where
    it is needed, as a point if somebody knows it, and as a division's code."""
    of_team: dict[UUID, list[PersonFacts]] = {each.id: [] for each in teams}
    for person in people:
        of_team[person.team_id].append(person)
    known = sorted(
        (_Team(each, of_team[each.id], place, place_code) for each in teams), key=_team_key
    )
    wished = [each for each in known if wish.kind in ("", each.facts.kind) and each.people]
    ours = [each for each in wished if each.facts.is_ours]
    ranks = _walk(ours, known)
    goes_with = {person: team for team, person in ranks}
    return Proposal(
        wish=wish,
        teams=tuple(_shown(each, ranks, goes_with, wish) for each in ours),
        sisters=tuple(
            _shown(each, {}, {}, wish) for each in wished if not each.facts.is_ours and each.spare
        ),
        found=min(wish.people, len(ranks)),
    )


def _team_key(team: _Team) -> tuple[bool, bool, int, str]:
    minutes = team.minutes
    if minutes is None:
        minutes = _MINUTES_WITHOUT_POINT[team.nearness]
    return (not team.facts.is_ours, team.stands_by == 0, minutes, team.facts.code)


def _person_key(person: PersonFacts) -> tuple[bool, bool, int, int, UUID]:
    return (
        person.problem != FREE,
        not person.stands_by,
        _ROLES.get(person.role, 2),
        person.since,
        person.person_id,
    )


def _walk(teams: Sequence[_Team], known: Sequence[_Team]) -> dict[tuple[UUID, UUID], int]:
    """(team, person) -> rank. Twice through the teams: the free ones, then "only if short". Nobody
    goes whom any of their teams needs for its cover."""
    at_home = {each.facts.id: each.ready - each.facts.cover for each in known}
    theirs: dict[UUID, list[UUID]] = {}
    for each in known:
        for person in each.people:
            theirs.setdefault(person.person_id, []).append(each.facts.id)
    ranks: dict[tuple[UUID, UUID], int] = {}
    taken: set[UUID] = set()
    for if_short in (False, True):
        for team in teams:
            for person in team.people:
                if person.problem != FREE or person.if_short is not if_short:
                    continue
                homes = theirs[person.person_id]
                if person.person_id in taken or any(at_home[each] <= 0 for each in homes):
                    continue
                taken.add(person.person_id)
                for each_id in homes:
                    at_home[each_id] -= 1
                ranks[team.facts.id, person.person_id] = len(ranks) + 1
    return ranks


def _shown(
    team: _Team,
    ranks: Mapping[tuple[UUID, UUID], int],
    goes_with: Mapping[UUID, UUID],
    wish: Wish,
) -> TeamProposed:
    shown = []
    for person in team.people:
        rank = ranks.get((team.facts.id, person.person_id), 0)
        reasons = _reasons_of(person, rank, wish, person.person_id in goes_with)
        shown.append(Proposed(person, rank, 0 < rank <= wish.people, reasons))
    shown.sort(key=lambda each: (each.rank == 0, each.rank))
    return TeamProposed(
        facts=team.facts,
        metres=team.metres,
        minutes=team.minutes,
        ready=team.ready,
        able=team.able,
        spare=team.spare,
        proposed=sum(each.is_proposed for each in shown),
        reasons=_reasons_for(team),
        people=tuple(shown),
    )


def _reasons_of(person: PersonFacts, rank: int, wish: Wish, goes: bool) -> tuple[Reason, ...]:
    if person.problem != FREE:
        return (Reason(person.problem),)
    said = [Reason("stands_by" if person.stands_by else "free")]
    if wish.skill:
        said.append(Reason("has_skill"))
    if person.role != "member":
        said.append(Reason(person.role))
    if person.if_short:
        said.append(Reason("if_short"))
    if goes and rank == 0:
        said.append(Reason("with_another_team"))
    elif rank == 0:
        said.append(Reason("stays_for_cover"))
    elif rank > wish.people:
        said.append(Reason("in_reserve"))
    return tuple(said)


def _reasons_for(team: _Team) -> tuple[Reason, ...]:
    said = []
    if team.facts.is_there:
        said.append(Reason("is_there"))
    if team.stands_by:
        said.append(Reason("team_stands_by", {"people": team.stands_by}))
    if team.metres is None or team.minutes is None:
        said.append(Reason(team.nearness))
    else:
        km = -(-team.metres // 1000)
        said.append(Reason("distance", {"km": km, "minutes": team.minutes}))
    said.append(Reason("can_spare", {"spare": team.spare, "able": team.able}))
    if team.facts.cover:
        said.append(Reason("keeps_cover", {"cover": team.facts.cover, "ready": team.ready}))
    return tuple(said)
