"""What a catalog must get right as a whole: ids that are known and told once, dates in order, no circles.

Where a catalog declares achievements, every id that its rules name must be among them, or be a stack's or an
equivalence's; where it declares none, ids are free. The same goes for issuers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from schemas.catalog import Catalog, Stack
from schemas.rules import Rule
from schemas.selectors import Fields, Selector
from services.core.stacks.check_mappings import check_mappings
from services.core.stacks.compile_rules import rules_beneath, selectors_in
from services.core.stacks.faults import Place
from services.core.stacks.select import mentioned_ids


def check(document: Catalog, root: Place, *, is_joined: bool = False) -> None:
    """Note everything that is wrong with the document as a whole. Of a joined one, ids were checked part by part."""
    _told_once(document, root)
    if not is_joined:
        _issuers_known(document, root)
        _achievements_known(document, root)
    _dates_in_order(document, root)
    check_mappings(document.mappings, root)
    for stack, place in _stacks(document, root):
        _references_known(document, stack, place)
    _no_circles(document, root)


def _stacks(document: Catalog, root: Place) -> Iterator[tuple[Stack, Place]]:
    return zip(document.stacks, root.each("stacks", document.stacks), strict=True)


def _told_once(document: Catalog, root: Place) -> None:
    for section in ("issuers", "achievements"):
        items = getattr(document, section)
        _no_twins(((one.id, place / "id") for one, place in zip(items, root.each(section, items), strict=True)), "id")
    _no_twins(
        ((f"{stack.id} version {stack.version}", place / "id") for stack, place in _stacks(document, root)), "stack"
    )
    pairs = zip(document.conversions, root.each("conversions", document.conversions), strict=True)
    _no_twins(((f"{one.from_} to {one.to}", place) for one, place in pairs), "conversion")


def _no_twins(items: Iterable[tuple[str, Place]], what: str) -> None:
    seen: set[str] = set()
    for text, place in items:
        if text in seen:
            place.fault(f"the {what} {text} is there twice")
        seen.add(text)


def _issuers_known(document: Catalog, root: Place) -> None:
    known = {issuer.id for issuer in document.issuers}
    if not known:
        return
    for one, place in zip(document.achievements, root.each("achievements", document.achievements), strict=True):
        if one.issuer is not None and one.issuer not in known:
            (place / "issuer").fault(f"unknown issuer {one.issuer}", one.issuer)


def _achievements_known(document: Catalog, root: Place) -> None:
    known = {one.id for one in document.achievements}
    if not known:
        return
    known |= {target.achievement for one in document.equivalences for target in one.to}
    known |= {stack.id for stack in document.stacks}
    for achievement, place in chain(_mentioned(document, root), _named_alone(document, root)):
        if achievement not in known:
            place.fault(f"unknown achievement {achievement}", achievement)


def _mentioned(document: Catalog, root: Place) -> Iterator[tuple[str, Place]]:
    for selector, place in _selectors(document, root):
        yield from mentioned_ids(selector, place)


def _named_alone(document: Catalog, root: Place) -> Iterator[tuple[str, Place]]:
    for stack, place in _stacks(document, root):
        if stack.awards is not None:
            yield stack.awards, place / "awards"
        if stack.renewal is not None:
            yield from (
                (name, place / "renewal" / "cascades_to" / n) for n, name in enumerate(stack.renewal.cascades_to)
            )
    for one, place in zip(document.mappings, root.each("mappings", document.mappings), strict=True):
        yield one.achievement, place / "achievement"


def _selectors(document: Catalog, root: Place) -> Iterator[tuple[Selector, Place]]:
    for stack, place in _stacks(document, root):
        if stack.where is not None:
            yield stack.where, place / "where"
        for rule, where in _rules(stack, place):
            yield from selectors_in(rule, where)
    for one, place in zip(document.equivalences, root.each("equivalences", document.equivalences), strict=True):
        yield one.from_, place / "from"


def _rules(stack: Stack, place: Place) -> Iterator[tuple[Rule, Place]]:
    yield stack.requires, place / "requires"
    if stack.renewal is not None and stack.renewal.requires is not None:
        yield stack.renewal.requires, place / "renewal" / "requires"


def _dates_in_order(document: Catalog, root: Place) -> None:
    for stack, place in _stacks(document, root):
        span = stack.effective
        if span is not None and span.from_ is not None and span.to is not None and span.to <= span.from_:
            (place / "effective").fault("`to` is not after `from`")
    for one, place in zip(document.equivalences, root.each("equivalences", document.equivalences), strict=True):
        if one.start is not None and one.end is not None and one.end <= one.start:
            (place / "end").fault("`end` is not after `start`")


def _references_known(document: Catalog, stack: Stack, place: Place) -> None:
    versions = {(one.id, one.version) for one in document.stacks}
    for rule, where in _rules(stack, place):
        everywhere = list(_all_rules(rule, where))
        names = {one.name for one, _ in everywhere if one.name is not None}
        for one, at in everywhere:
            _stack_known(one, at, versions)
            _names_known(one, at, names)


def _stack_known(rule: Rule, at: Place, versions: set[tuple[str, str]]) -> None:
    if rule.stack is None:
        return
    if isinstance(rule.stack, str):
        if rule.stack not in {stack_id for stack_id, _ in versions}:
            (at / "stack").fault(f"unknown stack {rule.stack}", rule.stack)
    elif (rule.stack.id, rule.stack.version) not in versions:
        (at / "stack").fault(f"unknown stack {rule.stack.id} version {rule.stack.version}", rule.stack.id)


def _names_known(rule: Rule, at: Place, names: set[str]) -> None:
    if rule.from_claimed is not None and rule.from_claimed not in names - {rule.name}:
        (at / "from_claimed").fault(f"no other rule of this stack is named {rule.from_claimed}", rule.from_claimed)
    if rule.overlap is not None:
        wanted = (rule.overlap.with_,) if isinstance(rule.overlap.with_, str) else rule.overlap.with_
        for name in wanted:
            if name not in names - {rule.name}:
                (at / "overlap" / "with").fault(f"no other rule of this stack is named {name}", name)


def _all_rules(rule: Rule, at: Place) -> Iterator[tuple[Rule, Place]]:
    yield rule, at
    for child, where in rules_beneath(rule, at):
        yield from _all_rules(child, where)


def _no_circles(document: Catalog, root: Place) -> None:
    """Stacks may neither nest one another in a circle nor count what one of them awards."""
    needs: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for stack, place in _stacks(document, root):
        needs.setdefault(stack.id, set()).update(_needed(document, stack, place))
        places.setdefault(stack.id, place)
    for stack_id, place in places.items():
        way = _way_back(stack_id, needs)
        if way is not None:
            (place / "requires").fault(f"stacks in a circle: {' -> '.join(way)}")


def _needed(document: Catalog, stack: Stack, place: Place) -> set[str]:
    rules = [one for rule, where in _rules(stack, place) for one, _ in _all_rules(rule, where)]
    nested = {one.stack if isinstance(one.stack, str) else one.stack.id for one in rules if one.stack is not None}
    mentioned = {
        name
        for rule, where in _rules(stack, place)
        for selector, at in selectors_in(rule, where)
        for name in _required_ids(selector, at)
    }
    awarding = {one.id for one in document.stacks if one.awards is not None and one.awards in mentioned}
    return nested | (awarding - {stack.id})


def _required_ids(selector: Selector, at: Place) -> set[str]:
    if isinstance(selector, Fields) and selector.not_ is not None:
        return set()
    return {name for name, _ in mentioned_ids(selector, at)}


def _way_back(start: str, needs: dict[str, set[str]]) -> list[str] | None:
    """The shortest way from a stack back to itself, or None."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for needed in sorted(needs.get(way[-1], ())):
            if needed == start:
                return [*way, start]
            if needed not in seen:
                seen.add(needed)
                ways.append([*way, needed])
    return None
