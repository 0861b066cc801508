"""The published views: what analysts and BI tools may build on, column by column; what `schemas/views.json` says.

A contract like the topics': a view keeps its columns, their order and their types, and only ever gets more of them.
The file is generated from the migrations (`python -m deploy.clickhouse.contract`), so that neither can move alone, and
readers that have no ClickHouse at hand (the page that takes SQL, the documentation) read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files

from pydantic import TypeAdapter

from schemas.values import Closed

FILE = "views.json"
BASELINE = "views.baseline.json"


class Column(Closed):
    """One column of a view."""

    name: str
    type: str
    """ClickHouse's type, as it is written there."""
    meaning: str


class View(Closed):
    """One published view; its first column is `employer_id`."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


Views = Mapping[str, View]


def published(file: str = FILE) -> Views:
    """The views of a file of this package, by name."""
    listed = TypeAdapter(tuple[View, ...]).validate_json((files("schemas") / file).read_bytes())
    return {view.name: view for view in listed}


def views_json(views: Views) -> str:
    """The file's text, views by name."""
    listed = [views[name].model_dump() for name in sorted(views)]
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def breaking_changes(old: Views, new: Views) -> list[str]:
    """What a reader of the old views would miss or misread in the new ones, one line each."""
    gone = [f"{name} is gone" for name in old if name not in new]
    return gone + [line for name in old if name in new for line in _changed(old[name], new[name])]


def _changed(old: View, new: View) -> list[str]:
    types = {column.name: column.type for column in new.columns}
    kept = [column.name for column in new.columns if column.name in {one.name for one in old.columns}]
    lines = [f"{old.name}.{one.name} is gone" for one in old.columns if one.name not in types]
    lines += [
        f"{old.name}.{one.name} was {one.type} and is {types[one.name]}"
        for one in old.columns
        if one.name in types and types[one.name] != one.type
    ]
    if not lines and kept != [one.name for one in new.columns][: len(kept)]:
        lines.append(f"{old.name} has a new column before an old one: add at the end")
    return lines
