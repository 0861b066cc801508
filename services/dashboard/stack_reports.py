"""Stacks as pages show them: who is how far, where people drop off, how long steps take, who is one award away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter

from services.dashboard.graph import columns_of
from services.dashboard.look import Look
from services.dashboard.models import Answer, Paged, StackList, StackStep, StackSummary, StackWorker, stack_summaries
from services.dashboard.queries import Row
from services.dashboard.rules_outline import Rule, outline, parts
from services.dashboard.survival import Curve, Spell, curves

NEAREST_ROWS = 10


class RuleStanding(Answer):
    """A rule with how many of the workers considered have met it; None where that is not known (of the past).

    Of a rule that is one way among several it is how many use it: who went another way is not said to have failed it.
    """

    rule: Rule
    workers: int | None
    share: float | None


class LayerStep(Answer):
    """A layer, a column of the drawing: its rules, and how many have met all of these and of the layers before it."""

    layer: int
    rules: tuple[str, ...]
    workers: int


class PartStep(Answer):
    """How many workers have met at least so many of the stack's parts."""

    parts: int
    workers: int


class StepDays(Answer):
    """Days from one award that counts to the next: the median, and of how many workers."""

    step: int
    workers: int
    median_days: float


class OneAway(Answer):
    """A worker who is one award away, of the stack or of one within it; each of `finish_names` would complete it."""

    worker_id: str
    progress: float
    reason: str
    finish_names: tuple[str, ...]
    next_change_at: datetime | None


class Stack(Paged):
    """Who is how far on one stack, furthest first. `steps` has all eleven steps, empty ones too."""

    summary: StackSummary
    version: str
    versions: int
    """How many versions of it workers are judged by; rules and parts are of the one that most are."""
    rules: tuple[RuleStanding, ...]
    layers: tuple[LayerStep, ...]
    """What everybody has to meet, from what comes first to the whole; ways of a choice are left out."""
    drop_off: tuple[PartStep, ...]
    step_days: tuple[StepDays, ...]
    curves: tuple[Curve, ...]
    nearest: tuple[OneAway, ...]
    nearest_total: int
    steps: tuple[StackStep, ...]
    workers: tuple[StackWorker, ...]


_stack_workers = TypeAdapter(tuple[StackWorker, ...])
_step_days = TypeAdapter(tuple[StepDays, ...])
_spells = TypeAdapter(tuple[Spell, ...])
_nearest = TypeAdapter(tuple[OneAway, ...])


def stack_list(look: Look) -> StackList:
    """Every stack that a current worker was evaluated for, the busiest first."""
    return StackList(as_of=look.moment.at, stacks=stack_summaries(look.progress("stacks")))


def stack(look: Look, stack_id: str, page: int, page_rows: int) -> Stack | None:
    """Who is how far on a stack; None when no current worker was evaluated for it."""
    summary = _summary(look, stack_id)
    if summary is None:
        return None
    version, versions, rules = rules_of(look, stack_id)
    layers = _layers(rules) if look.moment.is_now else ()
    met, used = _counts(look, rules, layers, summary, version)
    nearest = nearest_rows(look, stack_id, NEAREST_ROWS)
    rows = look.progress("stack_workers", stack_id=stack_id, limit=page_rows, offset=(page - 1) * page_rows)
    return Stack(
        as_of=look.moment.at,
        total=summary.workers,
        page=page,
        page_rows=page_rows,
        summary=summary,
        version=version,
        versions=versions,
        rules=_standings(rules, met, used, summary, is_known=look.moment.is_now),
        layers=_layer_steps(layers, met, summary),
        drop_off=_drop_off(look, stack_id, version, parts(rules)),
        step_days=_step_days.validate_python(look.rows("stack_days", stack_id=stack_id)),
        curves=curves(_spells.validate_python(look.rows("stack_spells", stack_id=stack_id))),
        nearest=_nearest.validate_python(nearest),
        nearest_total=int(nearest[0]["total"]) if nearest else 0,
        steps=_all_steps(look.progress("stack_steps", stack_id=stack_id)),
        workers=_stack_workers.validate_python(rows),
    )


def nearest_rows(look: Look, stack_id: str, limit: int) -> list[Row]:
    """Who is one award away; of the past nothing is known, since what was missing is not kept."""
    return look.rows("one_away", stack_id=stack_id, limit=limit, offset=0) if look.moment.is_now else []


