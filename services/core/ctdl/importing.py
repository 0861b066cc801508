"""From a CTDL Pathway to a stack.

A pathway's destination component is what the stack awards, and its conditions are what the stack requires. A component
is an award of what it stands for; one that has conditions of its own is that award or those conditions. `prerequisite`
is an order that must be kept, `precededBy` and `precedes` one that is only suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.core.ctdl.lost import Lost
from services.core.ctdl.nodes import OURS, Node, concept, graph, member, of_type, references, several, text, types

TYPES = {
    "AssessmentComponent": "exam",
    "BasicComponent": "task",
    "CocurricularComponent": "activity",
    "CompetencyComponent": "competency",
    "CourseComponent": "course",
    "CredentialComponent": "credential",
    "ExtracurricularComponent": "activity",
    "JobComponent": "job",
    "WorkExperienceComponent": "experience",
}
CARRIED = frozenset(
    {
        "@id", "@type", "@context", "@graph", "ctid", "name", "description", "inLanguage", "subjectWebpage", "hasPart",
        "isPartOf", "hasChild", "isChildOf", "hasDestinationComponent", "isDestinationComponentOf", "hasCondition",
        "prerequisite", "proxyFor", "proxyForList", "creditValue", "targetComponent", "requiredNumber",
        "logicalOperator", "hasConstraint", "requiredConstraints", "sourceData",
    }
)  # fmt: skip
"""Members that are carried, or say nothing that a stack is judged by."""
UNITS = {
    "semesterhours": "semester_hour",
    "quarterhours": "quarter_hour",
    "ceu": "ceu",
    "ects": "ects",
    "clockhours": "hour",
}
AT_LEAST = frozenset({"greaterthanorequalto", "gteq"})

Rule = dict[str, Any]


class NotAPathwayError(ValueError):
    """A document without a CTDL Pathway in it, or one whose destination is not there."""


def imported(document: Any) -> tuple[dict[str, Any], tuple[Lost, ...]]:
    """A catalog document with a stack for every pathway of a JSON-LD document, and what could not be carried.

    Raises: NotAPathwayError.
    """
    nodes = graph(document)
    pathways = of_type(nodes, "Pathway")
    if not pathways:
        raise NotAPathwayError("there is no ceterms:Pathway in the document")
    reader = _Reader(nodes)
    stacks = [reader.stack(name) for name in pathways]
    return {"achievements": list(reader.achievements.values()), "stacks": stacks}, tuple(dict.fromkeys(reader.lost))


@dataclass(slots=True)
class _Reader:
    """Reads the nodes of one graph, noting achievements and losses on the way."""

    nodes: Mapping[str, Node]
    achievements: dict[str, dict[str, Any]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    underway: set[str] = field(default_factory=set)

    def stack(self, name: str) -> dict[str, Any]:
        """The stack of a pathway."""
        pathway = self.nodes[name]
        self._note_unknown(pathway, name)
        destination = self._destination(pathway, name)
        component = self.nodes[destination]
        self._note_unknown(component, destination)
        awarded = self._achievement(component, destination)
        requires = self._of_conditions(component, destination) or self._of_children(component, pathway, destination)
        if requires is None:
            raise NotAPathwayError(f"{destination} has neither conditions nor children, so the pathway asks nothing")
        found = {
            "id": name.removeprefix(OURS),
            "title": text(member(pathway, "name")),
            "awards": awarded,
            "requires": requires,
        }
        source = text(member(pathway, "subjectWebpage"))
        return {key: value for key, value in {**found, "source": source or name}.items() if value is not None}

    def _destination(self, pathway: Node, name: str) -> str:
        found = references(pathway, "hasDestinationComponent")
        found += [one for one, node in self.nodes.items() if name in references(node, "isDestinationComponentOf")]
        known = [one for one in dict.fromkeys(found) if one in self.nodes]
        if not known:
            raise NotAPathwayError(f"{name} has no destination component in the document")
        for other in known[1:]:
            self.lost.append(Lost(name, f"destination {other}", "a stack has one"))
        return known[0]

    def _component(self, name: str) -> Rule | None:
        """What a component asks: its award, or its conditions, after what must come before it."""
        node = self.nodes.get(name)
        if node is None:
            self.lost.append(Lost(name, "component", "it is not in the document"))
            return None
        if name in self.underway:
            self.lost.append(Lost(name, "component", "it is a condition of itself"))
            return None
        self.underway.add(name)
        self._note_unknown(node, name)
        ids = [self._achievement(node, name), *self._others(node)]
        award: Rule = {"award": ids[0] if len(ids) == 1 else ids}
        conditions = self._of_conditions(node, name)
        rule = award if conditions is None else {"any": [award, conditions]}
        before = [one for one in map(self._component, references(node, "prerequisite")) if one is not None]
        self.underway.discard(name)
        return rule if not before else {"seq": [_all(before), rule]}

    def _of_conditions(self, node: Node, name: str) -> Rule | None:
        rules = [self._condition(one, name) for one in self._conditions(node)]
        met = [rule for rule in rules if rule is not None]
        return _all(met) if met else None

    def _conditions(self, node: Node) -> Iterator[Node]:
        for one in several(member(node, "hasCondition")):
            found = self.nodes.get(one) if isinstance(one, str) else one
            if isinstance(found, Mapping):
                yield self.nodes.get(str(found.get("@id")), found)

    def _condition(self, node: Node, where: str) -> Rule | None:
        name = str(node.get("@id") or id(node))
        if name in self.underway:
            self.lost.append(Lost(where, "condition", "it is a condition of itself"))
            return None
        self.underway.add(name)
        rule = self._rule_of(node, where)
        self.underway.discard(name)
        return rule

    def _rule_of(self, node: Node, where: str) -> Rule | None:
        """The rule of a condition: its sums of credits, else its components and inner conditions."""
        self._note_unknown(node, where)
        components = references(node, "targetComponent")
        constraints = [self._constraint(one, components, where) for one in several(member(node, "hasConstraint"))]
        summed = [one for one in constraints if one is not None]
        if summed:
            return _all(summed)
        rules = [one for one in map(self._component, components) if one is not None]
        rules += [one for one in (self._condition(inner, where) for inner in self._conditions(node)) if one is not None]
        if not rules:
            return None
        rule = self._combined(node, rules, where)
        name = text(member(node, "name"))
        return rule if name is None else {**rule, "name": name}

    def _combined(self, node: Node, rules: Sequence[Rule], where: str) -> Rule:
        """The rules under the condition's operator and required number."""
        operator, number = concept(member(node, "logicalOperator")).lower(), member(node, "requiredNumber")
        wanted = number if isinstance(number, int) and not isinstance(number, bool) else None
        if wanted is not None and wanted < 0:
            self.lost.append(Lost(where, f"requiredNumber {wanted}", "fewer than none cannot be asked for"))
            wanted = None
        if operator == "onlyone":
            return {"n_of": {"n": 1, "max": 1, "of": list(rules)}}
        if operator not in {"", "and", "or"}:
            self.lost.append(Lost(where, f"logicalOperator {operator}", "it is none of And, Or, OnlyOne"))
        if operator == "and" or (not wanted and operator != "or"):
            if wanted not in {None, 0, len(rules)}:
                self.lost.append(Lost(where, f"requiredNumber {wanted}", f"And asks for all {len(rules)}"))
            return _all(rules)
        wanted = wanted or 1
        if wanted > len(rules):
            self.lost.append(Lost(where, f"requiredNumber {wanted}", f"there are only {len(rules)} to choose from"))
            wanted = len(rules)
        if wanted == len(rules):
            return _all(rules)
        return {"any": list(rules)} if wanted == 1 else {"n_of": {"n": wanted, "of": list(rules)}}

    def _constraint(self, node: Any, components: Sequence[str], where: str) -> Rule | None:
        """A constraint that asks for so much credit of the components, as a sum; any other is lost."""
        if isinstance(node, Mapping) and concept(member(node, "comparator")).lower() in AT_LEAST:
            about = [concept(one) for one in several(member(node, "leftSource"))]
            amount = _number(member(node, "rightSource"))
            if about == ["creditValue"] and amount is not None and components:
                ids = [self._achievement(self.nodes[one], one) for one in components if one in self.nodes]
                return {"sum": {"of": "credits", "min": amount, "from": ids}}
        name = text(member(node, "name")) if isinstance(node, Mapping) else None
        self.lost.append(Lost(where, f"constraint {name or ''}".strip(), "only sums of creditValue can be carried"))
        return None

    def _of_children(self, component: Node, pathway: Node, name: str) -> Rule | None:
        """All children, where nothing else is said."""
        children = (
            references(component, "hasChild") or references(pathway, "hasPart") or references(pathway, "hasChild")
        )
        rules = [self._component(one) for one in children if one != name]
        met = [rule for rule in rules if rule is not None]
        return _all(met) if met else None

    def _achievement(self, node: Node, name: str) -> str:
        achievement = (references(node, "proxyFor") + references(node, "proxyForList") + [name])[0]
        kind = next((TYPES[one] for one in types(node) if one in TYPES), None)
        found = {
            "id": achievement,
            "name": text(member(node, "name")),
            "type": kind,
            "credits": self._credits(node, name),
        }
        self.achievements.setdefault(achievement, {key: value for key, value in found.items() if value is not None})
        return achievement

    def _others(self, node: Node) -> list[str]:
        """The other things that a component stands for."""
        others = (references(node, "proxyFor") + references(node, "proxyForList"))[1:]
        for other in others:
            self.achievements.setdefault(other, {"id": other})
        return list(dict.fromkeys(others))

    def _credits(self, node: Node, name: str) -> dict[str, Any] | None:
        for profile in several(member(node, "creditValue")):
            amount = _number(member(profile, "value")) if isinstance(profile, Mapping) else None
            unit = UNITS.get(concept(member(profile, "creditUnitType")).lower()) if amount is not None else None
            if unit is not None:
                return {"value": amount, "unit": unit}
            self.lost.append(Lost(name, "creditValue", "its amount or unit is none that stacks know"))
        return None

    def _note_unknown(self, node: Node, where: str) -> None:
        for key in node:
            bare = key.partition(":")[2] if ":" in key else key
            if bare not in CARRIED and node[key] not in (None, [], "", {}):
                self.lost.append(Lost(where, key, "stacks have no such member"))


def _all(rules: Sequence[Rule]) -> Rule:
    return rules[0] if len(rules) == 1 else {"all": list(rules)}


def _number(value: Any) -> float | None:
    for one in several(value):
        try:
            return float(one)
        except (TypeError, ValueError):
            continue
    return None
