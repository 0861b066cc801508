"""CTDL Pathways in and out, with all that cannot be carried told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.core.ctdl import NotAPathwayError, exported, imported
from services.core.stacks import compile_texts
from services.offline.catalog_command import check, export_ctdl, import_ctdl
from tests.builders.stacks import catalog, held, judged, stack

BASE = "https://registry.example.org/resources/"


def _component(name: str, kind: str = "Course", **members: Any) -> dict[str, Any]:
    own = {f"ceterms:{key}": value for key, value in members.items()}
    return {"@id": BASE + name, "@type": f"ceterms:{kind}Component", "ceterms:name": {"en-US": name}, **own}


def _condition(*targets: str, operator: str | None = None, number: int | None = None, **members: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@type": "ceterms:ComponentCondition",
        "ceterms:targetComponent": [BASE + one for one in targets],
    }
    if operator is not None:
        made["ceterms:logicalOperator"] = f"logicOp:{operator}"
    if number is not None:
        made["ceterms:requiredNumber"] = number
    return made | {f"ceterms:{key}": value for key, value in members.items()}


def _pathway(*nodes: dict[str, Any], conditions: list[Any] | None = None, **members: Any) -> dict[str, Any]:
    """A document whose destination "goal" has these conditions."""
    root = {"@id": BASE + "path", "@type": "ceterms:Pathway", "ceterms:name": {"de": "Weg", "en": "Path"}}
    root |= {"ceterms:hasDestinationComponent": BASE + "goal", **members}
    goal = _component("goal", "Credential", proxyFor="urn:degree", hasCondition=conditions or [])
    return {"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": [root, goal, *nodes]}


def _requires(document: dict[str, Any]) -> Any:
    return imported(document)[0]["stacks"][0]["requires"]


A, B, C = (BASE + name for name in "abc")
PARTS = [_component(name) for name in "abc"]


@pytest.mark.parametrize(
    "condition, rule",
    [
        (_condition("a", "b"), {"all": [{"award": A}, {"award": B}]}),
        (_condition("a", "b", operator="And"), {"all": [{"award": A}, {"award": B}]}),
        (_condition("a", "b", operator="Or"), {"any": [{"award": A}, {"award": B}]}),
        (_condition("a", "b", number=1), {"any": [{"award": A}, {"award": B}]}),
        (_condition("a", "b", "c", number=2), {"n_of": {"n": 2, "of": [{"award": A}, {"award": B}, {"award": C}]}}),
        (_condition("a", "b", operator="OnlyOne"), {"n_of": {"n": 1, "max": 1, "of": [{"award": A}, {"award": B}]}}),
        (
            _condition("a", operator="And", hasCondition=[_condition("b", "c", number=1, name="choice")]),
            {"all": [{"award": A}, {"any": [{"award": B}, {"award": C}], "name": "choice"}]},
        ),
    ],
)
def test_conditions_become_rules(condition: dict[str, Any], rule: dict[str, Any]) -> None:
    """By operator and required number, nested as deep as they are. CTDL: ceterms:ComponentCondition."""
    document, lost = imported(_pathway(*PARTS, conditions=[condition]))
    assert document["stacks"][0]["requires"] == rule
    assert lost == ()


def test_the_destination_is_what_the_stack_awards() -> None:
    """Its proxy, with names in English where there are several, and every component an achievement."""
    document, _ = imported(_pathway(*PARTS, conditions=[_condition("a")]))
    found = document["stacks"][0]
    assert (found["id"], found["title"], found["awards"]) == (BASE + "path", "Path", "urn:degree")
    assert document["achievements"][1] == {"id": A, "name": "a", "type": "course"}
    compile_texts({"catalog.json": json.dumps(document)})


def test_children_stand_where_there_are_no_conditions() -> None:
    """All parts of the pathway but the destination."""
    parts = {"ceasn:hasPart": [BASE + "goal", A, B]}
    assert _requires(_pathway(*PARTS, **parts)) == {"all": [{"award": A}, {"award": B}]}


def test_a_prerequisite_must_come_before() -> None:
    """An order that is only suggested is told as lost."""
    exam = _component("exam", "Assessment", prerequisite=[A], precededBy=[B])
    document, lost = imported(_pathway(*PARTS, exam, conditions=[_condition("exam")]))
    assert document["stacks"][0]["requires"] == {"seq": [{"award": A}, {"award": BASE + "exam"}]}
    assert [(one.where, one.what) for one in lost] == [(BASE + "exam", "ceterms:precededBy")]


def test_a_sum_of_credits_is_carried_and_no_other_constraint() -> None:
    """Greater than or equal, of creditValue; the rest is told."""
    valued = _component("a", creditValue=[{"schema:value": 3, "ceterms:creditUnitType": "creditUnit:SemesterHours"}])
    least = {
        "ceterms:leftSource": ["ceterms:creditValue"],
        "ceterms:comparator": "compare:GreaterThanOrEqualTo",
        "ceterms:rightSource": ["3"],
    }
    odd = {"ceterms:name": "grades", "ceterms:comparator": "compare:LessThan"}
    document, lost = imported(
        _pathway(valued, *PARTS[1:], conditions=[_condition("a", "b", hasConstraint=[least, odd])])
    )
    assert document["stacks"][0]["requires"] == {"sum": {"of": "credits", "min": 3, "from": [A, B]}}
    assert document["achievements"][1]["credits"] == {"value": 3, "unit": "semester_hour"}
    assert [one.what for one in lost] == ["constraint grades"]


def test_whatever_is_not_carried_is_told() -> None:
    """Unknown members, components that are missing or that turn in a circle, numbers that are too high."""
    turning = _component("b", hasCondition=[_condition("b")])
    conditions = [_condition("a", "b", "nowhere", number=7)]
    document, lost = imported(_pathway(PARTS[0] | {"ceterms:industryType": ["x"]}, turning, conditions=conditions))
    assert {(one.where, one.what) for one in lost} == {
        (A, "ceterms:industryType"),
        (BASE + "nowhere", "component"),
        (B, "component"),
        (BASE + "goal", "requiredNumber 7"),
    }
    assert document["stacks"][0]["requires"] == {"all": [{"award": A}, {"award": B}]}


@pytest.mark.parametrize(
    "document", [{}, [], {"@type": "ceterms:Pathway"}, {"@id": "p", "@type": "ceterms:Pathway"}, _pathway()]
)
def test_what_is_no_pathway_is_refused(document: Any) -> None:
    """Without a pathway, a destination in the document, or anything that it asks."""
    with pytest.raises(NotAPathwayError):
        imported(document)


RULE: dict[str, Any] = {
    "all": [
        {"award": "a"},
        {"any": [{"award": "b"}, {"award": "c"}]},
        {"n_of": {"n": 2, "of": [{"award": "d"}, {"award": "e"}, {"award": "f"}]}, "name": "two"},
        {"n_of": {"n": 1, "max": 1, "of": [{"award": "g"}, {"award": "h"}]}},
        {"sum": {"of": "credits", "min": 6, "from": ["i", "j"]}},
    ]
}
COMPILED = catalog(
    stack(RULE, title="Stack", awards="degree", source="https://example.org"),
    achievements=[{"id": name, "name": name, "type": "course"} for name in "abcdefghij"] + [{"id": "degree"}],
)


def test_what_goes_out_comes_back() -> None:
    """Names, rules and what is awarded, for all that both forms can say."""
    document, lost = exported(COMPILED.stack("s").document, COMPILED)
    assert lost == ()
    back, lost_again = imported(document)
    assert lost_again == ()
    found = back["stacks"][0]
    assert (found["id"], found["title"], found["awards"], found["source"]) == (
        "s",
        "Stack",
        "degree",
        "https://example.org",
    )
    assert found["requires"] == RULE
    assert exported(COMPILED.stack("s").document, COMPILED)[0] == document


def test_what_a_pathway_cannot_say_is_told_with_its_place() -> None:
    """Modifiers, selectors by fields, order, averages, renewal."""
    compiled = catalog(
        stack(
            {
                "seq": [
                    {"award": "a", "active": True},
                    {"award": {"type": "course"}},
                    {"avg": {"of": "grade", "min": 2, "from": "a"}},
                    {"count": {"min": 2, "from": ["a", "b"]}},
                ]
            },
            renewal={"period": "P1Y"},
        )
    )
    document, lost = exported(compiled.stack("s").document, compiled)
    assert [(one.where, one.what) for one in lost] == [
        ("", "renewal"),
        ("/requires", "seq"),
        ("/requires/seq/0/active", "active"),
        ("/requires/seq/1/award", "selector by fields"),
        ("/requires/seq/2", "avg"),
    ]
    assert _requires(document)["all"][0] == {"award": "a"}


def test_a_nested_stack_is_the_credential_that_it_awards() -> None:
    """The pathway of the higher stack has a component that stands for it."""
    compiled = catalog(
        stack({"all": [{"stack": "inner"}, {"award": "x"}]}), stack({"award": "y"}, "inner", awards="cert")
    )
    document, _ = exported(compiled.stack("s").document, compiled)
    assert _requires(document) == {"all": [{"award": "cert"}, {"award": "x"}]}


def test_an_imported_pathway_is_judged_like_any_stack() -> None:
    """From the registry's form to a worker's progress."""
    document, _ = imported(_pathway(*PARTS, conditions=[_condition("a", "b", "c", number=2)]))
    compiled = compile_texts({"catalog.json": json.dumps(document)})
    assert judged(compiled, held(A), stack_id=BASE + "path").progress == 0.5


def test_the_commands_import_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in, a catalog that has no faults out, and back."""
    (tmp_path / "pathway.json").write_text(json.dumps(_pathway(*PARTS, conditions=[_condition("a", "b")])))
    assert import_ctdl(tmp_path / "pathway.json") == 0
    (tmp_path / "catalog.json").write_text(capsys.readouterr().out)
    assert check(tmp_path / "catalog.json") == 0
    capsys.readouterr()
    assert export_ctdl(tmp_path / "catalog.json", stack=BASE + "path") == 0
    assert _requires(json.loads(capsys.readouterr().out)) == {"all": [{"award": A}, {"award": B}]}
    assert export_ctdl(tmp_path / "catalog.json", stack="nowhere") == 2
    assert import_ctdl(tmp_path / "nowhere.json") == 2


def test_all_that_must_be_met_and_a_number_of_them_is_told() -> None:
    """And asks for all; a smaller number beside it is not carried."""
    document = _pathway(_component("a"), _component("b"), conditions=[_condition("a", "b", operator="And", number=1)])
    catalog, lost = imported(document)
    assert catalog["stacks"][0]["requires"] == {"all": [{"award": BASE + "a"}, {"award": BASE + "b"}]}
    assert [(one.where, one.what) for one in lost] == [(BASE + "goal", "requiredNumber 1")]
