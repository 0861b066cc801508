"""Which events are learning records, and of what. Valid events only.

| event | record |
|---|---|
| Event, AssignableEvent: Completed | completion of the object, if that is a course or work that is assigned |
| Event: Completed, of a Membership (Open edX) | completion of the course that one is a member of |
| AssessmentEvent, AssignableEvent: Submitted | an attempt that nobody judged: a completion without success |
| GradeEvent: Graded | the same attempt with its score; it counts from the pass mark that the catalog declares |
| any of these, of anything that the catalog maps | the same, whatever the object is |

An entity that is only named is looked up among those that its payload describes; a grade of an attempt that nothing
describes is a good event of nobody (`untold`).

Caliper knows no pass and no fail: which score passes is for the catalog to say (docs/catalogs.md, mappings). Who
grades is not who learns: a grade is its assignee's. Everything else is a good event and no record. So is what an
instructor does in a course of theirs, and what is said of nobody in particular (Caliper's anonymous Person).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas.records import Record
from services.ingest.dialects.building import UNATTRIBUTED, record_made, score_of
from services.ingest.dialects.caliper.described import Described
from services.ingest.dialects.caliper.shapes import is_a, term
from services.ingest.dialects.forms import instant_of, number_of, text_of
from services.ingest.dialects.identities import account_of, record_id
from services.ingest.dialects.meanings import Meanings
from services.runtime.errors import Fault

_ACHIEVABLE = ("CourseOffering", "CourseSection", "Assessment", "AssignableDigitalResource")
"""Types of object whose completion is an achievement, subtypes included, but for the items of an assessment."""
_TYPES = {"CourseOffering": "course", "CourseSection": "course", "AssignableDigitalResource": "assignment"}
"""What records call them; any other is called by its own name."""
_SCORES = (
    ("scoreGiven", "maxScore"),
    ("resultScore", "maxResultScore"),
    ("totalScore", "maxScore"),
    ("normalScore", "maxResultScore"),
)
"""Where a score and its maximum stand: of a Score, a Result, and a Result of 1.0, as Blackboard still sends it."""
_COMPLETED = "Completed"
_SUBMITTED = "Submitted"
_GRADED = "Graded"
_SAYS = {"assignee": "whose grade it is", "assignable": "what the grade is of"}
_ANONYMOUS = ("http://purl.imsglobal.org/caliper/", "_:")


class _Done(NamedTuple):
    """What was done: by whom, at what (an entity or its IRI), in which attempt."""

    person: Any
    thing: Any
    attempt: Any


def record_of(
    event: Mapping[str, Any], pointer: str, *, source: str, meanings: Meanings, described: Described
) -> Record | None:
    """The learning record that a valid event means, or None. Not settled yet, but with an id.

    What the event only names by an IRI is looked up in `described`.

    Raises: Rejected at `pointer` when a text is longer than a record may hold.
    """
    action = term(event["action"])
    done = _graded(event, described) if action == _GRADED else _done(event, described)
    person, thing_id = _id(done.person), _id(done.thing)
    if action not in {_COMPLETED, _SUBMITTED, _GRADED} or person is None or thing_id is None:
        return None
    if not (meanings.of("caliper", thing_id, source) or _is_achievable(event, done.thing)):
        return None
    return record_made(
        {
            "kind": "completion",
            "record_id": record_id(source, event["id"]),
            "account": account_of(person),
            "occurred_at": instant_of(event["eventTime"]),
            "dialect": "caliper",
            "achievement": _achievement(done.thing, thing_id),
            "success": action == _COMPLETED,
            "attempt_id": _id(done.attempt) or "completion",
            "score": _score(described.of(event.get("generated"))) if action == _GRADED else None,
        },
        pointer,
    )


def untold(event: Mapping[str, Any], pointer: str, described: Described) -> Fault | None:
    """What a valid grade does not tell, without which it is nobody's or of nothing; None when it tells all."""
    if term(event["action"]) != _GRADED:
        return None
    done = _graded(event, described)
    if not isinstance(done.attempt, dict):
        detail = "nothing describes the attempt: describe it, with assignee and assignable, here or beside the event"
        return Fault(UNATTRIBUTED, f"{pointer}/object", detail)
    for name, value in (("assignee", done.person), ("assignable", done.thing)):
        if value is None:
            return Fault(UNATTRIBUTED, f"{pointer}/object/{name}", f"{name} says {_SAYS[name]}; add it to the attempt")
    return None


