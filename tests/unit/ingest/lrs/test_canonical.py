"""Statements in one language, and statements of identifiers alone."""

from __future__ import annotations

import pytest

from services.ingest.lrs.canonical import accepted_languages, identifiers_only, one_language
from tests.builders.statements import statement

TEXTS = {"en": "any", "en-GB": "British", "en-US": "American", "de": "German"}


@pytest.mark.parametrize(
    "header, tag",
    [
        ("en-GB", "en-GB"),
        ("EN-us", "en-US"),
        ("en", "en"),
        ("en-AU", "en"),
        ("de-CH, en;q=0.5", "de"),
        ("fr, en-US;q=0.2, de;q=0.9", "de"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_language_itself_comes_before_one_that_is_near_to_it(header: str, tag: str) -> None:
    """XAPI-00169, XAPI-00172: the exact tag wins, however early a wider one stands."""
    assert one_language(TEXTS, accepted_languages(header)) == {tag: TEXTS[tag]}


def test_a_region_stands_for_its_language() -> None:
    """Who wants English gets American English rather than German."""
    assert one_language({"de": "German", "en-US": "American"}, ["en"]) == {"en-US": "American"}


def test_of_an_activity_its_id_alone_identifies_it() -> None:
    """XAPI-00171: neither its type nor its definition, wherever it stands."""
    named = {"objectType": "Agent", "name": "Ana", "mbox": "mailto:ana@example.org"}
    bare = {"objectType": "Agent", "mbox": "mailto:ana@example.org"}
    group = {"objectType": "Group", "name": "Team", "member": [named]}
    activity = {"objectType": "Activity", "id": "https://lms.example/a", "definition": {"name": {"en": "A"}}}
    context = {
        "contextActivities": {"parent": [activity]},
        "instructor": named,
        "contextAgents": [{"objectType": "contextAgent", "agent": named, "relevantTypes": ["x:y"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": group}],
    }
    found = identifiers_only(statement(actor=named, object=activity, context=context))
    assert (found["actor"], found["object"]) == (bare, {"id": activity["id"]})
    assert found["context"] == {
        "contextActivities": {"parent": [{"id": activity["id"]}]},
        "instructor": bare,
        "contextAgents": [{"objectType": "contextAgent", "agent": bare, "relevantTypes": ["x:y"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [bare]}}],
    }
