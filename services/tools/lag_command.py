"""`stepwell lag`: how many messages each consumer group still has to read."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def lag(
    *groups: str,
    watch: Annotated[bool, Parameter(negative="")] = False,
    every: float = 2.0,
    json_output: Annotated[bool, Parameter(name="--json", negative="")] = False,
    kafka: str | None = None,
) -> None:
    """Show how far each consumer group is behind, partition by partition.

    Parameters
    ----------
    groups
        Only these groups; every group that ever committed when none is given.
    watch
        Again and again, until stopped.
    every
        Seconds between two looks with --watch.
    json_output
        One line a look: {"lag", "partitions": [{"group", "topic", "partition", "committed", "end", "lag"}]}.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from time import sleep

    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import address_of

    with errors_in_a_sentence():
        bootstrap = address_of("kafka", kafka)
        _look(bootstrap, groups, json_output)
        while watch:
            sleep(every)
            _look(bootstrap, groups, json_output)


def _look(bootstrap: str, groups: tuple[str, ...], json_output: bool) -> None:
    from dataclasses import asdict

    from services.runtime.console import say, say_json, say_table
    from services.runtime.kafka_admin import consumer_lag

    lags = [asdict(each) for each in consumer_lag(bootstrap, groups or None)]
    total = sum(each["lag"] for each in lags)
    if json_output:
        say_json({"lag": total, "partitions": lags})
        return
    say_table(("group", "topic", "partition", "committed", "end", "lag"), lags)
    say(f"{total} messages behind")
