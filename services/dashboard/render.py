"""Rendering: jinja2 templates of this package to HTML, every value escaped.

A page is made of regions (`templates/regions/`), the parts that a live stream sends anew; both are rendered from the
same templates with the same report, so a page that was patched and one that was reloaded are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from services.dashboard import captions, words
from services.dashboard.charts import BANDS, step_label

Context = Mapping[str, Any]


class Renderer:
    """Renders templates by name. Safe to use from several threads."""

    def __init__(self, asset_url: Any) -> None:
        self._environment = Environment(
            loader=PackageLoader("services.dashboard"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "ago": words.ago,
            "counted": words.counted,
            "credits_earned": words.credits_earned,
            "day": words.day,
            "moment": words.moment,
            "number": words.number,
            "percent": words.percent,
            "segment": _segment,
            "status": words.status,
            "time_left": words.time_left,
            "trust": words.trust,
        }
        self._environment.globals |= {
            "asset_url": asset_url,
            "bands": BANDS,
            "captions": captions,
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
