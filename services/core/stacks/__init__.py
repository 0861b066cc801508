"""Stacks: rules compiled, awards allocated to them exactly, and the answer explained.

`parse_catalog` reads documents, `compile_catalog` makes them fit to evaluate, `evaluate` judges one stack for one
worker at one instant, `progress_of` puts the answer into the contract's words. All of it is pure: text, facts and the
instant are passed in.
"""

from __future__ import annotations

from services.core.stacks.compile import EMPTY, CompiledCatalog, CompiledStack, compile_catalog
from services.core.stacks.evaluate import evaluate, evaluate_all
from services.core.stacks.faults import CatalogFault, CatalogFaults
from services.core.stacks.load import compile_texts, parse_catalog
from services.core.stacks.outcome import Evaluation
from services.core.stacks.progress import progress_of
from services.core.stacks.several import compile_catalogs

__all__ = [
    "EMPTY",
    "CatalogFault",
    "CatalogFaults",
    "CompiledCatalog",
    "CompiledStack",
    "Evaluation",
    "compile_catalog",
    "compile_catalogs",
    "compile_texts",
    "evaluate",
    "evaluate_all",
    "parse_catalog",
    "progress_of",
]
