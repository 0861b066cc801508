"""`python -m services.ingest.verify.canonical_child`: canonical forms, a line of JSON in, a line of JSON out.

Started by `canonical.Canonicaliser`, which kills it when it takes too long; its memory is limited here. With `idle` as
its argument it works only while nobody else does.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from pyld import jsonld

from services.ingest.verify.contexts import loader, loader_for
from services.runtime.giving_way import work_when_idle

IDLE = "idle"
MEMORY_BYTES = 192 << 20
"""Of address space: what it needs for itself is about a third."""


def main() -> None:
    """Answer until nobody asks any more."""
    if IDLE in sys.argv[1:]:
        work_when_idle()
    loader()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    _say({"ready": True})
    for line in sys.stdin.buffer:
        _say(_answer(json.loads(line)))


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _answer(document: dict[str, Any]) -> dict[str, Any]:
    dropped: set[str] = set()
    options = {"documentLoader": loader_for(document), "base": None}
    forms = {"algorithm": "URDNA2015", "format": "application/n-quads"}
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=lambda *told: dropped.add(str(told[0])))
        quads = jsonld.normalize(expanded, {**options, **forms})
    except (RecursionError, MemoryError):
        return {"reason": "too_complex", "detail": "it is nested too deeply, or too large"}
    except Exception as error:  # noqa: BLE001 - whatever PyLD makes of hostile input, this child must go on
        return {"reason": _reason(error), "detail": str(error).partition("\n")[0][:200]}
    return {"quads": quads, "dropped": sorted(name for name in dropped if _says(document, name))}


def _says(value: Any, name: str) -> bool:
    """Whether a member of this name says anything, at any depth: an empty list that is left out is not missed."""
    if isinstance(value, list):
        return any(_says(one, name) for one in value)
    if not isinstance(value, dict):
        return False
    return any((key == name and inner not in (None, [], {})) or _says(inner, name) for key, inner in value.items())


def _reason(error: BaseException) -> str:
    is_unknown = "outside the allowed set" in repr(error) or "outside the allowed set" in repr(error.__cause__)
    return "unknown_context" if is_unknown or "loading" in repr(error) else "not_json_ld"


if __name__ == "__main__":
    main()
