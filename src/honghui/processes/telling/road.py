"""The road of a gift as a tape: each step in words, the giver's own share, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from honghui.kernel.amounts import format_yuan
from honghui.processes.roads import Balance, RoadStep
from honghui.processes.telling.words import local, use_words
from honghui.processes.tracing import Names, Placed, Trace
from honghui.ui.components.text import day, is_chinese, when
from honghui.ui.figures import TapeStep

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CHANNELS: dict[str, _StrOrPromise] = {
    "cash": gettext_lazy("In cash."),
    "transfer": gettext_lazy("By bank transfer."),
    "wechat": gettext_lazy("Online, by WeChat Pay."),
}


@dataclass(frozen=True)
class _Teller:
    trace: Trace
    placed: Placed

    @property
    def names(self) -> Names:
        return self.placed.names

    def record(self, index: int) -> _StrOrPromise:
        """Names a record; the link shows the gift as it stood right after it."""
        return format_html(
            '<a href="?as_of={}">{}</a>{}',
            index + 1,
            _("Record no. %(no)s") % {"no": f"{index:,}"},
            pgettext("ends a sentence", "."),
        )

    def say(self, index: int, *sentences: str) -> _StrOrPromise:
        return format_html(
            "{}{}{}", _joined(*sentences), "" if is_chinese() else " ", self.record(index)
        )

    def step(self, step: RoadStep) -> TapeStep:
        amount, left = _amounts(step)
        title, sentences = self._words(step)
        return TapeStep(
            when=day(step.occurred_on, "medium"),
            title=title,
            money=_money(step.balance),
            goods=step.balance["goods"] + step.balance["way"],
            amount=amount,
            left=left,
            say=self.say(step.index, *sentences),
            kind="fix" if step.kind in _FIXES else "",
        )

    def _words(self, step: RoadStep) -> tuple[str, list[str]]:
        whole = format_yuan(step.whole)
        if step.kind == "decided":
            return self._decision(step), [
                _("The fund decided to spend %(whole)s yuan on this.") % {"whole": whole},
                _("Nothing can be paid beyond it."),
            ]
        if step.kind == "used":
            sentences = [
                _("This payment is %(whole)s yuan in all.") % {"whole": whole}
                if step.whole != step.units
                else _("The whole payment is yours.")
            ]
            return self._payment(step), [self._what_for(step), *sentences]
        if step.kind == "covered":
            return _covered_words(step, self._purpose(step))
        if step.kind == "many":
            count = {"count": step.units}
            return _("And %(count)s more steps") % count, [_("Their sums are in what is left.")]
        title, sentence = _PLAIN[step.kind]
        return str(title), [str(sentence)]

    def _decision(self, step: RoadStep) -> str:
        named = self.names.decisions.get(step.decision) if step.decision else None
        return _("Decided: %(what)s") % {"what": local(named)} if named else _("Set aside")

    def _payment(self, step: RoadStep) -> str:
        named = self.names.payments.get(step.entry) if step.entry else None
        return local(named) if named else use_words(step.use)

    def _what_for(self, step: RoadStep) -> str:
        place = self.names.places.get(step.place)
        if place is None:
            return _("For %(use)s.") % {"use": use_words(step.use)}
        return _("For %(use)s, in %(place)s.") % {
            "use": use_words(step.use), "place": local(place)
        }  # fmt: skip

    def _purpose(self, step: RoadStep) -> str:
        named = self.names.purposes.get(step.purpose)
        return local(named) if named else step.purpose


_FIXES = {"covered", "returned", "came_back", "released", "lost"}
_PLAIN: dict[str, tuple[_StrOrPromise, _StrOrPromise]] = {
    "released": (
        gettext_lazy("Set free again"),
        gettext_lazy("The decision no longer needs it. It waits for another one."),
    ),
    "moved": (
        gettext_lazy("Moved within the books"),
        gettext_lazy("It lies in another account now, for the same purpose."),
    ),
    "bought": (
        gettext_lazy("Money became goods"),
        gettext_lazy("What it paid for lies in store."),
    ),
    "sent": (
        gettext_lazy("Sent on its way"),
        gettext_lazy("It counts as arrived when both ends have counted the same."),
    ),
    "came_back": (
        gettext_lazy("Correction: a payment came back"),
        gettext_lazy("It is in the fund again. What was recorded before stays."),
    ),
    "bore": (
        gettext_lazy("Used to bear another use"),
        gettext_lazy("The reserve that your gift went to took over what was used before."),
    ),
    "returned": (
        gettext_lazy("Given back"),
        gettext_lazy("This part went back to its giver. What was used stays used."),
    ),
    "lost": (
        gettext_lazy("Lost"),
        gettext_lazy("Everybody whose money or goods lay there bears a share."),
    ),
}


def _covered_words(step: RoadStep, reserve: str) -> tuple[str, list[str]]:
    what = {"reserve": reserve}
    if step.act == "reversal":
        return _("Correction: the gift bounced"), [
            _("What was used stays used, and is borne by the reserve “%(reserve)s”.") % what
        ]
    return _("Correction: covered by a reserve"), [
        _("What was used stays used. From now on the reserve “%(reserve)s” bears it.") % what
    ]


def _amounts(step: RoadStep) -> tuple[str, str]:
    """The giver's own share in large figures, and what is left after it."""
    if step.kind == "many":
        return "", _left(step.balance)
    share = format_yuan(step.units)
    if step.kind in {"used", "returned", "lost"}:
        return f"−{share}", _left(step.balance)
    if step.kind == "came_back":
        return f"+{share}", _left(step.balance)
    notes = {"decided": _("set aside"), "covered": pgettext("amount", "covered")}
    return share, notes.get(step.kind, "")


