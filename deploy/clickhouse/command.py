"""`stepwell migrate`: bring ClickHouse's tables up to date, say where they stand, or go a step back."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from deploy.clickhouse.migrations import Migration, Step

app = App(name="migrate", help="Bring ClickHouse's tables up to date, or a step back.")


@app.default
def migrate(
    *,
    to: int | None = None,
    down: Annotated[bool, Parameter(negative="")] = False,
    status: Annotated[bool, Parameter(negative="")] = False,
    json_output: Annotated[bool, Parameter(name="--json", negative="")] = False,
    clickhouse: str | None = None,
    database: Annotated[str, Parameter(env_var="STEPWELL_DATABASE")] = "stepwell",
) -> None:
    """Apply the migrations that are missing; the database is made if need be.

    Parameters
    ----------
    to
        Stop at this migration, forward or back; 0 takes every table away.
    down
        Undo the newest applied migration.
    status
        Only say which migrations are applied.
    json_output
        One line of JSON instead of text.
    clickhouse
        http(s)://[user:password@]host:port; by default STEPWELL_CLICKHOUSE, then the running instance.
    database
        The database that holds Stepwell's tables.
    """
    from deploy.clickhouse import migrations
    from services.runtime.clickhouse import connect
    from services.runtime.errors import StepwellError
    from services.runtime.instance import address_of

    try:
        url = address_of("clickhouse", clickhouse)
        migrations.create_database(url, database)
        client = connect(url, database)
        known, applied = migrations.load(), migrations.applied(client)
        if status:
            _print_status(known, applied.keys(), json_output)
            return
        steps = migrations.plan(known, applied, _target(to, down, sorted(applied)))
        migrations.run(client, steps)
        migrations.make_identity_key(client)
        _print_steps(steps, json_output)
    except StepwellError as error:
        sys.exit(f"stepwell migrate: {error}")


def _target(to: int | None, down: bool, applied: Sequence[int]) -> int | None:
    if not down:
        return to
    if to is not None:
        return to
    return applied[-2] if len(applied) > 1 else 0


def _print_status(known: Sequence[Migration], applied: object, as_json: bool) -> None:
    rows = [{"number": m.number, "name": m.name, "applied": m.number in applied} for m in known]  # type: ignore[operator]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['number']:04d} {row['name']:<32} {'applied' if row['applied'] else 'not applied'}")


def _print_steps(steps: Sequence[Step], as_json: bool) -> None:
    if as_json:
        done = [
            {"number": s.migration.number, "name": s.migration.name, "direction": "up" if s.forward else "down"}
            for s in steps
        ]
        print(json.dumps(done))
        return
    for step in steps:
        print(f"{'applied' if step.forward else 'undone '} {step.migration.number:04d} {step.migration.name}")
    if not steps:
        print("nothing to do: the tables are as the migrations say")
