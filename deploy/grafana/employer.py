"""The dashboard of an employer: what its people hold, how far they are, what to pay for, and whether to trust it."""

from __future__ import annotations

from typing import Final

from deploy.grafana.panels import Dashboard, Panel, Variable

EMPLOYER: Final = Dashboard(
    name="employer",
    title="Stepwell: employer",
    meaning="One employer's current workers, from the published views, of which its ClickHouse user sees its own rows.",
    since="now-1y",
    variables=(Variable("employer", "Employer"),),
    panels=(
        Panel("workers", "Workers", "People who are with the employer now.", "stat", 4, 4),
        Panel("verified", "Verified credentials", "In force, with the issuer's own key checked.", "stat", 5, 4),
        Panel("under_way", "Stacks in progress", "Worker and stack, begun and not complete.", "stat", 5, 4),
        Panel("completed", "Stacks complete", "Worker and stack, complete now.", "stat", 5, 4),
        Panel("freshness", "Newest evaluation", "How long ago anything was worked out anew.", "stat", 5, 4, "s"),
        Panel("completions", "Earned by day", "Achievements earned and stacks completed.", "timeseries", 12, 8),
        Panel("funnel", "From enrolment to stack", "Of those enrolled, how many came how far.", "barchart", 12, 8),
        Panel("stacks", "Stacks", "How far current workers are on each.", "table", 24, 9),
        Panel(
            "one_step_short", "One step short", "Who needs one more, longest without a new award first.", "table", 12, 9
        ),
        Panel(
            "finishing",
            "What would finish the most",
            "The achievement that completes a stack for most people.",
            "table",
            12,
            9,
        ),
        Panel("expiring", "Expiring in 60 days", "What ends soon and is not renewed.", "table", 12, 9),
        Panel(
            "outcomes", "What became of it", "Outcomes of everybody who set out, small cells hidden.", "table", 12, 9
        ),
        Panel(
            "team_skills",
            "Skills by team",
            "Who has something to show for a skill, checked and merely claimed.",
            "table",
            12,
            9,
        ),
        Panel("role_gaps", "Expected and held", "Skills that a role asks for, the widest gap first.", "table", 12, 9),
        Panel(
            "groups",
            "Progress by group",
            "Shares of groups, small cells hidden; about, by two at most.",
            "table",
            24,
            9,
        ),
        Panel("sources", "Where it comes from", "How much and how fresh each source is.", "table", 12, 8),
        Panel(
            "refusals",
            "What was refused",
            "Records of these sources that could not be taken, about whomever.",
            "table",
            12,
            8,
        ),
    ),
)
