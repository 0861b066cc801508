"""What can be exported: for each table the headings of its columns.

Each is named as its query in `sql/` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["csv", "xlsx", "parquet"]
FORMATS: Final[tuple[tuple[Form, str], ...]] = (("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet"))
"""File ending and name of each form that a table can be taken along in."""

Table = Literal[
    "workers",
    "stacks",
    "minutes",
    "stalled",
    "completions",
    "expiring",
    "sources",
    "worker_awards",
    "worker_progress",
    "stack_workers",
    "stack_days",
    "stack_spells",
    "one_away",
    "plans",
    "team_skills",
    "role_gaps",
    "experts",
    "equity",
    "source_health",
    "refusals",
]


@dataclass(frozen=True, slots=True)
class Export:
    """One table: its columns with their headings, and `of` which kind of thing, that must be there, if of any."""

    columns: Mapping[str, str]
    of: Literal["worker", "stack"] | None = None


EXPORTS: Final[Mapping[str, Export]] = {
    "workers": Export(
        {
            "worker_id": "Worker",
            "since": "With you since",
            "credentials": "Verified credentials",
            "in_progress": "Stacks in progress",
            "complete": "Stacks complete",
            "closest_stack_title": "Closest stack",
            "closest_progress": "Progress on it",
            "next_expiry_at": "Next expiry",
        },
    ),
    "stacks": Export(
        {
            "stack_id": "Stack",
            "stack_title": "Title",
            "workers": "Workers",
            "complete": "Complete",
            "half_or_more": "Half or more",
            "under_half": "Under half",
            "not_started": "Not started",
            "lapsed": "Lapsed",
            "average_progress": "Average progress",
        },
    ),
    "minutes": Export({"minute": "Minute", "changes": "Changes"}),
    "stalled": Export(
        {
            "worker_id": "Worker",
            "stack_id": "Stack",
            "stack_title": "Title",
            "progress": "Progress",
            "reason": "What is missing",
            "finish_names": "Would do",
            "newest_at": "Last earned",
        },
    ),
    "completions": Export(
        {"week": "Week from", "achievements": "Achievements earned", "stacks": "Stacks completed"},
    ),
    "expiring": Export(
        {
            "worker_id": "Worker",
            "achievement_id": "Achievement",
            "achievement_name": "Name",
            "issuer_id": "Issuer",
            "expires_at": "Expires",
        },
    ),
    "sources": Export(
        {"source": "Source", "workers": "Workers", "awards": "Awards and completions", "newest_at": "Newest date"},
    ),
    "worker_awards": Export(
        {
            "achievement_id": "Achievement",
            "achievement_name": "Name",
            "type": "Type",
            "level": "Level",
            "skills": "Skills",
            "issuer_id": "Issuer",
            "award_id": "Award",
            "basis": "Basis",
            "trust": "Trust tier",
            "status": "Status",
            "grade": "Grade",
            "score_scaled": "Score",
            "credits_value": "Credits",
            "credits_unit": "Unit",
            "valid_from": "Earned",
            "valid_until": "Valid until",
            "revoked_at": "Revoked",
            "revoked_reason": "Reason",
            "source": "Source",
        },
        of="worker",
    ),
    "worker_progress": Export(
        {
            "stack_id": "Stack",
            "stack_title": "Title",
            "stack_version": "Version",
            "status": "Status",
            "progress": "Progress",
            "next_step_names": "Next steps",
            "completed_at": "Completed",
            "next_change_at": "May change by time alone",
        },
        of="worker",
    ),
    "stack_workers": Export(
        {
            "worker_id": "Worker",
            "status": "Status",
            "progress": "Progress",
            "missing_parts": "Parts missing",
            "next_step_names": "Next steps",
            "completed_at": "Completed",
        },
        of="stack",
    ),
    "stack_days": Export(
        {"step": "From award", "median_days": "Median days to the next", "workers": "Workers"}, of="stack"
    ),
    "stack_spells": Export(
        {"cohort": "Began in", "days": "Days", "completed": "Completed", "waiting": "Still on the way"}, of="stack"
    ),
    "one_away": Export(
        {"worker_id": "Worker", "progress": "Progress", "reason": "What is missing", "finish_names": "Would do"},
        of="stack",
    ),
    "plans": Export(
        {
            "worker_id": "Worker",
            "stack_id": "Stack",
            "stack_title": "Title",
            "progress": "Progress",
            "awards": "Awards missing",
            "would_do": "Would do",
        },
    ),
    "team_skills": Export(
        {"team": "Team", "skill": "Skill", "holders": "Hold it", "verified": "Verified", "experts": "Experts"},
    ),
    "role_gaps": Export(
        {"role": "Role", "skill": "Skill", "workers": "Workers", "holders": "Hold it", "verified": "Verified"},
    ),
    "experts": Export({"skill": "Skill", "experts": "Experts", "workers": "First of them"}),
    "equity": Export(
        {
            "group_name": "Group",
            "workers": "Workers, about",
            "started_share": "Begun",
            "half_share": "Half way",
            "complete_share": "Complete",
            "median_days": "Median days",
            "hidden": "Hidden because",
        },
        of="stack",
    ),
    "source_health": Export(
        {
            "source": "Source",
            "record_latest": "Last record",
            "statements_24h": "Since yesterday",
            "statements_30d": "Stated in 30 days",
            "end_to_end_p50_seconds": "Record to table, half, seconds",
            "end_to_end_p95_seconds": "95 of 100, seconds",
            "workers": "Workers",
            "awards": "Awards",
            "newest_at": "Newest award",
        },
    ),
    "refusals": Export(
        {
            "source": "Source",
            "reason": "Reason",
            "stage": "Where",
            "refusals_24h": "In 24 hours",
            "refusals_30d": "In 30 days",
            "newest_at": "Newest",
        },
    ),
}
