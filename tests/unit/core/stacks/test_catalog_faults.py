"""Every fault of a catalog, with its file and place, before anything is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.core.stacks import CatalogFaults, compile_texts
from services.core.stacks.load import doubtful


def _faults(document: Any, **more: Any) -> dict[str, str]:
    """Path -> reason of every fault."""
    texts = {"catalog.json": json.dumps(document)} | {name: json.dumps(text) for name, text in more.items()}
    with pytest.raises(CatalogFaults) as refusal:
        compile_texts(texts)
    return {fault.path: fault.reason for fault in refusal.value.faults}


def _stack(requires: Any, **more: Any) -> dict[str, Any]:
    return {"stacks": [{"id": "s", "requires": requires, **more}]}


def test_all_faults_are_gathered_at_once() -> None:
    """Unknown stacks, too many of too few, bad dates and grades: one look tells them all."""
    rule = {
        "all": [
            {"stack": "nowhere"},
            {"n_of": {"n": 3, "of": [{"award": "a"}, {"award": "b"}]}},
            {"count": {"min": 3, "from": ["a", "b"]}},
            {"count": {"min": 3, "max": 2, "from": {"type": "course"}}},
            {"award": "a", "min_grade": "Z"},
            {"award": {"valid_from": {"gte": "2025-02-30"}}},
            {"award": {"trust": "high"}},
            {"award": {"level": {"has": 3}}},
            {"sum": {"min": 12, "from": "a", "max_from": [{"max": 6, "from": "a"}]}},
            {"award": "a", "from_claimed": "nobody"},
        ]
    }
    assert list(_faults(_stack(rule, effective={"from": "2026-01-01", "to": "2025-01-01"}))) == [
        "/stacks/0/effective",
        "/stacks/0/requires/all/0/stack",
        "/stacks/0/requires/all/1/n_of/n",
        "/stacks/0/requires/all/2/count/min",
        "/stacks/0/requires/all/3/count/max",
        "/stacks/0/requires/all/4/min_grade",
        "/stacks/0/requires/all/5/award/valid_from/gte",
        "/stacks/0/requires/all/6/award/trust",
        "/stacks/0/requires/all/7/award/level/has",
        "/stacks/0/requires/all/8/sum/max_from/0",
        "/stacks/0/requires/all/9/from_claimed",
    ]


def test_faults_of_shape_hide_no_others() -> None:
    """Members that do not fit are told with what is wrong with the rest, each in its place in the document."""
    document = {
        "stack": [],
        "achievements": [{"id": "a"}, {"id": "b", "levle": 3}, {"nme": "c"}],
        "stacks": [
            {"id": "s", "requires": {"all": [{"awrd": "a"}, {"award": ["a", 3, "nowhere"]}, {"stack": "t"}]}},
            {"id": "t"},
            {"id": "u", "requires": {"n_of": {"n": 3, "of": [{"award": "a"}, {"award": "b"}]}}, "version": True},
            {"id": "v", "requires": {"n_of": {"n": 2, "of": [{"award": "a"}, {"oward": "b"}]}}},
            {"id": "w", "requires": {"all": [{"stack": "w"}, {"award": "b", "within": "3Y"}]}},
        ],
    }
    assert list(_faults(document)) == [
        "/achievements/1/levle",
        "/achievements/2/id",
        "/achievements/2/nme",
        "/stack",
        "/stacks/0/requires/all/0/awrd",
        "/stacks/0/requires/all/1/award/1",
        "/stacks/0/requires/all/1/award/2",
        "/stacks/1/requires",
        "/stacks/2/requires/n_of/n",
        "/stacks/2/version",
        "/stacks/3/requires/n_of/of/1/oward",
        "/stacks/4/requires",
        "/stacks/4/requires/all/1/within",
    ]


@pytest.mark.parametrize(
    "rule, path, reason",
    [
        ({"al": [{"award": "a"}]}, "/stacks/0/requires/al", "unknown field"),
        ({"all": []}, "/stacks/0/requires/all", "at least 1 item"),
        ({"award": "a", "any": [{"award": "b"}]}, "/stacks/0/requires", "exactly one of"),
        ({"active": True}, "/stacks/0/requires", "exactly one of"),
        ({"award": {"typ": "x"}}, "/stacks/0/requires/award/typ", "unknown field"),
        ({"award": {"level": {"gt": 3}}}, "/stacks/0/requires/award/level/gt", "unknown field"),
        ({"award": []}, "/stacks/0/requires/award", "at least 1 item"),
        ({"award": 3}, "/stacks/0/requires/award", "object"),
        ({"award": "a", "within": "3 years"}, "/stacks/0/requires/within", "ISO 8601"),
        ({"award": "a", "min_score": 68}, "/stacks/0/requires/min_score", "less than or equal to 1"),
        ({"count": {"from": "a", "distinct": "day"}}, "/stacks/0/requires/count/distinct", "achievement"),
        ({"n_of": {"of": [{"award": "a"}]}}, "/stacks/0/requires/n_of/n", "needed"),
        ({"if": {"goal": "g"}}, "/stacks/0/requires/if/then", "needed"),
    ],
)
def test_a_rule_that_is_none_is_told_by_its_place(rule: Any, path: str, reason: str) -> None:
    """The path leads to the member that is wrong."""
    found = _faults(_stack(rule))
    assert reason in found[path]


@pytest.mark.parametrize(
    "selector, path",
    [
        ({"level": {"gte": 300, "lte": 200}}, "/level"),
        ({"grade": {"gte": "A", "lte": "B"}}, "/grade"),
        ({"all": ["a", {"achievement": ["b", "c"]}]}, ""),
    ],
)
def test_a_selector_that_can_match_nothing_is_a_fault(selector: Any, path: str) -> None:
    """Bounds that cross, ids that exclude one another."""
    assert list(_faults(_stack({"award": selector}))) == ["/stacks/0/requires/award" + path]


def test_stacks_in_a_circle_are_refused_on_each_of_them() -> None:
    """By nesting, and by counting what another awards."""
    nested = [
        {"id": "a", "requires": {"stack": "b"}},
        {"id": "b", "requires": {"all": [{"award": "x"}, {"stack": "c"}]}},
        {"id": "c", "requires": {"any": [{"stack": "a"}, {"award": "y"}]}},
    ]
    found = _faults({"stacks": nested})
    assert list(found) == ["/stacks/0/requires", "/stacks/1/requires", "/stacks/2/requires"]
    assert found["/stacks/0/requires"] == "stacks in a circle: a -> b -> c -> a"
    awarded = [
        {"id": "a", "awards": "x", "requires": {"award": "y"}},
        {"id": "b", "awards": "y", "requires": {"award": "x"}},
    ]
    assert list(_faults({"stacks": awarded})) == ["/stacks/0/requires", "/stacks/1/requires"]


def test_ids_must_be_known_where_achievements_are_declared() -> None:
    """Wherever a rule, an award or a cascade names one; without any declared, ids are free."""
    rule = {"all": [{"award": ["a", "b"]}, {"award": {"not": {"achievement": "c"}}}]}
    document = _stack(rule, awards="d") | {"achievements": [{"id": "a", "issuer": "i"}], "issuers": [{"id": "j"}]}
    assert list(_faults(document)) == [
        "/achievements/0/issuer",
        "/stacks/0/awards",
        "/stacks/0/requires/all/0/award/1",
        "/stacks/0/requires/all/1/award/not/achievement",
    ]
    compile_texts({"a.json": json.dumps(_stack(rule, awards="d"))})


def test_nothing_is_told_twice() -> None:
    """Achievements, issuers, and versions of a stack have one entry each; two versions are two."""
    document = {
        "issuers": [{"id": "i"}, {"id": "i"}],
        "achievements": [{"id": "a"}, {"id": "a"}],
        "stacks": [{"id": "s", "version": v, "requires": {"award": "a"}} for v in ("1", "2", 2)],
    }
    assert list(_faults(document)) == ["/achievements/1/id", "/issuers/1/id", "/stacks/2/id"]


def test_faults_of_a_folder_are_told_by_the_file_they_stand_in() -> None:
    """Files are merged into one catalog, and each fault is led back to its own."""
    with pytest.raises(CatalogFaults) as refusal:
        compile_texts(
            {
                "a.yaml": "stacks: [{id: s, requires: {award: x}}]",
                "b.yaml": "stacks: [{id: t, requires: {stack: s}}, {id: u, requires: {stack: nowhere}}]",
            }
        )
    assert [(fault.file, fault.path) for fault in refusal.value.faults] == [("b.yaml", "/stacks/1/requires/stack")]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("stacks: [", "not YAML"),
        ("- a\n- b", "mapping of sections"),
        ("stacks: []\nstacks: []", "twice"),
        ("stacks: !!python/object:os.system {}", "not YAML"),
        ("stacks: .nan", "not a plain document"),
    ],
)
def test_what_is_no_catalog_is_refused(text: str, reason: str) -> None:
    """Broken YAML, another shape, keys told twice, tags that make objects, numbers that are none."""
    with pytest.raises(CatalogFaults) as refusal:
        compile_texts({"a.yaml": text})
    assert reason in refusal.value.faults[0].reason


def test_json_is_held_to_the_same() -> None:
    """A key told twice is refused in JSON as well."""
    with pytest.raises(CatalogFaults, match="twice"):
        compile_texts({"a.json": '{"stacks": [], "stacks": []}'})


def test_yaml_keeps_dates_versions_and_words_as_they_are_written() -> None:
    """A date is not a time stamp of YAML's own, a number is a version's name, `no` is a word."""
    text = "stacks: [{id: no, version: 2026, effective: {from: 2026-01-01}, requires: {award: yes}}]"
    stack = compile_texts({"a.yaml": text}).stack("no")
    assert (stack.version, stack.document.requires.award) == ("2026", "yes")


def test_an_empty_catalog_compiles() -> None:
    """Nothing at all is a catalog without stacks."""
    assert compile_texts({"a.yaml": ""}).stacks == ()


COURSES = [
    {"id": name, "type": "course", "subject": "x", "credits": {"value": 3, "unit": "semester_hour"}} for name in "abc"
]


@pytest.mark.parametrize(
    "rule, place",
    [
        ({"award": {"achievement": "a", "type": "exam"}}, "/award"),
        ({"award": {"all": ["a", {"not": "a"}]}}, "/award"),
        ({"count": {"min": 3, "from": {"any": ["a", "b"]}}}, "/count/min"),
        ({"count": {"min": 3, "from": {"all": [["a", "b", "c"], {"achievement": ["a", "b"]}]}}}, "/count/min"),
        ({"avg": {"of": "grade", "min": 4.5, "from": "a"}}, "/avg/min"),
        ({"avg": {"of": "score", "min": 1.5, "from": "a"}}, "/avg/min"),
        ({"award": {"score": {"gte": 2}}}, "/award/score"),
        ({"award": {"trust": {"gte": 5}}}, "/award/trust"),
        ({"award": {"valid_from": {"gte": "2025-01-01", "lte": "2024-01-01"}}}, "/award/valid_from"),
    ],
)
def test_a_rule_that_can_never_be_met_is_a_fault(rule: dict[str, Any], place: str) -> None:
    """Whatever anybody earns: by what the rule says, and what the catalog says of the achievements that it names."""
    assert list(_faults({**_stack(rule), "achievements": COURSES})) == [f"/stacks/0/requires{place}"]


def test_what_the_catalog_leaves_open_is_no_fault() -> None:
    """A type that it does not state a record may, as may an equivalence; issuers are each award's own."""
    achievements = [{"id": "a"}, {"id": "b", "type": "course", "issuer": "i"}, {"id": "c", "type": "course"}]
    rules = [
        {"award": {"achievement": "a", "type": "exam"}},
        {"award": {"achievement": "b", "issuer": "j"}},
        {"award": {"achievement": "c", "type": "exam"}},
    ]
    equivalences = [{"from": "a", "to": [{"achievement": "c"}]}]
    document = {**_stack({"all": rules}), "achievements": achievements, "equivalences": equivalences}
    assert compile_texts({"catalog.json": json.dumps(document)}).stacks


