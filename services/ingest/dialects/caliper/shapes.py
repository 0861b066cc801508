"""Whether an event or entity has the form that Caliper gives it: every fault with the place where it is.

A checker only ever looks: it raises nothing, whatever JSON it is shown. Members that Caliper does not know are let be,
as JSON-LD lets them be; so are types that a context of the sender's own may define.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.ingest.dialects.caliper.entities import ENTITIES
from services.ingest.dialects.caliper.events import ACTIONS, EVENTS, TERMS
from services.ingest.dialects.caliper.vocabulary import members, required, supertypes
from services.ingest.dialects.forms import Form, form_of, json_type
from services.runtime.errors import Fault

CONTEXTS = ("http://purl.imsglobal.org/ctx/caliper/v1p1", "http://purl.imsglobal.org/ctx/caliper/v1p2")
"""Contexts, and versions of data, that are understood. A patch or an extension of one has a longer IRI."""
_ANY = "Entity"
"""The type of a thing of which nothing more is said: Canvas calls so what it has no better word for, wherever it is."""
MAX_DEPTH = 40
"""How deep entities may be nested."""
_PREFIXES = (
    "http://purl.imsglobal.org/caliper/actions/",
    "http://purl.imsglobal.org/caliper/profiles/",
    "http://purl.imsglobal.org/caliper/",
    "caliper:",
    # roles and statuses are terms of LIS; the longer prefix has the role and its refinement after it
    "http://purl.imsglobal.org/vocab/lis/v2/membership/",
    "http://purl.imsglobal.org/vocab/lis/v2/membership#",
    "http://purl.imsglobal.org/vocab/lis/v2/status#",
    "lis:membership/",
    "lis:membership#",
    "lis:status#",
)
_TYPES = {**supertypes(ENTITIES), **supertypes(EVENTS)}
_MEMBERS = {**members(ENTITIES), **members(EVENTS)}
_REQUIRED = {**required(ENTITIES), **required(EVENTS)}
Faults = Iterator[Fault]


class _Place(NamedTuple):
    """Where in an item a value is."""

    pointer: str
    depth: int
    is_own: bool
    """Whether a context of the sender's own may define terms and types that Caliper does not know."""

    def of(self, name: str | int) -> _Place:
        """The place of a member."""
        return self._replace(pointer=f"{self.pointer}/{name}")

    def within(self, entity: Mapping[str, Any]) -> _Place:
        """The place of what is in an entity, whose own context holds for it."""
        is_own = self.is_own or ("@context" in entity and _is_own(entity["@context"]))
        return _Place(self.pointer, self.depth + 1, is_own)


def faults_in(item: Any, pointer: str = "") -> Faults:
    """Everything that is wrong with an event or an entity that is described."""
    if not isinstance(item, dict):
        yield Fault("wrong_type", pointer, f"an event or entity must be an object, not {json_type(item)}")
        return
    yield from _context(item.get("@context"), f"{pointer}/@context", is_given="@context" in item)
    is_own = _is_own(item.get("@context"))
    name = term(item.get("type"))
    if "type" not in item:
        yield Fault("missing", f"{pointer}/type", "type is required; add it")
    elif name is None:
        yield Fault("wrong_type", f"{pointer}/type", f"type must be a term, not {json_type(item['type'])}")
    elif name not in _TYPES and not is_own:
        yield Fault("not_a_choice", f"{pointer}/type", "type must be an entity or event that Caliper knows")
    kind = name if name in _TYPES else ("Event" if "eventTime" in item or "action" in item else "Entity")
    yield from _members(item, kind or "Entity", _Place(pointer, 0, is_own))


def is_event(item: Any) -> bool:
    """Whether an item is an event; else it describes an entity."""
    return isinstance(item, dict) and ("action" in item or _is_kind(term(item.get("type")), "Event"))


def is_a(item: Any, kind: str) -> bool:
    """Whether an item is an entity of this type or of a subtype."""
    return isinstance(item, dict) and _is_kind(term(item.get("type")), kind)


def term(value: Any) -> str | None:
    """A term by its bare name, however it was shortened; None when it is no text."""
    if not isinstance(value, str):
        return None
    return next((value.removeprefix(prefix) for prefix in _PREFIXES if value.startswith(prefix)), value)


def is_understood(version: Any) -> bool:
    """Whether an IRI is that of a context or data version that is understood."""
    return isinstance(version, str) and any(version == one or version.startswith(f"{one}/") for one in CONTEXTS)


