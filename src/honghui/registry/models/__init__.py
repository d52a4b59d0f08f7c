"""Tables and constraints, no verbs. A file a noun."""

from __future__ import annotations

from honghui.registry.models.accounts import Account, AdminMode, RoleGrant
from honghui.registry.models.divisions import Division, DivisionSuccession
from honghui.registry.models.organisations import Organisation, OrganisationPair
from honghui.registry.models.people import Affiliation, Person, PersonPair
from honghui.registry.models.search import SearchEntry
from honghui.registry.models.societies import GrassRootsUnit, Society

__all__ = [
    "Account",
    "AdminMode",
    "Affiliation",
    "Division",
    "DivisionSuccession",
    "GrassRootsUnit",
    "Organisation",
    "OrganisationPair",
    "Person",
    "PersonPair",
    "RoleGrant",
    "SearchEntry",
    "Society",
]
