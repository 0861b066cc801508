"""Progress shown again with advice: who needs it, and what is said."""

from __future__ import annotations

import json
from typing import Any

from services.aggregate.advising import advise
from services.aggregate.rows import COLUMNS
from services.aggregate.step import reevaluate, step
from services.core.guidance import advice
from services.core.holdings import facts
from services.core.people import WorkerState
from tests.builders.catalogs import awards, catalog
from tests.builders.records import award, day, employment
from tests.unit.aggregate.test_step import messages

DUO = catalog(
    {"duo": awards("a", "b"), "trio": awards("a", "b", "c"), "other": awards("x", "y")},
    [{"id": "a"}, {"id": "b", "name": "Beta", "hours": 20, "cost": 90, "skills": ["sql"]}, "c", "x", "y"],
)
NOW = day(10)


def _states(*records: Any) -> dict[str, WorkerState]:
    return step({}, messages(*records), DUO, NOW).states


def _rows(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows of progress by employer and stack."""
    named = [dict(zip(COLUMNS["progress"], row, strict=True)) for row in rows]
    return {(row["employer_id"], row["stack_id"]): row for row in named}


def test_progress_is_shown_again_with_every_term() -> None:
    """To the same employers, in rows and in messages, as `stepwell advise` would say it."""
    states = _states(employment("e"), award("a"))
    assert not states["w"].is_advised
    changes = advise(states, DUO, NOW, 7)
    rows = _rows(changes.progress)
    assert rows.keys() == {("e", "duo"), ("e", "trio")}
    (one,) = json.loads(rows["e", "duo"]["advice"])
    best = advice(facts(states["w"].own), NOW, DUO)[0]
    assert (one["achievement"], one["name"], one["score"], one["gain"]) == ("b", "Beta", best.score, best.gain)
    assert {gain["stack_id"]: (gain["gain"], gain["completes"]) for gain in one["gains"]} == {
        "duo": (0.5, True),
        "trio": (best.gains[1].gain, False),
    }
    assert (one["completes"], one["hours"], one["weeks"], one["cost"], one["skills"]) == (["duo"], 20, 2, 90, ["sql"])
    assert one["trust"] == {"issuer": None, "is_accredited": False, "asked": 0}
    assert [step["achievement"] for step in json.loads(rows["e", "trio"]["advice"])] == ["b", "c"]
    assert {one.stack_id: len(one.advice or ()) for one in changes.progress_messages} == {"duo": 1, "trio": 2}
    assert rows["e", "duo"]["version"] == 7


def test_a_worker_is_advised_once_for_what_was_shown() -> None:
    """Afterwards the state says so; news, the catalog and the passing of time make it due again."""
    states = _states(award("a"))
    advised = advise(states, DUO, NOW, 1).states
    assert advised["w"].is_advised
    assert not step(advised, messages(award("c", award_id="2", on=1), version=2), DUO, NOW).states["w"].is_advised
    assert not reevaluate(advised, DUO, NOW, 2).states["w"].is_advised
    assert step(advised, messages(award("z", award_id="9", on=1), version=2), DUO, NOW).states["w"].is_advised


def test_who_has_nothing_to_finish_needs_no_advice() -> None:
    """Neither who has finished what is touched, nor who has nothing that any stack looks at."""
    assert _states(award("z"))["w"].is_advised
    done = _states(award("a"), award("b", award_id="2", on=1), award("c", award_id="3", on=2))
    assert done["w"].is_advised
    assert advise(done, DUO, NOW, 1).progress == []
