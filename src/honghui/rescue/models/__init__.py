"""Tables and constraints, no verbs. A file a noun."""

from __future__ import annotations

from honghui.rescue.models.alerts import Alert
from honghui.rescue.models.gear import Gear, GearIssue, Inspection, Vehicle
from honghui.rescue.models.incidents import (
    Incident,
    IncidentRequest,
    LevelChange,
    LogLine,
    Need,
    Requester,
    SituationFigure,
    SituationReport,
)
from honghui.rescue.models.missions import (
    Batch,
    Care,
    Hours,
    Injury,
    Mission,
    MissionVehicle,
    Photo,
    Position,
    Responder,
    Task,
    TaskResult,
    Telling,
)
from honghui.rescue.models.photos import PublicPhoto
from honghui.rescue.models.reports import (
    Claim,
    ReadinessCount,
    ReadinessPlan,
    ReadinessTarget,
    RescueReport,
)
from honghui.rescue.models.rosters import CalendarFeed, StandBy, StandByPlace, Swap
from honghui.rescue.models.teams import (
    Availability,
    Insurance,
    Member,
    MemberSkill,
    Qualification,
    RosterImport,
    Skill,
    Team,
    TeamKind,
)

__all__ = [
    "Alert",
    "Availability",
    "Batch",
    "CalendarFeed",
    "Care",
    "Claim",
    "Gear",
    "GearIssue",
    "Hours",
    "Incident",
    "IncidentRequest",
    "Injury",
    "Inspection",
    "Insurance",
    "LevelChange",
    "LogLine",
    "Member",
    "MemberSkill",
    "Mission",
    "MissionVehicle",
    "Need",
    "Photo",
    "Position",
    "PublicPhoto",
    "Qualification",
    "ReadinessCount",
    "ReadinessPlan",
    "ReadinessTarget",
    "Requester",
    "RescueReport",
    "Responder",
    "RosterImport",
    "SituationFigure",
    "SituationReport",
    "Skill",
    "StandBy",
    "StandByPlace",
    "Swap",
    "Task",
    "TaskResult",
    "Team",
    "TeamKind",
    "Telling",
    "Vehicle",
]
