"""The catalog: issuers, achievements, grade scales, equivalences and stacks. What a registrar writes, in YAML or JSON.

A catalog is one document or several that are merged; it is checked as a whole and replaced as a whole. The JSON form
that travels on `stepwell.catalog.v1` is `catalog_json`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from schemas.meaning import Meaning
from schemas.moments import Duration, End, Start
from schemas.rules import Amount, Rule
from schemas.selectors import Selector
from schemas.values import Closed, Credits, CreditUnit, Identifier, Label, Level, Text


def _version_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Version = Annotated[
    Identifier,
    BeforeValidator(_version_text, json_schema_input_type=Identifier | float),
]
"""A version's name; a bare number is taken as its text."""


class Issuer(Closed):
    """Who stands behind achievements."""

    id: Identifier
    name: Label | None = None
    url: Identifier | None = None
    did: Identifier | None = None
    country: Label | None = None
    """Country or region that it is in, such as US or EU."""
    accreditation: tuple[JsonValue, ...] = ()


class Offered(Closed):
    """An achievement that can be earned, with what advice and reports need to know of it."""

    id: Identifier
    name: Label | None = None
    type: Label | None = None
    issuer: Identifier | None = None
    level: Level | None = None
    tags: tuple[Label, ...] = ()
    skills: tuple[Identifier, ...] = ()
    subject: Label | None = None
    credits: Credits | None = None
    hours: Amount | None = None
    cost: JsonValue = None
    meaning: Meaning = Meaning()
    """What it stands for, as its issuer publishes it; see `schemas.meaning`."""


class Counterpart(Closed):
    """What an award is worth elsewhere: an achievement, with the credits, level and tags it has there."""

    achievement: Identifier
    credits: Amount | Credits | None = None
    level: Level | None = None
    tags: tuple[Label, ...] = ()


class Equivalence(Closed):
    """An award that matches `from` also stands for every achievement of `to`, if it was earned from `start` to `end`.

    With `one_use` an award serves either as what it is or as what one equivalence makes of it, not as both.
    """

    from_: Annotated[Selector, Field(alias="from")]
    to: Annotated[tuple[Counterpart, ...], Field(min_length=1)]
    start: Start | None = None
    end: End | None = None
    min_score: float | None = None
    authority: Label | None = None
    one_use: bool = True
    source: Label | None = None


class Conversion(Closed):
    """One unit of `from` is `rate` units of `to`. Nothing is converted that no catalog declares."""

    from_: Annotated[CreditUnit, Field(alias="from")]
    to: CreditUnit
    rate: Annotated[float, Field(gt=0)]


class Mapping(Closed):
    """What an activity, course or badge class of another system is here: `achievement`.

    Which it is, exactly one of these says: `id` the very id, `prefix` what its id begins with, `template` an id with
    `{name}` for a part without slash, `pattern` a regular expression that the whole id must match. `dialect` and
    `source` narrow it to what comes in that dialect, or from that source.
    """

    dialect: Label | None = None
    source: Identifier | None = None
    id: Identifier | None = None
    prefix: Identifier | None = None
    template: Identifier | None = None
    pattern: Identifier | None = None
    achievement: Identifier
    pass_mark: Annotated[float, Field(ge=0, le=1)] | None = None
    """Scaled score (0 to 1) from which an attempt counts, in place of what its source says of its success."""
    any_attempt: bool = False
    """Whether having made an attempt is enough, whatever came of it."""
    credits: Credits | None = None
    """What it is worth, in place of what the record says."""

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        given = [self.id, self.prefix, self.template, self.pattern]
        if len(given) - given.count(None) != 1:
            raise ValueError("give exactly one of id, prefix, template, pattern")
        if self.any_attempt and self.pass_mark is not None:
            raise ValueError("give pass_mark or any_attempt, not both: with any_attempt every score counts")
        return self


class Effective(Closed):
    """When a version of a stack is in force."""

    from_: Annotated[Start | None, Field(alias="from")] = None
    to: End | None = None


class Renewal(Closed):
    """How a completed stack stays valid: for `period`, and again when `requires` is met before it ends.

    Evidence counts from `window` before the end on. A renewal adds `extends` (default: `period`) to the old end, and
    does the same for the stacks and achievements of `cascades_to`.
    """

    period: Duration
    window: Duration | None = None
    must_be_active: bool = False
    requires: Rule | None = None
    extends: Duration | None = None
    cascades_to: tuple[Identifier, ...] = ()
    if_missed: Label | None = None


CatalogRule = Literal["at_start", "at_award", "best_of"]
StackStatus = Literal["earned_once", "derived_from_parts"]


class Stack(Closed):
    """Achievements and stacks that together earn a larger achievement."""

    id: Identifier
    version: Version = "1"
    title: Label | None = None
    effective: Effective | None = None
    catalog_rule: CatalogRule = "at_award"
    awards: Identifier | None = None
    level: Level | None = None
    unit: CreditUnit = "semester_hour"
    status: StackStatus = "derived_from_parts"
    where: Selector | None = None
    requires: Rule
    renewal: Renewal | None = None
    source: Text | None = None
    rule_text: Text | None = None


Scale = Annotated[dict[Label, float], Field(min_length=1)]


class Catalog(Closed):
    """Everything that stacks are judged by."""

    id: Identifier = "default"
    issuers: tuple[Issuer, ...] = ()
    achievements: tuple[Offered, ...] = ()
    scales: dict[Label, Scale] = Field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    equivalences: tuple[Equivalence, ...] = ()
    mappings: tuple[Mapping, ...] = ()
    stacks: tuple[Stack, ...] = ()


def catalog_json(catalog: Catalog) -> bytes:
    """The catalog as it travels and is stored: only what was stated, under the names it was stated by."""
    return catalog.model_dump_json(by_alias=True, exclude_unset=True).encode()


def catalog_from_json(text: str | bytes) -> Catalog:
    """The catalog of `catalog_json`.

    Raises: pydantic.ValidationError.
    """
    return Catalog.model_validate_json(text)
