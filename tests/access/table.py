"""Who may do what: role × verb × object, one row for every address and every action.

The rows are written by hand, by username of the cast, and know nothing of the permissions in
the code: two tellings of the same thing, and the tests compare them. A row without `others`
is about no object, or about one that every society shares alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator

from honghui.funds.receiving import PaidGift
from honghui.kernel import clock
from honghui.kernel.actors import system_actor
from honghui.kernel.errors import Conflict
from honghui.kernel.ids import new_code, new_public_id
from honghui.ledger.drafting import draft, now_as_told
from honghui.record.clauses import Uses
from honghui.record.entries import Entry
from honghui.record.pools import Pool
from honghui.record.references import Place
from honghui.record.steps import In
from honghui.registry.actions.accounts import grant_role, open_account
from honghui.registry.actions.organisations import register_organisation
from honghui.registry.actions.people import register_person
from honghui.registry.actions.units import open_unit
from honghui.registry.models import (
    Account,
    Affiliation,
    GrassRootsUnit,
    Organisation,
    OrganisationPair,
    Person,
    PersonPair,
    RoleGrant,
    Society,
)
from tests.access.bulletins import BULLETIN_ACTIONS, BULLETIN_PAGES, Stated, stated_of
from tests.access.calling import CALLING_ACTIONS, CALLING_PAGES, Calling, calling_of
from tests.access.messaging import (
    MESSAGING_ACTIONS,
    MESSAGING_PAGES,
    Messaging,
    messaging_of,
)
from tests.access.money import Money, money_of
from tests.access.paying import PAYMENT_ACTIONS, PAYMENT_PAGES, Paying, paying_of
from tests.access.phones import PHONE_ACTIONS, PHONE_PAGES
from tests.access.rescue_board import BOARD_ACTIONS, BOARD_PAGES, Reported, reported_of
from tests.access.rescue_incidents import INCIDENT_ACTIONS, INCIDENT_PAGES, Told, told_of
from tests.access.rescue_missions import MISSION_ACTIONS, MISSION_PAGES, Sent, sent_of
from tests.access.rescue_teams import TEAM_ACTIONS, TEAM_PAGES, Kept, kept_of
from tests.access.rows import (
    ADMINISTRATOR,
    BOOKS,
    CASES,
    EVERYBODY,
    MODE_ONLY,
    NOBODY,
    OFFICERS,
    OVERSIGHT,
    REASON,
    REGISTER,
    SEE_MONEY,
    SEE_PEOPLE,
    SIGNED_IN,
    TODAY,
    WITH_A_ROLE,
    Row,
    Values,
)
from tests.access.rows import act as _act
from tests.access.rows import form as _form
from tests.access.rows import nothing as _nothing
from tests.access.rows import page as _page
from tests.access.tracing import TRACE_PAGES

SYSTEM = system_actor("tests")


@dataclass(frozen=True)
class Things:
    """One object of each kind in one society."""

    society: Society
    person: Person
    twin: Person
    newcomer: Person
    affiliation: Affiliation
    found: PersonPair
    proposed: PersonPair
    organisation: Organisation
    firms: OrganisationPair
    unit: GrassRootsUnit
    account: Account
    bare_account: Account
    grant: RoleGrant
    money: Money
    paying: Paying
    calling: Calling
    messaging: Messaging
    stated: Stated
    kept: Kept
    sent: Sent
    told: Told
    reported: Reported
    actor_account: Account | None = None


def things_of(code: str) -> Things:
    """Written down by the system, before anybody of the cast comes."""
    society = Society.objects.get(pk=code)

    def person(name: str) -> Person:
        return register_person(by=SYSTEM, society=society, name=name, kind="staff")

    def pair(state: str, **values: Any) -> PersonPair:
        first, second = person("样例甲"), person("样例甲")
        return PersonPair.objects.create(
            first=first,
            second=second,
            state=state,
            score=90,
            signs=["reported"],
            found_at=clock.now(),
            **values,
        )

    def account(username: str) -> Account:
        return open_account(
            by=SYSTEM,
            society=society,
            person=person(username),
            post="样例岗",
            username=username,
            password="a long first password 7",
        )

    def firm() -> Organisation:
        return register_organisation(
            by=SYSTEM, society=society, name=f"样例公司{code}", kind="enterprise"
        )

    one, colleague = person("样例甲"), account(f"colleague-{code}")
    Authenticator.objects.create(user=colleague, type=Authenticator.Type.WEBAUTHN, data={})
    first, second, twin = firm(), firm(), person("样例乙")
    bare = account(f"bare-{code}")
    return Things(
        society=society,
        person=one,
        twin=twin,
        newcomer=person("样例丙"),
        affiliation=one.affiliations.get(),
        found=pair("found"),
        proposed=pair("proposed", proposed_by=colleague, proposed_reason=REASON),
        organisation=first,
        firms=OrganisationPair.objects.create(
            first=first, second=second, signs=["name"], score=80, found_at=clock.now()
        ),
        unit=open_unit(by=SYSTEM, society=society, name="样例红十字会甲", kind="community"),
        account=colleague,
        bare_account=bare,
        money=money_of(society, colleague, bare),
        paying=paying_of(society),
        calling=calling_of(society, (one, twin)),
        messaging=messaging_of(society, one, person("样例丁")),
        stated=stated_of(society, colleague, bare),
        kept=kept_of(society),
        sent=sent_of(society),
        told=told_of(society, colleague, bare),
        reported=reported_of(society, colleague, bare),
        grant=grant_role(
            by=SYSTEM, society=society, account=colleague, role="storekeeper", reason=REASON
        ),
    )


def _person(it: Things) -> Values:
    return {"person_id": it.person.pk}


def _about_person(name: str, may: frozenset[str], permission: str) -> Row:
    return _form(name, may, permission, others=NOBODY, given=_person)


def _decision(verb: str, pair: str, kind: str, others: frozenset[str]) -> Row:
    return _page(
        "duplicate_decide",
        CASES,
        "people.resolve_duplicates",
        others=others,
        variant=f"{verb} {kind}",
        given=lambda it: {"kind": kind, "pair_id": getattr(it, pair).pk, "verb": verb},
        methods=("POST",),
        data={"once": "0" * 32, "reason": REASON},
        let_in=frozenset({302}),
    )


PUBLIC_PAGES = (
    *(
        _page(name, EVERYBODY)
        for name in ("health", "home", "tour", "societies", "search", "styleguide")
    ),
    _page("society", EVERYBODY, others=EVERYBODY, given=lambda it: {"code": it.society.code}),
    *(_page(name, EVERYBODY) for name in ("open", "open_schemas", "open_verifier")),
    _page("open_schema", EVERYBODY, given=lambda it: {"name": "entry-1.json"}),
    # Where there is no log yet, or no text under a hash, everybody is told so alike.
    *(
        _page(name, EVERYBODY, given=given, let_in=frozenset({200, 404, 503}))
        for name, given in (
            ("log_file", lambda it: {"path": "checkpoint"}),
            ("open_log_key", _nothing),
            ("open_text", lambda it: {"digest": "0" * 64}),
            ("open_offline_page", _nothing),
        )
    ),
)

DESK_PAGES = (
    _page("desk", WITH_A_ROLE, "desk.use"),
    _page("desk_mine", WITH_A_ROLE, "desk.use"),
    _page("people", SEE_PEOPLE, "people.see"),
    _form("person_new", REGISTER, "people.register"),
    _page("person", SEE_PEOPLE, "people.see", others=NOBODY, given=_person),
    _about_person("person_change", REGISTER, "people.register"),
    _about_person("person_affiliate", REGISTER, "people.register"),
    _about_person("person_identity", CASES, "people.show_identity"),
    _about_person("person_same_as", CASES, "people.resolve_duplicates"),
    _about_person("person_erase", MODE_ONLY, "people.erase"),
    _form(
        "affiliation_end",
        REGISTER,
        "people.register",
        others=NOBODY,
        given=lambda it: {"person_id": it.person.pk, "affiliation_id": it.affiliation.pk},
    ),
    _page("duplicates", CASES, "people.resolve_duplicates"),
    _page(
        "duplicate",
        CASES,
        "people.resolve_duplicates",
        others=NOBODY,
        variant="person",
        given=lambda it: {"kind": "person", "pair_id": it.found.pk},
    ),
    _page(
        "duplicate",
        CASES,
        "people.resolve_duplicates",
        others=CASES,
        variant="organisation",
        given=lambda it: {"kind": "organisation", "pair_id": it.firms.pk},
    ),
    _decision("propose", "found", "person", NOBODY),
    _decision("confirm", "proposed", "person", NOBODY),
    _decision("return", "proposed", "person", NOBODY),
    _decision("apart", "found", "person", NOBODY),
    _decision("propose", "firms", "organisation", CASES),
    _page("organisations", WITH_A_ROLE, "organisations.see"),
    _form("organisation_new", BOOKS, "organisations.register"),
    _page(
        "organisation",
        WITH_A_ROLE,
        "organisations.see",
        others=WITH_A_ROLE,
        given=lambda it: {"organisation_id": it.organisation.pk},
    ),
    _form(
        "organisation_change",
        BOOKS,
        "organisations.register",
        others=NOBODY,
        given=lambda it: {"organisation_id": it.organisation.pk},
    ),
    _page("units", WITH_A_ROLE, "desk.use"),
    _form("unit_new", OFFICERS, "units.manage"),
    _form(
        "unit_close",
        OFFICERS,
        "units.manage",
        others=NOBODY,
        given=lambda it: {"unit_id": it.unit.pk},
    ),
    _page("roles", OVERSIGHT, "roles.see"),
    _form("role_grant", MODE_ONLY, "roles.manage"),
    _form(
        "role_end",
        MODE_ONLY,
        "roles.manage",
        others=NOBODY,
        given=lambda it: {"grant_id": it.grant.pk},
    ),
    _form("account_new", MODE_ONLY, "roles.manage"),
    _page(
        "account",
        OVERSIGHT,
        "roles.see",
        others=NOBODY,
        given=lambda it: {"account_id": it.account.pk},
    ),
    _page(
        "account",
        OVERSIGHT,
        "roles.see",
        others=NOBODY,
        variant="without a role",
        given=lambda it: {"account_id": it.bare_account.pk},
    ),
    _form(
        "account_issue_password",
        MODE_ONLY,
        "accounts.restore",
        others=NOBODY,
        given=lambda it: {"account_id": it.account.pk},
    ),
    _form(
        "account_remove_factors",
        MODE_ONLY,
        "accounts.restore",
        others=NOBODY,
        given=lambda it: {"account_id": it.account.pk},
    ),
    _form(
        "account_close",
        MODE_ONLY,
        "roles.manage",
        others=NOBODY,
        given=lambda it: {"account_id": it.account.pk},
    ),
    _form("admin_mode", ADMINISTRATOR, "admin_mode.enter"),
    _page(
        "admin_mode_leave",
        ADMINISTRATOR,
        "admin_mode.enter",
        methods=("POST",),
        let_in=frozenset({302, 409}),
    ),
    _page("acts", OVERSIGHT, "acts.see"),
)

# allauth's. Everybody looks after their own account; whose it is, the session says and no address.
# Without a second factor there is nothing to switch off or to view.
ACCOUNT_PAGES = (
    *(
        _page(name, EVERYBODY)
        for name in (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_reset_password",
        )
    ),
    *(
        _page(name, SIGNED_IN)
        for name in (
            "account_reauthenticate",
            "account_change_password",
            "mfa_index",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_generate_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_login_webauthn",
            "mfa_reauthenticate_webauthn",
        )
    ),
    *(
        _page(name, SIGNED_IN, given=lambda it: {"pk": 1})
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn")
    ),
    *(
        _page(name, NOBODY)
        for name in (
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
        )
    ),
)


def _on_pair(verb: str, pair: str, others: frozenset[str] = NOBODY) -> Row:
    return _act(
        f"duplicates.{verb}",
        CASES,
        "people.resolve_duplicates",
        lambda it: {"pair": getattr(it, pair), "reason": REASON},
        others=others,
        variant="" if pair != "firms" else "organisation",
    )


PEOPLE_ACTIONS = (
    _act(
        "people.register_person",
        REGISTER,
        "people.register",
        lambda it: {"society": it.society, "name": "样例丁", "kind": "donor"},
    ),
    _act(
        "rolls.register_people",
        REGISTER,
        "people.register",
        lambda it: {"society": it.society, "kind": "volunteer", "people": ()},
    ),
    _act(
        "people.change_person",
        REGISTER,
        "people.register",
        lambda it: {"person": it.person, "name": "样例丁"},
    ),
    _act(
        "people.affiliate_person",
        REGISTER,
        "people.register",
        lambda it: {"person": it.person, "society": it.society, "kind": "trainee"},
    ),
    _act(
        "people.end_affiliation",
        REGISTER,
        "people.register",
        lambda it: {"affiliation": it.affiliation, "ended_on": TODAY, "reason": REASON},
    ),
    _act(
        "people.show_identity",
        CASES,
        "people.show_identity",
        lambda it: {"person": it.person, "reason": REASON},
    ),
    _act(
        "people.erase_person",
        MODE_ONLY,
        "people.erase",
        lambda it: {"person": it.person, "reason": REASON},
    ),
    _act(
        "duplicates.report_duplicate",
        CASES,
        "people.resolve_duplicates",
        lambda it: {"first": it.person, "second": it.twin, "reason": REASON},
    ),
    _on_pair("propose_merge", "found"),
    _on_pair("confirm_merge", "proposed"),
    _on_pair("return_proposal", "proposed"),
    _on_pair("keep_apart", "found"),
    _on_pair("propose_merge", "firms", CASES),
    _on_pair("keep_apart", "firms", CASES),
)

BODY_ACTIONS = (
    _act(
        "organisations.register_organisation",
        BOOKS,
        "organisations.register",
        lambda it: {"society": it.society, "name": "样例新公司", "kind": "enterprise"},
    ),
    _act(
        "organisations.change_organisation",
        BOOKS,
        "organisations.register",
        lambda it: {"organisation": it.organisation, "name": "样例新公司", "kind": "other"},
    ),
    _act(
        "units.open_unit",
        OFFICERS,
        "units.manage",
        lambda it: {"society": it.society, "name": "样例红十字会乙", "kind": "village"},
    ),
    _act(
        "units.close_unit",
        OFFICERS,
        "units.manage",
        lambda it: {"unit": it.unit, "closed_on": TODAY, "reason": REASON},
    ),
    _act("divisions.load_divisions", NOBODY, "", _nothing, others=None),
    _act("divisions.found_societies", NOBODY, "", lambda it: {"on": TODAY}, others=None),
)

ACCOUNT_ACTIONS = (
    _act(
        "accounts.open_account",
        MODE_ONLY,
        "roles.manage",
        lambda it: {
            "society": it.society,
            "person": it.newcomer,
            "username": "sample-new",
            "post": "样例岗",
            "password": "a long first password 7",
        },
    ),
    _act(
        "accounts.close_account",
        MODE_ONLY,
        "roles.manage",
        lambda it: {"society": it.society, "account": it.account, "reason": REASON},
    ),
    _act(
        "accounts.close_account",
        MODE_ONLY,
        "roles.manage",
        lambda it: {"society": it.society, "account": it.bare_account, "reason": REASON},
        variant="without a role",
    ),
    _act(
        "accounts.reset_password",
        NOBODY,
        "",
        lambda it: {"username": it.account.username, "password": "a long first password 8"},
    ),
    _act(
        "recovery.issue_password",
        MODE_ONLY,
        "accounts.restore",
        lambda it: {"account": it.account, "reason": REASON},
    ),
    _act(
        "recovery.remove_second_factors",
        MODE_ONLY,
        "accounts.restore",
        lambda it: {"account": it.account, "reason": REASON},
    ),
    _act(
        "accounts.grant_role",
        MODE_ONLY,
        "roles.manage",
        lambda it: {
            "society": it.society,
            "account": it.bare_account,
            "role": "trainer",
            "reason": REASON,
        },
    ),
    _act(
        "accounts.end_role",
        MODE_ONLY,
        "roles.manage",
        lambda it: {"grant": it.grant, "reason": REASON},
    ),
    _act(
        "accounts.enter_admin_mode",
        ADMINISTRATOR,
        "admin_mode.enter",
        lambda it: {"society": it.society, "reason": REASON},
    ),
    _act(
        "accounts.leave_admin_mode",
        MODE_ONLY,
        "",
        _nothing,
        others=None,
        refused_with=(Conflict,),
        about_oneself=True,
    ),
    _act(
        "passwords.change_own_password",
        SIGNED_IN,
        "",
        lambda it: {
            "account": it.actor_account or it.account,
            "password": "a long first password 8",
        },
        # Another's account comes here only by a programmer's mistake.
        refused_with=(AssertionError,),
        about_oneself=True,
    ),
)

URL_ROWS = (*PUBLIC_PAGES, *DESK_PAGES, *PAYMENT_PAGES, *ACCOUNT_PAGES)


def _pool(it: Things) -> Pool:
    code = it.society.code
    return Pool(
        society=code, purpose="unrestricted", source="donation", commodity="CNY", place=code
    )


def _gift(it: Things) -> Entry:
    step = In(pool=_pool(it), quantity=100)
    return draft(
        "gift", society=it.society.code, steps=[step], occurred_on=TODAY, request=new_code(20)
    )


LEDGER_ACTIONS = (
    _act(
        "receive",
        BOOKS,
        "ledger.receive",
        lambda it: {
            "act": "gift", "pool": _pool(it), "quantity": 100, "occurred_on": TODAY,
            "request": new_code(20),
        },
        within="ledger.actions",
    ),
    _act(
        "post_entry",
        BOOKS | {"storekeeper"},
        "ledger.post",
        lambda it: {"parts": (_gift(it),)},
        within="ledger.actions",
    ),
    _act(
        "declare_record",
        BOOKS,
        "ledger.declare",
        lambda it: {
            "society": it.society.code,
            "parts": (
                Place(id=new_public_id(), recorded_at=now_as_told(), code="330600-store",
                      kind="warehouse", within="330600"),
            ),
        },
        within="ledger.actions",
    ),
)  # fmt: skip


def _fund_values(it: Things) -> Values:
    return {
        "society": it.society, "code": f"new-{new_code(8).lower()}", "name": "样例基金",
        "about": "样例。", "body": "committee", "clauses": (Uses(only=("award",)),),
        "opened_on": TODAY,
    }  # fmt: skip


def _spending(verb: str, thing: str, permission: str, **more: Any) -> Row:
    """On something of `it.money` that is asked for, or waits."""
    within, _, name = verb.partition(".")
    key = more.pop("key", thing.removeprefix("open_").removeprefix("proposed_"))
    return _act(
        f"{within}.{name}", BOOKS, permission,
        lambda it: {key: getattr(it.money, thing), **more}, within="funds.actions",
    )  # fmt: skip


# A gift is begun by anybody; what a platform says was paid, no person can say.
MONEY_ACTIONS = (
    _spending("receipts.show_giver", "donation", "ledger.receive"),
    _act(
        "paid.receive_payments", NOBODY, "",
        lambda it: {"paid": [PaidGift(it.money.giving.pk, "1", 10_00, clock.now())]},
        within="funds.actions",
    ),
    _act(
        "donations.begin_giving", EVERYBODY, "",
        lambda it: {"fund": it.money.fund, "amount_fen": 100},
        others=EVERYBODY, within="funds.actions",
    ),
    _spending(
        "donations.receive_donation", "fund", "ledger.receive", amount_fen=100, channel="cash",
        occurred_on=TODAY, showing="anonymous",
    ),
    _spending("donations.withdraw_name", "donation", "ledger.receive"),
    _act("funds.propose_fund", BOOKS, "funds.open", _fund_values, within="funds.actions"),
    _spending("funds.open_fund", "proposed_fund", "funds.approve"),
    _spending(
        "spending.propose_spending", "fund", "funds.ask", title="慰问", amount_fen=100,
        use="award", place="330600",
    ),
    _spending("spending.approve_proposal", "open_proposal", "funds.approve"),
    _spending("spending.decline_proposal", "open_proposal", "funds.approve", reason=REASON),
    _spending(
        "spending.ask_payment", "proposal", "funds.ask", amount_fen=100, payee="样例收款人",
        title="慰问品",
    ),
    _spending("spending.approve_payment", "payment", "funds.approve"),
    _spending("spending.decline_payment", "payment", "funds.approve", reason=REASON),
    _spending("refunds.ask_refund", "donation", "funds.ask", amount_fen=1_00, reason=REASON),
    _spending("refunds.approve_refund", "refund", "funds.approve"),
    _spending("refunds.decline_refund", "refund", "funds.approve", reason=REASON),
)  # fmt: skip


def _money_page(name: str, key: str, thing: str) -> Row:
    return _page(
        name, SEE_MONEY, "funds.see", others=NOBODY,
        given=lambda it: {key: getattr(it.money, thing).pk},
    )  # fmt: skip


def _money_form(name: str, permission: str, key: str, thing: str) -> Row:
    return _form(
        name, BOOKS, permission, others=NOBODY, given=lambda it: {key: getattr(it.money, thing).pk}
    )


def _decided(kind: str, thing: str, verb: str) -> Row:
    return _page(
        "money_decide", BOOKS, "funds.approve", others=NOBODY, variant=f"{verb} {kind}",
        given=lambda it: {"kind": kind, "asked_id": getattr(it.money, thing).pk, "verb": verb},
        methods=("POST",), data={"once": "0" * 32, "reason": REASON}, let_in=frozenset({302}),
    )  # fmt: skip


MONEY_PAGES = (
    _page("desk_funds", SEE_MONEY, "funds.see"),
    _form("fund_new", BOOKS, "funds.open"),
    _money_page("desk_fund", "code", "fund"),
    _money_form("fund_open", "funds.approve", "code", "proposed_fund"),
    _page("donations", SEE_MONEY, "funds.see"),
    _form("donation_new", BOOKS, "ledger.receive"),
    _money_page("donation", "donation_id", "donation"),
    _money_form("refund_new", "funds.ask", "donation_id", "donation"),
    _money_form("donation_withdraw_name", "ledger.receive", "donation_id", "donation"),
    _page("spending", SEE_MONEY, "funds.see"),
    _form("proposal_new", BOOKS, "funds.ask"),
    _money_page("proposal", "proposal_id", "proposal"),
    _money_form("payment_new", "funds.ask", "proposal_id", "proposal"),
    _money_page("payment", "payment_id", "payment"),
    _money_page("refund", "refund_id", "refund"),
    _decided("proposal", "open_proposal", "approve"),
    _decided("proposal", "open_proposal", "decline"),
    _decided("payment", "payment", "approve"),
    _decided("payment", "payment", "decline"),
    _decided("refund", "refund", "approve"),
    _decided("refund", "refund", "decline"),
)


def _fund_code(it: Things) -> Values:
    return {"code": it.money.fund.pk}


def _giving_code(it: Things) -> Values:
    return {"code": it.money.giving.code}


# Whoever has a code may read, whoever they are; a receipt needs the log's key besides.
GIVING_PAGES = (
    *(_page(name, EVERYBODY) for name in ("funds", "give")),
    *(
        _page(name, EVERYBODY, others=EVERYBODY, given=_fund_code)
        for name in ("fund", "fund_gifts", "fund_payments")
    ),
    _form("give_to", EVERYBODY, "", others=EVERYBODY, given=_fund_code),
    *(
        _page(name, EVERYBODY, others=EVERYBODY, given=_giving_code)
        for name in ("give_pay", "given", "given_state")
    ),
    _page(
        "receipt", EVERYBODY, others=EVERYBODY, let_in=frozenset({200, 409}),
        given=lambda it: {"code": it.money.donation.code},
    ),
)  # fmt: skip
URL_ROWS = (*URL_ROWS, *MONEY_PAGES, *GIVING_PAGES, *BULLETIN_PAGES, *TRACE_PAGES)
URL_ROWS = (*URL_ROWS, *PHONE_PAGES, *CALLING_PAGES, *MESSAGING_PAGES)

URL_ROWS = (*URL_ROWS, *TEAM_PAGES, *MISSION_PAGES, *INCIDENT_PAGES, *BOARD_PAGES)

ACTION_ROWS = (
    *TEAM_ACTIONS,
    *MISSION_ACTIONS,
    *INCIDENT_ACTIONS,
    *BOARD_ACTIONS,
    *PAYMENT_ACTIONS, *MONEY_ACTIONS, *PEOPLE_ACTIONS, *BODY_ACTIONS, *ACCOUNT_ACTIONS,
    *LEDGER_ACTIONS, *BULLETIN_ACTIONS, *PHONE_ACTIONS, *CALLING_ACTIONS,
    *MESSAGING_ACTIONS,
)  # fmt: skip
ROWS = (*URL_ROWS, *ACTION_ROWS)
