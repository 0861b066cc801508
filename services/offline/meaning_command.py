"""`stepwell catalog meaning`: what achievements stand for, item by item, one or up to four side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
from cyclopts import Parameter

from schemas.registry import Registries
from services.core.meaning import Item, MeaningOf, Recognised, compared
from services.core.registries import RegistryFault, registries_from, vouched
from services.offline.inputs import InputRefused, catalog_in_force, read_catalog
from services.runtime.where import HERE, Place, Where

UNREADABLE = 2
"""Exit code when there is nothing to work on."""
MARKS = {"missing": "[ ]", "present": "[+]", "verified": "[v]"}
WIDTH = 30


def meaning(
    achievements: Sequence[str],
    /,
    *,
    catalog: Path | None = None,
    where: Place = HERE,
    registry: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Print what achievements stand for: the checklist item by item, and where each counts. Up to four are compared.

    Of the catalogs in force, what became of people is told as well, where at least ten are told of.

    Parameters
    ----------
    achievements
        The achievements' ids, at most four.
    catalog
        A catalog file (YAML or JSON) or a folder of them; by default the catalogs in force.
    registry
        A file of issuer registries, as `stepwell issuers list --json` writes it; with the catalogs in force, by
        default, those that the running Stepwell knows.
    as_json
        Print JSON, one achievement a line.
    """
    try:
        known = read_catalog(catalog) if catalog is not None else catalog_in_force(where)
        asked = where if catalog is None else None
        registries = _registries(registry, asked)
        found = compared(achievements, known, vouched(achievements, known, registries, datetime.now(UTC)))
        outcomes = _outcomes(achievements, asked)
    except KeyError as unknown:
        return _refuse(f"the catalog has no achievement {unknown.args[0]}")
    except (InputRefused, ValueError) as error:
        return _refuse(str(error))
    if as_json:
        sys.stdout.writelines(_json(one, outcomes.get(one.achievement)) + "\n" for one in found)
    elif len(found) == 1:
        sys.stdout.writelines(f"{line}\n" for line in told(found[0], outcomes.get(found[0].achievement)))
    else:
        sys.stdout.writelines(f"{line}\n" for line in side_by_side(found))
    return 0


def _registries(path: Path | None, where: Where | None) -> Registries:
    """The registries of a file; without one, of the running Stepwell, when that is what is asked about."""
    from services.offline import recorded

    try:
        if path is not None:
            return registries_from(path.read_bytes(), path.stem)
        return Registries() if where is None else recorded.registries(where)
    except (OSError, RegistryFault, recorded.Unavailable) as error:
        raise InputRefused(f"{path or 'the registries'}: {error}") from error


def _outcomes(achievements: Sequence[str], where: Where | None) -> dict[str, dict[str, Any]]:
    """What became of people, when a running Stepwell is asked."""
    from services.offline import recorded

    try:
        return {} if where is None else recorded.outcomes(where, achievements)
    except recorded.Unavailable as error:
        raise InputRefused(str(error)) from error


def told(one: MeaningOf, outcomes: dict[str, Any] | None = None) -> Iterable[str]:
    """An achievement's meaning in plain lines, and what became of people."""
    yield f"{one.name} ({one.achievement})"
    classes = (*one.classes.type, *(f"level {level}" for level in one.classes.level), *one.classes.field)
    yield ", ".join(classes) + (f"; skills: {', '.join(one.classes.skill)}" if one.classes.skill else "")
    yield f"{MARKS['missing']} missing  {MARKS['present']} stated  {MARKS['verified']} confirmed by somebody else"
    for item in one.checklist:
        yield f"{MARKS[item.state]} {item.title}: {_answer(item)}"
    for counts in one.recognised:
        yield f"  {_counts(counts)}"
    for name, value in (outcomes or {}).items():
        yield f"{name.replace('_', ' ')}: {'too few to tell' if value is None else value}"


def side_by_side(several: Sequence[MeaningOf]) -> Iterable[str]:
    """Up to four achievements, one a column."""
    yield " | ".join(["".ljust(WIDTH), *(_cell(one.name) for one in several)])
    for row in zip(*(one.checklist for one in several), strict=True):
        yield " | ".join([row[0].title.ljust(WIDTH), *(_cell(f"{MARKS[one.state]} {one.value or ''}") for one in row)])


def _answer(item: Item) -> str:
    value = item.value or "not stated"
    note = f" ({item.note})" if item.note else ""
    by = "".join(f"; confirmed by {one.by}" for one in item.verified_by)
    return f"{value}{note}{by}"


def _counts(one: Recognised) -> str:
    where = f"{one.stack_title}, {one.rule_name or one.rule}"
    how = one.counts_as.replace("_", " ") + (f", {one.credits:g} {one.unit}" if one.credits is not None else "")
    by = f", as {', '.join(through.name for through in one.through)}" if one.through else ""
    when = f", {', '.join(one.conditions)}" if one.conditions else ""
    return f"counts in {where}: {how}{by}{when}"


def _cell(text: str) -> str:
    return (text if len(text) <= WIDTH else text[: WIDTH - 3] + "...").ljust(WIDTH)


def _refuse(reason: str) -> int:
    sys.stderr.write(f"stepwell: {reason}\n")
    return UNREADABLE


def _json(one: MeaningOf, outcomes: dict[str, Any] | None) -> str:
    """One line: the meaning, with `outcomes` beside its members; null when no running Stepwell was asked."""
    told = orjson.loads(orjson.dumps(one, default=_plain))
    return orjson.dumps({**told, "outcomes": outcomes}).decode()


def _plain(value: object) -> object:
    return value.model_dump(mode="json", exclude_unset=True) if hasattr(value, "model_dump") else str(value)
