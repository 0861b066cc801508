"""Classes: looking through achievements by type, level, field and skill."""

from __future__ import annotations

import json

from schemas.catalog import Offered
from services.core.meaning import Wanted, facets, matching

OFFERED = tuple(
    Offered.model_validate_json(json.dumps(one))
    for one in (
        {"id": "b", "name": "Beta", "type": "course", "level": 2, "subject": "it", "skills": ["sql"]},
        {
            "id": "a",
            "name": "alpha",
            "type": "exam",
            "level": 2,
            "meaning": {"level": {"framework": "EQF", "level": 5}},
        },
        {"id": "c", "type": "course", "skills": ["sql", "linux"]},
    )
)


def test_each_class_is_counted() -> None:
    """The most frequent value first; a level in a framework goes before the catalog's own."""
    assert facets(OFFERED) == {
        "type": (("course", 2), ("exam", 1)),
        "level": (("2", 1), ("EQF 5", 1)),
        "field": (("it", 1),),
        "skill": (("sql", 2), ("linux", 1)),
    }


def test_what_is_wanted_must_all_be_there() -> None:
    """Classes narrow together; text is looked for in name and id, in any case; the answer is by name."""
    assert [one.id for one in matching(OFFERED, Wanted())] == ["a", "b", "c"]
    assert [one.id for one in matching(OFFERED, Wanted(type="course", skill="sql"))] == ["b", "c"]
    assert [one.id for one in matching(OFFERED, Wanted(skill="sql", text="BETA"))] == ["b"]
    assert matching(OFFERED, Wanted(level="7")) == ()
