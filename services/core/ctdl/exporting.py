"""From a stack to a CTDL Pathway.

Every achievement becomes a component that stands for it, the stack a destination component, and its groups conditions.
Ids are made from the stack's and the achievements' own, so that exporting again gives the same graph; never change how
they are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from schemas.catalog import Offered, Stack
from schemas.rules import Rule
from schemas.selectors import Selector
from services.core.ctdl.lost import Lost
from services.core.ctdl.nodes import OURS
from services.core.stacks import CompiledCatalog
from services.core.stacks.faults import pointer

NAMES = UUID("6f1c2f0e-63d1-5c0e-9a57-6d2f5f7d2b11")
CONTEXT = "https://credreg.net/ctdl/schema/context/json"
LANGUAGE = "en"
COMPONENTS = {
    "course": "ceterms:CourseComponent",
    "exam": "ceterms:AssessmentComponent",
    "assessment": "ceterms:AssessmentComponent",
    "experience": "ceterms:WorkExperienceComponent",
    "competency": "ceterms:CompetencyComponent",
    "job": "ceterms:JobComponent",
    "task": "ceterms:BasicComponent",
    "activity": "ceterms:CocurricularComponent",
}
CREDENTIAL = "ceterms:CredentialComponent"
UNITS = {
    "semester_hour": "creditUnit:SemesterHours",
    "quarter_hour": "creditUnit:QuarterHours",
    "ceu": "creditUnit:CEU",
    "ects": "creditUnit:ECTS",
    "hour": "creditUnit:ClockHours",
}
MODIFIERS = ("claim", "overlap", "from_claimed", "within", "active", "min_grade", "min_score", "trust", "weight")
NOT_CARRIED = ("effective", "catalog_rule", "where", "renewal", "level", "status")

Node = dict[str, Any]


def exported(stack: Stack, catalog: CompiledCatalog) -> tuple[dict[str, Any], tuple[Lost, ...]]:
    """A JSON-LD document with the stack as a pathway, and what could not be carried."""
    writer = _Writer(stack, catalog)
    return writer.document(), tuple(writer.lost)


@dataclass(slots=True)
class _Writer:
    """Writes one stack, gathering its components and losses."""

    stack: Stack
    catalog: CompiledCatalog
    components: dict[str, Node] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        """The whole graph."""
        pathway, destination = OURS + self.stack.id, self._id(self.stack.awards or self.stack.id)
        for name in NOT_CARRIED:
            if name in self.stack.model_fields_set:
                self.lost.append(Lost("", name, "a pathway has no such member"))
        condition = self._condition(self.stack.requires, ())
        goal = self._component(self.stack.awards or self.stack.id, CREDENTIAL)
        goal |= {
            "ceterms:isDestinationComponentOf": [pathway],
            "ceterms:hasCondition": [condition] if condition else [],
        }
        self.components.pop(destination, None)
        parts = [goal, *self.components.values()]
        root: Node = {
            "@id": pathway,
            "@type": "ceterms:Pathway",
            "ceterms:ctid": _ctid(pathway),
            "ceterms:name": {LANGUAGE: self.stack.title or self.stack.id},
            "ceterms:hasDestinationComponent": [destination],
            "ceterms:hasPart": [one["@id"] for one in parts],
        }
        if self.stack.source is not None:
            root["ceterms:subjectWebpage"] = self.stack.source
        return {"@context": CONTEXT, "@graph": [root, *parts]}

    def _condition(self, rule: Rule, steps: tuple[str | int, ...]) -> Node | None:
        """The condition that a rule is, or None when it cannot be carried."""
        self._note_modifiers(rule, steps)
        kind = rule.kind
        made: Node | None
        if kind in {"all", "any", "seq"}:
            rules = rule.part(kind)
            if kind == "seq":
                self._note(steps, "seq", "an order of rules can only be suggested; it is exported as all of them")
            made = self._group(
                rules, (*steps, kind), "Or" if kind == "any" else "And", 1 if kind == "any" else len(rules)
            )
        elif rule.n_of is not None:
            only = rule.n_of.n == 1 and rule.n_of.max == 1
            made = self._group(rule.n_of.of, (*steps, "n_of", "of"), "OnlyOne" if only else "Or", rule.n_of.n)
        else:
            made = self._leaf(rule, steps)
        if made is not None and rule.name is not None:
            made["ceterms:name"] = {LANGUAGE: rule.name}
        return made

    def _group(self, rules: Sequence[Rule], steps: tuple[str | int, ...], operator: str, number: int) -> Node:
        targets: list[str] = []
        inner: list[Node] = []
        for place, rule in enumerate(rules):
            single = self._single(rule, (*steps, place))
            if single is not None:
                targets.append(single)
                continue
            condition = self._condition(rule, (*steps, place))
            if condition is not None:
                inner.append(condition)
        return _condition_node(operator, number, targets, inner)

    def _single(self, rule: Rule, steps: tuple[str | int, ...]) -> str | None:
        """The component of a rule that asks for one achievement or stack; None for any other rule."""
        if isinstance(rule.award, str) and rule.name is None:
            self._note_modifiers(rule, steps)
            return str(self._component(rule.award)["@id"])
        if rule.stack is not None and rule.name is None:
            self._note_modifiers(rule, steps)
            return self._nested(rule.stack if isinstance(rule.stack, str) else rule.stack.id)
        return None

    def _nested(self, stack_id: str) -> str:
        document = self.catalog.stack(stack_id).document
        node = self._component(document.awards or document.id, CREDENTIAL)
        node.setdefault("ceterms:name", {LANGUAGE: document.title or document.id})
        return str(node["@id"])

    def _leaf(self, rule: Rule, steps: tuple[str | int, ...]) -> Node | None:
        if rule.stack is not None:
            return _condition_node(
                "And", 1, [self._nested(rule.stack if isinstance(rule.stack, str) else rule.stack.id)], []
            )
        if rule.award is not None:
            ids = _ids(rule.award)
            return self._of_ids(ids, 1, steps, "award")
        if rule.count is not None:
            if rule.count.distinct != "achievement" or rule.count.max is not None:
                self._note((*steps, "count"), "distinct, max", "a condition counts components only")
            return self._of_ids(_ids(rule.count.from_), rule.count.least, steps, "count")
        if rule.sum is not None and rule.sum.of == "credits" and not rule.sum.max_from and rule.sum.distinct is None:
            return self._sum(rule, steps)
        self._note(steps, rule.kind, "conditions have no such rule")
        return None

    def _of_ids(self, ids: Sequence[str] | None, number: int, steps: tuple[str | int, ...], kind: str) -> Node | None:
        if ids is None:
            self._note((*steps, kind), "selector by fields", "a condition names its components")
            return None
        return _condition_node("Or", number, [str(self._component(one)["@id"]) for one in ids], [])

    def _sum(self, rule: Rule, steps: tuple[str | int, ...]) -> Node | None:
        if rule.sum is None:
            return None
        ids = _ids(rule.sum.from_)
        made = self._of_ids(ids, 0, steps, "sum")
        if made is None:
            return None
        made.pop("ceterms:requiredNumber")
        made["ceterms:hasConstraint"] = [
            {
                "@type": "ceterms:Constraint",
                "ceterms:leftSource": ["ceterms:creditValue"],
                "ceterms:comparator": "compare:GreaterThanOrEqualTo",
                "ceterms:rightSource": [f"{rule.sum.min:g}"],
            }
        ]
        return made

    def _component(self, achievement: str, kind: str | None = None) -> Node:
        name = self._id(achievement)
        if name not in self.components:
            offered = self.catalog.achievements.get(achievement)
            self.components[name] = _component_node(name, achievement, offered, kind)
        return self.components[name]

    def _id(self, achievement: str) -> str:
        return f"urn:stepwell:component:{_ctid(self.stack.id + ' ' + achievement)}"

    def _note_modifiers(self, rule: Rule, steps: tuple[str | int, ...]) -> None:
        for name in MODIFIERS:
            if name in rule.model_fields_set:
                self._note((*steps, name), name, "conditions have no such modifier")

    def _note(self, steps: tuple[str | int, ...], what: str, why: str) -> None:
        self.lost.append(Lost(f"/requires{pointer(steps)}", what, why))


def _condition_node(operator: str, number: int, targets: Sequence[str], inner: Sequence[Node]) -> Node:
    made: Node = {"@type": "ceterms:ComponentCondition", "ceterms:logicalOperator": f"logicOp:{operator}"}
    made["ceterms:requiredNumber"] = number
    if targets:
        made["ceterms:targetComponent"] = list(targets)
    if inner:
        made["ceterms:hasCondition"] = list(inner)
    return made


def _component_node(name: str, achievement: str, offered: Offered | None, kind: str | None) -> Node:
    type_ = None if offered is None else offered.type
    made: Node = {
        "@id": name,
        "@type": kind or COMPONENTS.get(type_ or "", CREDENTIAL),
        "ceterms:ctid": name.rpartition(":")[2],
        "ceterms:name": {LANGUAGE: (offered.name if offered is not None else None) or achievement},
        "ceterms:proxyFor": achievement,
    }
    return made | dict(_credit_value(offered))


def _credit_value(offered: Offered | None) -> Iterator[tuple[str, Any]]:
    if offered is not None and offered.credits is not None and offered.credits.unit in UNITS:
        profile = {"schema:value": offered.credits.value, "ceterms:creditUnitType": UNITS[offered.credits.unit]}
        yield "ceterms:creditValue", [{"@type": "schema:ValueProfile", **profile}]


def _ids(selector: Selector) -> list[str] | None:
    if isinstance(selector, str):
        return [selector]
    return list(selector) if isinstance(selector, tuple) else None


def _ctid(name: str) -> str:
    return f"ce-{uuid5(NAMES, name)}"
