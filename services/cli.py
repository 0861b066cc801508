"""`stepwell`: every verb, each loaded only when it is called, so that `--help` and the offline tools start at once."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

from cyclopts import App

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("deploy.demo.command:demo", "Run the whole system on a made-up cohort and check every total."),
    "up": ("deploy.embedded.command:up", "Run Stepwell until stopped, embedded or against servers that exist."),
    "doctor": ("deploy.embedded.command:doctor", "Say what this machine lacks to run Stepwell."),
    "migrate": ("deploy.clickhouse.command:app", "Bring ClickHouse's tables up to date, or a step back."),
    "source": ("services.runtime.keys_command:source", "API keys of the systems that send records."),
    "employer": ("services.runtime.keys_command:employer", "Tokens of the employers that look."),
    "operator": ("services.runtime.keys_command:operator", "Tokens of those who run this Stepwell."),
    "catalog": ("services.offline.catalog_command:app", "Check, apply and show catalogs of stacks."),
    "evaluate": ("services.offline.evaluate_command:evaluate", "Evaluate stacks from files, with no server at all."),
    "explain": ("services.offline.evaluate_command:explain", "Say in plain sentences where a worker stands."),
    "advise": ("services.offline.advise_command:advise", "Say which achievement to take next, and every reason why."),
    "issue": ("services.offline.issue_command:app", "Issue completed stacks as credentials, and take them back."),
    "issuers": ("services.tools.issuers_command:app", "Whom to believe about issuers, and our own issuing keys."),
    "people": ("services.tools.people_command:app", "Import rosters, list conflicts, undo links."),
    "teams": ("services.tools.teams_command:app", "Teams, roles and expected skills, and groups to count by."),
    "topics": ("services.tools.topics_command:app", "Apply and show Kafka topics from schemas/topics."),
    "lag": ("services.tools.lag_command:lag", "How far each consumer group is behind."),
    "rejected": ("services.tools.rejected_command:app", "List, show, redrive and purge refused records."),
    "translate": ("services.ingest.translate_command:translate", "Say what payloads of any dialect mean, offline."),
    "verify": ("services.ingest.verify.command:verify", "Say what can be said of a credential, step by step."),
    "replay": ("services.ingest.replay_command:replay", "Read kept statements again by the mappings in force."),
    "emit": ("services.tools.emit_command:emit", "Send records from a file to Kafka, as an LMS plugin would."),
}


def main_app() -> App:
    """The `stepwell` command with every verb registered by import path."""
    app = App(name="stepwell", help="Learning records in, stacked credentials out.", version=version("stepwell"))
    for verb, (target, help_text) in VERBS.items():
        app.command(target, name=verb, help=help_text)
    return app


def main() -> None:
    """Entry point of the `stepwell` script. A reader that has seen enough, such as `head`, is no error of ours."""
    try:
        main_app()()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would complain again at exit
        sys.exit(1)


if __name__ == "__main__":
    main()
