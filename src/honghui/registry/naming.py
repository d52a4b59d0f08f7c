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
    "honghui call-outs work": _("The server: call-outs"),
    "honghui divisions load": _("The server: divisions"),
    "honghui keys rewrap": _("The server: sealing keys"),
    "honghui payments work": _("The server: payments"),
    "honghui rescue nightly": _("The server: rescue, at night"),
    "honghui up": _("The server: start-up"),
    "honghui sync tidy": _("The server: photos from phones"),
    "honghui world load": _("The sample world"),
}
# Every verb of the journal: a test fails on one that has no words.
VERBS: dict[str, _StrOrPromise] = {
    "access.refused": _("was refused"),
    "callouts.answer.given": _("answered a call-out by its link"),
    "callouts.answer.noted": _("noted an answer to a call-out"),
    "callouts.answer.taken": _("took in an answer to a call-out"),
    "callouts.call_out.cancelled": _("called a call-out off"),
    "callouts.call_out.closed": _("closed a call-out"),
    "callouts.call_out.drafted": _("drafted a call-out"),
    "callouts.call_out.escalated": _("took the next step of a call-out"),
    "callouts.call_out.extended": _("called more people"),
    "callouts.call_out.sent": _("sent a call-out"),
    "callouts.incoming.settled": _("settled an answer that nobody could make out"),
    "callouts.people.sent_home": _("told people that they may go home"),
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
    "registry.account.factor_removed": _("removed a second factor"),
    "registry.account.factors_removed": _("removed somebody's second factors"),
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
    "registry.role.ended": _("ended a role"),
    "registry.role.granted": _("granted a role"),
    "registry.roll.registered": _("registered a list of people"),
    "registry.society.founded": _("founded societies"),
    "registry.unit.closed": _("closed a grass-roots unit"),
    "registry.unit.opened": _("opened a grass-roots unit"),
    "rescue.alert.drafted": _("drafted a warning"),
    "rescue.alert.published": _("published a warning"),
    "rescue.alert.read": _("took in a warning"),
    "rescue.alert.watched": _("opened an incident for a warning"),
    "rescue.alert.withdrawn": _("withdrew the draft of a warning"),
    "rescue.availability.told": _("told when somebody can come"),
    "rescue.calendar.made": _("made an address for a calendar"),
    "rescue.calendar.revoked": _("revoked an address for a calendar"),
    "rescue.gear.counted": _("counted gear"),
    "rescue.gear.inspected": _("inspected gear"),
    "rescue.gear.issued": _("issued gear"),
    "rescue.gear.listed": _("listed gear"),
    "rescue.gear.returned": _("took gear back"),
    "rescue.incident.begun": _("opened an incident that was on watch"),
    "rescue.incident.changed": _("changed what is known of an incident"),
    "rescue.incident.closed": _("closed an incident"),
    "rescue.incident.opened": _("opened an incident"),
    "rescue.incident.reopened": _("opened an incident again"),
    "rescue.insurance.ended": _("ended an insurance early"),
    "rescue.insurance.noted": _("noted an insurance"),
    "rescue.level.set": _("set the level of response"),
    "rescue.line.corrected": _("corrected a line of an incident's log"),
    "rescue.line.noted": _("wrote a line into an incident's log"),
    "rescue.member.changed": _("changed a team member"),
    "rescue.member.enrolled": _("enrolled a team member"),
    "rescue.member.left": _("noted that a member left"),
    "rescue.need.changed": _("noted how much of a need is met"),
    "rescue.need.closed": _("closed a need"),
    "rescue.need.told": _("wrote down a need"),
    "rescue.plan.made": _("made a readiness plan"),
    "rescue.plan.targets_set": _("set the targets of a plan"),
    "rescue.qualification.noted": _("noted a certificate"),
    "rescue.qualification.revoked": _("revoked a certificate"),
    "rescue.request.heard": _("wrote down who asked for help"),
    "rescue.roster.imported": _("imported a list of members"),
    "rescue.situation.reported": _("wrote a situation report"),
    "rescue.stand_by.cancelled": _("cancelled a stand-by"),
    "rescue.stand_by.opened": _("opened a stand-by"),
    "rescue.stock.counted": _("counted stock"),
    "rescue.swap.accepted": _("noted that a swap was accepted"),
    "rescue.swap.asked": _("asked for a swap"),
    "rescue.swap.declined": _("noted that a swap was declined"),
    "rescue.team.changed": _("changed a team"),
    "rescue.team.disbanded": _("disbanded a team"),
    "rescue.team.opened": _("opened a team"),
    "rescue.team.resumed": _("made a team active again"),
    "rescue.team.suspended": _("suspended a team"),
    "rescue.turn.given_up": _("noted that a turn was given up"),
    "rescue.turn.taken": _("noted who takes a turn"),
    "rescue.turns.released": _("released turns of people off duty"),
    "rescue.vehicle.inspected": _("inspected a vehicle"),
    "rescue.vehicle.listed": _("listed a vehicle"),
    "rescue.vehicle.retired": _("retired a vehicle"),
    "sync.attachment.kept": _("sent a photo from a phone"),
    "sync.attachments.forgotten": _("deleted photos that belong to nothing"),
    "sync.form.taken": _("sent a form from a phone"),
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