def rules_of(look: Look, stack_id: str) -> tuple[str, int, tuple[Rule, ...]]:
    """The version that most workers are judged by, how many versions there are, and its rules."""
    versions = look.rows("stack_versions", stack_id=stack_id)
    version = versions[0]["stack_version"] if versions else ""
    return version, len(versions), _rules(look, stack_id, version)


def _summary(look: Look, stack_id: str) -> StackSummary | None:
    if look.moment.is_now:
        rows = look.rows("stack", stack_id=stack_id)
    else:
        rows = [row for row in look.progress("stacks") if row["stack_id"] == stack_id]
    return stack_summaries(rows)[0] if rows else None


def _rules(look: Look, stack_id: str, version: str) -> tuple[Rule, ...]:
    """The rules of the version, if a catalog in force has it."""
    catalog = look.known().catalog
    found = [one for one in catalog.families.get(stack_id, ()) if one.version == version]
    return outline(found[0], catalog) if found else ()


def _layers(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], ...]:
    """The columns of the drawing, from what comes first, of rules that everybody has to meet."""
    columns = columns_of(rules)
    asked = [rule for rule in rules if rule.parent is not None and not rule.is_option]
    found = (
        tuple(rule for rule in asked if columns[rule.path] == at)
        for at in range(max(columns.values(), default=0), 0, -1)
    )
    return tuple(layer for layer in found if layer)


def _through(layers: tuple[tuple[Rule, ...], ...], number: int) -> str:
    """The places of all that has to be met to be through so many layers, as the query takes them together."""
    return "\n".join(sorted({_place(rule) for layer in layers[:number] for rule in layer}))


def _counts(
    look: Look, rules: tuple[Rule, ...], layers: tuple[tuple[Rule, ...], ...], summary: StackSummary, version: str
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many have met each place, or all of a layer's, and how many use each; of the past nothing is known."""
    if not rules or not look.moment.is_now:
        return {}, {}
    asked = {"stack_id": summary.stack_id, "version": version}
    places = {_place(rule) for rule in rules}
    through = {_through(layers, number) for number in range(1, len(layers) + 1)}
    met = look.rows("stack_rules", **asked, paths=sorted(places | through))
    used = look.rows("stack_used", **asked, paths=sorted(places))
    return {row["path"]: row["met"] for row in met}, {row["path"]: row["workers"] for row in used}


def _layer_steps(
    layers: tuple[tuple[Rule, ...], ...], met: Mapping[str, int], summary: StackSummary
) -> tuple[LayerStep, ...]:
    """From being on the stack to having completed it; nothing where nothing is known."""
    if not layers:
        return ()
    begun = LayerStep(layer=0, rules=(), workers=summary.workers)
    steps = (
        LayerStep(layer=number, rules=tuple(rule.label for rule in layer), workers=met.get(_through(layers, number), 0))
        for number, layer in enumerate(layers, start=1)
    )
    return begun, *steps


def _standings(
    rules: tuple[Rule, ...], met: Mapping[str, int], used: Mapping[str, int], summary: StackSummary, *, is_known: bool
) -> tuple[RuleStanding, ...]:
    if not is_known:
        return tuple(RuleStanding(rule=rule, workers=None, share=None) for rule in rules)
    return tuple(_standing(rule, met, used, summary) for rule in rules)


def _standing(rule: Rule, met: Mapping[str, int], used: Mapping[str, int], summary: StackSummary) -> RuleStanding:
    workers = (used if rule.is_option else met).get(_place(rule), 0)
    if rule.kind == "stack":
        workers = summary.complete
    return RuleStanding(rule=rule, workers=workers, share=workers / summary.workers)


def _place(rule: Rule) -> str:
    """The rule's place as progress tells it: the sole rule of a stack has the stack's own."""
    return rule.path.removesuffix("/")


def _drop_off(look: Look, stack_id: str, version: str, whole: int) -> tuple[PartStep, ...]:
    """From no part to all, of those judged by this version; nothing for a stack of one part, or of the past."""
    if whole < 2 or not look.moment.is_now:  # noqa: PLR2004 - one part is the whole
        return ()
    rows = look.rows("stack_parts", stack_id=stack_id, version=version)
    have = {max(whole - row["missing_parts"], 0): row["workers"] for row in rows}
    return tuple(
        PartStep(parts=step, workers=sum(workers for parts_met, workers in have.items() if parts_met >= step))
        for step in range(whole + 1)
    )


def _all_steps(rows: list[Row]) -> tuple[StackStep, ...]:
    counts = {row["tenth"]: row["workers"] for row in rows}
    return tuple(StackStep(tenth=tenth, workers=counts.get(tenth, 0)) for tenth in range(11))
