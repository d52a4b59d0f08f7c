"""Organisations that fit what somebody typed into a form."""

from __future__ import annotations

from django.db.models import Q

from honghui.kernel.actors import Actor
from honghui.registry import access
from honghui.registry.models import Organisation
from honghui.registry.queries.organisations import organisation_list

FITTING_MAX = 10


def organisations_fitting(by: Actor, typed: str) -> list[Organisation]:
    """At most one more than FITTING_MAX, to tell that there are more. A name or credit code
    typed in full means that one, whatever else begins like it. Three queries."""
    typed = typed.strip()
    if not typed:
        return []
    in_full = Q(name=typed) | Q(name_en__iexact=typed) | Q(credit_code=typed.upper())
    meant = access.organisations(by).filter(in_full)[: FITTING_MAX + 1]
    return list(meant) or list(organisation_list(by, typed)[: FITTING_MAX + 1])
