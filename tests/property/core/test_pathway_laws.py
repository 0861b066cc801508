"""Any JSON at all is a pathway that can be read, or is refused."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.ctdl import NotAPathwayError, imported
from services.core.stacks import compile_texts

IDS = st.sampled_from(["p", "g", "a", "b"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 9), st.floats(), IDS, st.sampled_from(["Or", "ceterms:Pathway", ""])
)
NAMES = st.sampled_from(
    [
        "@id", "@type", "ceterms:hasDestinationComponent", "ceterms:hasCondition", "ceterms:targetComponent",
        "ceterms:requiredNumber", "ceterms:logicalOperator", "ceterms:hasConstraint", "ceterms:prerequisite",
        "ceterms:name", "ceterms:proxyFor", "ceasn:hasChild", "ceterms:creditValue", "x",
    ]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
CONDITION = st.fixed_dictionaries(
    {"ceterms:targetComponent": st.lists(IDS, max_size=3)},
    optional={
        "@id": IDS,
        "ceterms:requiredNumber": st.integers(-1, 5),
        "ceterms:logicalOperator": st.sampled_from(["logicOp:And", "logicOp:Or", "logicOp:OnlyOne", "x"]),
        "ceterms:hasCondition": st.lists(IDS, max_size=2),
    },
)


def _component(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"@id": st.just(name), "@type": st.just("ceterms:CourseComponent")},
        optional={
            "ceterms:hasCondition": st.lists(CONDITION, max_size=2),
            "ceterms:prerequisite": st.lists(IDS, max_size=2),
            "ceterms:proxyFor": st.sampled_from(["urn:x", "urn:y"]),
            "ceasn:hasChild": st.lists(IDS, max_size=2),
        },
    )


GRAPHS = st.tuples(
    st.just({"@id": "p", "@type": "ceterms:Pathway", "ceterms:hasDestinationComponent": ["g"]}),
    *(_component(name) for name in "gab"),
).map(list)


@settings(max_examples=200, deadline=None)
@given(document=VALUES)
def test_any_document_is_read_or_refused(document: Any) -> None:
    """Not even JSON-LD."""
    with contextlib.suppress(NotAPathwayError):
        imported(document)


@settings(max_examples=200, deadline=None)
@given(graph=GRAPHS)
def test_what_is_read_is_a_catalog_without_faults(graph: list[Any]) -> None:
    """Circles, numbers out of range and missing parts are told as lost, and the rest compiles."""
    with contextlib.suppress(NotAPathwayError):
        document, _ = imported({"@graph": graph})
        compile_texts({"catalog.json": json.dumps(document)})
