"""`stepwell emit`: send a file's payloads to Kafka with kafka-python, as a small LMS plugin would."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from services.runtime.topics import INBOX


def emit(
    file: Annotated[str, Parameter(allow_leading_hyphen=True)],
    *,
    topic: str = INBOX,
    source: str | None = None,
    rate: float | None = None,
    batch: int = 1,
    json_output: Annotated[bool, Parameter(name="--json", negative="")] = False,
    kafka: str | None = None,
) -> None:
    """Send records or xAPI statements from a file to the inbox: one a line, or a JSON array of them.

    Lines go out as they are, also faulty ones: what cannot be read is kept on the rejected topic.

    Parameters
    ----------
    file
        Path of the file; - for standard input.
    topic
        Topic to send to.
    source
        Name of the source, for payloads that name none themselves; xAPI statements never do.
    rate
        At most so many items a second.
    batch
        Items in one message. More than one is faster, gives up the order of one person's items, and one faulty
        item refuses its whole message.
    json_output
        One line: {"sent", "failed", "bytes", "seconds"}.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from dataclasses import asdict

    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.instance import address_of
    from services.tools.emitter import Emission, emit_items, items_in, opened, watched

    with errors_in_a_sentence(), opened(file) as lines:
        emission = Emission(topic=topic, source=source, per_second=rate, batch=batch)
        summary = emit_items(address_of("kafka", kafka), watched(items_in(lines), is_quiet=json_output), emission)
        if json_output:
            say_json(asdict(summary))
        else:
            say(f"{summary.sent} sent, {summary.failed} failed, {summary.seconds:.1f} s")
        if summary.failed:
            raise SystemExit(1)
