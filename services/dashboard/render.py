"""Rendering: jinja2 templates of this package to HTML, every value escaped.

A page is made of regions (`templates/regions/`), the parts that a live stream sends anew; both are rendered from the
same templates with the same report, so a page that was patched and one that was reloaded are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context as Given

from services.dashboard import captions, sql_words, stack_captions, words
from services.dashboard.charts import BANDS, step_label
from services.dashboard.export_tables import FORMATS
from services.dashboard.graph import graph_of

Context = Mapping[str, Any]


class Renderer:
    """Renders templates by name. Safe to use from several threads."""

    def __init__(self, asset_url: Any, *, has_links: bool = False) -> None:
        self._environment = Environment(
            loader=PackageLoader("services.dashboard"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "ago": words.ago,
            "cell_text": sql_words.cell_text,
            "at": _at,
            "counted": words.counted,
            "counted_number": words.counted_number,
            "credits_earned": words.credits_earned,
            "day": words.day,
            "heat": words.heat,
            "moment": words.moment,
            "number": words.number,
            "percent": words.percent,
            "plain_type": sql_words.plain_type,
            "query": _query,
            "seconds": words.seconds,
            "segment": _segment,
            "status": words.status,
            "time_left": words.time_left,
            "trust": words.trust,
        }
        self._environment.tests["numeric_type"] = sql_words.is_numeric_type
        self._environment.globals |= {
            "asset_url": asset_url,
            "bands": BANDS,
            "captions": captions,
            "formats": FORMATS,
            "graph_of": graph_of,
            "has_links": has_links,
            "stack_captions": stack_captions,
            "step_label": step_label,
            "trust_tiers": words.TRUST,
        }

    def page(self, template: str, context: Context) -> str:
        """A whole page."""
        return self._environment.get_template(template).render(context)

    def region(self, name: str, context: Context) -> str:
        """One region of a page."""
        return self._environment.get_template(f"regions/{name}.html").render(context)


def _segment(value: str) -> str:
    """An id as one segment of a path."""
    return quote(value, safe="")


@pass_context
def _at(given: Given, path: str) -> str:
    """A path of ours as it is linked from a page: it keeps to whose page it is, and of when, where that was said."""
    said = given["look"].address
    if not said or path.startswith("#"):
        return path
    address, mark, place = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(said)}{mark}{place}"


def _query(said: Mapping[str, Any] | Iterable[tuple[str, Any]], **more: Any) -> str:
    """A query string of whatever of it says something, with its question mark; "" when nothing does."""
    pairs = [*(said.items() if isinstance(said, Mapping) else said), *more.items()]
    text = urlencode([(name, value) for name, value in pairs if value not in ("", None)])
    return f"?{text}" if text else ""