@pytest.mark.parametrize(
    "rule, place",
    [
        ({"all": [{"award": "a"}, {"award": "a"}]}, "/all/1/award"),
        ({"seq": [{"award": "a"}, {"n_of": {"n": 1, "of": [{"award": "a"}]}}]}, "/seq/1/n_of/of/0/award"),
        ({"all": [{"count": {"min": 2, "from": ["a", "b"]}}, {"sum": {"min": 3, "from": ["a", "b"]}}]}, "/all/0/count"),
        ({"sum": {"min": 10, "from": ["a", "b", "c"]}}, "/sum/min"),
        ({"sum": {"min": 3, "from": ["a"], "max_from": [{"max": 2, "from": ["a", "b"]}]}}, "/sum/max_from"),
        ({"sum": {"min": 3, "from": ["a", "b"], "distinct": {"by": "subject", "min": 2}}}, "/sum/distinct/min"),
        ({"count": {"min": 2, "from": ["a", "b"], "distinct": "subject"}}, "/count/min"),
    ],
)
def test_what_is_likely_a_slip_is_a_doubt(rule: dict[str, Any], place: str) -> None:
    """It is told, and the catalog can be used."""
    texts = {"catalog.json": json.dumps({**_stack(rule), "achievements": COURSES})}
    assert compile_texts(texts).stacks
    assert [(doubt.file, doubt.path) for doubt in doubtful(texts)] == [("catalog.json", f"/stacks/0/requires{place}")]


def test_what_can_be_met_is_not_doubted() -> None:
    """Shared rules, choices, and what awards of an activity add up to."""
    rules = [
        {"award": "a"},
        {"award": "a", "claim": "shared"},
        {"any": [{"award": "a"}, {"award": "b"}]},
        {"sum": {"of": "years", "min": 50, "from": "c"}},
    ]
    assert doubtful({"catalog.json": json.dumps({**_stack({"all": rules}), "achievements": COURSES})}) == ()
