"""`stepwell rejected`: what was refused and why; sending it back once that is mended, or taking it away for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from services.runtime.topics import REJECTED

if TYPE_CHECKING:
    from services.tools.refusals import Filter, Kept

app = App(name="rejected", help="List, show, redrive and purge refused records.")

Json = Annotated[bool, Parameter(name="--json", negative="")]
Flag = Annotated[bool, Parameter(negative="")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Which:
    """Which refusals are meant; what is not given does not restrict."""

    reason: str | None = None
    """Only those refused for this code."""
    source: str | None = None
    """Only those of this source."""
    stage: str | None = None
    """Only those refused at this stage, such as ingest.http or ingest.inbox."""
    dialect: str | None = None
    """Only those of this dialect."""
    since: datetime | None = None
    """Only those refused since, such as 2026-11-24T06:00:00; UTC unless it says otherwise."""
    until: datetime | None = None
    """Only those refused before."""
    person: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    """Only those whose payload mentions this person: an address, a DID, an account as JSON, a user name. Repeat it."""


EVERY = Which()


@app.command(name="list")
def list_refusals(
    *,
    which: Which = EVERY,
    all: Flag = False,  # noqa: A002 - the name of the flag
    limit: int = 100,
    json_output: Json = False,
    topic: str = REJECTED,
    kafka: str | None = None,
) -> None:
    """List refusals, newest last, without their payloads.

    Parameters
    ----------
    all
        Those sent back already, too.
    limit
        The newest so many.
    json_output
        One line a refusal.
    topic
        The topic that refusals are kept on.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.runtime.console import errors_in_a_sentence, say_json, say_table

    with errors_in_a_sentence():
        found = _found(kafka, topic, _filter(which))
        rows = [_facts(kept) for kept in found if all or not kept.is_redriven][-limit:]
        if json_output:
            for row in rows:
                say_json(row)
        else:
            say_table(("place", "refused_at", "source", "stage", "reason", "pointer", "attempts", "detail"), rows)


@app.command
def show(place: str, *, json_output: Json = False, topic: str = REJECTED, kafka: str | None = None) -> None:
    """Show one refusal with its original payload and headers.

    Parameters
    ----------
    place
        partition:offset, as `list` shows it.
    json_output
        One line, with the payload as text where it is text, else in base64.
    topic
        The topic that refusals are kept on.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.tools.refusals import Filter

    with errors_in_a_sentence():
        found = _found(kafka, topic, Filter(places=frozenset((place,))))
        if not found:
            raise Rejected.because("unknown", f"nothing refused is at {place}")
        row = _facts(found[0]) | _original(found[0])
        if json_output:
            say_json(row)
            return
        for name, value in row.items():
            say(f"{name}: {value}")


@app.command
def redrive(
    *places: str,
    which: Which = EVERY,
    dry_run: Flag = False,
    again: Flag = False,
    rate: float | None = None,
    max_attempts: int = 3,
    json_output: Json = False,
    topic: str = REJECTED,
    kafka: str | None = None,
) -> None:
    """Send refused payloads back to where they came from, with their original bytes; over HTTP means to the inbox.

    What is still wrong is refused again; what was taken before is not taken twice, as equal content has equal ids.
    What was refused because its source may not state it (reason scope) is left out unless it is named, by place or by
    --reason scope: the inbox asks for no scope, so sending it back overrules the refusal.

    Parameters
    ----------
    places
        Only these, partition:offset each; all that the other filters admit when none is given.
    dry_run
        Only say what would be sent.
    again
        Those sent back already, too.
    rate
        At most so many a second.
    max_attempts
        Leave alone what was refused so often.
    json_output
        One line: {"selected", "redriven", "already", "too_often", "dry_run"}.
    topic
        The topic that refusals are kept on.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from dataclasses import replace

    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.instance import address_of
    from services.tools.refusals import Redriven, due_refusals
    from services.tools.refusals import redrive as send_back

    with errors_in_a_sentence():
        wanted = replace(_filter(which), places=frozenset(places))
        found = [kept for kept in _found(kafka, topic, wanted) if wanted.means(kept)]
        chosen = [replace(kept, is_redriven=False) for kept in found] if again else found
        if dry_run:
            already = sum(kept.is_redriven for kept in chosen)
            due = len(due_refusals(chosen, max_attempts))
            done = Redriven(due, already, len(chosen) - due - already)
        else:
            done = send_back(address_of("kafka", kafka), topic, chosen, max_attempts=max_attempts, per_second=rate)
        if json_output:
            counts = {"redriven": done.sent, "already": done.already, "too_often": done.too_often}
            say_json({"selected": len(chosen), **counts, "dry_run": dry_run})
            return
        verb = "would be sent back" if dry_run else "sent back"
        say(f"{done.sent} {verb}, {done.already} sent back before, {done.too_often} refused too often")


