"""Which statements are learning records, and of what.

The verb alone is not enough: `completed` is also said of videos and questions, so the type of the activity must be one
that can be an achievement. Vocabularies differ in their prefixes and agree in their last words, so verbs and types are
known by the last part of their IRI. An activity without a type is taken at its word: it counts only where a stack
names that very activity; but not in a session of cmi5, where only what cmi5 defines judges a unit. One that a mapping
of the catalog speaks of counts whatever its type.

| verb | record |
|---|---|
| completed, uncompleted | completion that succeeded, or did not, unless `result` says otherwise; newest wins |
| completed of a test, or of an attempt at one | attempt with its score, which succeeded if `result` says so |
| passed, failed | completion that succeeded, or did not |
| completed, passed, failed of an assignable unit (cmi5) | a verdict on the unit's one attempt a registration |
| launched (cmi5) | which of these verdicts the unit asks for (moveOn); NotApplicable asks for none |
| satisfied (cmi5) | completion of a course, block or unit |
| waived (cmi5) | completion of what the LMS lets pass for other reasons |
| earned (Open edX) | completion with score and letter grade, where a letter or `success` is given |
| scored, of a test or of what is mapped | attempt that nobody judged; a mapping's pass mark lets it count |
| earned without either | the same, only where a mapping speaks of it |
| achieved | award by the source |
| forfeited | revocation of that award |

Anything else is a good statement and no record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError

from schemas.records import Award, Completion, Record, Revocation
from services.ingest.dialects.meanings import EMPTY_MEANINGS, Meanings
from services.ingest.dialects.xapi.forms import parse_instant
from services.ingest.dialects.xapi.parties import IDENTIFIERS
from services.runtime.errors import Fault, Rejected

COMPLETABLE = frozenset(
    ("course", "module", "lesson", "block", "unit", "program", "programme", "legacy-learning-standard")
)
"""Types of activity whose completion is an achievement; the last is what Moodle calls a SCORM package."""
PASSABLE = COMPLETABLE | {"assessment", "exam", "examination", "test"}
"""Types of activity that one can pass."""
_TESTS = PASSABLE - COMPLETABLE
_ATTEMPTS = _TESTS | {"attempt"}
"""Types of activity that one can get to the end of without success: Moodle says `completed` of every quiz attempt."""
_ONE_STATE = frozenset(("course", "block", "program", "programme"))
"""Types that have one pass state a learner and registration: a later `failed` takes an earlier `passed` back."""
_LETTER = "http://www.tincanapi.co.uk/activitytypes/grade_classification"
"""Extension of `result` where Open edX's event-routing-backends gives the letter grade; "Fail" when there is none."""
_CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
"""Category of statements that cmi5 defines; others of a session ("allowed") judge nothing. Source: cmi5 9.6.2.1."""
_SESSION_EXTENSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
_MOVE_ON_EXTENSION = "https://w3id.org/xapi/cmi5/context/extensions/moveon"
_MOVE_ON = {
    "completed": "completed",
    "passed": "passed",
    "completedandpassed": "completed_and_passed",
    "completedorpassed": "completed_or_passed",
    "notapplicable": "not_applicable",
}
"""moveOn, in lower case, as records have it. Source: cmi5 9.6.3.6, 13.1.4."""
_LABEL = 500


class _Sentence(NamedTuple):
    """A statement that may be a record, taken apart. `common` is what every record of it has."""

    activity_id: str
    activity_type: str | None
    name: str | None
    result: Mapping[str, Any]
    context: Mapping[str, Any]
    is_mapped: bool
    """Whether the catalog says what the activity is: then its type does not matter."""
    common: dict[str, Any]

    @property
    def achievement(self) -> dict[str, Any]:
        """The activity as an achievement."""
        return {"id": self.activity_id, "name": self.name, "type": self.activity_type}

    @property
    def registration(self) -> str | None:
        """The enrolment that it is said in."""
        return self.context.get("registration")

    @property
    def is_of_cmi5(self) -> bool:
        """Whether cmi5 defines it."""
        return self.registration is not None and any(one["id"] == _CMI5 for one in self.beside("category"))

    @property
    def attempt(self) -> str | None:
        """The attempt that its context names, of those that it has an activity for."""
        named = (*self.beside("other"), *self.beside("parent"), *self.beside("grouping"))
        return next((one["id"] for one in named if _type(one.get("definition", {}).get("type")) == "attempt"), None)

    def beside(self, relation: str) -> Sequence[Mapping[str, Any]]:
        """The activities that its context names in a relation; one alone may stand without an array."""
        named = self.context.get("contextActivities", {}).get(relation, ())
        return [named] if isinstance(named, dict) else named

    @property
    def is_allowed_by_cmi5(self) -> bool:
        """Whether it is said in a session of cmi5 beside what cmi5 defines: it judges no unit."""
        return _SESSION_EXTENSION in self.context.get("extensions", {}) and not self.is_of_cmi5


