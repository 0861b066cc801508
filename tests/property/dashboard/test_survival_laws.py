"""How long it takes: laws of the curves, and a case worked out by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.survival import Curve, Spell, curves

SPELLS = st.lists(
    st.builds(
        Spell,
        cohort=st.integers(2020, 2022),
        days=st.integers(0, 900),
        completed=st.integers(0, 5),
        waiting=st.integers(0, 5),
    ).filter(lambda spell: spell.completed + spell.waiting > 0),
    max_size=30,
    unique_by=lambda spell: (spell.cohort, spell.days),
)


@given(SPELLS)
def test_a_curve_only_falls_and_counts_everybody_once(spells: list[Spell]) -> None:
    """From the whole at the first day, never below nothing; as many as began, and as many completed, as there are."""
    found = curves(spells)

    for curve in found:
        shares = [point.share for point in curve.points]
        own = [spell for spell in spells if spell.cohort == curve.cohort]
        assert shares == sorted(shares, reverse=True)
        assert (shares[0], curve.points[0].days) == (1.0, 0)
        assert shares[-1] >= 0
        assert curve.workers == sum(spell.completed + spell.waiting for spell in own)
        assert curve.completed == sum(spell.completed for spell in own)
    assert [curve.cohort for curve in found] == sorted({spell.cohort for spell in spells})


@given(SPELLS, st.randoms())
def test_the_order_of_spells_says_nothing(spells: list[Spell], chance: object) -> None:
    """Any order gives the same curves."""
    shuffled = list(spells)
    getattr(chance, "shuffle")(shuffled)  # noqa: B009 - hypothesis gives a Random

    assert curves(shuffled) == curves(spells)


@given(SPELLS)
def test_without_anybody_waiting_it_is_the_plain_share(spells: list[Spell]) -> None:
    """Who all finished are counted as anybody would count them."""
    done = [spell.model_copy(update={"completed": spell.completed + spell.waiting, "waiting": 0}) for spell in spells]

    for curve in curves(done):
        own = [spell for spell in done if spell.cohort == curve.cohort]
        for point in curve.points:
            left = sum(spell.completed for spell in own if spell.days > point.days)
            assert (point.days == 0 and point.share == 1.0) or abs(point.share - left / curve.workers) < 1e-4


def test_who_is_still_on_the_way_is_neither_lost_nor_done() -> None:
    """Of four, one completes at 10 days, one is last seen at 20, one completes at 30: 3/4, then 3/4 of a half."""
    spells = [
        Spell(cohort=2024, days=10, completed=1, waiting=0),
        Spell(cohort=2024, days=20, completed=0, waiting=1),
        Spell(cohort=2024, days=30, completed=1, waiting=0),
        Spell(cohort=2024, days=40, completed=0, waiting=1),
    ]

    (curve,) = curves(spells)

    assert [(point.days, point.share, point.at_risk) for point in curve.points] == [
        (0, 1.0, 4),
        (10, 0.75, 4),
        (30, 0.375, 2),
        (40, 0.375, 1),
    ]
    assert (curve.median_days, curve.after(25), curve.after(41)) == (30, 0.75, None)


def test_nobody_gives_no_curve() -> None:
    """An empty stack."""
    assert curves([]) == ()
    assert isinstance(curves([Spell(cohort=2024, days=0, completed=1, waiting=0)])[0], Curve)
