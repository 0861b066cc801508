"""Every dialect over the published payloads of ../shared/fixtures: accepted, refused, and as their MANIFEST says.

What is expected is read off the MANIFEST's verdict, by form alone: a bad signature, an expiry or a revocation is no
matter of form. cmi5's scenarios are expected to end in the moveOn state that their names say.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.catalog import Mapping
from schemas.records import Record
from services.core.holdings import EMPTY, add, facts
from services.core.settle import settle
from services.ingest.dialects.detect import dialect_of
from services.ingest.dialects.dialect import Arrival
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings, meanings_of
from services.runtime.errors import Fault, Rejected

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EVERYTHING = meanings_of([Mapping(pattern=".*", achievement="anything")])
_FORM = re.compile(r"INVALID: (?:wrong|type is not)|INVALID (?:context|data image)")
"""Verdicts that a reader of forms must come to; any other INVALID it may or may not see."""
_FAULTY_EXAMPLES = {
    "xAPI-Communication-L1950.json": "its actor's objectType is in lower case",
    "xAPI-Data-L2826.json": "its attachment is in another part of the request",
}


class Payload(NamedTuple):
    """One line of the MANIFEST, and the file that it is about."""

    path: Path
    kind: str
    verdict: str


class Read(NamedTuple):
    """What became of a payload."""

    records: list[Record]
    faults: tuple[Fault, ...]


class Row(NamedTuple):
    """One line of the table; `wrong` names the payloads that came out otherwise than expected."""

    group: str
    accepted: int
    refused: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        told = (
            f"{self.group:<28}{self.accepted:>9}{self.refused:>9}{self.accepted + self.refused - len(self.wrong):>13}"
        )
        return "\n".join((told, *(f"    otherwise: {name}" for name in self.wrong)))


HEAD = f"{'payloads':<28}{'accepted':>9}{'refused':>9}{'as expected':>13}"


def rows(folder: Path) -> Iterator[Row]:
    """The table, group by group. `folder` holds the MANIFEST."""
    payloads = list(manifest(folder))
    for group, chosen, is_right in _GROUPS:
        found = [payload for payload in payloads if chosen(payload)]
        if found:
            yield _row(group, found, is_right)
    yield from _cmi5(payloads)


def manifest(folder: Path) -> Iterator[Payload]:
    """Every payload that the MANIFEST lists."""
    for line in (folder / "MANIFEST.tsv").read_text("utf-8").splitlines()[1:]:
        name, _, _, kind, verdict = line.split("\t")[:5]
        if (folder / name).is_file():
            yield Payload(folder / name, kind, verdict)


def read(payload: Path, meanings: Meanings = EMPTY_MEANINGS) -> Read:
    """What a payload becomes."""
    arrival = Arrival(_content(payload), {}, "lms", received_at=NOW)
    try:
        translated = dialect_of(arrival).translate(arrival, meanings)
    except Rejected as refusal:
        return Read([], refusal.faults)
    settled = [settle(record, source="lms", received_at=NOW) for _, record in translated.records]
    return Read(settled, tuple(translated.faults))


def _content(payload: Path) -> bytes:
    """What was sent; tokens are kept in JSON."""
    content = payload.read_bytes()
    document = json.loads(content)
    token = document.get("compact_jws") if isinstance(document, dict) else None
    return content if token is None else str(token).encode()


def _row(group: str, payloads: Iterable[Payload], is_right: Callable[[Payload, Read], bool]) -> Row:
    found = [(payload, read(payload.path)) for payload in payloads]
    wrong = tuple(f"{payload.path.name} ({payload.verdict})" for payload, one in found if not is_right(payload, one))
    refused = sum(bool(one.faults) for _, one in found)
    return Row(group, len(found) - refused, refused, wrong)


def _caliper(payload: Payload, found: Read) -> bool:
    """Nothing is refused; what means something does when it is mapped, and nothing else does."""
    if found.faults:
        return False
    means_something = not payload.verdict.startswith("none") and "Event" in payload.path.name
    return payload.path.name.startswith("caliperEnvelope") or (
        bool(read(payload.path, EVERYTHING).records) == means_something
    )


def _statement(payload: Payload, found: Read) -> bool:
    return bool(found.faults) == ("fragment" in payload.kind or payload.path.name in _FAULTY_EXAMPLES)


def _credential(payload: Payload, found: Read) -> bool:
    if _FORM.search(payload.verdict):
        return bool(found.faults)
    is_of_another_class = "wrong_class" in {fault.code for fault in found.faults}
    return "INVALID" in payload.verdict or not found.faults or is_of_another_class


def _is(kind: str, start: str) -> Callable[[Payload], bool]:
    return lambda payload: re.match(start, payload.kind) is not None and kind in payload.path.parts


_GROUPS: tuple[tuple[str, Callable[[Payload], bool], Callable[[Payload, Read], bool]], ...] = (
    ("Caliper common fixtures", _is("caliper", ""), _caliper),
    ("xAPI spec examples", _is("spec-examples", ""), _statement),
    ("cmi5 statements", _is("cmi5-scenarios", "cmi5 xapi-statement"), _statement),
    ("Open Badges 2.0", _is("ob20", "OB2 Assertion|OB2 signed"), _credential),
    ("Open Badges 3.0", _is("openbadges", "OB3"), _credential),
    ("Open Badges 3.0 (DCC)", _is("dcc", "OB3"), _credential),
    ("CLR 2.0", _is("clr", "CLR2"), _credential),
)


def _cmi5(payloads: Iterable[Payload]) -> Iterator[Row]:
    """Each scenario, its statements together, in its own words."""
    scenarios: dict[str, list[Payload]] = defaultdict(list)
    for payload in payloads:
        if payload.kind == "cmi5 xapi-statement":
            scenarios[payload.path.name.partition("__")[0]].append(payload)
    ended = {name: _ended(statements) for name, statements in sorted(scenarios.items())}
    wrong = tuple(f"{name}: {told}" for name, told in ended.items() if told != _expected(name))
    if ended:
        yield Row("cmi5 scenarios (moveOn)", len(ended), 0, wrong)


def _ended(statements: Sequence[Payload]) -> str:
    """`satisfied` when the learner holds the course in the end, and the unit where it was judged; else `open`."""
    records: list[Any] = [record for payload in statements for record in read(payload.path).records]
    held = facts(add(EMPTY, records)).awards
    holds_course = any(award.type in {"course", "block"} for award in held)
    is_judged = any(payload.verdict.startswith(("pass:", "module-completion")) for payload in statements)
    if holds_course and is_judged and all(award.type in {"course", "block"} for award in held):
        return "satisfied but for its unit"
    return "satisfied" if held else "open"


def _expected(scenario: str) -> str:
    return "open" if "non_credit" in scenario else "satisfied"
