"""One of each thing of teams in one society, for the table of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from honghui.kernel import clock
from honghui.registry.models import Person, Society
from honghui.rescue.models import (
    CalendarFeed,
    Gear,
    GearIssue,
    Insurance,
    Member,
    Qualification,
    ReadinessPlan,
    StandBy,
    StandByPlace,
    Swap,
    Team,
    Vehicle,
)
from honghui.rescue.rules.readiness import Target
from honghui.rescue.rules.roll import RollLine
from tests.access.rows import (
    EVERYBODY,
    NOBODY,
    OFFICERS,
    REASON,
    TODAY,
    Row,
    Values,
    act,
    form,
    page,
)

KEEP = OFFICERS | {"team-leader"}
SEE = KEEP | {"auditor"}
# The upper society looks down: it sees the team, and no names of its people.
ABOVE = frozenset({"province"})


@dataclass(frozen=True)
class Kept:
    """`turn` has a swap that waits, `free_turn` has none; `free` has no turn."""

    society: Society
    team: Team
    resting: Team
    member: Member
    free: Member
    qualification: Qualification
    insurance: Insurance
    stand_by: StandBy
    turn: StandByPlace
    free_turn: StandByPlace
    swap: Swap
    gear: Gear
    issue: GearIssue
    vehicle: Vehicle
    plan: ReadinessPlan


def kept_of(society: Society) -> Kept:
    """By rows: psychological support needs no insurance, so everybody is ready."""
    now = clock.now()

    def team(name: str, state: str) -> Team:
        return Team.objects.create(
            code=uuid4().hex, society=society, kind_id="psychological", name=name, state=state
        )

    one = team("样例心理队", "active")
    members = [
        Member.objects.create(
            team=one,
            joined_on=TODAY,
            person=Person.objects.create(name=name, name_key=name, registered_at=now),
        )
        for name in ("样例甲", "样例乙", "样例丙")
    ]
    stand_by = StandBy.objects.create(
        team=one, reason="roster", from_at=now + timedelta(days=1),
        until_at=now + timedelta(days=2), minimum_people=2,
    )  # fmt: skip
    turns = [
        StandByPlace.objects.create(stand_by=stand_by, member=each, taken_at=now)
        for each in members[:2]
    ]
    gear = Gear.objects.create(team=one, kind="tent", name="样例帐篷", quantity=9, unit="item")
    person = members[0].person
    return Kept(
        society=society,
        team=one,
        resting=team("样例休整队", "suspended"),
        member=members[0],
        free=members[2],
        qualification=Qualification.objects.create(
            person=person, skill_id="first_aid", issued_on=TODAY
        ),
        insurance=Insurance.objects.create(
            person=person, insurer="样例", covers_from=TODAY, covers_to=TODAY + timedelta(days=9)
        ),
        stand_by=stand_by,
        turn=turns[0],
        free_turn=turns[1],
        swap=Swap.objects.create(place=turns[0], member=members[2], asked_at=now),
        gear=gear,
        issue=GearIssue.objects.create(gear=gear, quantity=2, issued_at=now),
        vehicle=Vehicle.objects.create(team=one, kind="boat", name="样例艇"),
        plan=ReadinessPlan.objects.create(
            society=society, title="样例计划", from_on=TODAY, until_on=TODAY, made_at=now
        ),
    )


def _see(name: str, **values: Any) -> Row:
    return page(name, SEE, "rescue.see", **values)


def _keep(name: str, thing: str = "", key: str = "", **values: Any) -> Row:
    more: dict[str, Any] = {}
    if thing:
        more = {
            "others": NOBODY,
            "given": lambda it: {f"{key or thing}_id": getattr(it.kept, thing).pk},
        }
    return form(name, KEEP, "rescue.teams", **more, **values)


def _verb(name: str, thing: str, verb: str) -> Row:
    return form(
        name, KEEP, "rescue.teams", others=NOBODY, variant=verb,
        given=lambda it: {f"{thing}_id": getattr(it.kept, thing).pk, "verb": verb},
    )  # fmt: skip


def _team(it: Any) -> Values:
    return {"team_id": it.kept.team.pk}


TEAM_PAGES = (
    page(
        "calendar_feed", EVERYBODY, given=lambda it: {"secret": "0" * 43},
        let_in=frozenset({404}),
    ),
    _see("teams"),
    _see("teams_export"),
    _see("papers"),
    _see("rosters"),
    _see("readiness"),
    _see("team", others=ABOVE, given=_team),
    _see("roster", others=ABOVE, given=_team),
    _see("gear", others=ABOVE, given=_team),
    _see("members_export", others=NOBODY, given=_team),
    _see("member", others=NOBODY, given=lambda it: {"member_id": it.kept.member.pk}),
    _see("stand_by", others=ABOVE, given=lambda it: {"stand_by_id": it.kept.stand_by.pk}),
    _see("readiness_plan", others=ABOVE, given=lambda it: {"plan_id": it.kept.plan.pk}),
    page(
        "stand_by", KEEP, "rescue.teams", others=NOBODY, variant="take", methods=("POST",),
        given=lambda it: {"stand_by_id": it.kept.stand_by.pk},
    ),
    _keep("team_new"),
    _keep("team_change", "team"),
    _keep("team_calendar", "team"),
    _verb("team_move", "team", "suspend"),
    _keep("member_new", "team"),
    _keep("members_import", "team"),
    _keep("stand_by_new", "team"),
    _keep("gear_new", "team"),
    _keep("vehicle_new", "team"),
    _keep("member_change", "member"),
    _keep("member_leave", "member"),
    _keep("qualification_new", "member"),
    _keep("insurance_new", "member"),
    _keep("availability_new", "member"),
    _keep("qualification_revoke", "qualification"),
    _keep("insurance_end", "insurance"),
    _keep("stand_by_cancel", "stand_by"),
    _keep("turn_give_up", "turn", "place"),
    _keep("turn_swap", "free_turn", "place"),
    page(
        "swap_answer", KEEP, "rescue.teams", others=NOBODY, methods=("POST",),
        given=lambda it: {"swap_id": it.kept.swap.pk, "verb": "accept"},
        data={"once": "0" * 32}, let_in=frozenset({302}),
    ),
    _verb("gear_step", "gear", "count"),
    _verb("vehicle_step", "vehicle", "inspect"),
    _keep("gear_back", "issue"),
    _keep("readiness_new"),
    _keep("readiness_count"),
    _keep("readiness_targets", "plan"),
)  # fmt: skip


def _act(name: str, given: Any, **more: Any) -> Row:
    return act(name, KEEP, "rescue.teams", given, within="rescue.actions", **more)


def _on(name: str, thing: str, key: str = "", /, **values: Any) -> Row:
    return _act(name, lambda it: {key or thing: getattr(it.kept, thing), **values})


def _own_feed(it: Any) -> Values:
    """The address of whoever acts, made first: nobody revokes another's."""
    if it.actor_account is not None:
        CalendarFeed.objects.create(
            team=it.kept.team, account=it.actor_account, secret_hash=uuid4().bytes,
            language="zh-hans", made_at=clock.now(),
        )  # fmt: skip
    return {"team": it.kept.team}


