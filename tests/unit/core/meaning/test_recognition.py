"""Recognition: where an achievement counts, told by the rules themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.catalog import Catalog
from services.core.meaning import Recognised, recognised
from services.core.meaning.recognition import next_achievements, worth_elsewhere
from services.core.stacks import CompiledCatalog, compile_catalog


def _catalog(requires: Any, **more: Any) -> CompiledCatalog:
    document = {
        "issuers": [{"id": "college", "name": "The College"}],
        "achievements": [
            {"id": "a", "type": "course", "credits": {"value": 4, "unit": "semester_hour"}},
            {"id": "b", "type": "course"},
            {"id": "degree", "name": "The Degree", "issuer": "college"},
        ],
        "stacks": [{"id": "s", "title": "The stack", "awards": "degree", "requires": requires}],
        **more,
    }
    return compile_catalog(Catalog.model_validate_json(json.dumps(document)))


def _only(requires: Any, **more: Any) -> Recognised:
    (found,) = recognised("a", _catalog(requires, **more))
    return found


@pytest.mark.parametrize(
    "requires, counts_as",
    [
        ({"award": "a"}, "required"),
        ({"all": [{"award": "b"}, {"award": "a"}]}, "required"),
        ({"any": [{"award": "b"}, {"award": "a"}]}, "option"),
        ({"all": [{"award": ["a", "b"]}]}, "option"),
        ({"n_of": {"n": 2, "of": [{"award": "a"}, {"award": "b"}]}}, "required"),
        ({"n_of": {"n": 1, "of": [{"award": "a"}, {"award": "b"}]}}, "option"),
        ({"count": {"min": 2, "from": {"type": "course"}}}, "one_of_several"),
        ({"avg": {"of": "score", "min": 0.5, "from": {"type": "course"}}}, "average"),
        ({"last": {"credits": 6, "all": {"type": "course"}}}, "latest"),
    ],
)
def test_how_it_counts_follows_from_the_rule(requires: Any, counts_as: str) -> None:
    """What a stack cannot do without is required; anything else is one way of several."""
    assert _only(requires).counts_as == counts_as


def test_for_what_and_at_whom() -> None:
    """The stack's title, what it awards, who issues that, and the conditions on the rule."""
    found = _only({"all": [{"award": "a", "active": True, "within": "P5Y", "trust": 2, "name": "core"}]})
    assert (found.stack_title, found.awards, found.at, found.rule_name) == (
        "The stack",
        "The Degree",
        "The College",
        "core",
    )
    assert found.conditions == ("while it is active", "earned within P5Y", "at trust tier 2 or above")


def test_an_amount_is_told_with_its_unit() -> None:
    """A rule that adds up credits says how many this achievement brings."""
    found = _only({"sum": {"of": "credits", "min": 12, "from": {"type": "course"}}})
    assert (found.counts_as, found.credits, found.unit) == ("amount", 4, "semester_hour")


def test_what_one_equivalence_makes_of_it_adds_up() -> None:
    """One certificate for two courses brings both courses' credits to the same rule."""
    equivalence = {
        "from": "certificate",
        "authority": "ACE",
        "to": [{"achievement": "a", "credits": 3}, {"achievement": "b", "credits": 3}],
    }
    catalog = _catalog(
        {"sum": {"of": "credits", "min": 12, "from": ["a", "b"]}},
        achievements=[{"id": "a"}, {"id": "b"}, {"id": "certificate"}, {"id": "degree"}],
        equivalences=[equivalence],
    )
    (found,) = recognised("certificate", catalog)
    assert (found.credits, [one.achievement for one in found.through]) == (6, ["a", "b"])
    assert [(one.achievement, one.authority) for one in worth_elsewhere("certificate", catalog)] == [
        ("a", "ACE"),
        ("b", "ACE"),
    ]


def test_a_stack_that_does_not_want_it_is_not_told() -> None:
    """`where` narrows what a stack looks at."""
    stacks = [{"id": "s", "where": {"type": "exam"}, "requires": {"award": {"tags": {"has": "x"}}}}]
    achievements = [{"id": "a", "type": "course", "tags": ["x"]}, {"id": "b", "type": "exam", "tags": ["x"]}]
    catalog = _catalog(None, stacks=stacks, achievements=achievements)
    assert recognised("a", catalog) == ()
    assert [one.stack_id for one in recognised("b", catalog)] == ["s"]


def test_next_is_what_counts_beside_it_and_what_is_awarded_above() -> None:
    """Also in the stacks over the stack; the achievement itself is no next step of its own."""
    stacks = [
        {"id": "s", "awards": "degree", "requires": {"all": [{"award": "a"}, {"award": "b"}]}},
        {"id": "t", "title": "Above", "awards": "master", "requires": {"stack": "s"}},
    ]
    achievements = [{"id": "a"}, {"id": "b"}, {"id": "degree"}, {"id": "master"}]
    catalog = _catalog(None, stacks=stacks, achievements=achievements)
    assert next_achievements("a", catalog) == ("b", "degree", "master")
    assert recognised("a", catalog)[0].leads_to == ("Above",)
