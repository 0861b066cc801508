"""The dashboard of those who run Stepwell: what comes in, how fast it is there, what is refused. Counts, no people."""

from __future__ import annotations

from typing import Final

from deploy.grafana.panels import Dashboard, Panel

OPERATOR: Final = Dashboard(
    name="operator",
    title="Stepwell: operator",
    meaning="Sources, refusals, employers and tables in counts, for operators: no employer may read these views.",
    since="now-7d",
    panels=(
        Panel("records", "Records in 24 hours", "Of all sources, each record once.", "stat", 6, 4),
        Panel("refused", "Refused in 24 hours", "And not taken in since.", "stat", 6, 4),
        Panel("latest", "Newest record", "How long ago the newest record came in.", "stat", 6, 4, "s"),
        Panel("parts", "Parts of the busiest table", "Many mean that merging does not keep up.", "stat", 6, 4),
        Panel("arrivals", "Records by hour", "By the hour that they came in, and source.", "timeseries", 12, 8),
        Panel(
            "end_to_end",
            "From coming in to being stored",
            "95 of 100 records, by hour and source.",
            "timeseries",
            12,
            8,
            "s",
        ),
        Panel("refusals", "Refusals by hour", "By the hour and the reason.", "timeseries", 12, 8),
        Panel("reasons", "Why records are refused", "By source, stage and reason, in the time chosen.", "table", 12, 8),
        Panel("sources", "Sources", "How much, how fresh, how fast, of 7 days.", "table", 24, 8),
        Panel("employers", "Employers", "Current workers, and how fresh what is told of them is.", "table", 12, 8),
        Panel("tables", "Tables", "Rows, octets and parts.", "table", 12, 8),
    ),
)