def _left(balance: Balance) -> str:
    return _("%(sum)s left") % {"sum": format_yuan(balance.held)}


def _money(balance: Balance) -> int:
    return balance["undecided"] + balance["decided"]


def _joined(*sentences: str) -> str:
    return ("" if is_chinese() else " ").join(filter(None, sentences))


def tape(trace: Trace) -> list[TapeStep]:
    """From the gift's coming to where it stands, in the order of the log."""
    donation, placed = trace.donation, trace.placed
    given = donation.amount_fen
    received = CHANNELS.get(donation.channel, "")
    if placed is None:
        return [
            TapeStep(
                when=when(donation.received_at),
                title=_("Received"),
                money=given,
                amount=f"+{format_yuan(given)}",
                left=_left(trace.balance),
                say=received,
            )
        ]
    teller = _Teller(trace, placed)
    first = TapeStep(
        when=day(donation.occurred_on, "medium"),
        title=_("Received"),
        money=given,
        amount=f"+{format_yuan(given)}",
        left=_("%(sum)s left") % {"sum": format_yuan(given)},
        say=teller.say(placed.index, str(received)),
    )
    now = TapeStep(
        when=when(trace.at, "short"),
        title=_("Now") if trace.is_now else _("As of that record"),
        money=_money(trace.balance),
        goods=trace.balance["goods"] + trace.balance["way"],
        amount=format_yuan(trace.balance.held),
        left=_("still there") if trace.balance.held else _("nothing left"),
        kind="now",
    )
    return [first, _queued(placed, given), *map(teller.step, placed.road.steps), now]


def _queued(placed: Placed, given: int) -> TapeStep:
    came = placed.came
    first, past = format_yuan(came.first), format_yuan(came.past)
    sentences = [
        _("The fund's money lies in one line, in the order in which it was recorded."),
        _("Yours lies from %(first)s to %(past)s yuan.") % {"first": first, "past": past},
    ]
    if placed.ahead is not None:
        sentences += _ahead(placed)
    return TapeStep(
        when="",
        title=_("Placed in the fund's line"),
        money=given,
        left=f"{first}–{past}",
        say=_joined(*sentences),
    )


def _ahead(placed: Placed) -> list[str]:
    ahead = placed.ahead
    assert ahead is not None
    told = []
    if ahead.gifts is None:
        told.append(_("More than a thousand gifts lie before it."))
    elif ahead.gifts:
        told.append(
            ngettext(
                "%(count)s gift lies before it.", "%(count)s gifts lie before it.", ahead.gifts
            )
            % {"count": ahead.gifts}
        )
    if ahead.undecided:
        told.append(
            _("Of what lies before it, %(sum)s yuan are not decided on yet.")
            % {"sum": format_yuan(ahead.undecided)}
        )
    else:
        told.append(_("The next decision takes from it."))
    return told
