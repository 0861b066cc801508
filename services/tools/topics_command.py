"""`stepwell topics`: make the topics of `schemas/topics` on a broker, and say where they differ."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from services.runtime.topics import RECORDS, XAPI
from services.runtime.where import HERE, Place, Where

if TYPE_CHECKING:
    from services.runtime.kafka_admin import TopicState

app = App(name="topics", help="Apply and show Kafka topics from schemas/topics.")

Json = Annotated[bool, Parameter(name="--json", negative="")]


@app.command
def apply(
    *,
    partitions: int | None = None,
    replication: int | None = None,
    json_output: Json = False,
    kafka: str | None = None,
    where: Place = HERE,
) -> None:
    """Create the topics that are missing, and start the epochs of new logs; change none that exist.

    Parameters
    ----------
    partitions
        Partitions of each new topic but those that must have one; as the files say when not given.
    replication
        Copies of each new topic; as the files say, or one a broker where there are fewer, when not given.
    json_output
        One line, an array.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import address_of
    from services.runtime.kafka_admin import apply_topics

    with errors_in_a_sentence():
        states = apply_topics(address_of("kafka", kafka), replication, partitions)
        _print(states, json_output)
        created = {state.name for state in states if state.state == "created"}
        _start_epochs(sorted(created & {RECORDS, XAPI}), where)


@app.command(name="start-epoch")
def start_epoch(*, where: Place = HERE) -> None:
    """Start the logs' next epochs, where `apply` created them and could not tell ClickHouse."""
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.epochs import start_epoch as start_next

    with errors_in_a_sentence():
        client = where.connect()
        for topic in (RECORDS, XAPI):
            start_next(client, topic)


def _start_epochs(new: list[str], where: Where) -> None:
    """Rows of the new log must outrank those of an earlier one; without ClickHouse say what to do about it."""
    from services.runtime.epochs import start_epoch as start_next
    from services.runtime.errors import Unavailable

    if not new:
        return
    try:
        client = where.connect()
        for topic in new:
            start_next(client, topic)
    except Unavailable as error:
        names = " and ".join(new)
        note = f"{names} is new and its epoch was not started ({error}): run `stepwell topics start-epoch`"
        print(note, file=sys.stderr)


@app.command(name="list")
def list_topics(*, json_output: Json = False, kafka: str | None = None) -> None:
    """Say which topics there are, and how each stands against its file.

    Parameters
    ----------
    json_output
        One line, an array.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import address_of
    from services.runtime.kafka_admin import topic_states

    with errors_in_a_sentence():
        _print(topic_states(address_of("kafka", kafka)), json_output)


@app.command
def diff(*, partitions: int | None = None, json_output: Json = False, kafka: str | None = None) -> None:
    """Say only what is missing or differs; exit code 1 when anything does.

    Parameters
    ----------
    partitions
        What `apply --partitions` was given.
    json_output
        One line, an array.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.runtime.console import errors_in_a_sentence
    from services.runtime.instance import address_of
    from services.runtime.kafka_admin import topic_states

    with errors_in_a_sentence():
        states = topic_states(address_of("kafka", kafka), partitions)
        differing = tuple(state for state in states if state.state != "ok")
        _print(differing, json_output)
        if differing:
            raise SystemExit(1)


def _print(states: tuple[TopicState, ...], json_output: bool) -> None:
    from services.runtime.console import say_json, say_table

    rows = [
        {
            "topic": state.name,
            "state": state.state,
            "partitions": state.partitions,
            "differences": [difference._asdict() for difference in state.differences],
        }
        for state in states
    ]
    if json_output:
        say_json(rows)
        return
    names = ("topic", "state", "partitions", "differences")
    say_table(names, [{**row, "differences": _sentence(state)} for row, state in zip(rows, states, strict=True)])


def _sentence(state: TopicState) -> str:
    return "; ".join(f"{each.setting} is {each.actual}, not {each.wanted}" for each in state.differences)
