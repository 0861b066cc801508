"""Caliper's envelopes, shapes and events, where a golden pair would show less than a sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.dialects.caliper import dialect
from services.ingest.dialects.caliper.entities import ENTITIES
from services.ingest.dialects.caliper.events import ACTIONS, EVENTS, TERMS
from services.ingest.dialects.caliper.shapes import MAX_DEPTH, faults_in
from services.ingest.dialects.caliper.vocabulary import members, required
from services.ingest.dialects.dialect import Arrival, Translated
from services.ingest.dialects.meanings import EMPTY_MEANINGS
from services.ingest.openapi_platforms import ENVELOPE_EXAMPLE

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"
FORMS = {"text", "number", "integer", "boolean", "instant", "duration", "map", "iri"}


def translated(*documents: Any) -> Translated:
    """What documents, one a line, become."""
    payload = b"\n".join(json.dumps(document).encode() for document in documents)
    return dialect.translate(Arrival(payload, {}, "lms", received_at=NOW), EMPTY_MEANINGS)


def entity(type_: str, **more: Any) -> dict[str, Any]:
    """An entity that is described on its own."""
    return {"@context": CONTEXT, "id": "https://lms.example.org/1", "type": type_, **more}


def places(item: Any) -> list[str]:
    """Where an item is at fault."""
    return [fault.pointer for fault in faults_in(item)]


def test_the_vocabulary_names_nothing_that_it_does_not_define() -> None:
    """Every slot is a form, a list of terms or types that exist; every event has its actions."""
    for kinds in (ENTITIES, EVENTS):
        for described in members(kinds).values():
            for wanted in described.values():
                inner = wanted.strip("[]")
                known = inner.removeprefix("@") in TERMS if inner.startswith("@") else inner in FORMS
                assert known or all(name in ENTITIES for name in inner.split()), wanted
    assert set(ACTIONS) == set(EVENTS) - {"Event"}
    assert all(actions <= TERMS["Action"] for actions in ACTIONS.values())


@pytest.mark.parametrize(
    "item, place",
    [
        (entity("LtiSession", messageParameters=["https://lms.example.org"]), "/messageParameters"),
        (entity("Query", searchTerms=["networks"]), "/searchTerms"),
        (entity("MultiselectQuestion", points="four"), "/points"),
        (entity("DigitalResource", creators=[{"id": "https://x.example/1", "type": "Page"}]), "/creators/0"),
        (entity("Forum", items=["https://x.example/1", {"id": "x:1", "type": "CourseSection"}]), "/items/1"),
        (entity("AggregateMeasure", metric="UnitsPassed"), "/metricValue"),
        (entity("LtiLink", messageType="Hello"), "/messageType"),
        (entity("Membership", roles="Learner"), "/roles"),
        (entity("Attempt", duration="an hour"), "/duration"),
        (entity("Frame", index=1.5), "/index"),
        (entity("AudioObject", muted="no"), "/muted"),
        (entity("Person", extensions="none"), "/extensions"),
        (entity("Person", otherIdentifiers=[{"type": "SystemIdentifier", "identifier": "1"}]), None),
        (entity("Person", id=None), "/id"),
        (entity("Person", id="somebody"), "/id"),
        ({**entity("Person"), "@context": "https://schema.example/"}, "/@context"),
        (entity("Gizmo"), "/type"),
        (
            entity("Score", attempt={"id": "x:1", "type": "Attempt", "assignee": {"type": "Person"}}),
            "/attempt/assignee/id",
        ),
    ],
)
def test_each_fault_is_told_in_its_place(item: Any, place: str | None) -> None:
    """By a pointer that leads there, whatever type of entity it is in."""
    assert places(item) == [place or "/otherIdentifiers/0/identifierType"]


GOOD: dict[str, Any] = {
    "text": "some",
    "number": 1.5,
    "integer": 2,
    "boolean": True,
    "instant": "2026-11-24T05:30:00.000Z",
    "duration": "PT1H",
    "map": {"https://lms.example.org/x": 1},
    "iri": "urn:uuid:27734504-068d-4596-861c-2315be33a2a2",
}
BAD: dict[str, Any] = {
    "text": 7,
    "number": "one and a half",
    "integer": 2.5,
    "boolean": "yes",
    "instant": "24 November",
    "duration": "an hour",
    "map": "none",
    "iri": "nobody",
}


def good(wanted: str) -> Any:
    """A value as a slot wants it."""
    if wanted.startswith("["):
        return [good(wanted[1:-1])]
    if wanted.startswith("@"):
        return min(TERMS[wanted[1:]])
    return (
        GOOD[wanted]
        if wanted in GOOD
        else {"id": "https://lms.example.org/2", "type": wanted.split(maxsplit=1)[0], **whole(wanted)}
    )


def whole(wanted: str) -> dict[str, Any]:
    """The members that an entity must have, beside its id."""
    kind = wanted.split(maxsplit=1)[0]
    described = members(ENTITIES)[kind]
    return {name: good(described[name]) for name in required(ENTITIES)[kind] if name != "id"}


def bad(wanted: str) -> tuple[Any, str]:
    """A value that a slot must not hold, and where in it the fault is."""
    if wanted.startswith("["):
        return [bad(wanted[1:-1])[0]], "/0"
    if wanted.startswith("@"):
        return "NoSuchTerm", ""
    return (BAD[wanted], "") if wanted in BAD else (["https://lms.example.org/2"], "")


@pytest.mark.parametrize("kind", sorted({*ENTITIES, *EVENTS}))
def test_every_type_is_known_to_its_last_member(kind: str) -> None:
    """With all of its members it is good; with one of them otherwise, without a required one, that one is told."""
    kinds = ENTITIES if kind in ENTITIES else EVENTS
    described = members(kinds)[kind]
    full = {"@context": CONTEXT, "type": kind, **{name: good(wanted) for name, wanted in described.items()}}
    if kind in ACTIONS:
        full["action"] = min(ACTIONS[kind])
    assert places(full) == []
    for name, wanted in described.items():
        wrong, where = bad(wanted)
        assert places({**full, name: wrong}) == [f"/{name}{where}"]
        if wanted.startswith("["):
            assert places({**full, name: "no array"}) == [f"/{name}"]
    for name in required(kinds)[kind]:
        assert places({key: value for key, value in full.items() if key != name}) == [f"/{name}"]


def test_terms_of_lis_may_be_written_out() -> None:
    """A role and a status are IRIs to a JSON-LD processor, be they shortened or not."""
    lis = "http://purl.imsglobal.org/vocab/lis/v2"
    for role in (
        "Learner",
        f"{lis}/membership#Learner",
        f"{lis}/membership/Learner#GuestLearner",
        "lis:membership#Learner",
    ):
        assert places(entity("Membership", roles=[role], status=f"{lis}/status#Active")) == []
    assert places(entity("Membership", roles=[f"{lis}/membership#Visitor"])) == ["/roles/0"]


def test_an_extension_may_have_types_and_actions_of_its_own() -> None:
    """In its own context, be it the whole event's or that of a part; elsewhere an unknown type is a fault."""
    (event,) = ENVELOPE_EXAMPLE["data"]
    own = f"{CONTEXT}/LibraryProfile-extension"
    lending = {**event, "@context": own, "type": "LibraryEvent", "action": "Borrowed", "profile": "LibraryProfile"}
    assert places({**lending, "generated": {"id": "x:1", "type": "Loan"}}) == []
    assert places({**event, "@context": CONTEXT, "target": {"id": "x:1", "type": "Loan"}}) == ["/target/type"]
    assert places({**event, "target": {"@context": own, "id": "x:1", "type": "Loan"}}) == []
    assert places({**event, "@context": CONTEXT, "profile": "LibraryProfile"}) == ["/profile"]


