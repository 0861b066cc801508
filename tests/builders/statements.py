"""xAPI statements as tests want them: `statement(verb="passed")` is a good one about a course."""

from __future__ import annotations

from typing import Any

ACTIVITY_TYPES = "http://adlnet.gov/expapi/activities/"
VERBS = "http://adlnet.gov/expapi/verbs/"
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example.org", "name": "ana"}}


def activity(*, of_type: str | None = "course", id: str = "https://lms.example.org/course/7") -> dict[str, Any]:  # noqa: A002
    """An activity of a type from ADL's vocabulary; an IRI is taken as it is, None leaves the type out."""
    if of_type is None:
        return {"id": id}
    return {"id": id, "definition": {"type": of_type if ":" in of_type else ACTIVITY_TYPES + of_type}}


def statement(*, verb: str = "completed", of_type: str | None = "course", **members: Any) -> dict[str, Any]:
    """A statement that ana did something to a course; `members` replace or add members, None takes one away."""
    made = {
        "actor": ACTOR,
        "verb": {"id": verb if ":" in verb else VERBS + verb},
        "object": activity(of_type=of_type),
        "timestamp": "2026-02-01T09:30:00Z",
        **members,
    }
    return {name: member for name, member in made.items() if member is not None}
