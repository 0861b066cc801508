"""A completed stack counts as an award of what it awards."""

from __future__ import annotations

from tests.builders.records import day
from tests.builders.stacks import catalog, held, judged, stack

ACHIEVEMENTS = [
    {"id": "a"},
    {"id": "b"},
    {"id": "cert", "type": "certificate", "issuer": "school", "credits": {"value": 6, "unit": "semester_hour"}},
    {"id": "course"},
]
PARTS = stack({"all": [{"award": "a"}, {"award": "b"}]}, "parts", awards="cert")


def test_a_completed_stack_counts_in_a_higher_one() -> None:
    """By id, by what the catalog says of the achievement, and with the credits that it has there."""
    for rule in (
        {"award": "cert"},
        {"award": {"type": "certificate"}},
        {"sum": {"min": 6, "from": {"issuer": "school"}}},
    ):
        compiled = catalog(PARTS, stack(rule), achievements=ACHIEVEMENTS)
        found = judged(compiled, held("a", on=-2), held("b", on=-1))
        assert (found.complete, found.completed_at, found.allocation) == (
            True,
            day(-1),
            {"school/stack:parts": ""},
        )
        assert not judged(compiled, held("a")).complete


def test_a_held_award_goes_before_the_granted_one() -> None:
    """What was issued is used, and counts once beside the stack that gives the same."""
    compiled = catalog(PARTS, stack({"count": {"min": 2, "from": {"type": "certificate"}}}), achievements=ACHIEVEMENTS)
    found = judged(compiled, held("a"), held("b"), held("cert"))
    assert (found.complete, found.allocation) == (False, {"acme/cert-1": ""})


def test_a_granted_award_is_worth_what_it_is_equivalent_to() -> None:
    """The certificate that the stack gives is a transfer course elsewhere."""
    compiled = catalog(
        PARTS,
        stack({"award": "course"}),
        achievements=ACHIEVEMENTS,
        equivalences=[{"from": "cert", "to": [{"achievement": "course", "credits": 3}]}],
    )
    assert judged(compiled, held("a"), held("b")).complete


def test_an_award_dated_ahead_announces_the_change_above() -> None:
    """The higher stack changes when the lower one does."""
    compiled = catalog(PARTS, stack({"award": "cert"}), achievements=ACHIEVEMENTS)
    assert judged(compiled, held("a"), held("b", on=5)).next_change_at == day(5)


def test_a_stack_earned_once_is_proven_by_what_it_awards() -> None:
    """Who holds the certificate need not show the courses; a derived stack still asks for its parts."""
    once = catalog({**PARTS, "status": "earned_once"}, achievements=ACHIEVEMENTS)
    derived = catalog(PARTS, achievements=ACHIEVEMENTS)
    found = judged(once, held("cert", on=-3), stack_id="parts")
    assert (found.complete, found.completed_at, found.allocation) == (True, day(-3), {"acme/cert-1": ""})
    assert not judged(derived, held("cert"), stack_id="parts").complete


def test_trust_is_that_of_the_least_trusted_part() -> None:
    """A rule that asks for trust is not met by a stack of less trusted parts."""
    compiled = catalog(PARTS, stack({"award": "cert", "trust": 3}), achievements=ACHIEVEMENTS)
    assert not judged(compiled, held("a", trust=3), held("b", trust=1)).complete
    assert judged(compiled, held("a", trust=3), held("b", trust=4)).complete
