"""The words for kinds, states and verbs, and names in the reader's language: in one place, for
forms and pages alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

AFFILIATION_KINDS: dict[str, _StrOrPromise] = {
    "staff": _("Staff"),
    "member": _("Member"),
    "volunteer": _("Volunteer"),
    "donor": _("Donor"),
    "trainee": _("Trainee"),
    "contact": pgettext_lazy("a person", "Contact"),
}
ORGANISATION_KINDS: dict[str, _StrOrPromise] = {
    "enterprise": _("Enterprise"),
    "government": _("Government office"),
    "school": _("School"),
    "hospital": _("Hospital"),
    "association": _("Association"),
    "other": pgettext_lazy("an organisation", "Other"),
}
UNIT_KINDS: dict[str, _StrOrPromise] = {
    "community": _("Community"),
    "village": _("Village"),
    "school": _("School"),
    "enterprise": _("Enterprise"),
    "hospital": _("Hospital"),
    "other": pgettext_lazy("an organisation", "Other"),
}
LEVELS: dict[str, _StrOrPromise] = {
    "province": _("Province"),
    "city": _("City"),
    "county": _("County"),
}
ENTRY_KINDS: dict[str, _StrOrPromise] = {
    "society": _("Society"),
    "unit": _("Grass-roots unit"),
    "organisation": _("Organisation"),
    "person": _("Person"),
}
SUCCESSION_KINDS: dict[str, _StrOrPromise] = {
    "split": _("Split off"),
    "merge": _("Merged into"),
    "boundary": _("New boundary"),
}
PAIR_KINDS: dict[str, _StrOrPromise] = {
    "person": _("Person"),
    "organisation": _("Organisation"),
}
PAIR_STATES: dict[str, _StrOrPromise] = {
    "found": _("To be looked at"),
    "proposed": _("Waiting for a second pair of eyes"),
    "merged": _("Merged"),
    "apart": _("Kept apart"),
}
PAIR_SIGNS: dict[str, _StrOrPromise] = {
    "resident_id": _("same resident id"),
    "name_and_phone": _("same name and phone"),
    "phone": _("same phone"),
    "name": _("same name"),
    "alias": _("same alias"),
    "credit_code": _("same credit code"),
    "reported": _("reported by a colleague"),
}
# The system at work, by the command that it says it is: a test fails on one that has no words.
SYSTEM_ACTORS: dict[str, _StrOrPromise] = {
    "honghui account first": _("The server: the first account"),
    "honghui account password": _("The server: a new password"),
    "honghui account remove-factors": _("The server: second factors removed"),
    "honghui divisions load": _("The server: divisions"),
    "honghui keys rewrap": _("The server: sealing keys"),
    "honghui payments work": _("The server: payments"),
    "honghui up": _("The server: start-up"),
    "honghui world load": _("The sample world"),
}
# Every verb of the journal: a test fails on one that has no words.
VERBS: dict[str, _StrOrPromise] = {
    "access.refused": _("was refused"),
    "disclosure.bulletin.drafted": _("counted a bulletin"),
    "disclosure.bulletin.published": _("published a bulletin"),
    "disclosure.bulletin.redrafted": _("counted a bulletin again"),
    "disclosure.bulletin.withdrawn": _("withdrew the draft of a bulletin"),
    "disclosure.correction.drafted": _("drafted a correction note"),
    "disclosure.correction.published": _("published a correction note"),
    "disclosure.correction.withdrawn": _("withdrew the draft of a correction note"),
    "funds.donation.giver_shown": _("printed a receipt with the giver's name"),
    "funds.donation.name_withdrawn": _("withdrew a giver's name"),
    "funds.donation.paid": _("booked what a platform says was paid"),
    "funds.donation.received": _("received a gift"),
    "funds.fund.opened": _("opened a fund"),
    "funds.fund.proposed": _("proposed a fund"),
    "funds.giving.begun": _("began a gift"),
    "funds.payment.asked": _("asked for a payment"),
    "funds.payment.declined": _("declined a payment"),
    "funds.payment.paid": _("approved a payment"),
    "funds.proposal.approved": _("approved a proposal"),
    "funds.proposal.declined": _("declined a proposal"),
    "funds.proposal.made": _("proposed spending"),
    "funds.refund.asked": _("asked for a refund"),
    "funds.refund.declined": _("declined a refund"),
    "funds.refund.paid": _("approved a refund"),
    "ledger.entry.posted": _("booked an entry"),
    "ledger.entry.received": _("booked what came in"),
    "ledger.record.declared": _("put a record down"),
    "payments.deliveries.handled": _("took in what the payment platform told"),
    "payments.delivery.failed": _("could not take in a payment notification"),
    "payments.discrepancy.settled": _("settled a payment discrepancy"),
    "payments.order.closed": _("closed an order that nobody paid"),
    "payments.order.opened": _("opened an order to be paid"),
    "payments.refund.asked": _("asked for a refund"),
    "payments.refund.not_sent": _("could not hand a refund to the platform"),
    "payments.refund.sent": _("handed a refund to the platform"),
    "registry.account.closed": _("closed an account"),
    "registry.account.factor_added": _("added a second factor"),
    "registry.account.factors_removed": _("removed somebody's second factors"),
    "registry.account.factor_removed": _("removed a second factor"),
    "registry.account.locked_out": _("was locked out: too many wrong passwords"),
    "registry.account.opened": _("opened an account"),
    "registry.account.password_changed": _("changed their password"),
    "registry.account.password_issued": _("gave a one-time password"),
    "registry.account.password_reset": _("reset a password on the server"),
    "registry.account.signed_in": _("signed in"),
    "registry.account.signed_out": _("signed out"),
    "registry.admin_mode.entered": _("switched administrator mode on"),
    "registry.admin_mode.left": _("switched administrator mode off"),
    "registry.admin_mode.request": _("made a request in administrator mode"),
    "registry.divisions.loaded": _("loaded the administrative divisions"),
    "registry.keys.rewrapped": _("wrapped the sealing keys anew"),
    "registry.organisation.changed": _("changed an organisation"),
    "registry.organisation.registered": _("registered an organisation"),
    "registry.pair.kept_apart": _("kept a pair apart"),
    "registry.pair.merged": _("merged a pair"),
    "registry.pair.proposed": _("proposed a merge"),
    "registry.pair.reported": _("reported a duplicate"),
    "registry.pair.returned": _("returned a proposal"),
    "registry.person.affiliated": _("added an affiliation"),
    "registry.person.affiliation_ended": _("ended an affiliation"),
    "registry.person.changed": _("changed a person"),
    "registry.person.erased": _("erased a person"),
    "registry.person.identity_shown": _("viewed an identity"),
    "registry.person.registered": _("registered a person"),
    "registry.roll.registered": _("registered a list of people"),
    "registry.role.ended": _("ended a role"),
    "registry.role.granted": _("granted a role"),
    "registry.society.founded": _("founded societies"),
    "registry.unit.closed": _("closed a grass-roots unit"),
    "registry.unit.opened": _("opened a grass-roots unit"),
}


class Named(Protocol):
    name: str
    name_en: str


def local_name(named: Named) -> str:
    """The English name on an English page, if there is one."""
    return named.name_en if get_language() == "en" and named.name_en else named.name


def choices(words: dict[str, _StrOrPromise]) -> list[tuple[str, _StrOrPromise]]:
    """Words as a form's choices."""
    return list(words.items())
