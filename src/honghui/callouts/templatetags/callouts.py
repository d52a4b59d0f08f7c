"""Words of call-outs in templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.template import Context, Library
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from honghui.callouts import words
from honghui.callouts.models import Answer, CallOut, Invitation
from honghui.callouts.queries.answer_page import AnswerPage
from honghui.callouts.queries.standing import Standing, Team, group_name
from honghui.kernel import clock
from honghui.messaging.models import Message
from honghui.registry.models import Person
from honghui.registry.naming import local_text
from honghui.ui.components.text import state as state_mark

register = Library()

_MARKS = {
    "reserve": "off",
    "asked": "held",
    "coming": "used",
    "if_short": "half",
    "declined": "off",
    "no_answer": "held",
    "stood_down": "off",
}
_CALL_OUT_MARKS = {"draft": "half", "open": "way", "closed": "used", "cancelled": "off"}
_ARRIVED = {"delivered", "sent", "local"}
_LOST = {"failed", "stopped"}


# ── times and sizes ──────────────────────────────────────────────────────────────────────────


@register.filter
def minutes_text(minutes: int | None) -> str:
    """45 → 45 min, 60 → 1 h, 90 → 1.5 h."""
    if minutes is None:
        return ""
    if minutes >= 60 and minutes % 30 == 0:
        hours = f"{minutes // 60}" if minutes % 60 == 0 else f"{minutes // 60}.5"
        return _("%(hours)s h") % {"hours": hours}
    return ngettext("%(minutes)s min", "%(minutes)s min", minutes) % {"minutes": minutes}


@register.simple_tag(takes_context=True)
def name_of(context: Context, invitation: Invitation) -> str:
    """Somebody of another society is a number here: their name is not ours to say."""
    if invitation.person_id in context["known"]:
        return invitation.person.name
    return _("No. %(rank)s") % {"rank": invitation.rank}


@register.simple_tag(takes_context=True)
def ask_leader(context: Context, invitation: Invitation) -> SafeString:
    """Of somebody of another society: to the page that names whom to ask, where there is one."""
    if invitation.person_id in context["known"] or invitation.state == Invitation.State.RESERVE:
        return SafeString()
    try:
        url = reverse("call_out_leader", args=[invitation.call_out_id, invitation.pk])
    except NoReverseMatch:
        return SafeString()
    return format_html(' <a class="nb ask" href="{}">{}</a>', url, _("Ask their leader"))


@register.simple_tag(takes_context=True)
def name_of_person(context: Context, person: Person) -> str:
    return person.name if person.pk in context["known"] else _("somebody of another society")


@register.filter
def clock_text(moment: datetime) -> str:
    return date_format(localtime(moment), "H:i")


@register.filter
def next_step_words(call_out: CallOut) -> str:
    """In how many minutes the worker goes on, by the machine's clock."""
    assert call_out.next_step_at is not None
    left = (call_out.next_step_at - clock.machine_now()).total_seconds()
    minutes = max(1, round(left / 60))
    if left <= 0:
        return _("the next step is being taken")
    return ngettext(
        "next step in about %(minutes)s minute",
        "next step in about %(minutes)s minutes",
        minutes,
    ) % {"minutes": minutes}


# ── a call-out and its people ────────────────────────────────────────────────────────────────


@register.simple_tag
def drill() -> SafeString:
    """Never out of sight: nobody may take an exercise for the real thing."""
    return format_html('<b class="drill-mark">{}</b>', _("Drill"))


@register.filter
def title_of(call_out: CallOut) -> str:
    return local_text(call_out.title, call_out.title_en)


@register.filter
def place_of(call_out: CallOut) -> str:
    return local_text(call_out.place, call_out.place_en)


@register.filter
def group_of(one: Invitation) -> str:
    return group_name(one)


@register.filter
def reasons_of(one: Invitation) -> str:
    english = get_language() == "en" and one.reasons.get("en")
    return (", " if english else "，").join(english or one.reasons.get("zh", []))


@register.filter
def call_out_kind(kind: str) -> str:
    return str(words.KINDS[kind])


@register.simple_tag
def call_out_state(call_out: CallOut) -> SafeString:
    return state_mark(_CALL_OUT_MARKS[call_out.state], words.CALL_OUT_STATES[call_out.state])


@register.simple_tag
def invitation_state(one: Invitation) -> SafeString:
    return state_mark(_MARKS[one.state], words.STATES[one.state])


@register.filter
def progress_words(progress: str) -> str:
    return str(words.PROGRESS[progress])


# ── the plan ─────────────────────────────────────────────────────────────────────────────────


@register.filter
def step_words(kind: str) -> str:
    return str(words.STEPS[kind])


@register.filter
def channel_words(channels: Sequence[str]) -> str:
    joiner = ", " if get_language() == "en" else "、"
    return joiner.join(str(words.CHANNELS[each]) for each in channels)


@register.filter
def channel_name(channel: str) -> str:
    return str(words.CHANNELS[channel])


# ── how it stands ────────────────────────────────────────────────────────────────────────────


@register.filter
def missing_words(standing: Standing) -> str:
    return ngettext(
        "%(count)s is still missing", "%(count)s are still missing", standing.missing
    ) % {"count": standing.missing}


@register.filter
def count_list(standing: Standing) -> list[tuple[str, object, int]]:
    return [
        (state, words.COUNTS[state], standing.counts[state])
        for state in words.COUNTS
        if state != "coming"
    ]


@register.filter
def count_heads(_standing: Standing) -> list[object]:
    return list(words.COUNTS.values())


@register.filter
def team_counts(team: Team) -> list[tuple[object, int]]:
    """What is counted, and how many."""
    return [(name, team.counts[state]) for state, name in words.COUNTS.items()]


@register.filter
def message_words(messages: Sequence[Message]) -> str:
    """What became of the messages to one person: "Text message: delivered"."""
    told = []
    reached = any(each.state not in _LOST for each in messages)
    for each in messages:
        # Nobody has every way: that they have no browser here matters only if nothing reached them.
        if each.template in words.TELLING or (reached and each.reason.startswith("no_")):
            continue
        state = "lost" if each.state in _LOST else "there" if each.state in _ARRIVED else "waits"
        told.append(f"{words.CHANNELS[each.channel]} {words.MESSAGE_STATES[state]}")
    return " · ".join(dict.fromkeys(told))


@register.filter
def meaning_words(answer: Answer) -> str:
    said = str(words.MEANINGS[answer.meaning])
    if answer.eta_minutes is not None:
        said += f" ({minutes_text(answer.eta_minutes)})"
    return said


@register.filter
def via_words(answer: Answer) -> str:
    return str(words.CHANNELS[answer.via])


@register.filter
def your_answer(page: AnswerPage) -> str:
    """To the person themselves, in their own words."""
    if page.is_stand_by and page.state == "coming":
        return _("You stand by")
    known = {
        "coming": _("You come"),
        "if_short": _("Only if people are short"),
        "declined": _("You cannot"),
    }
    return str(known.get(page.state, words.STATES[page.state]))


# ── what is done ─────────────────────────────────────────────────────────────────────────────


@register.filter
def doing_title(doing: str) -> str:
    return str(words.DOINGS[doing].title)


@register.filter
def doing_lead(doing: str, call_out: CallOut) -> str:
    left = call_out.invitations.filter(state=Invitation.State.RESERVE).count()
    return str(words.DOINGS[doing].lead) % {"reserve": left}


@register.filter
def doing_button(doing: str) -> str:
    return str(words.DOINGS[doing].button)
