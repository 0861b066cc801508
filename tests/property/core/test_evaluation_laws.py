"""Evaluation in the whole vocabulary: total, consistent, and right about when it changes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.core.facts import Facts, Held
from services.core.holdings import facts as facts_of
from services.core.people import gather
from services.core.stacks import CatalogFaults, CompiledCatalog, compile_texts, evaluate, progress_of
from services.core.stacks.explain import lines
from tests.builders.records import day
from tests.builders.strategies import records as any_records
from tests.property.core.whole_vocabulary import CATALOGS, FACTS

TICK = timedelta(microseconds=1)
pytestmark = pytest.mark.filterwarnings("error")
LAWS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def _compiled(document: Any) -> CompiledCatalog:
    try:
        return compile_texts({"catalog.json": json.dumps(document)})
    except CatalogFaults:
        assume(False)  # noqa: FBT003 - hypothesis's own way to say "not this one"
        raise


def _standing(compiled: CompiledCatalog, known: Facts, as_of: datetime) -> dict[str, Any]:
    """All that an evaluation says of a stack at an instant, but for the instant itself and what comes next."""
    found = progress_of(evaluate(compiled.stack("s"), known, as_of, compiled), "w")
    return {"complete": found.complete, "progress": found.progress, "status": found.status}


@LAWS
@given(document=CATALOGS, known=FACTS, at=st.integers(-10, 400))
def test_evaluation_is_total_and_consistent(document: Any, known: Facts, at: int) -> None:
    """No valid catalog and holdings raise, and what is said of one stack does not contradict itself."""
    compiled = _compiled(document)
    for stack in compiled.stacks:
        evaluation = evaluate(stack, known, day(at), compiled)
        found = progress_of(evaluation, "w")
        assert (found.progress == 1.0) == found.complete
        assert (found.status == "complete") == found.complete
        assert 0 <= found.progress <= 1
        assert found.complete != bool(found.missing)
        assert found.next_change_at is None or found.next_change_at > day(at)
        assert {key for key in found.allocation if "/stack:" not in key} <= {one.key for one in known.awards}
        assert list(lines(evaluation))


@LAWS
@given(document=CATALOGS, known=FACTS, at=st.integers(-10, 12), share=st.floats(0, 1))
def test_nothing_changes_before_the_next_change(document: Any, known: Facts, at: int, share: float) -> None:
    """At any instant from now until the next change the answer is the same; without one it stays for good."""
    compiled = _compiled(document)
    now = progress_of(evaluate(compiled.stack("s"), known, day(at), compiled), "w")
    ends = (now.next_change_at or day(at + 2_000)) - TICK
    later = min(ends, day(at) + (ends - day(at)) * share)
    assert _standing(compiled, known, later) == _standing(compiled, known, day(at))
    assert _standing(compiled, known, ends) == _standing(compiled, known, day(at))


@LAWS
@given(document=CATALOGS, known=FACTS, at=st.integers(-10, 40))
def test_what_was_complete_at_any_instant_is_complete_or_lapsed(document: Any, known: Facts, at: int) -> None:
    """By what has not been revoked since; and nothing else has lapsed. Every instant at which something began is tried.

    Versions have a past each where the enrolment decides which holds, or only some of them have to be renewed; that is
    not looked at here.
    """
    compiled = _compiled(document)
    standing = replace(known, awards=tuple(one for one in known.awards if _stands(one, at)))
    begun = [*(moment for one in standing.awards for moment in (one.earned_at, one.valid_from)), *_decided(standing)]
    moments = {day(at), *(moment for moment in begun if moment is not None and moment <= day(at))}
    for stack in compiled.stacks:
        family = compiled.families[stack.id]
        kinds = {(one.document.catalog_rule, one.document.status, one.renewal is None) for one in family}
        if len(family) > 1 and (len(kinds) > 1 or stack.document.catalog_rule != "at_award"):
            continue
        was = any(evaluate(stack, standing, moment, compiled).complete for moment in moments)
        found = evaluate(stack, known, day(at), compiled)
        assert was == (found.status in {"complete", "lapsed"})


def _stands(award: Held, at: int) -> bool:
    return award.revoked_at is None or award.revoked_at > day(at)


def _decided(known: Facts) -> list[datetime]:
    return [one.decided_at for one in known.exceptions] + [one.enrolled_at for one in known.enrolments]


@LAWS
@given(document=CATALOGS, records=st.lists(any_records(), max_size=8), data=st.data(), at=st.integers(0, 12))
def test_order_and_duplicates_of_records_change_nothing(
    document: Any, records: list[Any], data: st.DataObject, at: int
) -> None:
    """The same records in another order, some of them twice, give the same progress of every worker and stack."""
    compiled = _compiled(document)
    again = data.draw(st.permutations(records + records[: data.draw(st.integers(0, len(records)))]))

    def everything(heard: list[Any]) -> list[Any]:
        people = gather(heard)
        return [
            progress_of(evaluate(stack, facts_of(people[worker]), day(at), compiled), worker)
            for worker in sorted(people)
            for stack in compiled.stacks
        ]

    assert everything(again) == everything(records)
