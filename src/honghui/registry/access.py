"""Who may: every check, and the only way to fetch a protected row.

What a person may not see is not found: an address with another society's id answers as if the
object did not exist, and the attempt is an act (the middleware records it).
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Invalid, NotAllowed, NotFound
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
from honghui.registry.permissions import (
    MANAGE_ROLES,
    RESOLVE_DUPLICATES,
    SEE_ORGANISATIONS,
    SEE_PEOPLE,
    SEE_ROLES,
    Permission,
)


def may(by: Actor, permission: Permission, society_code: str) -> bool:
    """Whether `by` holds this permission in this society, now. Costs no query."""
    if by.is_system:
        return True
    held = by.roles_in(society_code)
    if held & permission.roles:
        return True
    return bool(held & permission.in_admin_mode) and is_elevated(by, society_code)


def is_elevated(by: Actor, society_code: str) -> bool:
    """Whether administrator mode is on for this society (by the machine's clock)."""
    mode = by.elevation
    return bool(mode and mode.society_code == society_code and mode.until > clock.machine_now())


def require(by: Actor, permission: Permission, society_code: str) -> None:
    """Raises NotAllowed unless `by` holds the permission in the society."""
    if may(by, permission, society_code):
        return
    if by.roles_in(society_code) & permission.in_admin_mode:
        raise NotAllowed(
            "access.admin_mode_needed",
            _("This needs administrator mode, which is off."),
            _("Switch it on and give a reason; it ends by itself."),
        )
    raise NotAllowed(
        "access.not_allowed",
        _("Your role in this society does not allow this."),
        _("Ask an administrator of the society for the role, or a colleague who has it."),
    )


def require_somewhere(by: Actor, permission: Permission) -> frozenset[str]:
    """The societies in which `by` holds the permission; NotAllowed if there is none."""
    codes = societies_where(by, permission)
    if not codes:
        asleep = (g.society_code for g in by.grants if g.role in permission.in_admin_mode)
        require(by, permission, next(asleep, ""))
    return codes


def societies_where(by: Actor, permission: Permission) -> frozenset[str]:
    return frozenset(code for code in by.society_codes if may(by, permission, code))


def people(by: Actor) -> QuerySet[Person]:
    """The people this actor may see: those affiliated with a society where the role allows it.
    Merged and erased people are left out."""
    known = Affiliation.objects.filter(
        person=OuterRef("pk"), society__in=societies_where(by, SEE_PEOPLE)
    )
    living = Person.objects.filter(merged_into=None, erased_at=None)
    return living if by.is_system else living.filter(Exists(known))


def person(by: Actor, person_id: UUID) -> Person:
    """The person, or the one they were merged into: whoever kept an old address arrives."""
    found = (
        people(by).filter(pk=person_id).first() or people(by).filter(pk=_kept_id(person_id)).first()
    )
    if found is None:
        raise not_found()
    return found


def _kept_id(person_id: UUID) -> UUID:
    """Where a chain of merges ends. One query for a person who was never merged."""
    row = Person.objects.filter(pk=person_id).values_list("merged_into_id", flat=True).first()
    return person_id if row is None else _kept_id(row)


def person_in(by: Actor, person_id: UUID, permission: Permission) -> tuple[Person, str]:
    """The person, and a society in which `by` holds `permission` and the person is known."""
    found = person(by, person_id)
    if by.is_system:
        return found, ""
    codes = set(found.affiliations.values_list("society_id", flat=True))
    for code in sorted(codes & by.society_codes):
        if may(by, permission, code):
            return found, code
    require(by, permission, min(codes & by.society_codes, default=""))
    raise AssertionError("require() raised")


def affiliation(by: Actor, of: Person, affiliation_id: UUID) -> Affiliation:
    """One of a person's affiliations, if it is with a society of this actor."""
    found = (
        of.affiliations.filter(pk=affiliation_id, society__in=societies_where(by, SEE_PEOPLE))
        .select_related("society")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def society(code: str) -> Society:
    """Societies are public. NotFound for a code that never was one."""
    found = Society.objects.filter(pk=code).first()
    if found is None:
        raise not_found()
    return found


def organisations(by: Actor) -> QuerySet[Organisation]:
    """Organisations are shared by all societies: firms, schools and offices are no secret."""
    living = Organisation.objects.filter(merged_into=None)
    return living if by.is_system or societies_where(by, SEE_ORGANISATIONS) else living.none()


def organisation(by: Actor, organisation_id: UUID) -> Organisation:
    found = organisations(by).filter(pk=organisation_id).first()
    if found is None:
        raise not_found()
    return found


def unit(by: Actor, unit_id: UUID) -> GrassRootsUnit:
    found = (
        GrassRootsUnit.objects.filter(pk=unit_id, society__in=by.society_codes)
        .select_related("society")
        .first()
    )
    if found is None:
        raise not_found()
    return found


def person_pairs(by: Actor) -> QuerySet[PersonPair]:
    """Pairs of people, both of whom this actor may see and resolve."""
    codes = societies_where(by, RESOLVE_DUPLICATES)
    first = Affiliation.objects.filter(person=OuterRef("first"), society__in=codes)
    second = Affiliation.objects.filter(person=OuterRef("second"), society__in=codes)
    pairs = PersonPair.objects.select_related("first", "second").filter(
        first__erased_at=None, second__erased_at=None
    )
    return pairs if by.is_system else pairs.filter(Exists(first), Exists(second))


def organisation_pairs(by: Actor) -> QuerySet[OrganisationPair]:
    merged_elsewhere = Q(first__merged_into__isnull=False) | Q(second__merged_into__isnull=False)
    pairs = OrganisationPair.objects.select_related("first", "second").exclude(
        merged_elsewhere, state__in=["found", "proposed"]
    )
    codes = societies_where(by, RESOLVE_DUPLICATES)
    return pairs if by.is_system or codes else pairs.none()


def person_pair(by: Actor, pair_id: UUID) -> PersonPair:
    found = person_pairs(by).filter(pk=pair_id).first()
    if found is None:
        raise not_found()
    return found


def organisation_pair(by: Actor, pair_id: UUID) -> OrganisationPair:
    found = organisation_pairs(by).filter(pk=pair_id).first()
    if found is None:
        raise not_found()
    return found


def role_grants(by: Actor) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(society__in=societies_where(by, SEE_ROLES)).select_related(
        "account", "society"
    )


def role_grant(by: Actor, grant_id: UUID) -> RoleGrant:
    found = role_grants(by).filter(pk=grant_id).first()
    if found is None:
        raise not_found()
    return found


def accounts(by: Actor) -> QuerySet[Account]:
    """Accounts with a role, now or once, in a society this actor administers or audits; and
    those of people known there that never held a role anywhere."""
    codes = societies_where(by, SEE_ROLES)
    ever = RoleGrant.objects.filter(account=OuterRef("pk"))
    known = Affiliation.objects.filter(person=OuterRef("person"), society__in=codes)
    seen = Exists(ever.filter(society__in=codes)) | (~Exists(ever) & Exists(known))
    return Account.objects.filter(seen)


def account(by: Actor, account_id: UUID) -> Account:
    found = accounts(by).filter(pk=account_id).first()
    if found is None:
        raise not_found()
    return found


def account_named(username: str) -> Account:
    """For the command line, which knows no ids. Invalid if there is none."""
    found = Account.objects.filter(username=username.lower()).first()
    if found is None:
        raise Invalid("registry.account.unknown", _("There is no open account by this name."))
    return found


def society_of_account(by: Actor, of: Account, permission: Permission) -> Society:
    """A society in which the account held a role and the actor holds the permission. An account
    that never held one is the business of every society that knows its person."""
    codes = societies_where(by, permission)
    theirs = Q(grants__account=of)
    if not of.grants.exists():
        theirs = Q(affiliations__person=of.person_id)
    found = Society.objects.filter(theirs, pk__in=codes).first()
    if found is None:
        raise not_found()
    return found


def person_to_employ(by: Actor, person_id: UUID, of: Society) -> Person:
    """A person known to a society whose roles the actor manages: an administrator opens their
    account without being able to read about everybody."""
    require(by, MANAGE_ROLES, of.code)
    found = Person.objects.filter(
        pk=person_id, affiliations__society=of, merged_into=None, erased_at=None
    ).first()
    if found is None:
        raise not_found()
    return found


def not_found() -> NotFound:
    """What every folder's access answers: whether it is not there or not theirs, nobody learns."""
    return NotFound(
        "access.not_found",
        _("There is nothing here, or nothing that you may see."),
        _("Check the address, or look it up by name."),
    )