def record_of(
    statement: Mapping[str, Any],
    record_id: UUID,
    *,
    source: str,
    received_at: datetime,
    meanings: Meanings = EMPTY_MEANINGS,
) -> Record | None:
    """The learning record that a valid statement means, or None. Not settled yet, but with the statement's id.

    Raises: Rejected when a text is longer than a record may hold.
    """
    meaning = _MEANINGS.get(_last_part(statement["verb"]["id"]))
    thing, actor = statement["object"], statement["actor"]
    if meaning is None or "Group" in (actor.get("objectType"), thing.get("objectType")) or not _is_activity(thing):
        return None
    try:
        is_mapped = meanings.of("xapi", thing["id"], source) is not None
        return meaning(_sentence(statement, record_id, received_at, is_mapped=is_mapped), source)
    except ValidationError as error:
        raise Rejected([_too_long(entry) for entry in error.errors(include_url=False)]) from error


def _too_long(entry: Any) -> Fault:
    place = ".".join(str(part) for part in entry["loc"])
    return Fault("unrepresentable", "/object", f"{place} cannot be held by a learning record: {entry['msg']}")


def _is_activity(thing: Mapping[str, Any]) -> bool:
    return bool(thing.get("objectType", "Activity") == "Activity")


def _sentence(statement: Mapping[str, Any], record_id: UUID, received_at: datetime, *, is_mapped: bool) -> _Sentence:
    timestamp, activity = statement.get("timestamp"), statement["object"]
    definition = activity.get("definition", {})
    return _Sentence(
        activity_id=activity["id"],
        activity_type=_type(definition.get("type")),
        name=_name(definition.get("name")),
        result=statement.get("result", {}),
        context=statement.get("context", {}),
        is_mapped=is_mapped,
        common={
            "record_id": record_id,
            "account": {name: value for name, value in statement["actor"].items() if name in IDENTIFIERS},
            "occurred_at": received_at if timestamp is None else parse_instant(timestamp),
            "dialect": "xapi",
        },
    )


def _type(iri: str | None) -> str | None:
    return None if iri is None else _last_part(iri)[:_LABEL] or None


def _name(names: Mapping[str, str] | None) -> str | None:
    if not names:
        return None
    english = next((names[tag] for tag in ("en", "en-US", "en-GB") if tag in names), None)
    return (english or next(iter(names.values())))[:_LABEL] or None


def _last_part(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2].lower()


def _is_of(sentence: _Sentence, types: frozenset[str]) -> bool:
    if sentence.activity_type is None:
        return sentence.is_mapped or not sentence.is_allowed_by_cmi5
    return sentence.is_mapped or sentence.activity_type in types


def _attempt(sentence: _Sentence, what: str) -> str:
    return f"{sentence.registration.lower()}/{what}" if sentence.registration else what


def _completion(
    sentence: _Sentence, *, success: bool, attempt_id: str | None, grade: str | None = None, **judged: str
) -> Completion:
    members = {
        **judged,
        "kind": "completion",
        "achievement": sentence.achievement,
        "success": success,
        "attempt_id": attempt_id,
        "score": _score(sentence.result.get("score")),
        "grade": grade,
    }
    return Completion.model_validate(members | sentence.common, strict=False)


