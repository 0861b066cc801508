"""The rules that every statement must keep, checked without building a model of it.

Written by hand and table-driven because every statement of every LMS passes here: walking the decoded JSON once costs a
fraction of validating it into models that nobody reads.

Invariant: what is accepted here is a valid statement of its version, and every refusal names the member and the cure.
Source: xAPI 1.0.3 Data, section 2; IEEE 9274.1.1 for contextAgents and contextGroups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.parties import agent, authority, group, party
from services.ingest.dialects.xapi.shapes import (
    Check,
    boolean,
    each,
    extensions,
    language_map,
    number,
    octets,
    one_of,
    shape,
)
from services.ingest.dialects.xapi.things import activities, statement_ref, thing, verb
from services.runtime.errors import Fault

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def fault_of(statement: object, *, is_version_2: bool) -> Fault | None:
    """What is wrong with a decoded statement, or None. Stops at the first fault: a statement is refused as a whole."""
    try:
        (_statement_2 if is_version_2 else _statement)(statement)
    except Wrong as wrong:
        named = ".".join(reversed(wrong.path)) or "the statement"
        return Fault(wrong.code, wrong.pointer, f"{named} {wrong.detail}")
    return None


_score_members = shape({"scaled": number, "raw": number, "min": number, "max": number})


def _score(value: Any) -> None:
    _score_members(value)
    low, high, raw = value.get("min"), value.get("max"), value.get("raw")
    if abs(value.get("scaled", 0)) > 1:
        raise Wrong("out_of_range", "must be from -1 to 1", "scaled")
    if low is not None and high is not None and low >= high:
        raise Wrong("out_of_range", "must be below max", "min")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise Wrong("out_of_range", "must be from min to max", "raw")


RESULT: dict[str, Check] = {
    "score": _score,
    "success": boolean,
    "completion": boolean,
    "response": forms.text,
    "duration": forms.duration,
    "extensions": extensions,
}
_attachment = shape(
    {
        "usageType": forms.iri,
        "display": language_map,
        "description": language_map,
        "contentType": forms.media_type,
        "length": octets,
        "sha2": forms.text,
        "fileUrl": forms.iri,
    },
    "usageType",
    "display",
    "contentType",
    "length",
    "sha2",
)
CONTEXT: dict[str, Check] = {
    "registration": forms.uuid,
    "instructor": party,
    "team": group,
    "contextActivities": shape(dict.fromkeys(("parent", "grouping", "category", "other"), activities)),
    "revision": forms.text,
    "platform": forms.text,
    "language": forms.language,
    "statement": statement_ref,
    "extensions": extensions,
}


def _relevant_types(value: object) -> None:
    if value == []:
        raise Wrong("empty", "must not be empty; leave it out instead")
    each(forms.iri)(value)


def _context_party(member: str, check: Check) -> Check:
    object_type = one_of(f"context{member.capitalize()}")
    table = {"objectType": object_type, member: check, "relevantTypes": _relevant_types}
    return each(shape(table, "objectType", member))


CONTEXT_2: dict[str, Check] = {
    **CONTEXT,
    "contextAgents": _context_party("agent", agent),
    "contextGroups": _context_party("group", group),
}


def version(value: object) -> None:
    """A version of statements, as 1.0.x knows them."""
    if not isinstance(value, str) or not f"{value}.".startswith("1.0."):
        raise Wrong("version", "must be 1.0.x")


def version_2(value: object) -> None:
    """A version of statements, as 2.0.x knows them."""
    if not isinstance(value, str) or not f"{value}.".startswith(("2.0.", "1.0.")):
        raise Wrong("version", "must be 2.0.x or 1.0.x")


def _sentence(members: Mapping[str, Check]) -> Check:
    check_members = shape(members, "actor", "verb", "object")

    def check(value: Any) -> None:
        check_members(value)
        context = value.get("context")
        if context and value["object"].get("objectType", "Activity") != "Activity":
            for name in ("revision", "platform"):
                if name in context:
                    raise _within("context", Wrong("not_here", "is only for activities as object; remove it", name))

    return check


def _within(member: str, wrong: Wrong) -> Wrong:
    wrong.path.append(member)
    return wrong


def _check_of_version(context: Mapping[str, Check], version: Check) -> Check:
    common: dict[str, Check] = {
        "actor": party,
        "verb": verb,
        "result": shape(RESULT),
        "context": shape(context),
        "timestamp": forms.instant,
        "attachments": each(_attachment),
    }
    sub_statement = _sentence({**common, "objectType": one_of("SubStatement"), "object": thing})

    def thing_or_sub_statement(value: object) -> None:
        is_sub_statement = isinstance(value, dict) and value.get("objectType") == "SubStatement"
        (sub_statement if is_sub_statement else thing)(value)

    sentence = _sentence(
        {
            **common,
            "object": thing_or_sub_statement,
            "id": forms.uuid,
            "stored": forms.instant,
            "authority": authority,
            "version": version,
        }
    )

    def statement(value: Any) -> None:
        sentence(value)
        if value["verb"]["id"] == VOIDED and value["object"].get("objectType") != "StatementRef":
            raise _within("object", Wrong("not_a_choice", "must be StatementRef, as the verb is voided", "objectType"))

    return statement


_statement = _check_of_version(CONTEXT, version)
_statement_2 = _check_of_version(CONTEXT_2, version_2)
