"""Checks that are made of checks: objects by a table of their members, arrays by their element, choices.

A check takes a decoded JSON value, returns nothing, and raises `Wrong`. The names of the members on the way are put
together only once something is wrong, so a good statement pays for nothing but the look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.ingest.dialects.forms import json_type
from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong

Check = Callable[[Any], None]


def shape(table: Mapping[str, Check], *required: str) -> Check:
    """A check of an object that may have the members of the table, must have the required ones, and no others."""

    def check(value: object) -> None:
        if not isinstance(value, dict):
            raise Wrong("wrong_type", f"must be an object, not {json_type(value)}")
        for name in required:
            if name not in value:
                raise Wrong("missing", "is required", name)
        for name, member in value.items():
            check_member = table.get(name)
            if check_member is None:
                raise Wrong("unknown_member", _cure(name, table), name)
            try:
                check_member(member)
            except Wrong as wrong:
                wrong.path.append(name)
                raise

    return check


def _cure(name: str, table: Mapping[str, Check]) -> str:
    alike = next((known for known in table if known.lower() == name.lower()), None)
    return "is no member here; " + (f"write {alike}" if alike else "remove it")


def each(check: Check) -> Check:
    """A check of an array whose every element passes `check`."""

    def check_each(value: object) -> None:
        if not isinstance(value, list):
            raise Wrong("wrong_type", f"must be an array, not {json_type(value)}")
        for index, element in enumerate(value):
            try:
                check(element)
            except Wrong as wrong:
                wrong.path.append(str(index))
                raise

    return check_each


def one_of(*allowed: str) -> Check:
    """A check of text that is one of the allowed, letter by letter."""
    choices = frozenset(allowed)

    def check(value: object) -> None:
        if not isinstance(value, str) or value not in choices:
            raise Wrong("not_a_choice", "must be " + " or ".join(allowed))

    return check


def keyed(check_key: Check, check_value: Check | None = None) -> Check:
    """A check of an object whose names all pass one check, and whose values another (None: any value, null too)."""

    def check(value: object) -> None:
        if not isinstance(value, dict):
            raise Wrong("wrong_type", f"must be an object, not {json_type(value)}")
        for name, member in value.items():
            try:
                check_key(name)
                if check_value is not None:
                    check_value(member)
            except Wrong as wrong:
                wrong.path.append(name)
                raise

    return check


def boolean(value: object) -> None:
    """True or false, and no text that says so."""
    if not isinstance(value, bool):
        raise Wrong("wrong_type", f"must be true or false, not {json_type(value)}")


def number(value: object) -> None:
    """A number, and no text that looks like one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("wrong_type", f"must be a number, not {json_type(value)}")


def octets(value: object) -> None:
    """A whole number of octets."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Wrong("wrong_type", "must be a whole number of octets")


language_map = keyed(forms.language, forms.text)
"""Source: xAPI 1.0.3 Data 4.2."""
extensions = keyed(forms.iri)
"""Source: xAPI 1.0.3 Data 4.1: names are IRIs, values anything at all."""
