"""What bulletins refuse, and the sentence it is said with: one table. A code is for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid, Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_AGAIN = _("Count again, and look at what has changed.")
_NOTE = _("Write a correction note: what was published stays.")

SENTENCES: dict[str, tuple[_StrPromise, _StrPromise]] = {
    "bulletin.window-reversed": (
        _("The days end on %(last)s, before they begin on %(first)s."),
        _("Put the earlier day first."),
    ),
    "bulletin.window-ahead": (
        _("The days end on %(last)s, and today is %(today)s."),
        _("A bulletin tells what has happened. Let it end today or earlier."),
    ),
    "bulletin.drafted-already": (
        _("There is a draft for these days already."),
        _("Open it, and count again there."),
    ),
    "bulletin.mixed-units": (
        _("The figure %(name)s would add %(unit)s and %(other)s."),
        _("Have the items' units looked at: one item is counted in one unit."),
    ),
    "bulletin.too-long": (
        _("With %(figures)s figures it is longer than a public record may be."),
        _("Choose fewer days, so that fewer purposes are in it."),
    ),
    "bulletin.figure": (
        _(
            "%(name)s says %(stated)s, and the books as of record no. %(as_of)s give %(computed)s: "
            "%(difference)s apart."
        ),
        _AGAIN,
    ),
    "bulletin.figures-changed": (
        _("Its figures are not the ones that the books as of record no. %(as_of)s give."),
        _AGAIN,
    ),
    "bulletin.sum": (
        _("%(name)s says %(stated)s, and its parts come to %(computed)s: %(difference)s apart."),
        _AGAIN,
    ),
    "bulletin.units": (
        _("%(name)s adds up different units."),
        _AGAIN,
    ),
    "bulletin.waiting": (
        _("%(count)s entries of the society were not in the log yet when it was counted."),
        _("Count again: they are in the log within seconds."),
    ),
    "bulletin.text": (
        _("The text says %(number)s, which is no figure of the table."),
        _("Quote figures as the table has them, or leave the number out."),
    ),
    "bulletin.changed": (
        _("The draft was counted again or changed since this page was shown."),
        _("Look at it as it is now, then decide."),
    ),
    "bulletin.published-already": (
        _("This bulletin has been published, and what was published stays."),
        _("If a figure is wrong, write a correction note."),
    ),
    "bulletin.withdrawn": (
        _("This draft was withdrawn."),
        _("Begin a new one."),
    ),
    "bulletin.not-published": (
        _("Only a published bulletin is corrected by a note."),
        _("Count the draft again instead."),
    ),
    "bulletin.nobody": (
        _("A person prepares and another approves; the system is neither."),
        _("Sign in as somebody."),
    ),
    "correction.drafted-already": (
        _("There is a draft of a correction already."),
        _("Have it published or withdrawn first."),
    ),
    "correction.nothing-changed": (
        _("The books give the same figures as before."),
        _("Without new figures the note only says why it is written. Leave the box empty."),
    ),
    "correction.new-purpose": (
        _(
            "Since then a purpose or a use came up that this bulletin does not know, so its parts "
            "would no longer make its totals."
        ),
        _("Publish a new bulletin for the same days, and say so in a note without figures."),
    ),
    "correction.reason": (
        _("This reason is unknown."),
        _("Choose one of the list."),
    ),
    "correction.text": (
        _("The note does not say what was wrong."),
        _("Write one or two sentences for readers."),
    ),
    "correction.decided": (
        _("This correction has been decided."),
        _NOTE,
    ),
}  # fmt: skip

# A value is wrong, in this field of the form; everything else contradicts the books or moved on.
_FIELDS = {
    "bulletin.window-reversed": "last",
    "bulletin.window-ahead": "last",
    "bulletin.text": "text",
    "correction.reason": "reason",
    "correction.text": "text",
}


def refuse(rule: str, **facts: object) -> Refused:
    """The refusal to raise. `facts` fill the sentence."""
    sentence, hint = SENTENCES[rule]
    kind = Invalid if rule in _FIELDS else Conflict
    return kind(f"disclosure.{rule}", sentence % facts, hint % facts, field=_FIELDS.get(rule, ""))
