"""Telling the people of a mission something that each of them must get: a step of the actions.

The one hard idea: it goes out on every way on which their call-out went and that reaches them, so
that a text message that is throttled on one phone is overtaken by another on the same phone. Where
all of them fail, the phone rings; where that fails too, the mission's page names the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from honghui.callouts.asking import tokens_of
from honghui.callouts.models import Invitation
from honghui.callouts.rules import CHANNELS, ways_to_tell
from honghui.kernel.actors import Actor, system_actor
from honghui.messaging.models import Message
from honghui.messaging.reaching import reach_of
from honghui.messaging.sending import Draft, queue_messages
from honghui.registry.naming import local_text
from honghui.rescue import wordings
from honghui.rescue.models import Incident, Mission, Responder

# Those who are out, or about to be; whoever is on the way home knows.
OUT = (Responder.State.COMING, Responder.State.DEPARTED, Responder.State.THERE)
# However it ended, this message reached nobody.
GONE = frozenset(
    {Message.State.FAILED, Message.State.STOPPED, Message.State.CANCELLED, Message.State.LOCAL}
)
_USED_BY_HAND = ("sms",)


def tell_out(by: Actor, mission: Mission, template: str) -> int:
    """Everybody of the mission who is out or about to be; how many."""
    return _tell(by, mission.incident, list(mission.responders.filter(state__in=OUT)), template)


def tell_not_home(by: Actor, incident: Incident, template: str) -> int:
    """Everybody of any team whom nobody has told to be home, but of teams that were called off:
    they know. How many."""
    rows = Responder.objects.filter(
        mission__incident=incident, state__in=[*OUT, Responder.State.LEFT]
    ).exclude(mission__state__in=[Mission.State.CANCELLED, Mission.State.DECLINED])
    return _tell(by, incident, list(rows.select_related("mission__team")), template)


def ring_whom_nothing_reached(messages: Iterable[Message]) -> None:
    """messaging.sending.on_failed: whoever got none of these texts is rung up, once."""
    lost = {_key(each) for each in messages if _may_be_rung(each)}
    if not lost:
        return
    missions = Mission.objects.select_related("incident", "team")
    found = {each.pk: each for each in missions.filter(pk__in={about for about, *_ in lost})}
    people = {person for _about, person, _family in lost}
    sent = Message.objects.filter(about__in=found, person__in=people)
    heard = {_key(each) for each in sent if each.channel == "voice" or each.state not in GONE}
    reach = reach_of(people, ())
    for about, person, family in sorted(lost - heard):
        mission = found[about]
        values = _words(mission, reach.language(person))
        call = Draft(person, "voice", wordings.PLAIN[family], values, about)
        _queue(system_actor("honghui messages work"), mission.incident, [call])


def _key(message: Message) -> tuple[UUID, UUID, str]:
    return message.about, message.person_id, wordings.family(message.template)


def _may_be_rung(message: Message) -> bool:
    return (
        message.template in wordings.ALL
        and message.channel != "voice"
        and message.state != Message.State.STOPPED
    )


def _tell(by: Actor, incident: Incident, people: Sequence[Responder], template: str) -> int:
    """In the language each prefers, with their own link where they have one; the same few queries
    for any number. `template`: one of wordings.PLAIN. The messages are about the mission."""
    if not people:
        return 0
    ids = [each.invitation_id for each in people if each.invitation_id]
    rows = Invitation.objects.filter(pk__in=ids).select_related("call_out")
    invitations = {each.pk: each for each in rows}
    tokens = tokens_of(list(invitations.values()))
    reach = reach_of({each.person_id for each in people}, CHANNELS)
    drafts: list[Draft] = []
    for each in people:
        invitation = invitations.get(each.invitation_id) if each.invitation_id else None
        used = invitation.call_out.channels if invitation else _USED_BY_HAND
        token = tokens.get(invitation.pk, "") if invitation else ""
        ways = ways_to_tell(used, reach.ways(each.person_id, CHANNELS))
        drafts += _drafts(each, template, ways, token, reach.language(each.person_id))
    _queue(by, incident, drafts)
    return len(people)


def _drafts(
    one: Responder, template: str, ways: Sequence[str], token: str, language: str
) -> list[Draft]:
    link = wordings.RESPONDER_PATH.replace("{token}", token) if token else ""
    if link and language == "en":
        link = f"/en{link}"
    return [
        Draft(
            person_id=one.person_id,
            channel=channel,
            template=template if link and channel != "voice" else wordings.PLAIN[template],
            values=_words(one.mission, language),
            about=one.mission_id,
            link=link if channel != "voice" else "",
        )
        for channel in ways
    ]


def _queue(by: Actor, incident: Incident, drafts: Sequence[Draft]) -> None:
    queue_messages(
        by=by,
        society_code=incident.society_id,
        drafts=drafts,
        is_urgent=True,
        is_drill=incident.is_drill,
    )


def _words(mission: Mission, language: str) -> dict[str, str]:
    team, incident = mission.team, mission.incident
    return {
        "team": local_text(team.name, team.name_en, language),
        "title": local_text(incident.title, incident.title_en, language),
    }
