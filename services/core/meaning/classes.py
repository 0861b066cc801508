"""Classes: what kind of thing an achievement is, by type, level, field and skill, so that many can be looked through.

A level is the one in a framework where the catalog gives it ("EQF 5"), else the catalog's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from schemas.catalog import Offered


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of one achievement; several skills, at most one of the others."""

    type: tuple[str, ...]
    level: tuple[str, ...]
    field: tuple[str, ...]
    skill: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: classes that must all be there, and text that name or id must contain."""

    type: str = ""
    level: str = ""
    field: str = ""
    skill: str = ""
    text: str = ""


Facets = Mapping[str, tuple[tuple[str, int], ...]]
"""Class -> its values with how many achievements have each, the most frequent first."""
CLASSES = tuple(one.name for one in fields(Classes))


def classes_of(offered: Offered) -> Classes:
    """What kind of thing it is."""
    level = offered.meaning.level
    own = offered.level if level is None else f"{level.framework} {level.level}"
    aligned = (one.name or one.skill for one in offered.meaning.skills if one.skill not in offered.skills)
    return Classes(
        type=(offered.type,) if offered.type else (),
        level=() if own is None else (str(own),),
        field=(offered.subject,) if offered.subject else (),
        skill=tuple(dict.fromkeys((*offered.skills, *aligned))),
    )


def matching(achievements: Iterable[Offered], wanted: Wanted) -> tuple[Offered, ...]:
    """The achievements that are of all the classes wanted and contain the text, in any case, by name."""
    found = (one for one in achievements if _is_wanted(one, wanted))
    return tuple(sorted(found, key=lambda one: ((one.name or one.id).casefold(), one.id)))


def facets(achievements: Iterable[Offered]) -> Facets:
    """How many achievements there are of each class."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in CLASSES}
    for offered in achievements:
        classes = classes_of(offered)
        for name in CLASSES:
            counts[name].update(getattr(classes, name))
    return {
        name: tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))) for name, counter in counts.items()
    }


def _is_wanted(offered: Offered, wanted: Wanted) -> bool:
    classes = classes_of(offered)
    if any(asked and asked not in getattr(classes, name) for name in CLASSES if (asked := getattr(wanted, name))):
        return False
    text = wanted.text.casefold()
    return text in (offered.name or "").casefold() or text in offered.id.casefold()
