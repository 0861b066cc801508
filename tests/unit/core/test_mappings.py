"""What ids of other systems mean, and which of several mappings decides."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.catalog import Mapping
from schemas.values import Credits
from services.core.mappings import NO_MAPPINGS, Meant, compiled, mappings_of

COURSE = "https://lms.example.org/course/7"


def achievement_of(activity_id: str, *mappings: Mapping, dialect: str = "xapi", source: str = "lms") -> str | None:
    """The achievement that an id means."""
    meant = mappings_of(mappings).of(dialect, activity_id, source)
    return None if meant is None else meant.achievement


@pytest.mark.parametrize(
    "matcher",
    [
        {"id": COURSE},
        {"prefix": "https://lms.example.org/"},
        {"template": "https://lms.example.org/course/{number}"},
        {"pattern": r"https://lms\.example\.org/(course|program)/\d+"},
    ],
)
def test_an_id_is_known_by_each_kind_of_matcher(matcher: dict[str, str]) -> None:
    """By the id itself, by how it begins, by a template, by a regular expression that it matches as a whole."""
    mapping = Mapping(achievement="networks", **matcher)  # type: ignore[arg-type]
    assert achievement_of(COURSE, mapping) == "networks"
    assert achievement_of("https://other.example.org/course/7?and=more", mapping) is None


def test_a_part_of_a_template_holds_no_slash() -> None:
    """A course's template does not catch what is within the course."""
    mapping = Mapping(template="https://lms.example.org/course/{number}", achievement="networks")
    assert achievement_of(COURSE + "/unit/1", mapping) is None


def test_the_mapping_that_says_most_decides() -> None:
    """Of its source before for all, of its dialect before for all, exact before pattern, longer before shorter."""
    general = Mapping(prefix="https://lms.example.org/", achievement="anything")
    closer = Mapping(prefix="https://lms.example.org/course/", achievement="a-course")
    exact = Mapping(id=COURSE, achievement="networks")
    of_dialect = Mapping(dialect="xapi", prefix="https://", achievement="of-dialect")
    of_source = Mapping(source="lms", pattern=".*", achievement="of-source")
    ranked = [general, closer, exact, of_dialect, of_source]
    for position, mapping in enumerate(ranked):
        assert achievement_of(COURSE, *ranked[position::-1]) == mapping.achievement


def test_a_mapping_of_another_dialect_or_source_says_nothing() -> None:
    """Two systems may use the same id for different things."""
    assert achievement_of("7", Mapping(dialect="canvas", id="7", achievement="a")) is None
    assert achievement_of("7", Mapping(source="other", id="7", achievement="a")) is None


def test_without_mappings_nothing_means_anything() -> None:
    """The catalog before any is applied."""
    assert not NO_MAPPINGS
    assert NO_MAPPINGS.of("xapi", COURSE) is None


@pytest.mark.parametrize(
    "meant, score, success, counts",
    [
        (Meant("a"), None, True, True),
        (Meant("a"), 0.9, False, False),
        (Meant("a", pass_mark=0.7), 0.7, False, True),
        (Meant("a", pass_mark=0.7), 0.69, True, False),
        (Meant("a", pass_mark=0.7), None, True, True),
        (Meant("a", pass_mark=0.7), None, False, False),
        (Meant("a", any_attempt=True), 0.1, False, True),
    ],
)
def test_a_pass_mark_decides_wherever_there_is_a_score(
    meant: Meant, score: float | None, *, success: bool, counts: bool
) -> None:
    """Else the source's word does, unless taking part is enough."""
    assert meant.counts(score, success=success) is counts


def test_what_it_is_worth_comes_with_the_meaning() -> None:
    """Credits have a unit."""
    mapping = Mapping(id="7", achievement="a", credits=Credits(value=3, unit="semester_hour"))
    assert mappings_of([mapping]).of("any", "7") == Meant("a", credits=3, unit="semester_hour")


@pytest.mark.parametrize(
    "members",
    [{}, {"id": "7", "prefix": "7"}, {"id": "7", "pass_mark": 0.5, "any_attempt": True}, {"id": "7", "pass_mark": 70}],
)
def test_a_mapping_says_exactly_one_thing(members: dict[str, Any]) -> None:
    """One matcher, and one way to judge; a pass mark is a share, not points."""
    with pytest.raises(ValidationError):
        Mapping(achievement="a", **members)


@pytest.mark.parametrize("matcher", [{"pattern": "("}, {"template": "course/{a"}, {"template": "course/{}"}])
def test_what_cannot_be_read_is_refused_with_a_reason(matcher: dict[str, str]) -> None:
    """An error of our own, so that the check can name the place."""
    with pytest.raises(ValueError, match=r"expression|template"):
        compiled(Mapping(achievement="a", **matcher))  # type: ignore[arg-type]
