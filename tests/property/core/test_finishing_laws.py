"""What would finish a stack is what trying every set of awards finds; where it is not told, nothing is claimed."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.core.facts import Facts
from services.core.guidance.published import advised
from services.core.guidance.worker import advice_on
from services.core.stacks import CatalogFaults, CompiledCatalog, compile_texts, evaluate, progress_of
from services.core.stacks.hypothetical import assuming
from tests.builders.records import day
from tests.builders.stacks import catalog, facts, held, stack
from tests.property.core.test_plain_laws import NAMES, WORKERS, plain_rules
from tests.property.core.whole_vocabulary import CATALOGS, FACTS

LAWS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
MOST_TRIED = 3


@st.composite
def nested_catalogs(draw: st.DrawFn) -> dict[str, Any]:
    """A stack of rules beside a stack within it, alone or as one way of two, each over achievements of its own."""
    outer, inner = draw(plain_rules(NAMES[:4])), draw(plain_rules(NAMES[4:7]))
    together = draw(st.sampled_from(["all", "any", "seq"]))
    parts = draw(st.permutations([outer, {"stack": "inner"}]))
    last = draw(st.sampled_from([{"award": "h"}, {"sum": {"min": 3, "from": ["h", "i", "j"]}}]))
    rule = {"all": [{together: list(parts)}, last]}
    worths = {"h": 1, "i": 2, "j": 3}
    offered: list[dict[str, Any]] = [{"id": name} for name in (*NAMES[:7], "i-awarded")]
    offered += [{"id": name, "credits": {"value": worth, "unit": "semester_hour"}} for name, worth in worths.items()]
    return {"achievements": offered, "stacks": [stack(rule), stack(inner, "inner", awards="i-awarded")]}


def _fewest(compiled: CompiledCatalog, known: Facts, at: int, names: list[str]) -> int | None:
    """The size of the smallest set of awards that completes the stack; None when none of up to three does."""
    for size in range(MOST_TRIED + 1):
        for tried in combinations(names, size):
            assumed = assuming(known, tried, day(at), compiled)
            if evaluate(compiled.stack("s"), assumed, day(at), compiled).complete:
                return size
    return None


def _compiled(document: Any) -> CompiledCatalog:
    try:
        return compile_texts({"catalog.json": json.dumps(document)})
    except CatalogFaults:
        assume(False)  # noqa: FBT003 - hypothesis's own way to say "not this one"
        raise


def _is_right(compiled: CompiledCatalog, known: Facts, at: int, names: list[str]) -> None:
    told = progress_of(evaluate(compiled.stack("s"), known, day(at), compiled), "w")
    if told.awards_to_finish is None:
        return
    number, named = told.awards_to_finish, told.finish_with
    for way in [(name,) for name in named] if number == 1 else [named]:
        assumed = assuming(known, way, day(at), compiled)
        assert evaluate(compiled.stack("s"), assumed, day(at), compiled).complete
    fewest = _fewest(compiled, known, at, names)
    assert fewest == number if number <= MOST_TRIED else fewest is None


@LAWS
@given(document=nested_catalogs(), worker=WORKERS, at=st.integers(-1, 8))
def test_what_is_told_is_the_fewest(document: Any, worker: Facts, at: int) -> None:
    """Through nested stacks, choices, sequences and credits; what it names completes the stack."""
    _is_right(_compiled(document), worker, at, [*NAMES, "i", "j"])


@LAWS
@given(document=CATALOGS, known=FACTS, at=st.integers(-10, 12))
def test_whatever_the_rules_are_nothing_wrong_is_told(document: Any, known: Facts, at: int) -> None:
    """The whole vocabulary, with equivalences, renewals, versions and a registrar: told rightly or not at all."""
    awarded = {one.get("awards") for one in document["stacks"]}
    _is_right(_compiled(document), known, at, [name for name in "abcd" if name not in awarded])


def test_a_stack_within_a_stack_that_lacks_one_award_lacks_one() -> None:
    """Nothing but a nested stack is missing, and that lacks one of two: one award is all."""
    compiled = catalog(
        stack({"all": [{"award": "a"}, {"stack": "inner"}]}), stack({"all": [{"award": "b"}, {"award": "c"}]}, "inner")
    )
    told = progress_of(evaluate(compiled.stack("s"), facts(held("a"), held("b")), day(0), compiled), "w")
    assert (told.awards_to_finish, told.finish_with) == (1, ("c",))


def test_a_choice_of_ways_takes_the_nearest() -> None:
    """One way lacks two awards, the other one: one is enough, and where each lacks two, two."""
    rule = {"any": [{"all": [{"award": "a"}, {"award": "b"}]}, {"all": [{"award": "c"}, {"award": "d"}]}]}
    compiled = catalog(stack(rule))

    def told(*names: str) -> tuple[int | None, tuple[str, ...]]:
        known = facts(*map(held, names))
        progress = progress_of(evaluate(compiled.stack("s"), known, day(0), compiled), "w")
        return progress.awards_to_finish, progress.finish_with

    assert [told(), told("c"), told("a", "b")] == [(2, ("a", "b")), (1, ("d",)), (0, ())]


def test_an_award_that_serves_two_rules_is_found_by_trying() -> None:
    """Rules that share an achievement do not add up, so nothing is told until candidates are judged."""
    rule = {"all": [{"award": "a", "claim": "shared"}, {"count": {"min": 1, "from": ["a", "b"]}, "claim": "shared"}]}
    compiled = catalog(stack(rule))
    evaluation = evaluate(compiled.stack("s"), facts(), day(0), compiled)
    progress = progress_of(evaluation, "w")
    assert progress.awards_to_finish is None
    found = advised(progress, advice_on(facts(), [evaluation], compiled))
    assert (found.awards_to_finish, found.finish_with) == (1, ("a",))
