"""Words of incidents for templates, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from honghui.registry.naming import local_text
from honghui.rescue.models import Incident, IncidentRequest, LogLine, Need, SituationReport
from honghui.rescue.queries import incidents as queries
from honghui.rescue.words import incidents as words
from honghui.rescue.words import lines, measures
from honghui.ui.components.text import is_chinese, state, when

register = template.Library()

register.filter("say_line", lines.say)
register.filter("incident_title", queries.title_of)
register.filter("incident_place", queries.place_text)
register.filter("level_words", words.level_words)
register.filter("measure_words", measures.measure_words)


@register.filter
def cause_words(code: str) -> str:
    return str(words.CAUSES[code])


@register.filter
def numeral(level: int | None) -> str:
    return words.NUMERALS[level] if level else "—"


@register.filter
def requester_words(heard: IncidentRequest) -> str:
    english = heard.requester_name_en if not is_chinese() else ""
    return words.requester_words(heard.requester, english or heard.requester_name)


@register.filter
def wish_words(heard: IncidentRequest) -> str:
    return local_text(heard.wanted, heard.wanted_en)


@register.filter
def means_words(code: str) -> str:
    return str(words.MEANS.get(code, ""))


@register.simple_tag
def incident_state(incident: Incident) -> SafeString:
    """A shape and a word."""
    kind, text = words.STATES[incident.state]
    return state(kind, text)


@register.simple_tag
def drill(incident: Incident) -> SafeString:
    """The mark of a drill, wherever its incident is named. Nothing where it is real."""
    if not incident.is_drill:
        return SafeString()
    return format_html('<strong class="drill">{}</strong>', _("Drill"))


@register.simple_tag
def line_time(line: LogLine, style: str = "short") -> SafeString:
    """When it was, and how surely: "约 6月13日16:40"."""
    return qualified_when(line.at, line.at_qualifier, style)


@register.simple_tag
def qualified_when(moment: object, qualifier: str, style: str = "long") -> SafeString:
    if moment is None or qualifier == "exact":
        return when(moment, style)  # type: ignore[arg-type]
    words_of = {
        "about": _("about %(time)s"),
        "over": _("after %(time)s"),
        "under": _("before %(time)s"),
    }
    before, _sep, after = words_of[qualifier].partition("%(time)s")
    return format_html("{}{}{}", before, when(moment, style), after)  # type: ignore[arg-type]


@register.simple_tag
def figure(value: int | None, unit: str, qualifier: str = "exact") -> SafeString:
    """ "约400人", "about 400 people", "不详"."""
    text = measures.figure_text(value, unit, qualifier)
    kind = "dimmer" if value is None else "n nb"
    return format_html('<span class="{}">{}</span>', kind, text)


STAGES = {
    "first": gettext_lazy("first report"),
    "following": gettext_lazy("following report"),
    "final": gettext_lazy("final report"),
}


@register.filter
def stage_words(code: str) -> str:
    return str(STAGES[code])


@register.filter
def report_text(report: SituationReport) -> str:
    return local_text(report.text, report.text_en)


@register.filter
def need_words(need: Need) -> str:
    return local_text(need.what, need.what_en)


@register.filter
def met_words(need: Need) -> str:
    met = measures.figure_text(need.met, need.unit or "item")
    return _("%(figure)s met") % {"figure": met}
