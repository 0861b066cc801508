"""Strategies of stacks in the whole vocabulary, and of workers whose awards meet them: few ids, few days."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from services.core.facts import Enrolled, Excepted, Facts, Held
from tests.builders.records import day
from tests.builders.stacks import facts, held

Rule = dict[str, Any]
NAMES = ["a", "b", "c", "d"]
IDS = st.sampled_from(NAMES)
DAYS = st.integers(-9, 9)
SPANS = st.sampled_from(["P3D", "P1M", "P1Y", "P1Y2M3DT4H"])
CONDITIONS = st.sampled_from(
    [
        {"type": "course"},
        {"type": ["course", "exam"]},
        {"level": {"gte": 200}},
        {"tags": {"has": "it"}},
        {"grade": {"gte": "C"}},
        {"trust": {"gte": 2}},
        {"valid_until": {"ne": None}},
        {"issuer": {"prefix": "ac"}},
        {"not": {"type": "course"}},
        {"any": ["a", {"tags": "it"}]},
        {"all": [{"type": "course"}, {"not": ["a"]}]},
    ]
)
SELECTORS = st.one_of(IDS, st.lists(IDS, min_size=1, max_size=3, unique=True), CONDITIONS)
MODIFIERS = st.fixed_dictionaries(
    {},
    optional={
        "claim": st.sampled_from(["exclusive", "shared", "observe"]),
        "active": st.booleans(),
        "within": SPANS,
        "min_grade": st.sampled_from(["A", "C+"]),
        "min_score": st.sampled_from([0.5, 0.9]),
        "trust": st.integers(0, 3),
        "weight": st.sampled_from([0.5, 2]),
        "name": st.sampled_from(["one", "two"]),
    },
)
COUNTS = st.fixed_dictionaries(
    {"min": st.integers(0, 1), "from": SELECTORS},
    optional={"max": st.integers(1, 3), "distinct": st.sampled_from(["achievement", "issuer", "subject", "term"])},
)
SUMS = st.fixed_dictionaries(
    {"min": st.integers(0, 9), "from": SELECTORS},
    optional={
        "of": st.sampled_from(["credits", "ceu", "years", "hours", "points"]),
        "max_from": st.lists(
            st.fixed_dictionaries({"max": st.integers(9, 12), "from": CONDITIONS}), min_size=1, max_size=2
        ),
        "distinct": st.just({"by": "subject", "min": 2}),
    },
)
LEAVES: st.SearchStrategy[Rule] = st.one_of(
    SELECTORS.map(lambda selector: {"award": selector}),
    COUNTS.map(lambda count: {"count": count}),
    SUMS.map(lambda total: {"sum": total}),
    st.builds(
        lambda of, selector: {"avg": {"of": of, "min": 0.7, "from": selector}},
        st.sampled_from(["grade", "score"]),
        SELECTORS,
    ),
    st.builds(lambda selector: {"last": {"credits": 4, "all": selector}}, SELECTORS),
    st.just({"stack": "inner"}),
)


def _with_modifiers(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.builds(lambda rule, modifiers: {**modifiers, **rule}, rules, MODIFIERS)


def _groups(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(inner, min_size=1, max_size=3)
    return _with_modifiers(
        st.one_of(
            several.map(lambda rules: {"all": rules}),
            several.map(lambda rules: {"any": rules}),
            several.map(lambda rules: {"seq": rules}),
            several.map(lambda rules: {"n_of": {"n": len(rules) - 1, "of": rules}}),
            st.builds(lambda one, other: {"if": {"goal": "s", "then": one, "else": other}}, inner, inner),
        )
    )


def _watching(rule: Rule) -> Rule:
    """The rule beside two that depend on what it claims."""
    return {
        "all": [
            {**rule, "name": "watched"},
            {"count": {"min": 1, "max": 2, "from": {"type": "course"}}, "from_claimed": "watched"},
            {"count": {"min": 1, "from": NAMES}, "overlap": {"with": "watched", "max": 1}},
        ]
    }


TREES = st.recursive(_with_modifiers(LEAVES), _groups, max_leaves=6)
RULES = st.one_of(TREES, TREES.map(_watching))
RENEWALS = st.fixed_dictionaries(
    {"period": SPANS},
    optional={
        "window": SPANS,
        "must_be_active": st.booleans(),
        "requires": _with_modifiers(
            st.one_of(SELECTORS.map(lambda one: {"award": one}), SUMS.map(lambda one: {"sum": one}))
        ),
        "extends": SPANS,
        "cascades_to": st.just(["inner", "d"]),
        "if_missed": st.just("re-earn"),
    },
)
STACKS = st.fixed_dictionaries(
    {"requires": RULES},
    optional={
        "status": st.sampled_from(["earned_once", "derived_from_parts"]),
        "where": CONDITIONS,
        "renewal": RENEWALS,
        "awards": st.just("d"),
        "catalog_rule": st.sampled_from(["at_start", "at_award", "best_of"]),
    },
)
EQUIVALENCES = st.lists(
    st.fixed_dictionaries(
        {
            "from": IDS,
            "to": st.lists(IDS.map(lambda name: {"achievement": name, "credits": 3}), min_size=1, max_size=2),
        },
        optional={"one_use": st.booleans(), "min_score": st.just(0.5), "end": st.just("2025-06-03")},
    ),
    max_size=2,
)
CATALOGS = st.fixed_dictionaries(
    {
        "stacks": st.builds(
            lambda stack, other, inner: [
                {**stack, "id": "s", "version": "1", "effective": {"to": "2025-06-02"}},
                {**other, "id": "s", "version": "2", "effective": {"from": "2025-06-03"}},
                {**inner, "id": "inner", "requires": {"all": [{"award": "a", "active": True}, {"award": "b"}]}},
            ],
            STACKS,
            STACKS,
            STACKS,
        ),
        "equivalences": EQUIVALENCES,
    }
)

HELD: st.SearchStrategy[Held] = st.builds(
    lambda name, number, on, life, more: held(
        name, number=number, on=on, until=None if life is None else on + life, **more
    ),
    IDS,
    st.sampled_from(["1", "2"]),
    DAYS,
    st.sampled_from([None, 1, 5, 20]),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["course", "exam", None]), "trust": st.integers(0, 4)},
        optional={
            "level": st.sampled_from([100, 200]),
            "tags": st.just(("it",)),
            "subject": st.sampled_from(["x", "y"]),
            "term": st.sampled_from(["1", "2"]),
            "grade": st.sampled_from(["A", "C", "F", "?"]),
            "score": st.sampled_from([0.5, 1.0]),
            "credits": st.sampled_from([2.0, 3.0]),
            "unit": st.sampled_from(["semester_hour", "ceu", "year"]),
            "revoked_at": DAYS.map(day),
        },
    ),
)
EXCEPTIONS = st.lists(
    st.builds(
        lambda kind, rule, name, least, on: Excepted("s", kind, rule, name, least, "R", "why", day(on)),
        st.sampled_from(["waive", "substitute", "also_allow", "apply_here", "change_min", "block"]),
        st.sampled_from(["one", "two", "/all/0", None]),
        st.sampled_from([*NAMES, None]),
        st.sampled_from([0.0, 1.0, 2.5, None]),
        DAYS,
    ),
    max_size=2,
)
ENROLMENTS = st.lists(
    st.builds(lambda version, on: Enrolled("s", version, day(on)), st.sampled_from([None, "1", "9"]), DAYS), max_size=1
)
FACTS: st.SearchStrategy[Facts] = st.builds(
    lambda awards, decisions, enrolments: facts(*awards, exceptions=tuple(decisions), enrolments=tuple(enrolments)),
    st.lists(HELD, max_size=6, unique_by=lambda one: one.key),
    EXCEPTIONS,
    ENROLMENTS,
)