def _tomorrow(it: Any) -> Values:
    begin: datetime = clock.now() + timedelta(days=5)
    return {
        "team": it.kept.team, "reason": "roster", "from_at": begin,
        "until_at": begin + timedelta(days=1), "minimum_people": 1,
    }  # fmt: skip


TEAM_ACTIONS = (
    _act(
        "teams.open_team", lambda it: {"society": it.society, "kind": "search", "name": "样例新队"}
    ),
    _on("teams.change_team", "team", name="样例改名队"),
    _on("teams.suspend_team", "team", reason=REASON),
    _on("teams.resume_team", "resting", "team", reason=REASON),
    _on("teams.disband_team", "team", reason=REASON),
    _on("teams.make_calendar_feed", "team"),
    _act("teams.revoke_calendar_feed", _own_feed),
    _on("members.enrol_member", "team", name="样例丁", phone="13900000001"),
    _on("members.change_member", "member", role="deputy", skills=["search"]),
    _on("members.leave_team", "member", left_on=TODAY, reason=REASON),
    _on("members.import_roster", "team", lines=[RollLine("样例戊", phone="13900000002")]),
    _on("papers.note_qualification", "member", skill="boat", issued_on=TODAY),
    _on("papers.revoke_qualification", "qualification", revoked_on=TODAY, reason=REASON),
    _on("papers.note_insurance", "member", insurer="样例", covers_from=TODAY, covers_to=TODAY),
    _on("papers.end_insurance", "insurance", covers_to=TODAY, reason=REASON),
    _on("availability.tell_availability", "member", state="away"),
    _act("rosters.open_stand_by", _tomorrow),
    _on("rosters.cancel_stand_by", "stand_by", reason=REASON),
    _act(
        "rosters.take_turn", lambda it: {"stand_by": it.kept.stand_by, "member": it.kept.free}
    ),
    _on("rosters.give_up_turn", "turn", "place", reason=REASON),
    _act("rosters.ask_swap", lambda it: {"place": it.kept.free_turn, "member": it.kept.free}),
    _on("rosters.accept_swap", "swap"),
    _on("rosters.decline_swap", "swap"),
    act(
        "rosters.release_turns", NOBODY, "",
        lambda it: {"team": it.kept.team, "places": [it.kept.turn]}, within="rescue.actions",
    ),
    _on("gear.list_gear", "team", kind="tent", name="样例新帐篷", quantity=1),
    _on("gear.count_gear", "gear", quantity=8, damaged=0, reason=REASON),
    _on("gear.list_vehicle", "team", kind="boat", name="样例新艇"),
    _on("gear.retire_vehicle", "vehicle", retired_on=TODAY, reason=REASON),
    _on("gear.inspect_gear", "gear", inspected_on=TODAY, is_fit=True),
    _on("gear.inspect_vehicle", "vehicle", inspected_on=TODAY, is_fit=True),
    _on("gear.issue_gear", "gear", quantity=1),
    _on("gear.return_gear", "issue", returned=2),
    _act(
        "readiness.make_plan",
        lambda it: {
            "society": it.society, "title": "样例计划", "from_on": TODAY, "until_on": TODAY,
        },
    ),
    _act(
        "readiness.set_targets",
        lambda it: {"plan": it.kept.plan, "targets": [Target(it.society.code, "boats", 2)]},
    ),
    _act(
        "readiness.count_stock",
        lambda it: {"society": it.society, "measure": "tents", "value": 3},
    ),
)  # fmt: skip