def test_a_vocabulary_of_the_senders_own_is_let_be() -> None:
    """Source: JSON-LD; a context may be an array or stand in the document."""
    assert places({**entity("Gizmo", spin=3), "@context": [CONTEXT, {"Gizmo": "https://x.example/Gizmo"}]}) == []
    assert places({**entity("Person"), "@context": {"caliper": "http://purl.imsglobal.org/caliper/"}}) == []


def test_terms_may_be_written_out() -> None:
    """As IRIs, which is what a JSON-LD processor makes of them."""
    (event,) = ENVELOPE_EXAMPLE["data"]
    spelled = {
        **event,
        "type": "http://purl.imsglobal.org/caliper/GradeEvent",
        "action": "http://purl.imsglobal.org/caliper/actions/Graded",
    }
    assert translated(spelled) == translated(event)


def test_entities_nested_beyond_reason_are_refused() -> None:
    """A chain of parts ends somewhere."""
    item: dict[str, Any] = entity("Page")
    for _ in range(MAX_DEPTH + 1):
        item = {**entity("Page"), "isPartOf": item}
    assert [fault.code for fault in faults_in(item)] == ["too_deep"]


def test_a_fault_in_one_event_leaves_the_records_of_the_others() -> None:
    """Who asked decides whether they are taken; HTTP does not."""
    (event,) = ENVELOPE_EXAMPLE["data"]
    found = translated({**ENVELOPE_EXAMPLE, "data": [event, entity("Frame", index="one")]})
    assert [index for index, _ in found.records] == [0]
    assert [fault.pointer for fault in found.faults] == ["/data/1/index"]


def test_lines_are_told_by_number() -> None:
    """A file of envelopes, one a line."""
    assert [fault.pointer for fault in translated(ENVELOPE_EXAMPLE, entity("Frame", index="one")).faults] == [
        "/1/index"
    ]