@app.command(name="purge")
def purge_refusals(
    *places: str,
    which: Which = EVERY,
    redriven: Flag = False,
    all: Flag = False,  # noqa: A002 - the name of the flag
    dry_run: Flag = False,
    json_output: Json = False,
    topic: str = REJECTED,
    kafka: str | None = None,
) -> None:
    """Take refused payloads away for good: nobody can read or redrive them afterwards, nor does a page count them.

    Parameters
    ----------
    places
        Only these, partition:offset each; all that the other filters admit when none is given.
    redriven
        Only those that were sent back.
    all
        Needed when neither places nor a filter is given.
    dry_run
        Only say what would be taken away.
    json_output
        One line: {"selected", "purged", "dry_run"}.
    topic
        The topic that refusals are kept on.
    kafka
        host:port; by default STEPWELL_KAFKA, then the running instance.
    """
    from dataclasses import replace

    from services.runtime.console import errors_in_a_sentence, say, say_json
    from services.runtime.errors import Rejected
    from services.runtime.instance import address_of
    from services.tools.refusals import Filter, purge_all

    with errors_in_a_sentence():
        wanted = replace(_filter(which), places=frozenset(places))
        if wanted == Filter() and not (redriven or all):
            raise Rejected.because("nothing_named", "name places or a filter, or say --all")
        chosen = [kept for kept in _found(kafka, topic, wanted) if kept.is_redriven or not redriven]
        purged = 0 if dry_run else purge_all(address_of("kafka", kafka), topic, chosen)
        if json_output:
            say_json({"selected": len(chosen), "purged": purged, "dry_run": dry_run})
        else:
            say(f"{len(chosen)} would be taken away" if dry_run else f"{purged} taken away")


def _filter(which: Which) -> Filter:
    from functools import reduce
    from operator import or_

    from services.runtime.mentions import named
    from services.tools.refusals import Filter

    person = reduce(or_, map(named, which.person)) if which.person else None
    since, until = _in_utc(which.since), _in_utc(which.until)
    return Filter(which.reason, which.source, which.stage, which.dialect, since, until, person=person)


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _found(kafka: str | None, topic: str, wanted: Filter) -> list[Kept]:
    from services.runtime.instance import address_of
    from services.tools.refusals import kept_refusals

    return kept_refusals(address_of("kafka", kafka), topic, wanted)


def _facts(kept: Kept) -> dict[str, Any]:
    refusal = kept.refusal
    origin = refusal.payload.origin
    return {
        "place": kept.place,
        "refused_at": refusal.refused_at.isoformat(),
        "source": refusal.source,
        "dialect": refusal.dialect,
        "stage": refusal.stage,
        "reason": refusal.fault.code,
        "pointer": refusal.fault.pointer,
        "detail": refusal.fault.detail,
        "attempts": refusal.attempts,
        "redriven": kept.is_redriven,
        "origin": f"{origin.topic}:{origin.partition}:{origin.offset}" if origin else None,
        "size": len(refusal.payload.value),
    }


def _original(kept: Kept) -> dict[str, Any]:
    payload = kept.refusal.payload
    return {
        "headers": {name: _text(value) for name, value in payload.headers},
        "key": _text(payload.key),
        "payload": _text(payload.value),
    }


def _text(content: bytes) -> str:
    from base64 import b64encode

    try:
        return content.decode()
    except UnicodeDecodeError:
        return "base64:" + b64encode(content).decode()
