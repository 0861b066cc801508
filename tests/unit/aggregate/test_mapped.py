"""What a catalog says of other systems' ids holds for what came before it, and leaves nothing when taken back."""

from __future__ import annotations

from typing import Any

from schemas.catalog import Catalog
from services.aggregate.changes import Changes
from services.aggregate.rows import COLUMNS
from services.aggregate.step import Message, reevaluate, step
from services.core.settle import routing_key
from services.core.stacks.compile import CompiledCatalog, compile_catalog
from tests.builders.records import award, completion, day, employment, enrolment

NOW = day(10)
EXAM = "https://lms.example.org/exam/7"


def catalog(*mappings: dict[str, Any]) -> CompiledCatalog:
    """A catalog of one stack that needs `networks`, and mappings."""
    document = {"stacks": [{"id": "tech", "requires": {"award": "networks"}}], "mappings": mappings}
    return compile_catalog(Catalog.model_validate(document, strict=False))


def attempt(**members: Any) -> Any:
    """An attempt at the exam that its source did not judge."""
    return completion(EXAM, success=False, attempt_id="1", source="lms", **members)


def progress(changes: Changes) -> list[tuple[Any, ...]]:
    """Stack, whether complete, and whether gone."""
    names = ("stack_id", "complete", "is_deleted")
    return [tuple(row[COLUMNS["progress"].index(name)] for name in names) for row in changes.progress]


def awards(changes: Changes) -> list[tuple[Any, ...]]:
    """Achievement and whether gone."""
    names = ("achievement_id", "is_deleted")
    return [tuple(row[COLUMNS["awards"].index(name)] for name in names) for row in changes.awards]


def heard(by: CompiledCatalog, *records: Any) -> Changes:
    """What comes of these records."""
    said = [employment("now", start=0), *records]
    return step({}, [Message(routing_key(one), one, place + 1, b"") for place, one in enumerate(said)], by, NOW)


def test_a_score_counts_once_a_mapping_declares_the_pass_mark() -> None:
    """What was kept before anybody knew what it means is judged when they do."""
    before = heard(catalog(), attempt(score={"scaled": 0.8}))
    assert (progress(before), awards(before)) == ([], [])
    after = reevaluate(before.states, catalog({"id": EXAM, "achievement": "networks", "pass_mark": 0.7}), NOW, 9)
    assert progress(after) == [("tech", 1, 0)]
    assert awards(after) == [("networks", 0)]


def test_a_stricter_mark_takes_back_what_a_lower_one_gave() -> None:
    """The award's row and the stack's progress are gone, as if it had never counted."""
    lower = heard(catalog({"id": EXAM, "achievement": "networks", "pass_mark": 0.7}), attempt(score={"scaled": 0.8}))
    assert (progress(lower), awards(lower)) == ([("tech", 1, 0)], [("networks", 0)])
    stricter = reevaluate(lower.states, catalog({"id": EXAM, "achievement": "networks", "pass_mark": 0.9}), NOW, 9)
    assert (progress(stricter), awards(stricter)) == ([("tech", 0, 1)], [("", 1)])


def test_an_unmapped_completion_counts_under_its_own_id() -> None:
    """And under the achievement's when it is mapped, in the same row."""
    before = heard(catalog(), completion(EXAM, attempt_id="1", source="lms"))
    assert awards(before) == [(EXAM, 0)]
    after = reevaluate(
        before.states, catalog({"prefix": "https://lms.example.org/", "achievement": "networks"}), NOW, 9
    )
    assert awards(after) == [("networks", 0)]
    identity = slice(1, 4)
    assert [row[identity] for row in before.awards] == [row[identity] for row in after.awards]


def test_badge_classes_are_mapped_too_and_by_source() -> None:
    """An award of another issuer's class is an award of ours; of another source it is not."""
    by = catalog({"source": "acme", "id": "class-9", "achievement": "networks", "dialect": "native"})
    assert progress(heard(by, award("class-9", source="acme", dialect="native"))) == [("tech", 1, 0)]
    assert progress(heard(by, award("class-9", source="other", dialect="native"))) == []


def test_a_mapping_says_what_it_is_worth() -> None:
    """In place of what the record says."""
    credit = {"value": 3, "unit": "ceu"}
    by = catalog({"id": EXAM, "achievement": "networks", "credits": credit, "any_attempt": True})
    (row,) = heard(by, attempt(credits={"value": 9, "unit": "hour"})).awards
    assert row[COLUMNS["awards"].index("credits_value") :][:2] == (3, "ceu")


def test_setting_out_on_a_course_is_setting_out_on_the_stack_that_it_is_mapped_to() -> None:
    """As it comes, and when the mapping comes later."""
    by = catalog({"id": "course-v1:X+1+2026", "achievement": "tech"})
    assert progress(heard(by, enrolment("course-v1:X+1+2026"))) == [("tech", 0, 0)]
    before = heard(catalog(), enrolment("course-v1:X+1+2026"))
    assert progress(before) == []
    assert progress(reevaluate(before.states, by, NOW, 9)) == [("tech", 0, 0)]
