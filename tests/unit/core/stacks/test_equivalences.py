"""Awards that stand for other achievements: within dates, from a score on, and used once."""

from __future__ import annotations

from typing import Any

from services.core.stacks import CompiledCatalog
from tests.builders.stacks import catalog, held, judged, stack

TRANSFER = [{"achievement": f"t{n}", "credits": 3, "tags": ["transfer"]} for n in (1, 2)]


def _catalog(rule: dict[str, Any], **more: Any) -> CompiledCatalog:
    return catalog(stack(rule), equivalences=[{"from": "cert", "to": TRANSFER, **more}])


def test_an_award_stands_for_every_counterpart() -> None:
    """One certificate, two transfer courses of three credits each."""
    compiled = _catalog({"sum": {"min": 6, "from": {"tags": "transfer"}}})
    found = judged(compiled, held("cert"))
    assert (found.complete, found.allocation) == (True, {"acme/cert-1": ""})


def test_an_award_is_used_as_what_it_is_or_as_what_it_stands_for() -> None:
    """Not both, unless the equivalence takes nothing away."""
    rule = {"all": [{"award": "cert"}, {"award": "t1"}]}
    assert not judged(_catalog(rule), held("cert")).complete
    assert judged(_catalog(rule), held("cert")).progress == 0.5
    assert judged(_catalog(rule, one_use=False), held("cert")).complete
    assert judged(_catalog(rule), held("cert"), held("t1")).complete


def test_the_use_is_chosen_that_serves_the_stack() -> None:
    """The certificate itself is one of two, its counterparts are both of them."""
    rule = {"count": {"min": 2, "from": ["cert", "t1", "t2"]}}
    assert judged(_catalog(rule), held("cert")).complete


def test_of_two_equivalences_an_award_uses_one() -> None:
    """Two authorities, two answers: either, not both."""
    authorities = [{"from": "cert", "to": [{"achievement": name, "credits": 3}]} for name in ("t1", "t2")]
    both = catalog(stack({"all": [{"award": "t1"}, {"award": "t2"}]}), equivalences=authorities)
    either = catalog(stack({"all": [{"award": ["t1", "t2"]}]}), equivalences=authorities)
    assert (judged(both, held("cert")).complete, judged(either, held("cert")).complete) == (False, True)


def test_two_awards_that_stand_for_one_achievement_count_once() -> None:
    """At most one year is waived, by a degree or by a certificate."""
    rule = {"sum": {"of": "years", "min": 5, "from": {"type": "experience"}}}
    waiver = {"achievement": "waived-year", "credits": {"value": 1, "unit": "year"}}
    compiled = catalog(
        stack(rule),
        achievements=[
            {"id": "job", "type": "experience"},
            {"id": "waived-year", "type": "experience"},
            {"id": "degree"},
            {"id": "cert"},
        ],
        equivalences=[{"from": ["degree", "cert"], "to": [waiver]}],
    )
    job = held("job", credits=3.0, unit="year")
    assert judged(compiled, job, held("degree"), held("cert")).missing[0].have == 4
    assert judged(compiled, held("job", credits=4.0, unit="year"), held("cert")).complete


def test_an_equivalence_holds_from_its_start_through_its_last_day() -> None:
    """Judged by when the award was earned; a bare end date includes its day."""
    compiled = _catalog({"award": "t1"}, start="2025-06-01", end="2025-06-03")
    found = [judged(compiled, held("cert", on=on), at=9).complete for on in (-0.1, 0, 2.9, 3)]
    assert found == [False, True, True, False]


def test_an_equivalence_may_ask_for_a_score() -> None:
    """Below it, or without any, the award stands for nothing else."""
    compiled = _catalog({"award": "t1"}, min_score=0.7)
    assert [judged(compiled, held("cert", score=score)).complete for score in (0.7, 0.69, None)] == [True, False, False]
