"""Selectors: which awards a rule looks at.

    SELECTOR: ID | [IDS] | {FIELD: CONDITION, ...} | {all: [...]} | {any: [...]} | {not: SELECTOR}
    CONDITION: value | [values] | {gte, lte, ne, has, prefix}

A value stands for "is", or for "contains" where the field holds several (`tags`, `skills`); a list for "is one of";
null for "is not stated". Members of one object must all hold, and so must the comparisons of one condition.
The unions' tags start with `~`, so that they can be told from the document's own keys in an error's location.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from schemas.values import Closed, Identifier

FieldName = Literal[
    "achievement",
    "issuer",
    "type",
    "level",
    "tags",
    "skills",
    "subject",
    "term",
    "trust",
    "grade",
    "score",
    "credits",
    "valid_from",
    "valid_until",
]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)
NUMBERS: frozenset[FieldName] = frozenset({"trust", "score", "credits"})
INSTANTS: frozenset[FieldName] = frozenset({"valid_from", "valid_until"})
SEVERAL: frozenset[FieldName] = frozenset({"tags", "skills"})

Scalar = Annotated[str | int | float | None, Field(union_mode="left_to_right")]
Values = Annotated[tuple[Scalar, ...], Field(min_length=1)]


def _shape_of_operand(value: Any) -> str:
    return "~several" if isinstance(value, list | tuple) else "~one"


Operand = Annotated[
    Annotated[Scalar, Tag("~one")] | Annotated[Values, Tag("~several")],
    Discriminator(_shape_of_operand),
]


class Comparison(Closed):
    """Comparisons that must all hold. `ne: null` asks that the field be stated at all."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    gte: str | int | float | None = None
    lte: str | int | float | None = None
    ne: Operand = None
    has: Operand = None
    prefix: str | None = None

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give at least one of gte, lte, ne, has, prefix")
        for name in self.model_fields_set - {"ne"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name} needs a value")
        return self


def _shape_of_condition(value: Any) -> str:
    if isinstance(value, dict | Comparison):
        return "~comparison"
    return _shape_of_operand(value)


Condition = Annotated[
    Annotated[Scalar, Tag("~one")] | Annotated[Values, Tag("~several")] | Annotated[Comparison, Tag("~comparison")],
    Discriminator(_shape_of_condition),
]


class Fields(Closed):
    """Conditions on an award's fields, and on other selectors; all must hold."""

    model_config = ConfigDict(serialize_by_alias=True, json_schema_extra={"minProperties": 1})

    achievement: Condition = None
    issuer: Condition = None
    type: Condition = None
    level: Condition = None
    tags: Condition = None
    skills: Condition = None
    subject: Condition = None
    term: Condition = None
    trust: Condition = None
    grade: Condition = None
    score: Condition = None
    credits: Condition = None
    valid_from: Condition = None
    valid_until: Condition = None
    all: Annotated[tuple[Selector, ...], Field(min_length=1)] | None = None
    any: Annotated[tuple[Selector, ...], Field(min_length=1)] | None = None
    not_: Annotated[Selector | None, Field(alias="not")] = None

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an empty selector: name a field, or all, any, not")
        for name in self.model_fields_set & {"all", "any", "not_"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name.rstrip('_')} needs a value")
        return self


def _shape_of_selector(value: Any) -> str:
    if isinstance(value, str):
        return "~id"
    return "~ids" if isinstance(value, list | tuple) else "~fields"


Selector = Annotated[
    Annotated[Identifier, Tag("~id")]
    | Annotated[tuple[Identifier, ...], Field(min_length=1), Tag("~ids")]
    | Annotated[Fields, Tag("~fields")],
    Discriminator(_shape_of_selector),
]
Fields.model_rebuild()
