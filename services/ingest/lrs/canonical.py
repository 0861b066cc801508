"""The canonical form of activities and statements: all that is known of an activity, and one language of each text.

Definitions of one activity add up: texts by language, extensions by name, and of anything else the newest counts.
Source: xAPI 1.0.3 Data 2.4.4.1; Communication 2.1.3 (format), 2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.ingest.lrs.same import as_list
from services.ingest.lrs.terms import is_activity

_ADDING = frozenset(("name", "description", "extensions"))
_COMPONENTS = ("choices", "scale", "source", "target", "steps")
_IDENTIFYING = ("objectType", "mbox", "mbox_sha1sum", "openid", "account")
Definitions = Mapping[str, Mapping[str, Any]]
"""Canonical definitions by activity id."""


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of an activity once this definition was said, too."""
    return {
        **known,
        **{name: {**known.get(name, {}), **value} if name in _ADDING else value for name, value in said.items()},
    }


def canonical(statement: Mapping[str, Any], definitions: Definitions, languages: list[str]) -> dict[str, Any]:
    """The statement with canonical definitions, each text in the first of the languages that there is."""
    made = dict(statement)
    made["verb"] = _in_one_language(statement["verb"], ("display",), languages)
    thing = statement["object"]
    if is_activity(thing):
        made["object"] = _activity(thing, definitions, languages)
    elif thing["objectType"] == "SubStatement":
        made["object"] = canonical(thing, definitions, languages)
    if "context" in statement:
        made["context"] = _context(statement["context"], lambda each: _activity(each, definitions, languages))
    if "attachments" in statement:
        texts = ("display", "description")
        made["attachments"] = [_in_one_language(each, texts, languages) for each in statement["attachments"]]
    return made


def identifiers_only(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement with only what identifies its agents, verb and activities."""
    made = dict(statement)
    made["actor"] = _bare_party(statement["actor"])
    made["verb"] = {"id": statement["verb"]["id"]}
    thing = statement["object"]
    if is_activity(thing):
        made["object"] = _bare_activity(thing)
    elif thing["objectType"] == "SubStatement":
        made["object"] = identifiers_only(thing)
    elif thing["objectType"] in ("Agent", "Group"):
        made["object"] = _bare_party(thing)
    if "authority" in statement:
        made["authority"] = _bare_party(statement["authority"])
    if "context" in statement:
        made["context"] = _bare_context(statement["context"])
    return made


def _context(context: Mapping[str, Any], of_activity: Any) -> dict[str, Any]:
    made = dict(context)
    if "contextActivities" in context:
        made["contextActivities"] = {
            kind: [of_activity(each) for each in as_list(activities)]
            for kind, activities in context["contextActivities"].items()
        }
    return made


def _bare_context(context: Mapping[str, Any]) -> dict[str, Any]:
    made = _context(context, _bare_activity)
    made.update({name: _bare_party(context[name]) for name in ("instructor", "team") if name in context})
    for name, member in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            made[name] = [{**entry, member: _bare_party(entry[member])} for entry in context[name]]
    return made


def _bare_activity(activity: Mapping[str, Any]) -> dict[str, Any]:
    """Its id alone: an object is an activity unless it says otherwise (XAPI-00171)."""
    return {"id": activity["id"]}


def _bare_party(party: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: party[name] for name in _IDENTIFYING if name in party}
    if "member" in party and len(made) <= 1:
        made["member"] = [_bare_party(member) for member in party["member"]]
    return made


def _activity(activity: Mapping[str, Any], definitions: Definitions, languages: list[str]) -> dict[str, Any]:
    definition = definitions.get(activity["id"], activity.get("definition"))
    if definition is None:
        return dict(activity)
    made = _in_one_language(definition, ("name", "description"), languages)
    for name in _COMPONENTS:
        if name in made:
            made[name] = [_in_one_language(each, ("description",), languages) for each in made[name]]
    return {**activity, "definition": made}


def _in_one_language(holder: Mapping[str, Any], names: tuple[str, ...], languages: list[str]) -> dict[str, Any]:
    return {**holder, **{name: one_language(holder[name], languages) for name in names if name in holder}}


def one_language(texts: Mapping[str, str], languages: list[str]) -> dict[str, str]:
    """The text in the first of the languages that it is in; in whatever language it comes first, when in none."""
    for language in languages:
        tag = _closest(texts, language.lower())
        if tag is not None:
            return {tag: texts[tag]}
    return dict([next(iter(texts.items()))]) if texts else {}


def _closest(tags: Iterable[str], wanted: str) -> str | None:
    """The tag that is the language, else one of a region of it, else one that it is a region of.

    Source: RFC 4647, sections 3.3.1 and 3.4.
    """
    fitting = [
        tag for tag in tags if f"{tag.lower()}-".startswith(f"{wanted}-") or wanted.startswith(f"{tag.lower()}-")
    ]
    return min(fitting, key=lambda tag: (tag.lower() != wanted, len(tag) < len(wanted)), default=None)


def accepted_languages(header: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first; `*` and tags of weight 0 are left out."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if tag and tag != "*" and weight > 0:
            weighted.append((weight, tag))
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
