"""Organisations: register, change. They are shared by all societies, and written down once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from honghui.journal.acting import action, record
from honghui.kernel import clock, identifiers, text
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid
from honghui.registry import access, searching
from honghui.registry.jobs import look_for_duplicates_of_organisation
from honghui.registry.models import Organisation, Society
from honghui.registry.permissions import REGISTER_ORGANISATIONS

NAME_LIMIT = 120
ALIASES_MAX = 10


@action("registry.organisation.registered")
def register_organisation(
    *,
    by: Actor,
    society: Society,
    name: str,
    kind: str,
    name_en: str = "",
    credit_code: str = "",
    aliases: tuple[str, ...] = (),
    source: str = "",
) -> Organisation:
    """Registers an organisation, known by its credit code if it has one."""
    access.require(by, REGISTER_ORGANISATIONS, society.code)
    organisation = Organisation(society_code=society.code, registered_at=clock.now())
    _fill(organisation, name, name_en, kind, credit_code, aliases)
    organisation.source = text.clean_line(source, limit=120, field="source") if source else ""
    _save(organisation)
    record(
        by=by,
        verb="registry.organisation.registered",
        about=organisation,
        society_code=society.code,
        after=_facts(organisation),
    )
    look_for_duplicates_of_organisation.after_commit(organisation_id=str(organisation.pk))
    return organisation


@action("registry.organisation.changed")
def change_organisation(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    kind: str,
    name_en: str = "",
    credit_code: str = "",
    aliases: tuple[str, ...] = (),
) -> Organisation:
    """Changes what is known; only the society that registered it may."""
    organisation = access.organisation(by, organisation.pk)
    access.require(by, REGISTER_ORGANISATIONS, organisation.society_code)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = _facts(organisation)
    _fill(organisation, name, name_en, kind, credit_code, aliases)
    _save(organisation)
    record(
        by=by,
        verb="registry.organisation.changed",
        about=organisation,
        society_code=organisation.society_code,
        before=before,
        after=_facts(organisation),
    )
    look_for_duplicates_of_organisation.after_commit(organisation_id=str(organisation.pk))
    return organisation


def _fill(
    organisation: Organisation,
    name: str,
    name_en: str,
    kind: str,
    credit_code: str,
    aliases: tuple[str, ...],
) -> None:
    if kind not in Organisation.Kind.values:
        raise Invalid("registry.kind.unknown", _("This kind is unknown."), field="kind")
    organisation.name = text.name_line(name, limit=NAME_LIMIT)
    organisation.name_key = text.sort_key(organisation.name)
    organisation.name_en = (
        text.clean_line(name_en, limit=160, field="name_en") if name_en.strip() else ""
    )
    organisation.kind = kind
    organisation.credit_code = (
        identifiers.parse_credit_code(credit_code).value if credit_code.strip() else None
    )
    organisation.aliases = [
        text.clean_line(alias, limit=NAME_LIMIT, field="aliases")
        for alias in aliases[:ALIASES_MAX]
        if alias.strip()
    ]


def _save(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        if "organisation_has_a_credit_code_of_its_own" not in str(error):
            raise
        raise Conflict(
            "registry.organisation.known",
            _("An organisation with this credit code is already registered."),
            _("Look it up by name or code instead of registering it twice."),
            field="credit_code",
        ) from error
    searching.index_organisation(organisation)


def _facts(organisation: Organisation) -> dict[str, object]:
    return {
        "name": organisation.name,
        "name_en": organisation.name_en,
        "kind": organisation.kind,
        "credit_code": organisation.credit_code,
        "aliases": organisation.aliases,
    }
