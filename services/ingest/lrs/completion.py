"""What a record store adds to a statement that it takes, and in which form it keeps it.

The gateway sets what the request decides (id, authority, version), the writer what the log decides (stored, and the
timestamp where none was given). Context activities are kept as arrays, as they must be returned.
Source: xAPI 1.0.3 Data 2.4.1, 2.4.6.2, 2.4.7 to 2.4.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from services.ingest.lrs.same import as_list


class Authority(NamedTuple):
    """Who says what a statement says: a credential by its name, and the source that it belongs to."""

    name: str
    source: str


def completed(statement: Mapping[str, Any], authority: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The statement as it goes on the log, but for its id. `version` is used where the statement gives none."""
    made = {**_with_lists(statement), "authority": authority}
    made.setdefault("version", version)
    made.pop("stored", None)
    return made


def recorded(statement: dict[str, Any], stored: int) -> dict[str, Any]:
    """The statement as it is kept; `stored` in microseconds since 1970."""
    instant = instant_text(stored)
    return {"timestamp": instant, **statement, "stored": instant}


def instant_text(microseconds: int) -> str:
    """Microseconds since 1970 as ISO 8601 text in UTC."""
    seconds, fraction = divmod(microseconds, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:06}Z"


def authority_of(authority: Authority, home_page: str) -> dict[str, Any]:
    """The agent that stands for a credential of a source.

    Each credential is one of its own, so that what it may read of "mine" is what it sent.
    Source: xAPI 1.0.3 Data 2.4.9; Communication 4.2 (statements/read/mine).
    """
    account = {"homePage": home_page, "name": authority.name}
    return {"objectType": "Agent", "name": authority.source, "account": account}


def _with_lists(statement: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(statement)
    context = statement.get("context")
    if context and "contextActivities" in context:
        lists = {kind: as_list(activities) for kind, activities in context["contextActivities"].items()}
        made["context"] = {**context, "contextActivities": lists}
    if statement["object"].get("objectType") == "SubStatement":
        made["object"] = _with_lists(statement["object"])
    return made
