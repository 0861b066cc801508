"""Skills: how many of each team hold which, what is verified and what only claimed, what roles expect, who knows best.

A skill is held by who has an achievement in force that stands for it; it is verified where one of these is of trust
tier 2 or more; an expert has two of those. Roles, teams and expectations are the employer's own word.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from services.dashboard.look import Look
from services.dashboard.models import Answer
from services.dashboard.queries import Row

MOST_SKILLS: Final = 30
"""Skills that the page shows; the export has all."""
_EXPERTS: Final = 5


class Team(Answer):
    """A team, "" for who is in none, and how many current workers it has."""

    team: str
    workers: int


class SkillRow(Answer):
    """One skill: how many hold it in all, and how many in each team, in the order of the page's teams."""

    skill: str
    holders: int
    verified: int
    experts: int
    by_team: tuple[int, ...]

    @property
    def claimed(self) -> int:
        """Holders none of whose achievements is verified."""
        return self.holders - self.verified


class RoleGap(Answer):
    """A skill that is expected of everybody in a role."""

    role: str
    skill: str
    workers: int
    holders: int
    verified: int


class Experts(Answer):
    """Who knows a skill best: how many there are, and the first of them."""

    skill: str
    experts: int
    workers: tuple[str, ...]


class SkillsPage(Answer):
    """The page. `total` is how many skills there are."""

    as_of: datetime
    teams: tuple[Team, ...]
    skills: tuple[SkillRow, ...]
    total: int
    gaps: tuple[RoleGap, ...]
    experts: tuple[Experts, ...]


_teams = TypeAdapter(tuple[Team, ...])
_gaps = TypeAdapter(tuple[RoleGap, ...])
_experts = TypeAdapter(tuple[Experts, ...])


def skills_page(look: Look) -> SkillsPage:
    """What the page shows; expectations and experts are known of now only."""
    teams = _teams.validate_python(look.rows("teams"))
    skills = skill_rows(look.progress("team_skills"), [team.team for team in teams])
    is_now = look.moment.is_now
    return SkillsPage(
        as_of=look.moment.at,
        teams=teams,
        skills=skills[:MOST_SKILLS],
        total=len(skills),
        gaps=_gaps.validate_python(look.rows("role_gaps") if is_now else []),
        experts=_experts.validate_python(look.rows("experts", most=_EXPERTS) if is_now else [])[:MOST_SKILLS],
    )


def skill_rows(rows: list[Row], teams: list[str]) -> tuple[SkillRow, ...]:
    """Rows by team and skill put together by skill, those that most hold first."""
    by_skill: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_skill.setdefault(row["skill"], {})[row["team"]] = row
    found = [_skill_row(skill, of_team, teams) for skill, of_team in by_skill.items()]
    return tuple(sorted(found, key=lambda row: (-row.holders, row.skill)))


def _skill_row(skill: str, of_team: dict[str, Row], teams: list[str]) -> SkillRow:
    return SkillRow(
        skill=skill,
        holders=sum(row["holders"] for row in of_team.values()),
        verified=sum(row["verified"] for row in of_team.values()),
        experts=sum(row["experts"] for row in of_team.values()),
        by_team=tuple(of_team[team]["holders"] if team in of_team else 0 for team in teams),
    )
