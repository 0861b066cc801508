"""Rules: what a stack asks. One closed model whose members are the rule kinds, exactly one of them, and the modifiers.

    RULE: all | any | n_of | seq | award | count | sum | avg | last | stack | if, with modifiers beside it

A modifier on a group holds for every rule beneath it, unless the rule below says otherwise. `name`, `weight`,
`from_claimed` and `overlap` concern the rule that carries them alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from schemas.moments import Duration
from schemas.selectors import Selector
from schemas.values import Closed, Identifier, Label, Trust, exactly_one_of

RuleKind = Literal["all", "any", "n_of", "seq", "award", "count", "sum", "avg", "last", "stack", "if"]
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)
Claim = Literal["exclusive", "shared", "observe"]
Distinct = Literal["achievement", "issuer", "subject", "term"]
Quantity = Literal["credits", "hours", "ceu", "years", "points"]
Amount = Annotated[float, Field(ge=0)]
Number = Annotated[int, Field(ge=0)]
Branches = Annotated[tuple["Rule", ...], Field(min_length=1)]


class NOf(Closed):
    """At least `n` of the rules, and no more than `max` of them used."""

    n: Number
    max: Annotated[int, Field(ge=1)] | None = None
    of: Branches


class Count(Closed):
    """How many different achievements (or issuers, subjects, terms) are held.

    A rule that claims takes at most `max`; one that only observes is not met above `max`. `min` is 1 unless there is
    a `max`.
    """

    min: Number | None = None
    max: Number | None = None
    from_: Annotated[Selector, Field(alias="from")]
    distinct: Distinct = "achievement"

    @property
    def least(self) -> int:
        """The minimum in force."""
        return self.min if self.min is not None else int(self.max is None)


class Cap(Closed):
    """Of these awards, at most `max` counts."""

    max: Amount
    from_: Annotated[Selector, Field(alias="from")]


class Spread(Closed):
    """The awards must be of at least `min` different ones."""

    by: Distinct
    min: Annotated[int, Field(ge=1)]


class Sum(Closed):
    """An amount added up over awards, capped by category."""

    of: Quantity = "credits"
    min: Amount
    from_: Annotated[Selector, Field(alias="from")]
    max_from: tuple[Cap, ...] = ()
    distinct: Spread | None = None


class Average(Closed):
    """A mean over awards: of grades by the scale's points, weighted by credits, or of scores."""

    of: Literal["grade", "score"]
    min: float
    from_: Annotated[Selector, Field(alias="from")]


class Last(Closed):
    """The newest `credits` credits must all be of the selected awards."""

    credits: Annotated[float, Field(gt=0)]
    all: Selector


class StackVersion(Closed):
    """One version of a stack, whatever is in force."""

    id: Identifier
    version: Identifier


def _shape_of_reference(value: Any) -> str:
    return "~stack" if isinstance(value, str) else "~version"


StackReference = Annotated[
    Annotated[Identifier, Tag("~stack")] | Annotated[StackVersion, Tag("~version")],
    Discriminator(_shape_of_reference),
]


class If(Closed):
    """One rule for workers who have declared the goal (are enrolled in it), another for the rest (none: nothing)."""

    goal: Identifier
    then: Rule
    else_: Annotated[Rule | None, Field(alias="else")] = None


class Overlap(Closed):
    """So much of what the named rules claim may count here too: awards, or credits for a sum."""

    with_: Annotated[Identifier | tuple[Identifier, ...], Field(alias="with")]
    max: Amount


class Rule(Closed):
    """A node of a stack's requirements: one kind, and modifiers."""

    model_config = ConfigDict(json_schema_extra=exactly_one_of(*RULE_KINDS))

    all: Branches | None = None
    any: Branches | None = None
    n_of: NOf | None = None
    seq: Branches | None = None
    award: Selector | None = None
    count: Count | None = None
    sum: Sum | None = None
    avg: Average | None = None
    last: Last | None = None
    stack: StackReference | None = None
    if_: Annotated[If | None, Field(alias="if")] = None

    claim: Claim | None = None
    overlap: Overlap | None = None
    from_claimed: Identifier | None = None
    within: Duration | None = None
    active: bool | None = None
    min_grade: Label | None = None
    min_score: Annotated[float, Field(ge=-1, le=1)] | None = None
    trust: Trust | None = None
    name: Label | None = None
    weight: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        given = [kind for kind in RULE_KINDS if self.part(kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(RULE_KINDS)}" + (f", not {given}" if given else ""))
        return self

    @property
    def kind(self) -> RuleKind:
        """The one kind that is given."""
        return next(kind for kind in RULE_KINDS if self.part(kind) is not None)

    def part(self, kind: RuleKind) -> Any:
        """The member that holds a kind's own content."""
        return self.if_ if kind == "if" else getattr(self, kind)


NOf.model_rebuild()
If.model_rebuild()
Rule.model_rebuild()