def _is_own(context: Any) -> bool:
    """Whether a context may have terms of the sender's own: written out, one of several, an extension of Caliper's."""
    return context not in CONTEXTS


def _is_kind(name: str | None, kind: str) -> bool:
    return name is not None and kind in _TYPES.get(name, ())


def _context(context: Any, pointer: str, *, is_given: bool) -> Faults:
    known = context if isinstance(context, list) else [context]
    if not is_given:
        return  # the envelope's dataVersion says it, too
    if not (any(map(is_understood, known)) or any(isinstance(one, dict) for one in known)):
        yield Fault("not_a_choice", pointer, f"@context must name {' or '.join(CONTEXTS)}")


def _members(item: Mapping[str, Any], kind: str, place: _Place) -> Faults:
    if place.depth > MAX_DEPTH:
        yield Fault("too_deep", place.pointer, f"entities may be nested {MAX_DEPTH} deep")
        return
    for name in _REQUIRED[kind]:
        if item.get(name) is None:
            code = "wrong_type" if name in item else "missing"
            yield Fault(code, place.of(name).pointer, f"{name} is required{' and must not be null' * (name in item)}")
    described = _MEMBERS[kind]
    for name, value in item.items():
        if name in described and value is not None:
            yield from _value(value, described[name], place.of(name), name)
    if kind in ACTIONS and (action := term(item.get("action"))) in TERMS["Action"] and action not in ACTIONS[kind]:
        choices = ", ".join(sorted(ACTIONS[kind]))
        yield Fault("not_a_choice", place.of("action").pointer, f"action of a {kind} must be one of {choices}")


def _value(value: Any, wanted: str, place: _Place, name: str) -> Faults:
    if wanted.startswith("["):
        if not isinstance(value, list):
            yield Fault("wrong_type", place.pointer, f"{name} must be an array, not {json_type(value)}")
            return
        for position, one in enumerate(value):
            yield from _value(one, wanted[1:-1], place.of(position), f"an item of {name}")
    elif wanted.startswith("@"):
        yield from _term(value, wanted[1:], place, name)
    elif wanted in _FORMS:
        wrong = form_of(value, _FORMS[wanted])
        if wrong is not None:
            yield Fault(wrong.code, place.pointer, f"{name} {wrong.detail}")
    else:
        yield from _entity(value, wanted.split(), place, name)


def _term(value: Any, wanted: str, place: _Place, name: str) -> Faults:
    found = term(value)
    if found is None:
        yield Fault("wrong_type", place.pointer, f"{name} must be a term, not {json_type(value)}")
    elif not place.is_own and (found.partition("#")[0] if wanted == "Role" else found) not in TERMS[wanted]:
        yield Fault("not_a_choice", place.pointer, f"{name} must be one of {', '.join(sorted(TERMS[wanted]))}")


def _entity(value: Any, wanted: list[str], place: _Place, name: str) -> Faults:
    if isinstance(value, str):
        wrong = form_of(value, Form.IRI)
        if wrong is not None:
            yield Fault(wrong.code, place.pointer, f"{name} {wrong.detail}")
        return
    if not isinstance(value, dict):
        yield Fault("wrong_type", place.pointer, f"{name} must be an entity or its IRI, not {json_type(value)}")
        return
    found = term(value.get("type"))
    if found is None:
        code = "wrong_type" if "type" in value else "missing"
        yield Fault(code, place.of("type").pointer, f"type of {name} is required")
    elif found in _TYPES and found != _ANY and not any(kind in _TYPES[found] for kind in wanted):
        yield Fault("not_a_choice", place.pointer, f"{name} must be {' or '.join(wanted)}, not {found}")
        return
    elif found not in _TYPES and not place.within(value).is_own:
        yield Fault("not_a_choice", place.of("type").pointer, f"type of {name} must be {' or '.join(wanted)}")
        return
    kind = found if found in _TYPES else wanted[0]
    yield from _members(value, kind or "Entity", place.within(value))


_FORMS: Mapping[str, Form] = {
    "text": Form.TEXT,
    "number": Form.NUMBER,
    "integer": Form.INTEGER,
    "boolean": Form.BOOLEAN,
    "instant": Form.INSTANT,
    "duration": Form.DURATION,
    "map": Form.MAP,
    "iri": Form.IRI,
}
