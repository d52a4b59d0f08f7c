"""What the ledger refuses, and the sentence it says so with: one table.

A code is for ever. Those that the audit has too have the same name there, so that a refusal here
and a finding there can be looked up in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Conflict, Invalid, Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_LOOK = _("Look at what the record says, and correct it.")
_AGAIN = _("Look at the pool as it is now, then decide again.")

SENTENCES: dict[str, tuple[_StrPromise, _StrPromise]] = {
    # the request
    "request.other-content": (
        _("This request was booked before with another content, as entry %(entry)s."),
        _("Look at that entry. For something else, begin a new request."),
    ),
    "request.at-once": (
        _("The same request is being booked at this moment."),
        _("Look whether it is there, then send it again if it is not."),
    ),
    "record.id-twice": (
        _("The id %(id)s was used before."),
        _("Begin again with a new request."),
    ),
    # what records speak of
    "reference.unknown": (
        _("Nothing was recorded of the %(kind)s %(code)s."),
        _("Record it first, or choose another."),
    ),
    "reference.not-in-force": (
        _("The %(kind)s %(code)s was not in force on %(day)s."),
        _("Check the day, or choose another."),
    ),
    "reference.circle": (
        _("The %(kind)s %(code)s would lie within itself."),
        _LOOK,
    ),
    "reference.version": (
        _("This should be version %(expected)s of %(code)s, and says %(version)s."),
        _("Somebody may have changed it just now. Look again."),
    ),
    "reference.again": (
        _("The lot %(code)s was recorded before and cannot change."),
        _("Record a new lot, and move what is left of the old one into it."),
    ),
    "reference.lot-value": (
        _("A lot's value needs the quantity it is for, its basis and its day, all or none."),
        _LOOK,
    ),
    "record.dated-ahead": (
        _("It is dated %(day)s, and today is %(today)s."),
        _("Check the day. What is planned is decided or reserved, not booked."),
    ),
    # the entry
    "entry.parts": (
        _("The parts of an entry are numbered in a row; this one says %(part)s of %(parts)s."),
        _LOOK,
    ),
    "entry.parts-differ": (_("The parts of one entry differ in %(field)s."), _LOOK),
    "entry.step-not-allowed": (_("An act “%(act)s” cannot hold “%(step)s”."), _LOOK),
    "entry.society": (
        _("An act of the society %(society)s touches the books of %(other)s."),
        _("Each society keeps its own books: send it there and let them accept it."),
    ),
    "entry.stage": (
        _("An act “%(act)s” cannot go from “%(before)s” to “%(after)s”."),
        _("Choose the act that does, or another pool."),
    ),
    "entry.ref": (
        _("The pool %(pool)s names a request where it has none, or lacks the one it needs."),
        _LOOK,
    ),
    "entry.source": (
        _("The fund source would turn from %(before)s into %(after)s."),
        _("Donations, appropriations and own means are kept apart."),
    ),
    "entry.commodity": (
        _("An act “%(act)s” cannot turn %(before)s into %(after)s."),
        _("Choose the act that does: purchase, sale, exchange or packing."),
    ),
    "entry.quantity": (
        _("%(taken)s would leave and %(given)s arrive; they must be equal."),
        _("What is missing is a loss, and is booked as one."),
    ),
    "entry.same-pool": (_("The pool %(pool)s would flow into itself."), _LOOK),
    "entry.of": (
        _("An act “%(act)s” names the entry it answers; %(of)s is none that fits."),
        _("Find the entry again and begin there."),
    ),
    "entry.of-waiting": (
        _("The entry %(of)s was recorded a moment ago and has no positions yet."),
        _("Try again in a few seconds."),
    ),
    "entry.counterparty": (
        _("The other society, %(society)s, is not the one this is about."),
        _LOOK,
    ),
    "entry.use": (
        _("An act “%(act)s” does not say what it was used for, or cannot say “%(use)s”."),
        _("Say what it was used for."),
    ),
    "entry.count-too-small": (
        _("%(value)s people are fewer than %(count_min)s; so small a count is never told exactly."),
        _("Say “under %(count_min)s”."),
    ),
    "entry.purposes": (
        _("The purpose %(purpose)s has another version in force by now."),
        _("Read what it allows now, then send this again."),
    ),
    "entry.contents": (
        _("Each holds %(expected)s of %(item)s; for %(kits)s of them %(found)s were to be packed."),
        _("Correct the number, or declare a kit with these contents."),
    ),
    "entry.price": (
        _("%(paid)s fen for %(quantity)s is not the price that the lot states."),
        _("Correct the lot's value or what was paid."),
    ),
    # four eyes
    "four-eyes.missing": (
        _("An act “%(act)s” needs one who asks and another who approves."),
        _("Have a colleague approve it. In an emergency give a reason; it is reviewed afterwards."),
    ),
    "four-eyes.same": (
        _("The one who asked is among those who approved."),
        _("Have somebody else approve it."),
    ),
    "four-eyes.twice": (_("The same person approved twice."), _("Have somebody else approve it.")),
    "four-eyes.no-reason": (
        _("An emergency release needs a reason and somebody who asked."),
        _("Give the reason; one sentence is enough."),
    ),
    # pools
    "pool.overdrawn": (
        _("The pool %(pool)s has %(free)s left, and %(wanted)s would leave it."),
        _AGAIN,
    ),
    "pool.too-large": (
        _("The pool %(pool)s would exceed what can be counted exactly (2^53 - 1)."),
        _LOOK,
    ),
    "pool.positions": (
        _("In the pool %(pool)s the positions %(first)s to %(past)s are none, or out of order."),
        _LOOK,
    ),
    "pool.positions-taken": (
        _("In the pool %(pool)s the positions %(first)s to %(past)s have left already."),
        _AGAIN,
    ),
    "pool.positions-sum": (
        _("The named positions are %(length)s in all, and the quantity is %(quantity)s."),
        _LOOK,
    ),
    "pool.remainder": (
        _("The pool %(pool)s has %(found)s left by now, and this says %(stated)s."),
        _AGAIN,
    ),
    "pool.loss": (
        _("A loss of %(loss)s is more than the %(remainder)s left."),
        _LOOK,
    ),
    "pool.not-spent": (
        _("In the pool %(pool)s the positions %(first)s to %(past)s were not spent by %(entry)s."),
        _("Find the entry again and begin there."),
    ),
    "pool.settled-twice": (
        _("In the pool %(pool)s the positions %(first)s to %(past)s were covered or came back."),
        _("It is made good once. Look at what was done."),
    ),
    "pool.not-the-gifts": (
        _("In the pool %(pool)s the positions %(first)s to %(past)s are not those of the gift."),
        _("Trace the gift again: its money may have moved on."),
    ),
    "pool.beyond-the-gift": (
        _("The gift was %(gift)s, and %(returned)s of it would be given back in all."),
        _("Look at what was given back before."),
    ),
    "pool.cover": (
        _("A cover comes from another pool of the same commodity, which %(pool)s is not."),
        _("Choose the reserve, or book a shortfall openly."),
    ),
    # purposes
    "purpose.clause": (
        _("Clause %(number)s of the purpose %(purpose)s is broken: %(sentence)s"),
        _("Use money that allows it, or ask the givers to agree to a change."),
    ),
    "purpose.overhead-uncapped": (
        _("The purpose %(purpose)s sets no cap for overhead, so none may be charged to it."),
        _("Charge it to own means."),
    ),
    "purpose.not-attested": (
        _("Nobody attests clause %(number)s of the purpose %(purpose)s."),
        _("Whoever approves must vouch for it."),
    ),
    "purpose.widened": (
        _("Version %(version)s of %(purpose)s is wider than clause %(number)s before it."),
        _("Name the consent, or the new filing, that allows it."),
    ),
    "purpose.changed": (
        _("This goes from the purpose %(before)s to %(after)s, which is not narrower."),
        _("Record the consent first, then change the purpose."),
    ),
    "purpose.consent": (
        _("The consent for “%(act)s” is missing, is about something else, or is used up."),
        _("Record the consent first."),
    ),
    "purpose.leftover": (
        _("The purpose %(purpose)s has not ended, or %(nearest)s is not the nearest it names."),
        _("Wait until it has ended, or change the purpose with consent."),
    ),
    # decisions
    "decision.unknown": (
        _("There is no decision %(decision)s for this, or it is about something else (%(field)s)."),
        _("Decide first, then pay."),
    ),
    "decision.exceeded": (
        _("The decision allows %(allowed)s, and %(taken)s would be taken in all."),
        _("Decide again for the rest."),
    ),
    "decision.late": (
        _("The decision ended on %(last)s, and this happened on %(day)s."),
        _("Decide again."),
    ),
    "statement.unknown": (
        _("The record it speaks of, %(of)s, is not there or no such."),
        _("Find the record again and begin there."),
    ),
    "four-eyes.review": (
        _("A review is of an emergency release, by somebody else; %(of)s is none."),
        _("Have somebody else review it."),
    ),
    # what is asked of the books
    "flows.days": (
        _("The days begin on %(since)s, after they end on %(until)s."),
        _("Put the earlier day first."),
    ),
}

# The world has moved on; everything else contradicts itself or a rule.
_CONFLICTS = {
    "request.other-content",
    "request.at-once",
    "record.id-twice",
    "entry.of-waiting",
    "entry.purposes",
    "pool.overdrawn",
    "pool.positions-taken",
    "pool.remainder",
    "pool.settled-twice",
    "pool.beyond-the-gift",
    "decision.exceeded",
    "reference.version",
    "reference.again",
}


def refuse(rule: str, **facts: object) -> Refused:
    """The refusal to raise. `facts` fill the sentence."""
    sentence, hint = SENTENCES[rule]
    kind = Conflict if rule in _CONFLICTS else Invalid
    return kind(f"ledger.{rule}", sentence % facts, hint % facts)
