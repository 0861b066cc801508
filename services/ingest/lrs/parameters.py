"""Query parameters of the xAPI resources, held to the same rules as the members of statements.

Source: xAPI 1.0.3 Communication 2; unknown names and names in another case are refused (3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.ingest.dialects.xapi import forms
from services.ingest.dialects.xapi.forms import Wrong
from services.ingest.dialects.xapi.parties import party
from services.ingest.dialects.xapi.shapes import Check
from services.ingest.documents import decoded
from services.ingest.lrs.same import microseconds
from services.runtime.errors import Rejected

Parameters = Mapping[str, str]


def allowed(given: list[tuple[str, str]], names: frozenset[str]) -> dict[str, str]:
    """The parameters, each at most once and of the allowed names.

    Raises: Rejected.
    """
    found: dict[str, str] = {}
    for name, value in given:
        if name not in names:
            raise Rejected.because("unknown_parameter", f"{name} is no parameter of this request; remove it")
        if name in found:
            raise Rejected.because("parameter", f"{name} is given twice")
        found[name] = value
    return found


def required(given: Parameters, name: str) -> str:
    """A parameter that must be there.

    Raises: Rejected.
    """
    if not given.get(name):
        raise Rejected.because("missing", f"give the parameter {name}")
    return given[name]


def _checked(value: Any, name: str, check: Check) -> Any:
    try:
        check(value)
    except Wrong as wrong:
        place = ".".join((name, *reversed(wrong.path)))
        raise Rejected.because(wrong.code, f"parameter {place} {wrong.detail}") from wrong
    return value


def iri(given: Parameters, name: str) -> str | None:
    """An IRI.

    Raises: Rejected.
    """
    return str(_checked(given[name], name, forms.iri)) if name in given else None


def uuid(given: Parameters, name: str) -> str | None:
    """A UUID, in lower case.

    Raises: Rejected.
    """
    return str(_checked(given[name], name, forms.uuid)).lower() if name in given else None


def instant(given: Parameters, name: str) -> int | None:
    """An instant, in microseconds since 1970.

    Raises: Rejected.
    """
    return microseconds(_checked(given[name], name, forms.instant)) if name in given else None


def agent(given: Parameters, name: str = "agent") -> dict[str, Any] | None:
    """An agent or identified group.

    Raises: Rejected.
    """
    if name not in given:
        return None
    try:
        value = decoded(given[name].encode("utf-8", "surrogatepass"))
    except Rejected as error:
        raise Rejected.because("parameter", f"parameter {name} must be an agent as JSON") from error
    found: dict[str, Any] = _checked(value, name, party)
    return found


def flag(given: Parameters, name: str) -> bool:
    """Whether it is true; false when absent.

    Raises: Rejected.
    """
    value = given.get(name, "false")
    if value not in ("true", "false"):
        raise Rejected.because("parameter", f"parameter {name} must be true or false")
    return value == "true"


def count(given: Parameters, name: str) -> int:
    """A whole number that is not negative; 0 when absent.

    Raises: Rejected.
    """
    value = given.get(name, "0")
    if not (value.isascii() and value.isdigit() and len(value) <= 12):  # noqa: PLR2004 - more digits than any count
        raise Rejected.because("parameter", f"parameter {name} must be a whole number, not negative")
    return int(value)


def one_of(given: Parameters, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices, the first when absent.

    Raises: Rejected.
    """
    value = given.get(name, choices[0])
    if value not in choices:
        raise Rejected.because("parameter", f"parameter {name} must be {' or '.join(choices)}")
    return value
