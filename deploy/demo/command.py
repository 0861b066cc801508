"""`stepwell demo`: the whole system on a made-up cohort, every total checked against a reckoning of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

Positive = Annotated[int, Parameter(validator=validators.Number(gte=1))]
Natural = Annotated[int, Parameter(validator=validators.Number(gte=0))]


def demo(
    *,
    once: Annotated[bool, Parameter(negative="")] = False,
    json_output: Annotated[bool, Parameter(name="--json", negative="")] = False,
    seed: int = 7,
    workers: Positive = 400,
    records: Positive = 10_000,
    keep: Annotated[bool, Parameter(negative="")] = False,
    open_browser: Annotated[bool, Parameter(name="--open", negative="")] = False,
    home: Path | None = None,
    aggregates: Positive = 1,
    kill_aggregate: Natural = 0,
    lose: Natural = 0,
) -> None:
    """Run all of Stepwell on a made-up cohort, check every total, and go on live until Ctrl-C.

    The cohort's history is sent as fast as it goes, over HTTP and over Kafka, then what happens live at a pace that can
    be watched. The totals that ClickHouse then holds are compared with a reckoning made from the input alone.

    Parameters
    ----------
    once
        Send everything at full speed, check, and end; the exit code is 1 when any total differs.
    json_output
        Print one JSON document on standard output instead of tables, when the check is done.
    seed
        The cohort is the same for the same seed, size and day.
    workers
        How many people learn.
    records
        About how many payloads are sent.
    keep
        Keep the temporary home folder at the end; `stepwell up --home DIR` starts from it again.
    open_browser
        Open the dashboard in a browser when it is ready.
    home
        Empty folder for data, logs and the address file, which is kept; a temporary one unless given.
    aggregates
        How many aggregate workers share the records.
    kill_aggregate
        Kill -9 an aggregate worker this many times while records stream; no total may change.
    lose
        Reckon this many awards that are never sent, to see that the check can fail.
    """
    from deploy.demo.run import Choices, run_demo
    from services.runtime.children import ChildFailed
    from services.runtime.errors import StepwellError

    choices = Choices(
        once=once,
        json=json_output,
        seed=seed,
        workers=workers,
        records=records,
        keep=keep or home is not None,
        opens_browser=open_browser,
        home=home,
        aggregates=aggregates,
        kills=kill_aggregate,
        loses=lose,
    )
    try:
        sys.exit(run_demo(choices))
    except (ChildFailed, StepwellError) as error:
        sys.exit(f"stepwell demo: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