def _done(event: Mapping[str, Any], described: Described) -> _Done:
    thing, attempt, person = _thing(event, described), described.of(event.get("generated")), event["actor"]
    if is_a(thing, "Attempt"):
        attempt, thing = thing, described.of(thing.get("assignable"))
    if isinstance(attempt, dict) and not is_a(attempt, "Attempt"):
        attempt = described.of(attempt.get("attempt"))  # a response to an item
    if isinstance(attempt, dict) and attempt.get("assignee") is not None:
        person = attempt["assignee"]
    return _Done(None if _is_staff(event, described) else person, thing, attempt)


def _thing(event: Mapping[str, Any], described: Described) -> Any:
    """The object; of a membership the course, which Open edX's own id of a membership is, too."""
    thing = described.of(event["object"])
    if not is_a(thing, "Membership"):
        return thing
    return described.of(thing.get("organization")) or {"id": thing["id"], "type": "CourseOffering"}


def _graded(event: Mapping[str, Any], described: Described) -> _Done:
    attempt, score = described.of(event["object"]), described.of(event.get("generated"))
    if isinstance(attempt, str) and isinstance(score, dict):
        attempt = described.of(score.get("attempt")) or attempt
    if not isinstance(attempt, dict):
        return _Done(None, None, attempt)
    return _Done(attempt.get("assignee"), described.of(attempt.get("assignable")), attempt)


def _is_staff(event: Mapping[str, Any], described: Described) -> bool:
    """Whether the actor is in the course with roles, and none of them is a learner's; or no person at all."""
    actor = described.of(event["actor"])
    if is_a(actor, "SoftwareApplication") or is_a(actor, "Organization"):
        return True
    membership = described.of(event.get("membership"))
    roles = membership.get("roles") if isinstance(membership, dict) else None
    named = [(term(role) or "").partition("#")[0] for role in roles or ()]
    return bool(named) and not {"Learner", "Member"} & set(named)


def _is_achievable(event: Mapping[str, Any], thing: Any) -> bool:
    if isinstance(thing, dict):
        return any(is_a(thing, kind) for kind in _ACHIEVABLE) and not is_a(thing, "AssessmentItem")
    return term(event["type"]) in {"AssessmentEvent", "AssignableEvent", "GradeEvent", "OutcomeEvent"}


def _achievement(thing: Any, thing_id: str) -> dict[str, Any]:
    described = thing if isinstance(thing, dict) else {}
    kind = term(described.get("type"))
    named = text_of(described.get("name")) or text_of(described.get("courseNumber"))
    found = {"id": thing_id, "name": named, "type": _TYPES.get(kind or "", _lower(kind))}
    return {name: value for name, value in found.items() if value}


def _lower(kind: str | None) -> str | None:
    return kind[:1].lower() + kind[1:500] if kind else None


def _score(generated: Any) -> dict[str, float] | None:
    if not isinstance(generated, dict):
        return None
    for given, most in _SCORES:
        found = score_of(number_of(generated.get(given)), number_of(generated.get(most)))
        if found is not None:
            return found
    return None


def _id(entity: Any) -> str | None:
    """The IRI of an entity, unless it stands for nobody and nothing in particular."""
    found = entity.get("id") if isinstance(entity, dict) else entity
    if not isinstance(found, str) or not found or found.startswith(_ANONYMOUS):
        return None
    return found
