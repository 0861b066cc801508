"""The groups of an award's members, in each of which the newest statement wins, and why their members go together.

- made: achievement, source, trust, success, day of award where no `valid_from` is given. Every statement states these.
- start: `valid_from`.
- end: `valid_until`. Whoever gives `valid_from` states the whole period, so it has a say here too (no end given then
  means no end); whoever gives only `valid_until` extends or cuts the period and leaves its start.
- result: score and grade. A new score beside an old grade would be a result that nobody gave.
- credits: value and unit.
- description: name, type, level, tags, skills, subject, term; of one achievement, so that an award corrected to
  another achievement does not keep the wrong one's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.core.facts import Held

Group = str | tuple[str, str]
DESCRIPTION = ("name", "type", "level", "tags", "skills", "subject", "term")
MOVE_ON = "move_on:"
"""Begins the part of a statement that says only what an attempt takes to count."""


def groups_of(said: Held, part: str) -> Iterator[Group]:
    """The groups that a statement has a say in; `part` is its part of the attempt, "" where there is none."""
    yield ("made", part.partition(":")[0]) if part else "made"
    if part.startswith(MOVE_ON):
        return  # it says what the attempt takes, and nothing of how it went
    if said.valid_from is not None:
        yield "start"
    if states_end(said):
        yield "end"
    if states_result(said):
        yield "result"
    if said.credits is not None:
        yield "credits"
    if describes(said):
        yield ("description", said.achievement)


def states_end(said: Held) -> bool:
    """Whether it says until when the award is good."""
    return said.valid_from is not None or said.valid_until is not None


def states_result(said: Held) -> bool:
    """Whether it says how it went."""
    return said.score is not None or said.grade is not None


def describes(said: Held) -> bool:
    """Whether it describes the achievement."""
    return any(getattr(said, name) not in (None, ()) for name in DESCRIPTION)