def _score(stated: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A score, scaled where it only says its points and how many there are: pass marks are of scaled scores."""
    if stated is None or "scaled" in stated or not {"raw", "max"} <= stated.keys():
        return stated
    least, most = stated.get("min", 0), stated["max"]
    if most <= least:
        return stated
    return {**stated, "scaled": max(-1.0, min(1.0, (stated["raw"] - least) / (most - least)))}


def _completed(sentence: _Sentence, _source: str) -> Completion | None:
    if not _is_of(sentence, COMPLETABLE | _ATTEMPTS) or sentence.result.get("completion") is False:
        return None
    if sentence.is_of_cmi5:
        return _completion(sentence, success=True, attempt_id=_attempt(sentence, "unit"), verdict="completed")
    if sentence.activity_type in _ATTEMPTS:
        return _completion(sentence, success=sentence.result.get("success", False), attempt_id=sentence.attempt)
    success = sentence.result.get("success", True)
    return _completion(sentence, success=success, attempt_id=_attempt(sentence, "completion"))


def _uncompleted(sentence: _Sentence, _source: str) -> Completion | None:
    if not _is_of(sentence, COMPLETABLE):
        return None
    return _completion(sentence, success=False, attempt_id=_attempt(sentence, "completion"))


def _judged(*, success: bool) -> Callable[[_Sentence, str], Completion | None]:
    def judged(sentence: _Sentence, _source: str) -> Completion | None:
        if not _is_of(sentence, PASSABLE):
            return None
        if sentence.is_of_cmi5:
            return _completion(sentence, success=success, attempt_id=_attempt(sentence, "unit"), verdict="passed")
        has_one_state = sentence.activity_type in _ONE_STATE or sentence.registration is not None
        attempt_id = _attempt(sentence, "success") if has_one_state else None
        return _completion(sentence, success=success, attempt_id=attempt_id)

    return judged


def _launched(sentence: _Sentence, _source: str) -> Completion | None:
    asked = sentence.context.get("extensions", {}).get(_MOVE_ON_EXTENSION)
    move_on = _MOVE_ON.get(asked.lower()) if isinstance(asked, str) else None
    if move_on is None or not sentence.is_of_cmi5:
        return None
    return _completion(sentence, success=False, attempt_id=_attempt(sentence, "unit"), move_on=move_on)


def _satisfied(sentence: _Sentence, _source: str) -> Completion | None:
    if not _is_of(sentence, COMPLETABLE):
        return None
    return _completion(sentence, success=True, attempt_id=_attempt(sentence, "satisfied"))


def _waived(sentence: _Sentence, _source: str) -> Completion | None:
    if not _is_of(sentence, PASSABLE):
        return None
    return _completion(sentence, success=True, attempt_id=_attempt(sentence, "waived"))


def _earned(sentence: _Sentence, _source: str) -> Completion | None:
    letter = sentence.result.get("extensions", {}).get(_LETTER)
    grade = letter[:_LABEL] if isinstance(letter, str) and letter else None
    success = sentence.result.get("success", None if grade is None else grade.lower() not in {"fail", "f"})
    if not _is_of(sentence, COMPLETABLE) or (success is None and not sentence.is_mapped):
        return None
    return _completion(sentence, success=success or False, attempt_id=_attempt(sentence, "success"), grade=grade)


def _scored(sentence: _Sentence, source: str) -> Completion | None:
    """A bare score is nobody's verdict: an attempt beside those that were judged, which a pass mark may let count."""
    if "success" in sentence.result:
        return _judged(success=sentence.result["success"])(sentence, source)
    if not sentence.is_mapped and sentence.activity_type not in _TESTS:
        return None
    one = _attempt(sentence, "score") if sentence.registration else None
    return _completion(sentence, success=False, attempt_id=sentence.attempt or one)


def _achieved(sentence: _Sentence, source: str) -> Award:
    members = {
        "kind": "award",
        "achievement": sentence.achievement,
        "issuer_id": source,
        "award_id": sentence.activity_id,
    }
    return Award.model_validate(members | sentence.common, strict=False)


def _forfeited(sentence: _Sentence, source: str) -> Revocation:
    members = {
        "kind": "revocation",
        "issuer_id": source,
        "award_id": sentence.activity_id,
        "reason": "forfeited",
    }
    return Revocation.model_validate(members | sentence.common, strict=False)


_MEANINGS: dict[str, Callable[[_Sentence, str], Record | None]] = {
    "launched": _launched,
    "completed": _completed,
    "uncompleted": _uncompleted,
    "passed": _judged(success=True),
    "failed": _judged(success=False),
    "satisfied": _satisfied,
    "waived": _waived,
    "earned": _earned,
    "scored": _scored,
    "achieved": _achieved,
    "forfeited": _forfeited,
}
