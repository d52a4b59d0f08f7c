"""Words of gear, vehicles and readiness: kinds, units, what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

VEHICLES: dict[str, _StrOrPromise] = {
    "rescue": _("Rescue vehicle"),
    "ambulance": _("Ambulance"),
    "equipment": _("Equipment vehicle"),
    "truck": _("Truck"),
    "command": _("Command vehicle"),
    "bus": _("Bus"),
    "car": _("Car"),
    "boat": _("Boat"),
    "raft": _("Raft"),
    "other": pgettext_lazy("a vehicle", "Other"),
}
BOATS = frozenset({"boat", "raft"})
GEAR: dict[str, _StrOrPromise] = {
    "life_detector": _("Life detector"),
    "breaching": _("Breaching tools"),
    "first_aid_kit": _("First-aid kit"),
    "stretcher": _("Stretcher"),
    "aed": _("Defibrillator (AED)"),
    "life_jacket": _("Life jacket"),
    "throw_bag": _("Throw bag"),
    "rope": _("Ropes and harness"),
    "helmet": _("Helmet"),
    "light": _("Lights"),
    "shovel": _("Shovels and picks"),
    "generator": _("Generator"),
    "pump": _("Pump"),
    "water_purifier": _("Water purifier"),
    "radio": _("Radio"),
    "drone": _("Drone"),
    "tent": _("Tent"),
    "sprayer": _("Sprayer"),
    "other": pgettext_lazy("gear", "Other"),
}
# Whole units of kernel/units.py in which gear is counted.
GEAR_UNITS = ("item", "piece", "set", "box", "vehicle", "boat")

# What a plan can ask for: its words, its unit of kernel/units.py, whether our rows count it.
MEASURES: dict[str, tuple[_StrOrPromise, str, bool]] = {
    "teams": (_("Teams"), "team", True),
    "ready": (_("People ready"), "person", True),
    "on_stand_by": (_("On stand-by now"), "person", True),
    "boats": (_("Boats fit"), "boat", True),
    "vehicles": (_("Vehicles fit"), "vehicle", True),
    "pumps": (_("Pumps"), "item", False),
    "family_kits": (_("Family kits"), "box", False),
    "tents": (_("Tents"), "item", False),
    "quilts": (_("Quilts"), "bed", False),
    "water_purifiers": (_("Water purifiers"), "item", False),
}
TYPED = tuple(code for code, (_words, _unit, counted) in MEASURES.items() if not counted)
