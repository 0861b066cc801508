"""How long a stack stays complete, and what keeps it so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.progress import Progress
from services.core.facts import Held
from services.core.stacks import CompiledCatalog
from tests.builders.records import EPOCH
from tests.builders.stacks import at_instant, catalog, held, stack

TICK = timedelta(microseconds=1)


def _date(year: int, month: int = 6, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _on(year: int, month: int = 6, day: int = 1) -> float:
    return (_date(year, month, day) - EPOCH) / timedelta(days=1)


def _catalog(**renewal: Any) -> CompiledCatalog:
    return catalog(stack({"award": "exam"}, renewal={"period": "P1Y", **renewal}))


def _at(compiled: CompiledCatalog, instant: datetime, *awards: Held, stack_id: str = "s") -> Progress:
    return at_instant(compiled, instant, *awards, stack_id=stack_id)


RENEWING = {"requires": {"award": "renewal"}, "window": "P6M", "if_missed": "re-earn"}


def test_a_completed_stack_lapses_at_the_end_of_its_period() -> None:
    """Complete until the anniversary, lapsed from it on; the end is announced, and before it the window's opening."""
    compiled = _catalog(**RENEWING)
    assert _at(compiled, _date(2025, 7), held("exam")).next_change_at == _date(2025, 12)
    before = _at(compiled, _date(2026) - TICK, held("exam"))
    assert (before.complete, before.next_change_at) == (True, _date(2026))
    after = _at(compiled, _date(2026), held("exam"))
    assert (after.complete, after.status, after.next_change_at) == (False, "lapsed", None)
    assert after.progress < 1


def test_a_renewal_within_the_window_moves_the_end_on() -> None:
    """From the old end, not from the day of the renewal."""
    compiled = _catalog(**RENEWING)
    awards = (held("exam"), held("renewal", on=_on(2026, 3)))
    assert _at(compiled, _date(2027) - TICK, *awards).complete
    assert not _at(compiled, _date(2027), *awards).complete


def test_evidence_from_before_the_window_renews_nothing() -> None:
    """Seven months before the end the window is not open yet."""
    assert not _at(_catalog(**RENEWING), _date(2026), held("exam"), held("renewal", on=_on(2025, 11))).complete


def test_each_renewal_opens_the_next_window() -> None:
    """Two renewals carry over two years; one of them is not enough."""
    compiled = _catalog(**RENEWING)
    first, second = held("renewal", on=_on(2026, 3)), held("renewal", number="2", on=_on(2027, 3))
    assert _at(compiled, _date(2027, 9), held("exam"), first, second).complete
    assert not _at(compiled, _date(2027, 9), held("exam"), first).complete


def test_a_missed_renewal_means_earning_it_again() -> None:
    """Late evidence does not revive it; the exam passed again does, for a period of its own."""
    compiled = _catalog(**RENEWING)
    late = (held("exam"), held("renewal", on=_on(2026, 7)))
    assert not _at(compiled, _date(2026, 8), *late).complete
    again = held("exam", number="2", on=_on(2026, 9))
    assert _at(compiled, _date(2027, 8), *late, again).complete
    assert not _at(compiled, _date(2027, 9), *late, again).complete


def test_late_evidence_revives_where_nothing_forbids_it() -> None:
    """Without `must_be_active` and `if_missed` the stack comes back when the rule is met, from that day."""
    compiled = _catalog(requires={"award": "renewal"})
    awards = (held("exam"), held("renewal", on=_on(2026, 9)))
    assert not _at(compiled, _date(2026, 8), *awards).complete
    assert _at(compiled, _date(2027, 8), *awards).complete
    assert not _at(compiled, _date(2027, 9), *awards).complete
    strict = _catalog(requires={"award": "renewal"}, must_be_active=True)
    assert not _at(strict, _date(2026, 10), *awards).complete


def test_continuing_education_adds_up_within_the_period() -> None:
    """Eighty credits renew, and credits of the first period do not count again in the second."""
    rule = {"sum": {"of": "ceu", "min": 80, "from": {"type": "cpe"}}}
    compiled = _catalog(requires=rule, must_be_active=True)
    talks = [held("talk", number=str(n), type="cpe", credits=40.0, unit="ceu", on=_on(2025, 9 + n)) for n in range(2)]
    assert _at(compiled, _date(2027) - TICK, held("exam"), *talks).complete
    assert not _at(compiled, _date(2026), held("exam"), *talks[:1]).complete
    more = held("talk", number="9", type="cpe", credits=40.0, unit="ceu", on=_on(2026, 9))
    assert not _at(compiled, _date(2027), held("exam"), *talks, more).complete


def test_a_renewal_cascades_to_stacks_and_awards_below() -> None:
    """Renewing the higher certification renews the lower one; so does earning it."""
    compiled = catalog(
        stack({"award": "low-exam"}, "low", renewal={"period": "P1Y"}),
        stack({"award": "high-exam"}, "high", renewal={"period": "P3Y", "cascades_to": ["low", "low-badge"]}),
        stack({"award": "low-badge", "active": True}, "badge"),
    )
    low, high = held("low-exam"), held("high-exam", on=_on(2026, 3))
    badge = held("low-badge", until=_on(2026))
    assert not _at(compiled, _date(2026, 7), low, stack_id="low").complete
    assert _at(compiled, _date(2026, 7), low, high, stack_id="low").complete
    assert not _at(compiled, _date(2026, 7), badge, stack_id="badge").complete
    found = _at(compiled, _date(2026, 7), badge, high, stack_id="badge")
    assert (found.complete, found.next_change_at) == (True, _date(2029, 3))


def test_a_renewal_too_late_does_not_cascade() -> None:
    """What had ended by then stays ended."""
    compiled = catalog(
        stack({"award": "low-exam"}, "low", renewal={"period": "P1Y"}),
        stack({"award": "high-exam"}, "high", renewal={"period": "P3Y", "cascades_to": ["low"]}),
    )
    assert not _at(
        compiled, _date(2026, 9), held("low-exam"), held("high-exam", on=_on(2026, 8)), stack_id="low"
    ).complete


def test_what_a_lapsed_stack_awards_does_not_count_above() -> None:
    """A higher stack sees the award for as long as the stack below lasts."""
    compiled = catalog(
        stack({"award": "exam"}, "below", awards="badge", renewal={"period": "P1Y"}),
        stack({"award": "badge"}, "above"),
    )
    assert _at(compiled, _date(2025, 7), held("exam"), stack_id="above").complete
    assert not _at(compiled, _date(2026), held("exam"), stack_id="above").complete
