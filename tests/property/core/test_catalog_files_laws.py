"""Catalog files that people (or accidents) have changed in any way: faults, never a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.stacks import CatalogFault, CatalogFaults, compile_texts

SHIPPED = {
    path.name: path.read_text("utf-8") for path in sorted((Path(__file__).parents[3] / "catalogs").glob("*.yaml"))
}
SCRAPS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["{", "}", "[", "]", ":", "- ", "&a ", "*a", "!!set", "!x", "\t", "\x00", "\ud800", "null", "2026-13-01"]
    ),
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(),
        st.text(max_size=5),
        st.sampled_from(["P3Y", "2026-01-01", "A+", "google.it-support", "1e999"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "award", "id", "n_of", "n", "of", "from", "not", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


def _loads(texts: dict[str, str]) -> None:
    assert all(fault.reason for fault in _faults(texts))


def _faults(texts: dict[str, str]) -> tuple[CatalogFault, ...]:
    try:
        compile_texts(texts)
    except CatalogFaults as refusal:
        return refusal.faults or (CatalogFault("", ""),)
    return ()


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_text_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """A slice of a shipped file replaced by anything."""
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    text = SHIPPED[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    _loads({name: text[:start] + data.draw(SCRAPS) + text[end:]})


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_values_changed_anywhere_are_taken_or_refused(data: st.DataObject) -> None:
    """A value of a shipped document replaced by any other, or taken out."""
    document = yaml.safe_load(SHIPPED[data.draw(st.sampled_from(sorted(SHIPPED)))])
    parent, key = data.draw(st.sampled_from(list(_places(document))))
    if data.draw(st.booleans()):
        del parent[key]
    else:
        parent[key] = data.draw(VALUES)
    _loads({"changed.json": json.dumps(document, default=str)})


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200), name=st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_at_all_is_read_or_refused(text: str, name: str) -> None:
    """Not even a catalog."""
    _loads({name: text})


def test_what_unfolds_without_end_is_refused() -> None:
    """Aliases that contain themselves, or multiply, take neither time nor memory."""
    laughs = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    _loads({"laughs.yaml": laughs})
    _loads({"self.yaml": "stacks: &s [*s]"})
    _loads({"deep.yaml": "[" * 5_000})
    _loads({"deep.json": "[" * 100_000})
    _loads(
        {
            "deep2.json": '{"stacks": [{"id": "s", "requires": '
            + '{"all": [' * 500
            + '{"award": "a"}'
            + "]}" * 500
            + "}]}"
        }
    )


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _places(inner)
